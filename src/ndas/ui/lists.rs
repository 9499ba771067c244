//! The two lists of NDAs: those asked of the viewer, and those the viewer asked for.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use super::{
    card::{NdaLine, PartyName},
    choose::{ChooseTemplate, OfferedTexts},
    decide::{ApproveForm, DeclineForm},
    several::{DecideSeveral, DecidedNotice},
};
use crate::{
    kit::{
        empty::Empty,
        form::{path, was_refused},
        load::{Loaded, data, page_data},
        pager::Pager,
        tabs::Tabs,
        when::Ago,
    },
    ndas::{
        api::{ApproveNda, DeclineNda, received_ndas, sent_ndas},
        model::{Counts, NdaCard, NdaList, NdaStatus, Side, Step, Tab},
        owner_api::decided,
        owner_model::{DecidedList, Offer, Signs},
    },
    shared::error::Result,
};

/// What the query says: the tab, where the list goes on, and the template that was chosen.
fn asked() -> impl Fn() -> (Option<String>, Option<String>, Option<String>) + Copy + Send + Sync + 'static {
    let query = use_query_map();
    move || query.with(|query| (query.get("tab"), query.get("after"), query.get("template")))
}

/// What was just decided together, as the query says: the step and the requests.
fn just_decided() -> impl Fn() -> (String, String) + Copy + Send + Sync + 'static {
    let query = use_query_map();
    let of = |query: &ParamsMap, step: Step| query.get(step.word()).map(|ids| (step.to_string(), ids));
    move || query.with(|query| of(query, Step::Approve).or_else(|| of(query, Step::Decline)).unwrap_or_default())
}

fn chosen(tab: Option<String>) -> Tab {
    tab.and_then(|word| word.parse().ok()).unwrap_or(Tab::Waiting)
}

/// The tabs of a list with their counts.
#[component]
fn CountedTabs(counts: Counts, current: Tab, side: Side, base: &'static str) -> impl IntoView {
    let label = |tab| match tab {
        Tab::Waiting => "Waiting",
        Tab::Active => "Active",
        Tab::Ended => "Ended",
    };
    let item = |tab: &Tab| {
        let label = format!("{} ({})", label(*tab), counts.of(*tab, side));
        (format!("{base}tab={tab}"), label, *tab == current)
    };
    let items: Vec<_> = Tab::ALL.iter().map(item).collect();
    view! { <Tabs items label="Requests by state"/> }
}

/// The NDAs asked of the viewer; each waiting one with the forms that decide it.
#[component]
pub fn ReceivedNdas(
    /// The page's address up to the query's `tab`: `/creator/ndas?`.
    base: &'static str,
) -> impl IntoView {
    let asked = asked();
    let list = page_data(asked, |(tab, after, template)| received_ndas(tab, after, template));
    let told = data(just_decided(), what_became);
    view! {
        <Loaded data=told view=|decided| decided.map(|decided| view! { <DecidedNotice decided/> })/>
        <Loaded data=list view=move |list| received(list, chosen(asked().0), base)/>
    }
}

async fn what_became((step, ids): (String, String)) -> Result<Option<DecidedList>> {
    if ids.is_empty() { Ok(None) } else { decided(step, ids).await }
}

fn received(list: NdaList, tab: Tab, base: &'static str) -> impl IntoView {
    let chosen = list.offer.as_ref().and_then(|offer| offer.chosen).map(|id| format!("&template={id}"));
    let more = list.page.next.map(|after| format!("{base}tab={tab}{}&after={after}", chosen.unwrap_or_default()));
    let cards = list.page.items;
    let (several, folded) = (cards.len() > 1, cards.len() > UNFOLDED);
    let with = list.offer.clone().map(|offer| view! { <With offer several base/> });
    let together = list
        .offer
        .as_ref()
        .filter(|_| several)
        .map(|offer| view! { <DecideSeveral cards=cards.clone() signs=offer.signs(None)/> });
    let items = cards.into_iter().map(|card| match tab {
        Tab::Waiting => {
            let signs = list.offer.as_ref().map(|offer| offer.signs(Some(card.pitch_id)));
            view! { <li><WaitingRequest card signs folded/></li> }.into_any()
        }
        _ => view! { <li><NdaLine card side=Side::Owner/></li> }.into_any(),
    });
    let items = items.collect_view();
    view! {
        <CountedTabs counts=list.counts current=tab side=Side::Owner base/>
        {with}
        {if items.is_empty() { nothing_received(tab).into_any() } else { view! { <ul class="list nda-list">{items}</ul> }.into_any() }}
        <Pager href=more/>
        {together}
    }
}

/// With what the requests below can be approved: the choice and the texts.
#[component]
fn With(
    offer: Offer,
    /// There are several requests, to be decided together further down.
    several: bool,
    base: &'static str,
) -> impl IntoView {
    let (at, query) = base.split_once('?').unwrap_or((base, ""));
    let side = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == "side");
    let keep = side.map(|(_, side)| vec![("side", side.to_string())]).unwrap_or_default();
    view! {
        <div class="nda-with">
            <ChooseTemplate offer=offer.clone() at=at.to_string() keep pitch=None/>
            <OfferedTexts texts=offer.texts/>
            {several.then(|| view! { <p><a href="#several" rel="external">"Decide several at once"</a></p> })}
        </div>
    }
}

