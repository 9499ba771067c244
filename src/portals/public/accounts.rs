//! Register, sign in, and the pages that mailed links open.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::accounts::ui::{
    ForgotPasswordForm, RegisterForm, ResendVerificationForm, ResetPasswordForm, SignInForm, VerifyEmailForm,
};

/// A value of the address's query, empty if absent.
fn query(name: &'static str) -> String {
    use_query_map().with_untracked(|query| query.get(name)).unwrap_or_default()
}

#[component]
pub fn RegisterPage() -> impl IntoView {
    view! {
        <Title text="Create account"/>
        <section class="page page-form">
            <h1>"Create account"</h1>
            <RegisterForm kind=query("as")/>
            <p class="muted"><a href="/terms">"Terms"</a>" · "<a href="/privacy">"Privacy"</a>" · "<a href="/login">"I have an account"</a></p>
        </section>
    }
}

#[component]
pub fn LoginPage() -> impl IntoView {
    let note = if query("verified") == "true" {
        "Your email is verified. Sign in to go on."
    } else if query("reset") == "true" {
        "Your new password is set and other sessions were signed out. Sign in with it."
    } else if query("kept") == "true" {
        "You were signed out meanwhile. Sign in to go on: what you typed is kept."
    } else {
        ""
    };
    view! {
        <Title text="Sign in"/>
        <section class="page page-form">
            <h1>"Sign in"</h1>
            {(!note.is_empty()).then(|| view! { <p class="notice notice-good" role="status">{note}</p> })}
            <SignInForm next=query("next")/>
            <p class="muted"><a href="/forgot-password">"I forgot my password"</a>" · "<a href="/register">"Create account"</a></p>
        </section>
    }
}

#[component]
pub fn VerifyEmailPage() -> impl IntoView {
    let token = query("token");
    let sent = query("sent") == "true";
    view! {
        <Title text="Verify your email"/>
        <section class="page page-form">
            <h1>"Verify your email"</h1>
            {if token.is_empty() {
                view! {
                    <p class="notice notice-good" role="status">
                        {if sent { "If there is an unverified account with that address, a new link is on its way." }
                         else { "We sent you a mail. Open the link in it to verify your address." }}
                    </p>
                    <p>"You can "<a href="/login">"sign in"</a>" and begin drafting right away; publishing, signing and writing to people wait for the verification."</p>
                }.into_any()
            } else {
                view! { <p>"Press the button to confirm that this is your address."</p><VerifyEmailForm token/> }.into_any()
            }}
            <details class="stack">
                <summary>"No mail, or the link is too old?"</summary>
                <ResendVerificationForm/>
            </details>
        </section>
    }
}

#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    view! {
        <Title text="Forgot password"/>
        <section class="page page-form">
            <h1>"Set a new password"</h1>
            {if query("sent") == "true" {
                view! { <p class="notice notice-good" role="status">"If there is an account with that address, a link to set a new password is on its way. It works for one hour."</p> }.into_any()
            } else {
                view! { <p>"Tell us your address and we send you a link."</p><ForgotPasswordForm/> }.into_any()
            }}
        </section>
    }
}

#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    view! {
        <Title text="Set a new password"/>
        <section class="page page-form">
            <h1>"Set a new password"</h1>
            <ResetPasswordForm token=query("token")/>
            <p class="muted"><a href="/forgot-password">"Ask for a new link"</a></p>
        </section>
    }
}
