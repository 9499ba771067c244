//! What happened to an NDA, and what was recorded with the signatures.

use leptos::prelude::*;

use super::card::status_label;
use crate::{
    kit::when::Ago,
    ndas::model::{Agreement, NdaCard, NdaStatus, NdaView, Opening, Signature},
    shared::time::{self, Time},
};

/// The states of an NDA with their times, oldest first.
#[component]
pub fn Timeline(card: NdaCard) -> impl IntoView {
    let steps = steps(&card).into_iter().map(|(words, at)| {
        view! { <li><span>{words}</span>" "<span class="muted"><Ago at/></span></li> }
    });
    view! {
        <section class="nda-timeline">
            <h2>"What happened"</h2>
            <ol>{steps.collect_view()}</ol>
        </section>
    }
}

fn steps(card: &NdaCard) -> Vec<(String, Time)> {
    let owner = card.owner.as_ref().map_or("The owner", |owner| &owner.name);
    let requester = &card.requester.name;
    let mut steps = vec![(format!("{requester} asked"), card.requested_at)];
    let decided = (card.status != NdaStatus::Declined).then_some(card.decided_at).flatten();
    steps.extend(decided.map(|at| (format!("{owner} approved and signed"), at)));
    steps.extend(card.signed_at.map(|at| (format!("{requester} signed; access began"), at)));
    steps.extend(card.ended_at.map(|at| (status_label(card.status).to_string(), at)));
    steps
}

/// What was recorded with the signatures that this person may see.
#[component]
pub fn Signatures(nda: NdaView) -> impl IntoView {
    if nda.signatures.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="nda-signatures">
            <h2>"Signatures"</h2>
            <p class="muted">"Simple electronic signatures, with what was recorded of each."</p>
            {signature_list(Agreement::Nda(nda.card.id), nda.signatures, nda.openings)}
        </section>
    }
    .into_any()
}

/// Signatures, each with when its party opened and read the text.
pub fn signature_list(of: Agreement, signatures: Vec<Signature>, openings: Vec<Opening>) -> impl IntoView {
    let each = signatures.into_iter().map(|signature| {
        let opening = openings.iter().find(|opening| opening.party == signature.party).cloned();
        view! { <li><SignatureFacts of signature opening/></li> }
    });
    view! { <ul>{each.collect_view()}</ul> }
}

#[component]
fn SignatureFacts(of: Agreement, signature: Signature, opening: Option<Opening>) -> impl IntoView {
    let party = of.role(signature.party);
    let fact = |name: &'static str, value: String| view! { <dt>{name}</dt><dd>{value}</dd> };
    let read = |at: Option<Time>| at.map_or("not recorded".to_string(), time::exact);
    view! {
        <h3>{party}</h3>
        <p class="nda-signature-name">{signature.legal_name}</p>
        <dl class="facts">
            {signature.organisation.map(|organisation| fact("For", organisation))}
            {signature.given_at.map(|at| fact("Given in advance", time::exact(at)))}
            {fact("Signed", time::exact(signature.at))}
            {opening.map(|opening| view! {
                {fact("Opened", time::exact(opening.opened_at))}
                {fact("Read to the end", read(opening.read_to_end_at))}
            })}
            {fact("Email", signature.email)}
            {fact("Network address", signature.address)}
            {fact("Browser", signature.user_agent)}
            {fact("Consent statement", format!("version {}", signature.consent_version))}
        </dl>
    }
}
