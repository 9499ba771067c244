//! An NDA on its page: who asks whom for what, the text, the next act, what happened, what was recorded.

use leptos::prelude::*;

use super::{
    card::{Moment, PartyName, StatusBadge},
    choose::ChooseTemplate,
    decide::{ApproveForm, DeclineForm, RevokeForm},
    document::DocumentText,
    facts::{Signatures, Timeline},
    lists::AskedWords,
    sealed::Paper,
    sign::{SignForm, WithdrawForm},
};
use crate::{
    kit::when::{Ago, Now},
    ndas::{
        api::nda_read_to_end,
        model::{NdaCard, NdaStatus, NdaView, Side, Step},
        rules,
    },
    shared::ids::NdaId,
};

/// Everything about one NDA.
#[component]
pub fn NdaOnPage(nda: NdaView) -> impl IntoView {
    let card = nda.card.clone();
    let can = |step| nda.can.contains(&step);
    let sha256 = nda.text.sha256.clone().unwrap_or_default();
    let organisation = card.requester.organisation.clone();
    let unread = nda.openings.iter().all(|o| o.party != nda.side || o.read_to_end_at.is_none());
    let on_end = (can(Step::Sign) && unread).then(|| tells_end(card.id));
    let decide = nda.offer.as_ref().map(|offer| offer.signs(Some(card.pitch_id))).map(|signs| {
        view! {
            <section class="nda-decision stack">
                <h2>"Your decision"</h2>
                <div class="nda-decide-forms"><ApproveForm nda=card.id signs/><DeclineForm nda=card.id/></div>
            </section>
        }
    });
    let choose = nda.offer.clone().map(|offer| {
        view! { <ChooseTemplate offer at=format!("/ndas/{}", card.id) keep=Vec::new() pitch=Some(card.pitch_id)/> }
    });
    let bar = can(Step::Sign).then(|| {
        view! { <p class="nda-bar"><a class="button button-main" href="#sign" rel="external">"Go to the signature"</a></p> }
    });
    let sign = can(Step::Sign).then(|| view! { <SignForm nda=card.id document_sha256=sha256 organisation/> });
    let withdraw = can(Step::Withdraw).then(|| view! { <WithdrawForm nda=card.id/> });
    let revoke = can(Step::Revoke).then(|| view! { <RevokeForm nda=card.id/> });
    let text = nda.text.clone();
    view! {
        <article class="nda">
            <Head nda=nda.clone()/>
            <section class="nda-request-words stack">
                <h2>"The request"</h2>
                <AskedWords card=card.clone()/>
            </section>
            <section class="nda-document" aria-label="The agreement">
                {choose}
                {text.sha256.is_none().then(|| view! { <p class="notice">{preview_note(nda.card.status)}</p> })}
                <DocumentText text on_end/>
                {bar}
            </section>
            {decide}
            {sign}
            {withdraw}
            <Paper sealed=nda.sealed.clone() signed=card.signed_at.is_some()/>
            <Timeline card/>
            <Signatures nda=nda.clone()/>
            {revoke}
        </article>
    }
}

/// Tells the server that the text was read to its end. Not recorded is not read; signing works all the same.
fn tells_end(nda: NdaId) -> Callback<String> {
    Callback::new(move |sha256| leptos::task::spawn_local(async move { drop(nda_read_to_end(nda, sha256).await) }))
}

fn preview_note(status: NdaStatus) -> &'static str {
    match status {
        NdaStatus::Requested => "This is how the agreement will read. The gaps are filled in when the owner approves.",
        _ => "Nothing was agreed: this is how the agreement would have read.",
    }
}

/// Who asks whom for what, where it stands, and where to go on.
#[component]
fn Head(nda: NdaView) -> impl IntoView {
    let card = nda.card;
    let title = if nda.pitch_readable {
        view! { <a href=format!("/pitch/{}", card.pitch_slug)>{card.pitch_title.clone()}</a> }.into_any()
    } else {
        card.pitch_title.clone().into_any()
    };
    view! {
        <header class="nda-head stack">
            <p class="kicker">"Non-disclosure agreement"</p>
            <h1>{title}</h1>
            <p class="row"><StatusBadge status=card.status/><Moment card=card.clone()/></p>
            <dl class="facts">
                <dt>"Asked by"</dt>
                <dd><PartyName party=Some(card.requester.clone())/></dd>
                <dt>"Owner"</dt>
                <dd><PartyName party=card.owner.clone()/></dd>
                {card.term_days.map(|days| view! { <dt>"Term of access"</dt><dd>{days}" days"</dd> })}
            </dl>
            {(!card.reason.is_empty()).then(|| view! { <p class="notice">"Reason: "{card.reason.clone()}</p> })}
            <GoOn card=card.clone() side=nda.side pitch_readable=nda.pitch_readable/>
        </header>
    }
}

/// Where a signed NDA leads.
#[component]
fn GoOn(card: NdaCard, side: Side, pitch_readable: bool) -> impl IntoView {
    let signed = card.status == NdaStatus::Signed && pitch_readable;
    let read = (signed && side == Side::Requester).then(
        || view! { <a class="button button-main" href=format!("/pitch/{}", card.pitch_slug)>"Read the project"</a> },
    );
    let talk = card
        .thread
        .map(|thread| view! { <a class="button" href=format!("/messages/{thread}")>"Open the conversation"</a> });
    let now = use_context::<Now>().map(|Now(now)| now.get_untracked());
    let again = rules::again_at(card.status, card.ended_at.unwrap_or(card.requested_at))
        .filter(|_| side == Side::Requester && pitch_readable);
    let again = again.map(|at| match now {
        Some(now) if at > now => view! { <span class="muted">"You can ask again "<Ago at/>"."</span> }.into_any(),
        _ => {
            view! { <a class="button" href=format!("/pitch/{}", card.pitch_slug)>"Go to the project to ask again"</a> }
                .into_any()
        }
    });
    view! { <p class="row">{read}{talk}{again}</p> }
}
