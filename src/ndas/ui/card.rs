//! Small pieces: where an NDA stands, who someone is, one NDA as a line.

use leptos::prelude::*;

use crate::{
    kit::{
        badge::{Badge, BadgeTone},
        when::{Ago, Date},
    },
    ndas::model::{NdaCard, NdaStatus, Party, Side},
};

/// A status as people read it.
pub fn status_label(status: NdaStatus) -> &'static str {
    match status {
        NdaStatus::Requested => "Requested",
        NdaStatus::Approved => "Approved, not signed yet",
        NdaStatus::Signed => "Signed, in force",
        NdaStatus::Declined => "Declined",
        NdaStatus::Withdrawn => "Withdrawn",
        NdaStatus::Lapsed => "Lapsed",
        NdaStatus::Revoked => "Revoked",
        NdaStatus::Expired => "Expired",
    }
}

/// Where an NDA stands.
#[component]
pub fn StatusBadge(status: NdaStatus) -> impl IntoView {
    let tone = match status {
        NdaStatus::Signed => BadgeTone::Good,
        NdaStatus::Requested | NdaStatus::Approved => BadgeTone::Warn,
        NdaStatus::Declined | NdaStatus::Revoked => BadgeTone::Bad,
        NdaStatus::Withdrawn | NdaStatus::Lapsed | NdaStatus::Expired => BadgeTone::Muted,
    };
    view! { <Badge text=status_label(status) tone/> }
}

/// A person with their organisation, leading to their page, and how staff verified them.
#[component]
pub fn PartyName(
    /// `None`: an owner who is not named yet.
    party: Option<Party>,
) -> impl IntoView {
    let Some(party) = party else {
        return view! { <span class="nda-party muted">"Named when the request is approved"</span> }.into_any();
    };
    let organisation = party.organisation.map(|organisation| format!(", {organisation}"));
    let verified = party.verified.map(|verified| {
        view! { <span class="nda-verified">"Verified by staff: "{verified.method}", "<Date at=verified.at/></span> }
    });
    view! {
        <span class="nda-party">
            <a href=format!("/people/{}", party.handle)>{party.name}</a>
            {organisation}
        </span>
        {verified}
    }
    .into_any()
}

/// What a card says of time: the one moment that matters in its status.
#[component]
pub fn Moment(card: NdaCard) -> impl IntoView {
    let (words, at) = match card.status {
        NdaStatus::Requested => ("Asked", Some(card.requested_at)),
        NdaStatus::Approved => ("To be signed", card.lapses_at),
        NdaStatus::Signed => ("Access ends", card.expires_at),
        NdaStatus::Declined => ("Declined", card.ended_at),
        NdaStatus::Withdrawn => ("Withdrawn", card.ended_at),
        NdaStatus::Lapsed => ("Lapsed", card.ended_at),
        NdaStatus::Revoked => ("Revoked", card.ended_at),
        NdaStatus::Expired => ("Expired", card.ended_at),
    };
    at.map(|at| view! { <span class="nda-moment muted">{words}" "<Ago at/></span> })
}

/// One NDA as a line of a list, as `side` sees it: about what, with whom, where it stands.
#[component]
pub fn NdaLine(card: NdaCard, side: Side) -> impl IntoView {
    let other = if side == Side::Owner { Some(card.requester.clone()) } else { card.owner.clone() };
    view! {
        <div class="nda-line">
            <h3><a href=format!("/ndas/{}", card.id)>{card.pitch_title.clone()}</a></h3>
            <p class="nda-line-who"><PartyName party=other/></p>
            <p class="row"><StatusBadge status=card.status/><Moment card=card.clone()/></p>
            {(!card.reason.is_empty()).then(|| view! { <p class="nda-reason muted">"Reason: "{card.reason.clone()}</p> })}
        </div>
    }
}
