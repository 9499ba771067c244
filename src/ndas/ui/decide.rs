//! The owner's forms: approve, decline, revoke.

use leptos::prelude::*;

use super::{choose::SignsFields, sign::ConsentStatement};
use crate::{
    accounts::ui::viewer,
    kit::{
        field::{Checkbox, PasswordAgain, Submit, TextArea, TextField, Tone},
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

/// What a signature of an owner is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// One request.
    Once,
    /// All that are ticked.
    ForSeveral,
    /// Whoever asks from now on.
    InAdvance,
}

impl Given {
    /// What is said by the name, and by the term.
    fn hints(self) -> (&'static str, &'static str) {
        match self {
            Given::Once => (
                "Typing it and pressing Approve is your signature.",
                "How long the other side may read, 30 to 1095 days. Their duty of confidence has its own term.",
            ),
            Given::ForSeveral => ("Typing it and pressing the button signs each of them.", "30 to 1095 days."),
            Given::InAdvance => (
                "Typing it and pressing the button is your signature for every request that it answers.",
                "How long each may read, 30 to 1095 days.",
            ),
        }
    }

    /// What pressing the button means, where the text is called `text`.
    fn means(self, text: &str) -> String {
        let seen = "The other side sees your name, email and network address once both have signed. ";
        match self {
            Given::Once => format!(
                "Pressing Approve, you agree to the statement above and sign “{text}” electronically, as shown here. {seen}"
            ),
            Given::ForSeveral => format!(
                "Pressing the button, you agree to the statement above and sign electronically, each with its own text as shown above. {seen}"
            ),
            Given::InAdvance => format!(
                "You sign “{text}”. Recorded are your name, this time, your network address and browser, and the version of the statement above; the other side sees them once both have signed. "
            ),
        }
    }
}

/// The fields of an owner's signature: which text, for how long, on which terms, by what name, and what that means.
#[component]
pub fn SignatureFields(
    /// The text that it signs.
    signs: Signs,
    given: Given,
) -> impl IntoView {
    let viewer = viewer();
    let fresh = viewer.as_ref().is_some_and(|v| v.fresh);
    let authority = viewer.and_then(|v| v.seat).map(|seat| consent::authority(&seat.organisation_name));
    let means = given.means(&signs.words);
    let (by_name, by_term) = given.hints();
    // The form of several declines, too: there the name may be missing.
    let several = given == Given::ForSeveral;
    let label = |label: &str| format!("{label}{}", if several { ", for all of them" } else { "" });
    let agree = (given == Given::InAdvance).then(|| {
        view! { <Checkbox label="I agree to sign electronically, in advance" name="agree_electronic" required=true/> }
    });
    view! {
        <SignsFields signs/>
        <TextField label=label("Your full legal name") name="full_legal_name" autocomplete="name" required=!several hint=by_name/>
        <TextField label=label("Term in days") name="term_in_days" kind="number" value=rules::DEFAULT_TERM.to_string() hint=by_term/>
        <TextArea label=label("Extra terms") name="extra_terms" rows=2 hint="Optional. They become a part of the agreement, marked as yours."/>
        <PasswordAgain fresh/>
        <ConsentStatement/>
        {agree}
        <p class="muted small">{means}{authority}</p>
    }
}

/// Approving: the owner's own signature.
#[component]
pub fn ApproveForm(
    nda: NdaId,
    /// The text that it signs.
    signs: Signs,
) -> impl IntoView {
    view! {
        <Form to={path::<ApproveNda>()} of=("nda_id", nda.to_string()) class="nda-approve">
            <SignatureFields signs given=Given::Once/>
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
