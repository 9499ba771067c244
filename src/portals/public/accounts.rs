//! Register, sign in, and the pages that mailed links open.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    accounts::{
        changes::ui::{ConfirmEmailForm, KeepEmailForm},
        factors::{
            api::factor_choices,
            ui::{FactorForms, KeepFactorsForm, PasskeyButton, StartAgain},
        },
        ui::{
            ForgotPasswordForm, MailLinkForm, RegisterForm, ResendVerificationForm, ResetPasswordForm, SignInForm,
            UseLinkForm, VerifyEmailForm,
        },
    },
    kit::load::{Loaded, page_data},
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
            <PasskeyButton label="Use a passkey" next=query("next")/>
            <p class="muted"><a href="/forgot-password">"I forgot my password"</a>" · "<a href="/login/link">"Mail me a link"</a>" · "<a href="/register">"Create account"</a></p>
        </section>
    }
}

/// `/login/link`: asks for a link that signs in; with one, its button.
#[component]
pub fn LinkPage() -> impl IntoView {
    let token = query("token");
    view! {
        <Title text="Sign in by mail"/>
        <section class="page page-form">
            <h1>"Sign in by mail"</h1>
            {if !token.is_empty() {
                view! { <p>"Press the button to sign in with the link that we mailed you."</p><UseLinkForm token/> }.into_any()
            } else if query("mailed") == "true" {
                view! { <p class="notice notice-good" role="status">"If there is an account with that address, a link to sign in is on its way. It works for 15 minutes."</p> }.into_any()
            } else {
                view! { <p>"Tell us your address and we send you a link."</p><MailLinkForm/> }.into_any()
            }}
            <p class="muted"><a href="/login">"Sign in with a password"</a></p>
        </section>
    }
}

/// `/login/factor`: the second step.
#[component]
pub fn FactorPage() -> impl IntoView {
    let choices = page_data(|| (), |()| factor_choices());
    view! {
        <Title text="Second step"/>
        <section class="page page-form">
            <h1>"One more step"</h1>
            <Loaded data=choices view=|choices| match choices {
                Some(choices) => view! { <FactorForms choices/> }.into_any(),
                None => view! { <StartAgain/> }.into_any(),
            }/>
        </section>
    }
}

/// `/login/keep-factors`: the link of a mail that says factors will be removed.
#[component]
pub fn KeepFactorsPage() -> impl IntoView {
    view! {
        <Title text="Keep your second factors"/>
        <section class="page page-form">
            <h1>"Keep your second factors"</h1>
            {if query("kept") == "true" {
                view! {
                    <p class="notice notice-good" role="status">"Stopped: nothing is removed."</p>
                    <p>"Somebody knows your password, unless it was you. "<a href="/forgot-password">"Set a new one"</a>"."</p>
                }.into_any()
            } else {
                view! {
                    <p>"Somebody who has your password says that your phone, keys and recovery codes are all lost. Press the button if it was not you: nothing will be removed."</p>
                    <KeepFactorsForm token=query("token")/>
                }.into_any()
            }}
        </section>
    }
}

/// `/confirm-email`: the link in a new mailbox.
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    view! {
        <Title text="Confirm your address"/>
        <section class="page page-form">
            <h1>"Confirm your address"</h1>
            {if query("done") == "true" {
                view! {
                    <p class="notice notice-good" role="status">"Done: you sign in with this address from now on."</p>
                    <p>"Your earlier address was told, and can take it back for three days."</p>
                }.into_any()
            } else {
                view! { <p>"Press the button to sign in with this address from now on."</p><ConfirmEmailForm token=query("token")/> }.into_any()
            }}
        </section>
    }
}

/// `/keep-email`: the link in an old mailbox.
#[component]
pub fn KeepEmailPage() -> impl IntoView {
    view! {
        <Title text="Keep your address"/>
        <section class="page page-form">
            <h1>"Keep your address"</h1>
            {if query("done") == "true" {
                view! {
                    <p class="notice notice-good" role="status">"Your address is as it was, and everybody was signed out."</p>
                    <p>"Whoever wanted to change it may know your password. If they had changed the address already, we removed the password. "<a href="/forgot-password">"Set a new one"</a>" now."</p>
                }.into_any()
            } else {
                view! {
                    <p>"Somebody who was signed in to your account wanted another address for it. Press the button if it was not you: this address stays, or comes back, and everybody is signed out. If it was changed already, the password is removed, too, and you set a new one."</p>
                    <KeepEmailForm token=query("token")/>
                }.into_any()
            }}
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
