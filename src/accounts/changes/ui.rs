//! Forms for another password and another address.

use leptos::prelude::*;

use super::api::{ChangeEmail, ChangePassword, ConfirmEmail, KeepEmail};
use crate::{
    accounts::ui::viewer,
    kit::{
        field::{PasswordAgain, Submit, TextField, Tone},
        form::{Form, path},
    },
};

/// The address, and the way to another one.
#[component]
pub fn EmailPart(
    /// One that waits to be confirmed.
    waiting: Option<String>,
) -> impl IntoView {
    let (email, fresh) = viewer().map(|viewer| (viewer.email, viewer.fresh)).unwrap_or_default();
    view! {
        <section class="security-part" aria-labelledby="email">
            <h2 id="email">"Email"</h2>
            <p>"You sign in with "<strong>{email}</strong>"."</p>
            {waiting.map(|new| view! {
                <p class="notice" role="status">{format!("We sent a link to {new}. Open it there to make the change; until then all stays as it is.")}</p>
            })}
            <details class="stack">
                <summary>"Change email"</summary>
                <Form to={path::<ChangeEmail>()}>
                    <TextField label="New email" name="new_email" kind="email" autocomplete="email" required=true
                        hint="We send a link there. Your present address is told, and can take it back for three days."/>
                    <PasswordAgain fresh/>
                    <Submit label="Change email" tone=Tone::Quiet/>
                </Form>
            </details>
        </section>
    }
}

#[component]
pub fn PasswordPart(
    /// It was changed just now.
    changed: bool,
) -> impl IntoView {
    let fresh = viewer().is_some_and(|viewer| viewer.fresh);
    view! {
        <section class="security-part" aria-labelledby="password">
            <h2 id="password">"Password"</h2>
            {changed.then(|| view! { <p class="notice notice-good" role="status">"Your password was changed, and every other session was signed out."</p> })}
            <details class="stack">
                <summary>"Change password"</summary>
                <Form to={path::<ChangePassword>()} reload=true>
                    <TextField label="New password" name="new_password" kind="password" autocomplete="new-password" required=true
                        hint="At least 8 characters; a few words in a row make a good one. Every other session is signed out."/>
                    <PasswordAgain fresh/>
                    <Submit label="Change password" tone=Tone::Quiet/>
                </Form>
            </details>
        </section>
    }
}

/// Uses the link in the new mailbox. Opening the page does not.
#[component]
pub fn ConfirmEmailForm(#[prop(into)] token: String) -> impl IntoView {
    view! {
        <Form to={path::<ConfirmEmail>()} reload=true>
            <input type="hidden" name="token" value=token/>
            <Submit label="Confirm address"/>
        </Form>
    }
}

/// Uses the link in the old mailbox. Opening the page does not.
#[component]
pub fn KeepEmailForm(#[prop(into)] token: String) -> impl IntoView {
    view! {
        <Form to={path::<KeepEmail>()} reload=true>
            <input type="hidden" name="token" value=token/>
            <Submit label="Keep my address"/>
        </Form>
    }
}
