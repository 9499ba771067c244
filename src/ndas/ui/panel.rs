//! What the pitch page offers its viewer about the NDA; always in the same place.

use leptos::prelude::*;

use super::sign::RequestForm;
use crate::{
    kit::{
        load::{Loaded, page_data},
        when::{Ago, Date},
    },
    ndas::{
        api::for_pitch,
        model::{LastNda, NdaStatus, Panel, ReadableMaterial},
    },
    shared::{
        ids::{NdaId, PitchId, ThreadId},
        time::Time,
    },
};

/// The NDA panel of a pitch page: ask, waiting since, sign, read, talk.
#[component]
pub fn NdaPanel(pitch: PitchId) -> impl IntoView {
    let panel = page_data(move || pitch, for_pitch);
    view! {
        <section class="nda-panel stack" aria-labelledby="nda-panel-title">
            <h2 id="nda-panel-title">"Behind the NDA"</h2>
            <Loaded data=panel view=move |panel| shown(pitch, panel)/>
        </section>
    }
}

fn shown(pitch: PitchId, panel: Panel) -> AnyView {
    match panel {
        Panel::Guest { slug } => guest(&slug).into_any(),
        Panel::Own { waiting } => own(waiting).into_any(),
        Panel::NotABuyer => {
            view! { <p>"NDAs are for investors and production companies. Creators read the public half."</p> }.into_any()
        }
        Panel::Unverified { email_missing, staff_missing } => unverified(email_missing, staff_missing).into_any(),
        Panel::MayRequest { organisation, last } => view! {
            {last.map(|last| view! { <Ended last/> })}
            <p>"Ask the owner. They approve with their signature; once you have signed, too, all of it opens for you."</p>
            <RequestForm pitch organisation/>
        }
        .into_any(),
        Panel::Waiting { nda, since } => view! {
            <p>"You asked "<Ago at=since/>". It is the owner's turn; we write to you when they decide."</p>
            <p><a class="button" href=format!("/ndas/{nda}")>"See your request"</a></p>
        }
        .into_any(),
        Panel::ToSign { nda, until } => view! {
            <p>"The owner approved. "{until.map(|at| view! { "Sign until "<Date at/>"." })}</p>
            <p><a class="button button-main" href=format!("/ndas/{nda}")>"Read and sign"</a></p>
        }
        .into_any(),
        Panel::Signed { nda, until, thread, materials } => view! { <Signed nda until thread materials/> }.into_any(),
        Panel::NotYet { last, again_at } => view! {
            <Ended last/>
            <p>"You can ask again "<Ago at=again_at/>"."</p>
        }
        .into_any(),
        Panel::Closed => view! { <p>"This project is not published at the moment: no new requests."</p> }.into_any(),
    }
}

fn guest(slug: &str) -> impl IntoView {
    view! {
        <p>"Verified investors and production companies can ask the owner to read it."</p>
        <p class="row">
            <a class="button button-main" href=format!("/login?next=/pitch/{slug}")>"Sign in to ask"</a>
            <a class="button" href="/register">"Create an account"</a>
        </p>
    }
}

fn own(waiting: i64) -> impl IntoView {
    let words = match waiting {
        0 => "This is yours: you read all of it. Nobody is waiting for an answer.".to_string(),
        1 => "This is yours. One request waits for your answer.".to_string(),
        n => format!("This is yours. {n} requests wait for your answer."),
    };
    view! { <p>{words}</p> }
}

fn unverified(email_missing: bool, staff_missing: bool) -> impl IntoView {
    view! {
        <p>"Before you can ask for an NDA:"</p>
        <ul class="nda-missing">
            {email_missing.then(|| view! { <li>"Verify your email with the link we sent you."</li> })}
            {staff_missing.then(|| view! {
                <li>"Our staff verify who you are. We write to you when that is done; "<a href="/contact">"ask us"</a>" if it takes long."</li>
            })}
        </ul>
    }
}

/// How the last NDA ended.
#[component]
fn Ended(last: LastNda) -> impl IntoView {
    let words = match last.status {
        NdaStatus::Declined => "The owner declined your last request.",
        NdaStatus::Withdrawn => "You withdrew your last request.",
        NdaStatus::Revoked => "The owner revoked your NDA.",
        NdaStatus::Lapsed => "Your approved NDA lapsed, because it was not signed in time.",
        NdaStatus::Expired => "Your access has expired.",
        NdaStatus::Requested | NdaStatus::Approved | NdaStatus::Signed => "",
    };
    let reason = (!last.reason.is_empty()).then(|| format!(" The reason given: {}", last.reason));
    view! { <p class="notice">{words}{reason}" "<a href=format!("/ndas/{}", last.nda)>"See it"</a></p> }
}

/// What is to be read in the page, and that reading is seen.
#[component]
pub fn Materials(materials: Vec<ReadableMaterial>) -> impl IntoView {
    (!materials.is_empty()).then(|| {
        let links = materials.into_iter().map(|material| {
            let pages = material.pages.map(|pages| format!(", {pages} {}", if pages == 1 { "page" } else { "pages" }));
            view! { <li><a href=format!("/read/{}", material.file)>"Read: "{material.label}{pages}</a></li> }
        });
        view! {
            <ul class="nda-materials">{links.collect_view()}</ul>
            <p class="muted small">"The owner sees when you read, which pages and for how long."</p>
        }
    })
}

/// It is open: what to read, and with whom to talk.
#[component]
fn Signed(
    nda: NdaId,
    until: Option<Time>,
    thread: Option<ThreadId>,
    materials: Vec<ReadableMaterial>,
) -> impl IntoView {
    view! {
        <p>"Your NDA is signed. "{until.map(|at| view! { "Access lasts until "<Date at/>"." })}</p>
        <Materials materials/>
        <p class="row">
            {thread.map(|thread| view! { <a class="button button-main" href=format!("/messages/{thread}")>"Talk to the owner"</a> })}
            <a class="button" href=format!("/ndas/{nda}")>"See the signed NDA"</a>
        </p>
    }
}
