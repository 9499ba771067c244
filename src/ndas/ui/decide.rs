//! The owner's forms: approve, decline, revoke.

use leptos::prelude::*;

use super::{choose::SignsFields, sign::ConsentStatement};
use crate::{
    accounts::ui::viewer,
    kit::{
        field::{PasswordAgain, Submit, TextArea, TextField, Tone},
        form::{Form, path},
    },
    ndas::{
        api::{ApproveNda, DeclineNda, RevokeNda},
        consent,
        owner_model::Signs,
        rules,
    },
    shared::ids::NdaId,
};

/// Approving: the owner's own signature.
#[component]
pub fn ApproveForm(
    nda: NdaId,
    /// The text that it signs.
    signs: Signs,
) -> impl IntoView {
    let viewer = viewer();
    let fresh = viewer.as_ref().is_some_and(|v| v.fresh);
    let authority = viewer.and_then(|v| v.seat).map(|seat| consent::authority(&seat.organisation_name));
    let text = signs.words.clone();
    view! {
        <Form to={path::<ApproveNda>()} of=("nda_id", nda.to_string()) class="nda-approve">
            <SignsFields signs/>
            <TextField label="Your full legal name" name="full_legal_name" autocomplete="name" required=true
                hint="Typing it and pressing Approve is your signature."/>
            <TextField label="Term in days" name="term_in_days" kind="number" value=rules::DEFAULT_TERM.to_string()
                hint="How long the other side may read, 30 to 1095 days. Their duty of confidence has its own term."/>
            <TextArea label="Extra terms" name="extra_terms" rows=2
                hint="Optional. They become a part of the agreement, marked as yours."/>
            <PasswordAgain fresh/>
            <ConsentStatement/>
            <p class="muted small">
                {format!("Pressing Approve, you agree to the statement above and sign “{text}” electronically, as shown here. The other side sees your name, email and network address once both have signed. ")}
                {authority}
            </p>
            <Submit label="Approve"/>
        </Form>
    }
}

/// Declining, with a reason.
#[component]
pub fn DeclineForm(nda: NdaId) -> impl IntoView {
    view! {
        <Form to={path::<DeclineNda>()} of=("nda_id", nda.to_string()) class="nda-decline">
            <TextArea label="Reason" name="reason" rows=2 required=true hint="The other side is told it, and may ask again after a day."/>
            <Submit label="Decline" tone=Tone::Danger/>
        </Form>
    }
}

/// Revoking, with a reason.
#[component]
pub fn RevokeForm(nda: NdaId) -> impl IntoView {
    view! {
        <section class="nda-revoke stack">
            <h2>"End the access"</h2>
            <p class="muted">
                "Revoking takes effect at once and cannot be undone. The signed agreement and its duty of confidence stay."
            </p>
            <Form to={path::<RevokeNda>()} of=("nda_id", nda.to_string())>
                <TextArea label="Reason" name="reason" rows=2 required=true hint="The other side is told it."/>
                <Submit label="Revoke" tone=Tone::Danger/>
            </Form>
        </section>
    }
}
