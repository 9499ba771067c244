//! The three dashboards: first what waits, with the act beside it; then what moved; then the numbers, each a link to
//! what it counts.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    accounts::{
        model::Kind,
        ui::{viewer, viewer_kind},
    },
    kit::{
        badge::{Badge, BadgeTone},
        empty::Empty,
        load::{Loaded, page_data},
        when::Ago,
    },
    ndas::{
        api as ndas,
        model::{NdaCard, Numbers, Waiting},
    },
    notifications::{api as notifications, model::Notification},
    pitches::{api as pitches, model::MyPitch, words::PitchStatus},
    questions::{api as questions, ui::waiting_rows},
    releases::{api as releases, model::ReleaseCard},
    shared::paging::Page,
};

/// `/creator`.
#[component]
pub fn CreatorHome() -> impl IntoView {
    let numbers = |n: Numbers| {
        vec![
            ("/creator/ndas", n.received.requested, "NDA requests to decide"),
            ("/creator/ndas?tab=active", n.received.approved, "approved, not yet signed"),
            ("/creator/ndas?tab=active", n.received.signed, "NDAs in force"),
        ]
    };
    view! {
        <Dashboard>
            <WaitingPart teach="When someone asks for the NDA of one of your projects, it waits here for your decision."/>
            <PitchesPart/>
            <MovedPart/>
            <NumbersPart numbers/>
        </Dashboard>
    }
}

/// `/investor`.
#[component]
pub fn InvestorHome() -> impl IntoView {
    let numbers = |n: Numbers| {
        vec![
            ("/investor/ndas", n.sent.requested, "requests waiting for the owner"),
            ("/investor/ndas", n.sent.approved, "ready for you to sign"),
            ("/investor/ndas?tab=active", n.sent.signed, "NDAs in force"),
        ]
    };
    view! {
        <Dashboard>
            <VerificationPart/>
            <WaitingPart teach="Find a project, ask for its NDA; when the owner approves, it waits here for your signature."/>
            <MovedPart/>
            <NumbersPart numbers/>
        </Dashboard>
    }
}

/// `/production`.
#[component]
pub fn ProductionHome() -> impl IntoView {
    let numbers = |n: Numbers| {
        vec![
            ("/production/ndas", n.received.requested, "requests to decide"),
            ("/production/ndas?tab=active", n.received.signed, "given NDAs in force"),
            ("/production/ndas?side=sent", n.sent.approved, "ready for you to sign"),
            ("/production/ndas?side=sent&tab=active", n.sent.signed, "own NDAs in force"),
        ]
    };
    view! {
        <Dashboard>
            <VerificationPart/>
            <WaitingPart teach="Requests for your projects, and NDAs that are ready for your signature, wait here."/>
            <PitchesPart/>
            <MovedPart/>
            <NumbersPart numbers/>
        </Dashboard>
    }
}

/// The frame of a dashboard: who it is for, then its parts.
#[component]
fn Dashboard(children: Children) -> impl IntoView {
    let name = viewer().map(|v| v.name);
    view! {
        <Title text="Dashboard"/>
        <div class="page">
            <div class="page-head"><h1>{name}</h1></div>
            <div class="dashboard">{children()}</div>
        </div>
    }
}

/// A part with its heading.
#[component]
fn Part(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="dashboard-part">
            <header><h2>{title}</h2></header>
            {children()}
        </section>
    }
}

/// A buyer whom staff have not verified yet is told what that means.
#[component]
fn VerificationPart() -> impl IntoView {
    let unverified = viewer().is_some_and(|v| v.kind.is_buyer() && !v.buyer_verified);
    unverified.then(|| {
        view! {
            <p class="notice notice-warn" role="status">
                "Staff have not verified you yet. Until then you can browse and read what is public; asking for an NDA \
                 waits for the verification."
            </p>
        }
    })
}

/// What waits for the viewer: requests to decide, NDAs and releases to sign.
#[component]
fn WaitingPart(
    /// Says what will appear here.
    teach: &'static str,
) -> impl IntoView {
    let publishes = viewer_kind().is_some_and(Kind::publishes);
    let waiting = page_data(
        || (),
        move |()| async move {
            let asked = if publishes { questions::waiting().await? } else { Vec::new() };
            Ok((ndas::waiting().await?, releases::waiting().await?, asked))
        },
    );
    let list = move |(waiting, offered, asked): (Waiting, Vec<ReleaseCard>, Vec<_>)| {
        if waiting.to_decide.is_empty() && waiting.to_sign.is_empty() && offered.is_empty() && asked.is_empty() {
            return view! { <Empty title="Nothing waits for you" text=teach/> }.into_any();
        }
        let to_sign = waiting.to_sign.into_iter().map(to_sign).collect_view();
        let to_decide = waiting.to_decide.into_iter().map(to_decide).collect_view();
        let offered = offered.into_iter().map(release_to_sign).collect_view();
        view! { <ul class="waiting">{to_sign}{to_decide}{offered}{waiting_rows(asked)}</ul> }.into_any()
    };
    view! { <Part title="Waiting for you"><Loaded data=waiting view=list/></Part> }
}

