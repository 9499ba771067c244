//! The requester's forms: sign, withdraw, and asking in the first place.

use leptos::prelude::*;

use crate::{
    accounts::ui::viewer,
    kit::{
        field::{Checkbox, PasswordAgain, Submit, TextArea, TextField, Tone},
        form::{Form, path},
    },
    ndas::{
        api::{RequestNda, SignNda, WithdrawNda},
        consent,
    },
    shared::ids::{NdaId, PitchId},
};

/// The statement on electronic records, whole, with its version; above every button that signs.
#[component]
pub fn ConsentStatement() -> impl IntoView {
    let statement = consent::STATEMENT.iter().map(|paragraph| view! { <p>{*paragraph}</p> }).collect_view();
    view! {
        <div class="nda-consent stack small">
            {statement}
            <p class="muted">"Consent statement, version "{consent::VERSION}</p>
        </div>
    }
}

/// What every last signature asks for: consent, the legal name, and who it is if that was a while ago.
#[component]
pub fn SignFields(
    /// Of the text above, in hexadecimal; posted with the form, so that a changed text is noticed.
    document_sha256: String,
    /// For whom the person signs besides themself.
    organisation: Option<String>,
) -> impl IntoView {
    let fresh = viewer().is_some_and(|v| v.fresh);
    view! {
        <input type="hidden" name="document_sha256" value=document_sha256/>
        <Checkbox label="I agree to sign electronically" name="agree_electronic" required=true/>
        <TextField label="Full legal name" name="full_legal_name" autocomplete="name" required=true
            hint="As in your passport. Typing it and pressing the button is your signature."/>
        <PasswordAgain fresh/>
        <p class="small">{organisation.map(|organisation| consent::authority(&organisation))}</p>
    }
}

/// Signing: consent, name, one button.
#[component]
pub fn SignForm(
    nda: NdaId,
    /// Of the text above, in hexadecimal; posted with the form, so that a changed text is noticed.
    document_sha256: String,
    /// For whom the requester signs besides themself.
    organisation: Option<String>,
) -> impl IntoView {
    view! {
        <section id="sign" class="nda-sign stack">
            <h2>"Sign"</h2>
            <ConsentStatement/>
            <Form to={path::<SignNda>()} of=("nda_id", nda.to_string())>
                <SignFields document_sha256 organisation/>
                <Submit label="Sign NDA"/>
            </Form>
        </section>
    }
}

/// Taking a request back.
#[component]
pub fn WithdrawForm(nda: NdaId) -> impl IntoView {
    view! {
        <section class="nda-withdraw stack">
            <p class="muted">"You can take your request back. You may ask again after a day."</p>
            <Form to={path::<WithdrawNda>()} of=("nda_id", nda.to_string()) class="form-inline">
                <Submit label="Withdraw" tone=Tone::Danger/>
            </Form>
        </section>
    }
}

/// Asking for an NDA.
#[component]
pub fn RequestForm(
    pitch: PitchId,
    /// For whom the person asks besides themself.
    organisation: Option<String>,
) -> impl IntoView {
    let for_whom = organisation.map(|organisation| format!("You ask for yourself and for {organisation}. "));
    view! {
        <Form to={path::<RequestNda>()} of=("pitch_id", pitch.to_string()) class="nda-request">
            <TextArea label="Purpose" name="purpose" rows=2 required=true
                hint="What you want to read it for. It becomes a part of the agreement."/>
            <TextArea label="Note to the owner" name="note_to_the_owner" rows=2 hint="Optional; only the owner reads it."/>
            <p class="muted small">
                {for_whom}"The owner sees your name and profile. Asking costs nothing and binds you to nothing."
            </p>
            <Submit label="Request NDA"/>
        </Form>
    }
}
