//! Posters, and the wall they hang on.

use leptos::{either::Either, prelude::*};

use crate::{
    kit::{
        badge::{Badge, BadgeTone},
        icon::Icon,
    },
    media::model::href,
    pitches::model::PitchCard,
    shared::ids::FileId,
};

/// A 2:3 poster; without a picture it is set in type from the title.
#[component]
pub fn Poster(
    title: String,
    file: Option<FileId>,
    /// A line under a typeset title.
    #[prop(optional, into)]
    line: String,
    /// How wide it is shown, as the `sizes` of an image.
    #[prop(default = "(min-width: 60rem) 15rem, 45vw")]
    sizes: &'static str,
    /// Above the fold: loaded at once.
    #[prop(optional)]
    eager: bool,
) -> impl IntoView {
    match file {
        Some(file) => Either::Left(view! {
            <img
                class="poster" src=href(file, Some(320)) sizes=sizes
                srcset=[160, 320, 640, 1280].map(|w| format!("{} {w}w", href(file, Some(w)))).join(", ")
                alt=format!("Poster of {title}") width="320" height="480"
                loading=if eager { "eager" } else { "lazy" } decoding="async"
            />
        }),
        None => {
            let class = format!("poster poster-typeset poster-tint-{}", tint(&title));
            Either::Right(view! {
                <span class=class aria-hidden="true">
                    <span class="poster-title">{title}</span>
                    <span class="poster-line">{line}</span>
                </span>
            })
        }
    }
}

/// Which of six tints a title gets: always the same one.
fn tint(title: &str) -> u32 {
    title.chars().fold(7_u32, |hash, c| hash.wrapping_mul(31).wrapping_add(c as u32)) % 6
}

/// The wall: every poster a link, its words beneath.
#[component]
pub fn PosterWall(cards: Vec<PitchCard>) -> impl IntoView {
    let cards = cards.into_iter().enumerate().map(|(at, card)| view! { <Card card eager={at < 6}/> }).collect_view();
    view! { <ul class="poster-wall">{cards}</ul> }
}

#[component]
fn Card(card: PitchCard, eager: bool) -> impl IntoView {
    let genre = card.genre.map(|g| g.label()).unwrap_or_default();
    let facts: Vec<&str> =
        [card.genre.map(|g| g.label()), card.format.map(|f| f.label()), card.stage.map(|s| s.label())]
            .into_iter()
            .flatten()
            .collect();
    view! {
        <li class="pitch-card">
            <a class="pitch-card-link" href=format!("/pitch/{}", card.slug)>
                <Poster title=card.title.clone() file=card.poster line=genre eager/>
                <span class="pitch-card-logline" aria-hidden="true">{card.logline.clone()}</span>
                <span class="pitch-card-title">{card.title}</span>
            </a>
            <p class="pitch-card-facts">
                {card.locked.then(|| view! {
                    <span class="pitch-card-lock" title="Part of it is behind an NDA">
                        <Icon name="lock"/><span class="visually-hidden">"Part of it is behind an NDA. "</span>
                    </span>
                })}
                {facts.join("\u{a0}· ")}
            </p>
            <p class="visually-hidden">{card.logline}</p>
            {card.demo.then(|| view! { <Badge text="Demo" tone=BadgeTone::Muted/> })}
        </li>
    }
}
