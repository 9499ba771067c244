//! The front page: one published project at a time, a search, three doors.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;

use crate::{
    accounts::{model::Kind, ui::viewer_kind},
    kit::{
        head::Description,
        icon::Icon,
        load::{Loaded, page_data},
    },
    media::model::href,
    pitches::{
        api::front_page,
        model::PitchCard,
        words::{Format, Genre, Stage},
    },
    shared::ids::FileId,
};

const LINE: &str = "Film and series projects, before they are made";
const DESCRIPTION: &str = "Creators publish pitches and keep the valuable half behind an NDA. \
                           Investors and production companies find them, sign, read and talk.";

/// A project as the front page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    pub address: String,
    pub title: String,
    pub logline: String,
    /// Genre, format and the like, in reading order.
    pub facts: Vec<String>,
    /// Without one the title stands alone.
    pub poster: Option<FileId>,
    pub demo: bool,
}

impl From<PitchCard> for Feature {
    fn from(card: PitchCard) -> Self {
        let facts = [card.genre.map(Genre::label), card.format.map(Format::label), card.stage.map(Stage::label)];
        Self {
            address: format!("/pitch/{}", card.slug),
            title: card.title,
            logline: card.logline,
            facts: facts.into_iter().flatten().map(str::to_string).collect(),
            poster: card.poster,
            demo: card.demo,
        }
    }
}

/// `/`.
#[component]
pub fn HomePage() -> impl IntoView {
    let cards = page_data(|| (), |()| front_page());
    let home = |cards: Vec<PitchCard>| view! { <HomeView features={cards.into_iter().map(Feature::from).collect()}/> };
    view! {
        <Title text=LINE/>
        <Description content=DESCRIPTION/>
        <Loaded data=cards view=home/>
    }
}

/// The front page with what is on it.
#[component]
pub fn HomeView(features: Vec<Feature>) -> impl IntoView {
    view! {
        <div class="home">
            <h1 class="home-line">{LINE}</h1>
            {if features.is_empty() {
                Either::Left(view! { <NothingYet/> })
            } else {
                Either::Right(view! { <Screen features/> })
            }}
            <FrontSearch/>
            <Doors/>
        </div>
    }
}

/// The projects side by side, one on the screen at a time; links lead from one to the next without JavaScript.
#[component]
fn Screen(features: Vec<Feature>) -> impl IntoView {
    let count = features.len();
    let slides = features.into_iter().enumerate().map(|(at, feature)| view! { <Slide at feature/> }).collect_view();
    let steps = (count > 1).then(|| {
        let steps = (1..=count).map(|number| {
            view! {
                <li><a href=format!("#project-{number}") rel="external" aria-label=format!("Project {number} of {count}")>{number}</a></li>
            }
        });
        view! { <ol class="screen-steps">{steps.collect_view()}</ol> }
    });
    view! {
        <section class="screen" aria-label="Projects">
            <ul class="screen-slides" tabindex="0" aria-label="Published projects, scroll sideways">{slides}</ul>
            {steps}
        </section>
    }
}

/// One project, full-bleed.
#[component]
fn Slide(at: usize, feature: Feature) -> impl IntoView {
    let Feature { address, title, logline, facts, poster, demo } = feature;
    let loading = if at == 0 { "eager" } else { "lazy" };
    // The backdrop is blurred beyond recognition: the small picture does.
    let backdrop = poster.map(|file| {
        view! { <img class="slide-backdrop" src=href(file, Some(160)) alt="" loading=loading/> }
    });
    let poster = poster.map(|file| {
        let sizes = "(max-width: 56rem) 13rem, 24rem";
        let sources = [320, 640, 1280].map(|width| format!("{} {width}w", href(file, Some(width)))).join(", ");
        view! {
            <img
                class="slide-poster" src=href(file, Some(640)) srcset=sources sizes=sizes
                alt=format!("Poster of {title}") width="400" height="600" loading=loading
            />
        }
    });
    view! {
        <li class="slide" id=format!("project-{}", at + 1)>
            {backdrop}
            <div class="slide-body">
                <div class="slide-words">
                    <p class="slide-facts">{facts.join(" · ")}{demo.then_some(" · Demo")}</p>
                    <h2><a href=address.clone()>{title}</a></h2>
                    <p class="slide-logline">{logline}</p>
                    <p><a class="button button-large" href=address>"Open the project"<Icon name="arrow"/></a></p>
                </div>
                {poster}
            </div>
        </li>
    }
}

/// Nothing is published: said so.
#[component]
fn NothingYet() -> impl IntoView {
    view! {
        <section class="screen screen-dark">
            <div class="slide-body">
                <div class="slide-words">
                    <p class="slide-facts">"Nothing is published yet"</p>
                    <h2>"The screen is dark, the seats are empty."</h2>
                    <p class="slide-logline">"The first project that is published will be shown here."</p>
                    <p><a class="button button-large" href="/how-it-works">"How it works"<Icon name="arrow"/></a></p>
                </div>
            </div>
        </section>
    }
}

/// The search, large.
#[component]
fn FrontSearch() -> impl IntoView {
    view! {
        <div class="front-search">
            <form action="/browse" method="get" role="search" aria-label="Front page">
                <label for="front-search">"What are you looking for?"</label>
                <div class="front-search-row">
                    <input id="front-search" class="input" name="q" type="search" placeholder="A title, a theme, a place" maxlength="100"/>
                    <button class="button button-main">"Search"</button>
                </div>
                <p class="muted">"Or "<a href="/browse">"browse all projects"</a>"."</p>
            </form>
        </div>
    }
}

/// The three ways in; for who is in already, the way to their dashboard.
#[component]
fn Doors() -> impl IntoView {
    match viewer_kind().map(Kind::home) {
        Some(home) => Either::Left(view! {
            <p class="home-back"><a class="button" href=home>"Go to your dashboard"<Icon name="arrow"/></a></p>
        }),
        None => Either::Right(view! {
            <section class="doors" aria-label="Ways in">
                <Door portal="creator" verb="Create" text="You write or direct. Publish the half that makes people curious, and keep the rest for those who sign."/>
                <Door portal="investor" verb="Invest" text="You finance. Find projects by genre, stage and budget, sign their NDA and talk to who makes them."/>
                <Door portal="production" verb="Produce" text="You make films. Read scripts before others do, and publish the projects you look for partners for."/>
            </section>
        }),
    }
}

/// One way in.
#[component]
fn Door(portal: &'static str, verb: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <a class="door" data-portal=portal href=format!("/register?as={portal}")>
            <h2>{verb}<Icon name="arrow"/></h2>
            <p>{text}</p>
        </a>
    }
}
