//! The forms of a release: offering, signing, refusing, withdrawing, ending.

use leptos::prelude::*;

use crate::{
    accounts::ui::viewer,
    kit::{
        field::{PasswordAgain, Submit, TextArea, TextField, Tone},
        form::{Form, path},
    },
    ndas::{
        consent,
        owner_model::Signs,
        ui::{ConsentStatement, SignFields, SignsFields},
    },
    releases::api::{EndRelease, OfferRelease, RefuseRelease, SignRelease, WithdrawRelease},
    shared::ids::{PitchId, ReleaseId},
};

/// Offering: the company's own signature.
#[component]
pub fn OfferForm(
    pitch: PitchId,
    /// The text that it signs.
    signs: Signs,
    /// The company.
    organisation: String,
) -> impl IntoView {
    let fresh = viewer().is_some_and(|v| v.fresh);
    let words = format!(
        "Pressing Offer release, you agree to the statement above and sign “{}” electronically, as shown here. The owner sees your \
         name, email and network address once both have signed. {}",
        signs.words,
        consent::authority(&organisation),
    );
    view! {
        <Form to={path::<OfferRelease>()} of=("pitch_id", pitch.to_string()) class="release-offer">
            <SignsFields signs/>
            <TextField label="Your full legal name" name="full_legal_name" autocomplete="name" required=true
                hint="Typing it and pressing Offer release is your signature for the company."/>
            <TextArea label="Extra terms" name="extra_terms" rows=2
                hint="Optional. They become a part of the release, marked as yours."/>
            <TextArea label="Message with the offer" name="message_with_the_offer" rows=2
                hint="Optional; why you would like to read this project. Not a part of the release."/>
            <PasswordAgain fresh/>
            <ConsentStatement/>
            <p class="muted small">{words}</p>
            <Submit label="Offer release"/>
        </Form>
    }
}

/// Signing: consent, name, one button.
#[component]
pub fn SignForm(
    release: ReleaseId,
    /// Of the text above, in hexadecimal; posted with the form, so that a changed text is noticed.
    document_sha256: String,
    /// For whom the owner signs besides themself.
    organisation: Option<String>,
) -> impl IntoView {
    view! {
        <section id="sign" class="nda-sign stack">
            <h2>"Sign"</h2>
            <p>
                "Signing opens what is behind the NDA of this project to everyone with a seat in the company. You see who reads \
                 what, and you can end it at any time."
            </p>
            <ConsentStatement/>
            <Form to={path::<SignRelease>()} of=("release_id", release.to_string())>
                <SignFields document_sha256 organisation/>
                <Submit label="Sign release"/>
            </Form>
        </section>
    }
}

/// Refusing, with a reason.
#[component]
pub fn RefuseForm(release: ReleaseId) -> impl IntoView {
    view! {
        <section class="nda-revoke stack">
            <h2>"Or refuse"</h2>
            <p class="muted">"You need not sign. The company can still ask for your NDA, on your terms."</p>
            <Form to={path::<RefuseRelease>()} of=("release_id", release.to_string())>
                <TextArea label="Reason" name="reason" rows=2 required=true hint="The company is told it, and may offer again after a day."/>
                <Submit label="Refuse" tone=Tone::Danger/>
            </Form>
        </section>
    }
}

/// Taking an offer back.
#[component]
pub fn WithdrawForm(release: ReleaseId) -> impl IntoView {
    view! {
        <section class="nda-withdraw stack">
            <p class="muted">"Your company can take its offer back, as long as the owner has not signed."</p>
            <Form to={path::<WithdrawRelease>()} of=("release_id", release.to_string()) class="form-inline">
                <Submit label="Withdraw" tone=Tone::Danger/>
            </Form>
        </section>
    }
}

/// Ending a signed release, with a reason.
#[component]
pub fn EndForm(release: ReleaseId) -> impl IntoView {
    view! {
        <section class="nda-revoke stack">
            <h2>"End the release"</h2>
            <p class="muted">
                "It takes effect at once and cannot be undone: the company's people can no longer open what is behind the NDA by \
                 it. The signed text stays, and so do the duties about what was shown before."
            </p>
            <Form to={path::<EndRelease>()} of=("release_id", release.to_string())>
                <TextArea label="Reason" name="reason" rows=2 required=true hint="The other side is told it."/>
                <Submit label="End release" tone=Tone::Danger/>
            </Form>
        </section>
    }
}
