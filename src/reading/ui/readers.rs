//! Who read what, how far and how long: for the owner of a pitch.

use leptos::{either::Either, prelude::*};

use crate::{
    kit::{pager::Pager, when::Ago},
    reading::{
        model::{Count, PageTime, Readers, Visit},
        rules::duration,
    },
};

/// The readers of a pitch's documents, newest first.
#[component]
pub fn ReadersOfPitch(readers: Readers) -> impl IntoView {
    let nobody = readers.visits.is_empty() && readers.counts.is_empty();
    let next = readers.visits.next.map(|after| format!("?readers={after}#readers"));
    view! {
        <section class="pitch-part" id="readers">
            <h2>"Who read it"</h2>
            {if nobody {
                Either::Left(view! { <p class="muted">"Nobody has opened a document yet. When somebody does, you see here who, which pages and for how long."</p> })
            } else {
                Either::Right(view! {
                    <ol class="readings">{readers.visits.items.into_iter().map(|visit| view! { <OneVisit visit/> }).collect_view()}</ol>
                    <Pager href=next label="Earlier visits"/>
                    <Counts counts=readers.counts/>
                })
            }}
        </section>
    }
}

#[component]
fn OneVisit(visit: Visit) -> impl IntoView {
    let pages = visit.pages.unwrap_or(visit.reached()).max(visit.reached());
    let far = format!(
        "{} of {pages} {}, up to page {}",
        visit.times.len(),
        if pages == 1 { "page" } else { "pages" },
        visit.reached()
    );
    let label =
        if visit.version > 1 { format!("{}, version {}", visit.label, visit.version) } else { visit.label.clone() };
    let rows = visit.times.iter().map(|time| {
        view! { <li>"Page "{time.page}": "{duration(time.milliseconds)}</li> }
    });
    let rows = rows.collect_view();
    view! {
        <li class="reading-visit">
            <p class="reading-who">
                <strong>{visit.reader.clone()}</strong>
                {visit.organisation.clone().map(|name| format!(", {name}"))}
                {visit.by_link.then(|| view! { <span class="muted">", by share link,"</span> })}
                <span class="muted">" read the "{label.to_lowercase()}" "<Ago at=visit.started_at/></span>
            </p>
            <p class="reading-time"><strong>{duration(visit.milliseconds())}</strong><span class="muted">" · "{far}</span></p>
            <HeatStrip times=visit.times pages/>
            <details>
                <summary>"Page by page"</summary>
                <ul class="reading-pages">{rows}</ul>
            </details>
        </li>
    }
}

/// A bar for each page, as high as the time on it. The list beside it says the same in words.
#[component]
fn HeatStrip(times: Vec<PageTime>, pages: i32) -> impl IntoView {
    let longest = times.iter().map(|time| time.milliseconds).max().unwrap_or(0).max(1);
    let bars = times.into_iter().map(|time| {
        // What was opened is seen, however short.
        let height = (time.milliseconds * 100 / longest).max(4);
        view! { <rect x=time.page - 1 y=100 - height width="0.9" height=height></rect> }
    });
    view! {
        <svg class="reading-strip" viewBox=format!("0 0 {} 100", pages.max(1)) preserveAspectRatio="none" aria-hidden="true" focusable="false">
            {bars.collect_view()}
        </svg>
    }
}

/// Those who are not named.
#[component]
fn Counts(counts: Vec<Count>) -> impl IntoView {
    (!counts.is_empty()).then(|| {
        let rows = counts.into_iter().map(|count| {
            view! {
                <tr>
                    <th scope="row">{count.label}</th>
                    <td data-label="Kind of account">{count.role.word()}</td>
                    <td data-label="Readers">{count.readers}</td>
                    <td data-label="Time together">{duration(count.milliseconds)}</td>
                </tr>
            }
        });
        view! {
            <h3>"Outside the NDA"</h3>
            <p class="muted">"Of those who read what needs no NDA you see how many, not who."</p>
            <table class="table">
                <thead><tr>
                    <th scope="col">"What"</th><th scope="col">"Kind of account"</th><th scope="col">"Readers"</th><th scope="col">"Time together"</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
    })
}
