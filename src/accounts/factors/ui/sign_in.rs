//! The second step of signing in.

use leptos::prelude::*;

use super::PasskeyButton;
use crate::{
    accounts::factors::{
        api::{EnterCode, EnterRecoveryCode, KeepFactors, TellLoss},
        model::Choices,
    },
    kit::{
        field::{Submit, TextField, Tone},
        form::{Form, path},
        when::Date,
    },
};

/// What the one whose password was right can show, the usual first.
#[component]
pub fn FactorForms(choices: Choices) -> impl IntoView {
    let (app, passkeys, recovery) = (choices.app, choices.passkeys, choices.recovery_codes);
    view! {
        <p class="muted">{if choices.by_password { "Your password is right." } else { "Your link is right." }}" Now something that only you have."</p>
        {passkeys.then(|| view! { <PasskeyButton label="Use a passkey" next=""/> })}
        {(passkeys && !app).then(|| view! { <noscript><p class="notice">"Passkeys need JavaScript. Turn it on, or use a recovery code."</p></noscript> })}
        {app.then(|| view! { <CodeForm/> })}
        {recovery.then(|| view! {
            <details class="stack" open=!app && !passkeys>
                <summary>"Use a recovery code"</summary>
                <RecoveryForm/>
            </details>
        })}
        <Loss choices/>
        <p class="muted"><a href="/login" rel="external">"Start again"</a></p>
    }
}

#[component]
fn CodeForm() -> impl IntoView {
    view! {
        <Form to={path::<EnterCode>()} reload=true>
            <TextField label="Code" name="code" inputmode="numeric" autocomplete="one-time-code" required=true
                hint="Six digits from your authenticator app."/>
            <Submit label="Sign in"/>
        </Form>
    }
}

#[component]
fn RecoveryForm() -> impl IntoView {
    view! {
        <Form to={path::<EnterRecoveryCode>()} reload=true>
            <TextField label="Recovery code" name="recovery_code" autocomplete="off" required=true
                hint="One of those you kept when you set up your second factor. It works once."/>
            <Submit label="Use recovery code" tone=Tone::Quiet/>
        </Form>
    }
}

/// All is lost: what can be done, or since when it is being done.
#[component]
fn Loss(choices: Choices) -> impl IntoView {
    if let Some(at) = choices.dropped_at {
        return view! {
            <p class="notice" role="status">
                "On "<Date at/>" we remove your second factors, and your password alone signs in. We mail you every day until then; signing in as usual stops it."
            </p>
        }
        .into_any();
    }
    let words = if choices.staff {
        view! { <p>"Staff are helped by other staff, by command."</p> }.into_any()
    } else if !choices.by_password {
        view! { <p>"We can remove your second factors after three days, for who has the password. "<a href="/login" rel="external">"Sign in with it"</a>", and ask here again."</p> }.into_any()
    } else {
        view! {
            <p>"We can remove your second factors after three days. We mail you at once and every day, so that it is stopped if it is not you who asks."</p>
            <Form to={path::<TellLoss>()}><Submit label="Ask to remove my factors" tone=Tone::Danger/></Form>
        }
        .into_any()
    };
    view! {
        <details class="stack">
            <summary>"I have none of these any more"</summary>
            {words}
        </details>
    }
    .into_any()
}

/// Nobody waits here, or for too long.
#[component]
pub fn StartAgain() -> impl IntoView {
    view! {
        <p>"This took too long, or it was tried too often. Your account is as it was."</p>
        <p><a class="button button-main" href="/login" rel="external">"Sign in again"</a></p>
    }
}

/// Stops what was asked for by who says that all is lost. Opening the page does not.
#[component]
pub fn KeepFactorsForm(#[prop(into)] token: String) -> impl IntoView {
    view! {
        <Form to={path::<KeepFactors>()} reload=true>
            <input type="hidden" name="token" value=token/>
            <Submit label="Keep my second factors"/>
        </Form>
    }
}
