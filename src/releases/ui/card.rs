//! Small pieces: where a release stands, one release as a line.

use leptos::prelude::*;

use crate::{
    kit::{
        badge::{Badge, BadgeTone},
        when::Ago,
    },
    ndas::{
        model::{Party, Side},
        ui::PartyName,
    },
    releases::model::{ReleaseCard, ReleaseStatus},
};

/// A status as people read it.
pub fn status_label(status: ReleaseStatus) -> &'static str {
    match status {
        ReleaseStatus::Offered => "Offered, not signed yet",
        ReleaseStatus::Signed => "Signed, in force",
        ReleaseStatus::Refused => "Refused",
        ReleaseStatus::Withdrawn => "Withdrawn",
        ReleaseStatus::Ended => "Ended",
    }
}

/// Where a release stands.
#[component]
pub fn StatusBadge(status: ReleaseStatus) -> impl IntoView {
    let tone = match status {
        ReleaseStatus::Signed => BadgeTone::Good,
        ReleaseStatus::Offered => BadgeTone::Warn,
        ReleaseStatus::Refused => BadgeTone::Bad,
        ReleaseStatus::Withdrawn | ReleaseStatus::Ended => BadgeTone::Muted,
    };
    view! { <Badge text=status_label(status) tone/> }
}

/// The company, and who offers for it.
#[component]
pub fn CompanyName(company: Party) -> impl IntoView {
    let name = company.organisation.clone().unwrap_or_default();
    let person = Party { organisation: None, ..company };
    view! { <strong>{name}</strong>" by "<PartyName party=Some(person)/> }
}

/// The owner, as far as they are named.
#[component]
pub fn OwnerName(owner: Option<Party>) -> impl IntoView {
    match owner {
        Some(owner) => view! { <PartyName party=Some(owner)/> }.into_any(),
        None => view! { <span class="nda-party muted">"Named when the release is signed"</span> }.into_any(),
    }
}

/// The one moment that matters in its status.
#[component]
pub fn Moment(card: ReleaseCard) -> impl IntoView {
    let (words, at) = match card.status {
        ReleaseStatus::Offered => ("Offered", Some(card.offered_at)),
        ReleaseStatus::Signed => ("Signed", card.signed_at),
        ReleaseStatus::Refused => ("Refused", card.ended_at),
        ReleaseStatus::Withdrawn => ("Withdrawn", card.ended_at),
        ReleaseStatus::Ended => ("Ended", card.ended_at),
    };
    at.map(|at| view! { <span class="nda-moment muted">{words}" "<Ago at/></span> })
}

/// One release as a line of a list: about what, with whom, where it stands, and the next act.
#[component]
pub fn ReleaseLine(card: ReleaseCard) -> impl IntoView {
    let page = format!("/releases/{}", card.id);
    let who = match card.side {
        Side::Owner => view! { <CompanyName company=card.company.clone()/> }.into_any(),
        Side::Requester => view! { "To "<OwnerName owner=card.owner.clone()/> }.into_any(),
    };
    let pitch = format!("/pitch/{}", card.pitch_slug);
    let act = match (card.status, card.side) {
        (ReleaseStatus::Offered, Side::Owner) => ("button button-main", page.clone(), "Read and decide"),
        (ReleaseStatus::Signed, Side::Requester) => ("button button-main", pitch, "Read the project"),
        (ReleaseStatus::Offered | ReleaseStatus::Signed, _) => ("button", page.clone(), "See the release"),
        _ => ("button", page.clone(), "See what happened"),
    };
    view! {
        <div class="nda-sent">
            <div class="nda-line release-line">
                <h2><a href=page>{card.pitch_title.clone()}</a></h2>
                <p class="nda-line-who">{who}</p>
                <p class="row"><StatusBadge status=card.status/><Moment card=card.clone()/></p>
                {(!card.reason.is_empty()).then(|| view! { <p class="nda-reason muted">"Reason: "{card.reason.clone()}</p> })}
            </div>
            <p class="row">
                <a class=act.0 href=act.1>{act.2}</a>
                {card.thread.map(|thread| view! { <a class="button" href=format!("/messages/{thread}")>"Talk"</a> })}
            </p>
        </div>
    }
}