fn to_sign(nda: NdaCard) -> impl IntoView {
    view! {
        <li>
            <div class="waiting-what">
                <p>"Sign the NDA of “"{nda.pitch_title}"”"</p>
                {nda.lapses_at.map(|at| view! { <p class="waiting-since">"Lapses "<Ago at/></p> })}
            </div>
            <a class="button button-main" href=format!("/ndas/{}", nda.id)>"Read and sign"</a>
        </li>
    }
}

fn to_decide(nda: NdaCard) -> impl IntoView {
    view! {
        <li>
            <div class="waiting-what">
                <p>{nda.requester.name}" asks for the NDA of “"{nda.pitch_title}"”"</p>
                <p class="waiting-since">"Asked "<Ago at=nda.requested_at/></p>
            </div>
            <a class="button button-main" href=format!("/ndas/{}", nda.id)>"Decide"</a>
        </li>
    }
}

fn release_to_sign(release: ReleaseCard) -> impl IntoView {
    let company = release.company.organisation.unwrap_or_default();
    view! {
        <li>
            <div class="waiting-what">
                <p>{company}" offers its submission release for “"{release.pitch_title}"”"</p>
                <p class="waiting-since">"Offered "<Ago at=release.offered_at/></p>
            </div>
            <a class="button button-main" href=format!("/releases/{}", release.id)>"Read and decide"</a>
        </li>
    }
}

/// The viewer's projects, the newest first.
#[component]
fn PitchesPart() -> impl IntoView {
    let desk = viewer_kind().map_or("", Kind::home);
    let pitches = page_data(|| (), |()| pitches::mine(String::new()));
    let list = move |page: Page<MyPitch>| {
        let new = format!("{desk}/pitches/new");
        if page.is_empty() {
            let text = "A pitch begins as a draft that only you see. You decide field by field what is public and what is behind the NDA.";
            return view! {
                <Empty title="No project yet" text><a class="button button-main" href=new>"Write a pitch"</a></Empty>
            }
            .into_any();
        }
        let rows = page.items.into_iter().take(5).map(|pitch| pitch_row(pitch, desk)).collect_view();
        view! {
            <ul class="waiting">{rows}</ul>
            <p class="row"><a href=format!("{desk}/pitches")>"All projects"</a><a href=new>"Write a pitch"</a></p>
        }
        .into_any()
    };
    view! { <Part title="Projects"><Loaded data=pitches view=list/></Part> }
}

fn pitch_row(pitch: MyPitch, desk: &str) -> impl IntoView + use<> {
    let page = format!("{desk}/pitches/{}", pitch.id);
    let edit = format!("{page}/edit");
    let (word, tone) = match pitch.status {
        PitchStatus::Published if pitch.unpublished_edits => ("Published, with edits to publish", BadgeTone::Warn),
        PitchStatus::Published => ("Published", BadgeTone::Good),
        PitchStatus::Draft => ("Draft", BadgeTone::Plain),
        PitchStatus::InReview => ("In review", BadgeTone::Plain),
        PitchStatus::Archived => ("Archived", BadgeTone::Muted),
        PitchStatus::TakenDown => ("Taken down", BadgeTone::Bad),
    };
    view! {
        <li>
            <div class="waiting-what">
                <a href=page>{if pitch.title.is_empty() { "Untitled".to_string() } else { pitch.title }}</a>
                <p class="waiting-since"><Badge text=word tone/>" saved "<Ago at=pitch.saved_at/></p>
            </div>
            <a class="button" href=edit>"Edit"</a>
        </li>
    }
}

/// What happened lately.
#[component]
fn MovedPart() -> impl IntoView {
    let moved = page_data(|| (), |()| notifications::recent());
    let list = |moved: Vec<Notification>| {
        if moved.is_empty() {
            return view! { <Empty title="Nothing has happened yet" text="Decisions, signatures and new files are told here."/> }.into_any();
        }
        let rows =
            moved.into_iter().map(|n| view! { <li><a href=n.link>{n.title}</a><Ago at=n.at/></li> }).collect_view();
        view! { <ul class="moved">{rows}</ul><p><a href="/notifications">"All notifications"</a></p> }.into_any()
    };
    view! { <Part title="What moved"><Loaded data=moved view=list/></Part> }
}

/// Numbers, each a link to what it counts.
#[component]
fn NumbersPart(
    /// Where each leads, how many, of what.
    numbers: fn(Numbers) -> Vec<(&'static str, i64, &'static str)>,
) -> impl IntoView {
    let loaded = page_data(|| (), |()| ndas::numbers());
    let figures = move |loaded: Numbers| {
        let figures = numbers(loaded).into_iter().map(|(href, count, label)| {
            view! { <li><a href=href><span class="figure-number">{count}</span><span class="figure-label">{label}</span></a></li> }
        });
        view! { <ul class="figures">{figures.collect_view()}</ul> }
    };
    view! { <Part title="Numbers"><Loaded data=loaded view=figures/></Part> }
}
