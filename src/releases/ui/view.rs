//! A release on its page: who offers what, the text, the next act, what happened, what was recorded.

use leptos::prelude::*;

use super::{
    card::{CompanyName, Moment, OwnerName, StatusBadge},
    forms::{EndForm, RefuseForm, SignForm, WithdrawForm},
};
use crate::{
    kit::when::Ago,
    ndas::{
        model::{Agreement, Side},
        ui::{DocumentText, Paper, signature_list},
    },
    releases::{
        api::release_read_to_end,
        model::{ReleaseCard, ReleaseStatus, ReleaseStep, ReleaseView},
    },
    shared::{ids::ReleaseId, time::Time},
};

/// Everything about one release.
#[component]
pub fn ReleaseOnPage(release: ReleaseView) -> impl IntoView {
    let card = release.card.clone();
    let can = |step| release.can.contains(&step);
    let signs = can(ReleaseStep::Sign);
    let sha256 = release.text.sha256.clone().unwrap_or_default();
    let organisation = card.owner.as_ref().and_then(|owner| owner.organisation.clone());
    let unread = release.openings.iter().all(|opening| opening.read_to_end_at.is_none());
    let on_end = (signs && unread).then(|| tells_end(card.id));
    let bar = signs.then(|| {
        view! { <p class="nda-bar"><a class="button button-main" href="#sign" rel="external">"Go to the signature"</a></p> }
    });
    let sign = signs.then(|| view! { <SignForm release=card.id document_sha256=sha256 organisation/> });
    let signatures = (!release.signatures.is_empty()).then(|| {
        let list = signature_list(Agreement::Release(card.id), release.signatures.clone(), release.openings.clone());
        view! {
            <section class="nda-signatures">
                <h2>"Signatures"</h2>
                <p class="muted">"Simple electronic signatures, with what was recorded of each."</p>
                {list}
            </section>
        }
    });
    view! {
        <article class="nda release">
            <Head card=card.clone() pitch_readable=release.pitch_readable/>
            <section class="nda-document" aria-label="The release">
                <DocumentText text=release.text.clone() on_end/>
                {bar}
            </section>
            {sign}
            {can(ReleaseStep::Refuse).then(|| view! { <RefuseForm release=card.id/> })}
            {can(ReleaseStep::Withdraw).then(|| view! { <WithdrawForm release=card.id/> })}
            <Paper sealed=release.sealed.clone() signed=card.signed_at.is_some()/>
            <Timeline card=card.clone()/>
            {signatures}
            {can(ReleaseStep::End).then(|| view! { <EndForm release=card.id/> })}
        </article>
    }
}

/// Tells the server that the text was read to its end. Not recorded is not read; signing works all the same.
fn tells_end(release: ReleaseId) -> Callback<String> {
    Callback::new(move |sha256| {
        leptos::task::spawn_local(async move { drop(release_read_to_end(release, sha256).await) })
    })
}

/// Who offers whom what, where it stands, and where to go on.
#[component]
fn Head(card: ReleaseCard, pitch_readable: bool) -> impl IntoView {
    let pitch = format!("/pitch/{}", card.pitch_slug);
    let title = if pitch_readable {
        view! { <a href=pitch.clone()>{card.pitch_title.clone()}</a> }.into_any()
    } else {
        card.pitch_title.clone().into_any()
    };
    let signed = card.status == ReleaseStatus::Signed;
    let read = (signed && pitch_readable && card.side == Side::Requester)
        .then(|| view! { <a class="button button-main" href=pitch>"Read the project"</a> });
    let talk = card
        .thread
        .map(|thread| view! { <a class="button" href=format!("/messages/{thread}")>"Open the conversation"</a> });
    let note = (!card.note.is_empty()).then(|| view! { <dt>"Note"</dt><dd class="nda-words">{card.note.clone()}</dd> });
    view! {
        <header class="nda-head stack">
            <p class="kicker">"Submission release"</p>
            <h1>{title}</h1>
            <p class="row"><StatusBadge status=card.status/><Moment card=card.clone()/></p>
            <dl class="facts">
                <dt>"Offered by"</dt>
                <dd><CompanyName company=card.company.clone()/></dd>
                <dt>"Owner"</dt>
                <dd><OwnerName owner=card.owner.clone()/></dd>
                {note}
            </dl>
            <p>{meaning(&card)}</p>
            {(!card.reason.is_empty()).then(|| view! { <p class="notice">"Reason: "{card.reason.clone()}</p> })}
            <p class="row">{read}{talk}</p>
        </header>
    }
}

/// What its state means for who looks at it.
fn meaning(card: &ReleaseCard) -> &'static str {
    match (card.status, card.side) {
        (ReleaseStatus::Offered, Side::Owner) => {
            "The company has signed this text and asks you to. Nothing opens before you have; read all of it first."
        }
        (ReleaseStatus::Offered, Side::Requester) => "Your company has signed. It waits for the owner of the project.",
        (ReleaseStatus::Signed, Side::Owner) => {
            "Everyone with a seat in the company reads what is behind the NDA of this project. You see who reads what on its page."
        }
        (ReleaseStatus::Signed, Side::Requester) => {
            "Everyone with a seat in your company reads what is behind the NDA. The owner sees by name who reads what."
        }
        (ReleaseStatus::Ended, _) => "It opens nothing any more. The duties about what was shown before go on.",
        (ReleaseStatus::Refused | ReleaseStatus::Withdrawn, _) => "Nothing was agreed, and nothing was opened by it.",
    }
}

/// The states of a release with their times, oldest first.
#[component]
fn Timeline(card: ReleaseCard) -> impl IntoView {
    let steps = steps(&card)
        .into_iter()
        .map(|(words, at)| view! { <li><span>{words}</span>" "<span class="muted"><Ago at/></span></li> });
    view! {
        <section class="nda-timeline">
            <h2>"What happened"</h2>
            <ol>{steps.collect_view()}</ol>
        </section>
    }
}

fn steps(card: &ReleaseCard) -> Vec<(String, Time)> {
    let company = card.company.organisation.clone().unwrap_or_default();
    let owner = card.owner.as_ref().map_or("The owner".to_string(), |owner| owner.name.clone());
    let by = match card.ended_by {
        Some(Side::Owner) => " by the owner",
        Some(Side::Requester) => " by the company",
        None => "",
    };
    let over = match card.status {
        ReleaseStatus::Refused => "Refused",
        ReleaseStatus::Withdrawn => "Withdrawn",
        _ => "Ended",
    };
    let mut steps = vec![(format!("{} signed for {company} and offered it", card.company.name), card.offered_at)];
    steps.extend(card.signed_at.map(|at| (format!("{owner} signed; access began"), at)));
    steps.extend(card.ended_at.map(|at| (format!("{over}{by}"), at)));
    steps
}