fn nothing_received(tab: Tab) -> impl IntoView {
    let (title, text) = match tab {
        Tab::Waiting => (
            "Nobody is waiting for you",
            "When a verified investor or production company asks to read what is behind the NDA of one of your projects, you decide here.",
        ),
        Tab::Active => {
            ("No NDA is in force", "Requests that you approve appear here, signed or waiting for the signature.")
        }
        Tab::Ended => (
            "Nothing has ended",
            "Declined, withdrawn, lapsed, revoked and expired NDAs stay here, with their evidence.",
        ),
    };
    view! { <Empty title text/> }
}

/// So many requests have their forms open; of more the list would be too long to look through.
const UNFOLDED: usize = 3;

/// A request: who asks for what since when, and what decides it.
#[component]
fn WaitingRequest(
    card: NdaCard,
    /// The text that approving it signs; `None`: this person's seat reads along.
    signs: Option<Signs>,
    /// The forms are opened on demand.
    folded: bool,
) -> impl IntoView {
    let about = ("nda_id", card.id.to_string());
    let open = !folded || was_refused(&[path::<ApproveNda>(), path::<DeclineNda>()], Some(&about));
    let decide = signs.map(|signs| {
        view! {
            <details class="nda-decide" open=open>
                <summary class="button">"Approve or decline"</summary>
                <div class="nda-decide-forms">
                    <ApproveForm nda=card.id signs/>
                    <DeclineForm nda=card.id/>
                </div>
            </details>
        }
    });
    view! {
        <article class="nda-waiting">
            <div class="nda-ask">
                <h3><a href=format!("/ndas/{}", card.id)>{card.pitch_title.clone()}</a></h3>
                <p><PartyName party=Some(card.requester.clone())/></p>
                <p class="muted">"Asked "<Ago at=card.requested_at/></p>
                <AskedWords card=card.clone()/>
            </div>
            {decide}
        </article>
    }
}

/// What the requester wrote.
#[component]
pub fn AskedWords(card: NdaCard) -> impl IntoView {
    let note = (!card.note.is_empty()).then(|| view! { <dt>"Note"</dt><dd class="nda-words">{card.note.clone()}</dd> });
    view! {
        <dl class="facts">
            <dt>"Purpose"</dt>
            <dd class="nda-words">{card.purpose}</dd>
            {note}
        </dl>
    }
}

/// The NDAs the viewer asked for, each with its next act.
#[component]
pub fn SentNdas(
    /// The page's address up to the query's `tab`: `/investor/ndas?`.
    base: &'static str,
) -> impl IntoView {
    let asked = asked();
    let list = page_data(asked, |(tab, after, _)| sent_ndas(tab, after));
    view! { <Loaded data=list view=move |list| sent(list, chosen(asked().0), base)/> }
}

fn sent(list: NdaList, tab: Tab, base: &'static str) -> impl IntoView {
    let more = list.page.next.map(|after| format!("{base}tab={tab}&after={after}"));
    let items = list.page.items.into_iter().map(|card| view! { <li><SentRequest card/></li> }).collect_view();
    view! {
        <CountedTabs counts=list.counts current=tab side=Side::Requester base/>
        {if items.is_empty() { nothing_sent(tab).into_any() } else { view! { <ul class="list nda-list">{items}</ul> }.into_any() }}
        <Pager href=more/>
    }
}

fn nothing_sent(tab: Tab) -> impl IntoView {
    let (title, text) = match tab {
        Tab::Waiting => (
            "Nothing is waiting",
            "Ask for the NDA on a project's page; the owner's answer and your signature wait here.",
        ),
        Tab::Active => (
            "No NDA in force yet",
            "Once both sides have signed, you read the rest of the project and talk to the owner from here.",
        ),
        Tab::Ended => ("Nothing has ended", "Declined, withdrawn, lapsed, revoked and expired NDAs stay here."),
    };
    view! { <Empty title text><a class="button" href="/browse">"Browse projects"</a></Empty> }
}

/// One's own request with what can be done about it.
#[component]
fn SentRequest(card: NdaCard) -> impl IntoView {
    let nda = format!("/ndas/{}", card.id);
    let pitch = format!("/pitch/{}", card.pitch_slug);
    let acts = match card.status {
        NdaStatus::Requested => view! { <a class="button" href=nda>"See your request"</a> }.into_any(),
        NdaStatus::Approved => view! { <a class="button button-main" href=nda>"Read and sign"</a> }.into_any(),
        NdaStatus::Signed => view! {
            <a class="button button-main" href=pitch>"Read the project"</a>
            {card.thread.map(|thread| view! { <a class="button" href=format!("/messages/{thread}")>"Talk"</a> })}
        }
        .into_any(),
        _ => view! { <a class="button" href=nda>"See what happened"</a> }.into_any(),
    };
    view! {
        <div class="nda-sent">
            <NdaLine card side=Side::Requester/>
            <p class="row">{acts}</p>
        </div>
    }
}
