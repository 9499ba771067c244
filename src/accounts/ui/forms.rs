//! Coming in and getting back in.

use leptos::prelude::*;

use crate::{
    accounts::api::{
        ForgotPassword, MailLink, Register, ResendVerification, ResetPassword, SignIn, UseLink, VerifyEmail,
    },
    kit::{
        field::{Checkbox, RadioGroup, Submit, TextField, Tone},
        form::{Form, path},
    },
};

/// Makes an account of one of three kinds.
#[component]
pub fn RegisterForm(
    /// The kind chosen by the door people came through; may be empty.
    #[prop(into)]
    kind: String,
) -> impl IntoView {
    let kinds = [
        ("creator", "Creator", "I write, direct or make films and series, and have projects to show."),
        ("investor", "Investor", "I finance projects, for myself or for a fund."),
        ("production", "Production", "I produce, commission or distribute, and read for a company."),
    ];
    let kinds = kinds.map(|(value, label, text)| (value.to_string(), label.to_string(), text.to_string())).to_vec();
    view! {
        <Form to={path::<Register>()} class="register-form">
            <RadioGroup legend="Account type" name="account_type" options=kinds value=kind/>
            <TextField label="Full name" name="full_name" autocomplete="name" required=true/>
            <div class="for-companies">
                <TextField label="Company" name="company" autocomplete="organization"
                    hint="If you act for a company or fund. You can sign for yourself, too."/>
            </div>
            <TextField label="Email" name="email" kind="email" autocomplete="email" required=true
                hint="We send a link there to verify it."/>
            <TextField label="Password" name="password" kind="password" autocomplete="new-password" required=true
                hint="At least 8 characters; a few words in a row make a good one."/>
            <Checkbox label="I agree to the terms" name="agree_terms" required=true
                hint="And I am 18 or older. The terms are linked below."/>
            <Submit label="Create account"/>
        </Form>
    }
}

/// Signs in, and goes to where the person was going.
#[component]
pub fn SignInForm(#[prop(into)] next: String) -> impl IntoView {
    view! {
        <Form to={path::<SignIn>()} reload=true>
            <input type="hidden" name="next" value=next/>
            <TextField label="Email" name="email" kind="email" autocomplete="username" required=true/>
            <TextField label="Password" name="password" kind="password" autocomplete="current-password" required=true/>
            <Submit label="Sign in"/>
        </Form>
    }
}

/// Asks for a link to sign in with.
#[component]
pub fn MailLinkForm() -> impl IntoView {
    view! {
        <Form to={path::<MailLink>()}>
            <TextField label="Email" name="email" kind="email" autocomplete="username" required=true
                hint="The link signs in once. A second factor is asked for as always."/>
            <Submit label="Mail me a link"/>
        </Form>
    }
}

/// Signs in with a mailed link. Opening the page does not.
#[component]
pub fn UseLinkForm(#[prop(into)] token: String) -> impl IntoView {
    view! {
        <Form to={path::<UseLink>()} reload=true>
            <Token token/>
            <Submit label="Sign in"/>
        </Form>
    }
}

/// Uses the link of a verification mail up. Opening the page does not.
#[component]
pub fn VerifyEmailForm(#[prop(into)] token: String) -> impl IntoView {
    view! {
        <Form to={path::<VerifyEmail>()} reload=true>
            <Token token/>
            <Submit label="Verify email"/>
        </Form>
    }
}

/// Asks for another verification mail.
#[component]
pub fn ResendVerificationForm() -> impl IntoView {
    view! {
        <Form to={path::<ResendVerification>()}>
            <TextField label="Email" name="email" kind="email" autocomplete="email" required=true/>
            <Submit label="Send the link again" tone=Tone::Quiet/>
        </Form>
    }
}

/// Asks for a link to set a new password.
#[component]
pub fn ForgotPasswordForm() -> impl IntoView {
    view! {
        <Form to={path::<ForgotPassword>()}>
            <TextField label="Email" name="email" kind="email" autocomplete="email" required=true/>
            <Submit label="Send the link"/>
        </Form>
    }
}

/// Sets a new password by a mailed link.
#[component]
pub fn ResetPasswordForm(#[prop(into)] token: String) -> impl IntoView {
    view! {
        <Form to={path::<ResetPassword>()} reload=true>
            <Token token/>
            <TextField label="New password" name="new_password" kind="password" autocomplete="new-password" required=true
                hint="At least 8 characters; a few words in a row make a good one."/>
            <Submit label="Set new password"/>
        </Form>
    }
}

/// The token of a mailed link; its complaint goes to the form's notice.
#[component]
fn Token(token: String) -> impl IntoView {
    view! { <input type="hidden" name="token" value=token/> }
}
