//! The reader: the page and nothing else. Its address says which page, so that it works by links alone; in the browser
//! keys, fingers and controls that show themselves on movement do the same.

use leptos::{context::Provider, html, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{at_hand::AtHand, doors::Doors};
use crate::{
    kit::{icon::Icon, load::data},
    reading::{
        model::{Reading, Told},
        rules::Turn,
    },
};

/// A document: first who will learn of it, then page by page.
#[component]
pub fn Reader(
    reading: Reading,
    /// What it asks and tells.
    #[prop(default = Doors::SIGNED_IN)]
    doors: Doors,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get("page")).and_then(|page| page.parse::<i32>().ok()));
    let told = reading.told;
    let at_the_door = Memo::new(move |_| asked.get().is_none() && told != Told::Nothing);
    let pages = reading.pages;
    let page = Memo::new(move |_| asked.get().unwrap_or(1).clamp(1, pages.max(1)));
    view! {
        <Title text=format!("{} · {}", reading.label, reading.pitch_title)/>
        {move || match at_the_door.get() {
            true => view! { <Door reading=reading.clone()/> }.into_any(),
            false => view! { <Pages reading=reading.clone() doors page/> }.into_any(),
        }}
    }
}

/// What is recorded, before anything is.
#[component]
fn Door(reading: Reading) -> impl IntoView {
    let learns = match reading.told {
        Told::Name if reading.share.is_some() => {
            "The owner sees that you read this: your email address, when, which pages and for how long."
        }
        Told::Name => "The owner sees that you read this: your name, when, which pages and for how long.",
        Told::Kind | Told::Nothing => {
            "The owner sees that an account of your kind read this, and for how long, but not who it was."
        }
    };
    let pages = if reading.pages == 1 { "1 page".to_string() } else { format!("{} pages", reading.pages) };
    let on = reading.stopped_at.filter(|page| *page > 1);
    view! {
        <section class="page reader-door">
            <header class="page-head">
                <h1>{reading.label.clone()}</h1>
                <p><a href=reading.back.clone()>{reading.pitch_title.clone()}</a>", "{pages}</p>
            </header>
            <p>{learns}" Every page carries your email address, the time and your network address."</p>
            <p class="row">
                {on.map(|page| view! { <a class="button button-main" href=format!("{}?page={page}", reading.at)>{format!("Go on at page {page}")}</a> })}
                <a class="button" class:button-main=on.is_none() href=format!("{}?page=1", reading.at)>
                    {if on.is_some() { "Start again" } else { "Start reading" }}
                </a>
            </p>
        </section>
    }
}

#[component]
fn Pages(reading: Reading, doors: Doors, page: Memo<i32>) -> impl IntoView {
    let at_hand = AtHand::new(&reading, doors, page);
    view! {
        {move || match at_hand.closed.get() {
            true => view! { <Ended reading=reading.clone()/> }.into_any(),
            false => view! { <Open reading=reading.clone() at_hand/> }.into_any(),
        }}
    }
}

/// In place of the pages, once they are not theirs to read any more.
#[component]
fn Ended(reading: Reading) -> impl IntoView {
    // A link that has ended leads nowhere.
    let back = reading.share.is_none().then_some(reading.back);
    view! {
        <section class="page reader-door" role="alert">
            <header class="page-head"><h1>"Reading has ended"</h1></header>
            <p>
                "This document is not open to you any more: its owner ended that, the time agreed on is over, or a newer version took its place. "
                "What you agreed to keep confidential stays confidential."
            </p>
            {back.map(|back| view! { <p><a class="button button-main" href=back>"See the project"</a></p> })}
        </section>
    }
}

/// The pages, and what stands above them.
#[component]
fn Open(reading: Reading, at_hand: AtHand) -> impl IntoView {
    let (pages, page) = (reading.pages, at_hand.page);
    let name = format!("{} of {}", reading.label, reading.pitch_title);
    view! {
        <Provider value=at_hand>
            <section class="reader" node_ref=at_hand.all data-zoom=move || at_hand.zoom.get() class:reader-quiet=move || at_hand.quiet.get()>
                <Bar reading/>
                <div class="reader-sheet" node_ref=at_hand.sheet tabindex="0" role="region" aria-label=move || format!("{name}, page {} of {pages}", page.get())>
                    <Sheet pages/>
                    <Words/>
                </div>
            </section>
        </Provider>
    }
}

/// What stands above the page: where one is, and the ways on.
#[component]
fn Bar(reading: Reading) -> impl IntoView {
    let at_hand = expect_context::<AtHand>();
    let (page, pages, file) = (at_hand.page, reading.pages, reading.file);
    let back = if reading.share.is_some() { "Back to the documents" } else { "Back to the project" };
    let download = reading.download.then(|| {
        view! { <a class="reader-control" href=format!("/files/{file}") rel="external" aria-label="Download" title="Download"><Icon name="download"/></a> }
    });
    view! {
        <header class="reader-bar">
            <a class="reader-control" href=reading.back aria-label=back title=back><Icon name="cross"/></a>
            <h1 class="reader-title">{reading.label}" · "{reading.pitch_title}</h1>
            <nav class="reader-turn" aria-label="Pages">
                <TurnTo turn=Turn::Back label="Previous page" icon="back"/>
                <Where pages/>
                <TurnTo turn=Turn::On label="Next page" icon="arrow"/>
            </nav>
            <p class="visually-hidden" role="status">{move || format!("Page {} of {pages}", page.get())}</p>
            <div class="reader-more">
                <span class="reader-zoom" hidden=move || !at_hand.ready.get()>
                    <button type="button" class="reader-control" aria-label="Smaller" title="Smaller (-)" on:click=move |_| at_hand.zoom_by(-1)><Icon name="minus"/></button>
                    <button type="button" class="reader-control" aria-label="Larger" title="Larger (+)" on:click=move |_| at_hand.zoom_by(1)><Icon name="plus"/></button>
                    <button type="button" class="reader-control" aria-label="Full screen" title="Full screen (f)" on:click=move |_| at_hand.full_screen()><Icon name="screen"/></button>
                </span>
                {download}
            </div>
        </header>
    }
}

/// A link to the page before or after; at an end of the document it leads nowhere.
#[component]
fn TurnTo(turn: Turn, label: &'static str, icon: &'static str) -> impl IntoView {
    let at_hand = expect_context::<AtHand>();
    let to = move || at_hand.page_at(turn).map(|page| at_hand.address(page));
    view! {
        <a class="reader-control" href=to aria-label=label title=label aria-disabled=move || to().is_none().then_some("true")><Icon name=icon/></a>
    }
}

/// The number of the page, and the way to any other.
#[component]
fn Where(pages: i32) -> impl IntoView {
    let at_hand = expect_context::<AtHand>();
    let number = NodeRef::<html::Input>::new();
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        if let Some(page) = number.get_untracked().and_then(|number| number.value().parse().ok()) {
            event.prevent_default();
            at_hand.go(page);
        }
    };
    view! {
        <form class="reader-where" method="get" on:submit=on_submit>
            <input node_ref=number type="number" name="page" aria-label="Page" min="1" max=pages inputmode="numeric"
                value=at_hand.page.get_untracked() prop:value=move || at_hand.page.get().to_string()/>
            <span>"/ "{pages}</span>
        </form>
    }
}

/// The page as a picture; in the browser the next one is loaded behind it.
#[component]
fn Sheet(pages: i32) -> impl IntoView {
    let at_hand = expect_context::<AtHand>();
    let page = at_hand.page;
    let loaded = move || {
        let now = page.get();
        let last = if at_hand.ready.get() { pages.min(now + 1) } else { now };
        (now..=last).collect::<Vec<_>>()
    };
    let address = move |number: i32, width: u32| at_hand.at.with_value(|at| format!("{at}/page/{number}?w={width}"));
    view! {
        <For each=loaded key=|number| *number let:number>
            <img
                class="reader-page" alt="" draggable="false" hidden=move || page.get() != number
                sizes="(max-width: 48rem) 100vw, 46rem" srcset=format!("{} 800w, {} 1600w", address(number, 800), address(number, 1600))
                src=address(number, 1600)
            />
        </For>
    }
}

/// The words of the page for who listens, or why it cannot be shown.
#[component]
fn Words() -> impl IntoView {
    let AtHand { page, doors, document, .. } = expect_context::<AtHand>();
    let words = data(move || page.get(), move |page| (doors.words)(document, page));
    let shown = move || {
        Suspend::new(async move {
            match words.await {
                Ok(words) if words.text.is_empty() => {
                    view! { <p class="visually-hidden">"This page has no text, only a picture."</p> }.into_any()
                }
                Ok(words) => {
                    let parts = words.text.split("\n\n").map(|part| view! { <p>{part.to_string()}</p> }).collect_view();
                    view! { <div class="visually-hidden reader-words">{parts}</div> }.into_any()
                }
                Err(error) => {
                    view! { <p class="notice notice-bad reader-flaw" role="alert">{error.message}</p> }.into_any()
                }
            }
        })
    };
    view! { <Transition fallback=|| ()>{shown}</Transition> }
}
