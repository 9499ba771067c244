//! A state in a word or two.

use leptos::prelude::*;

/// How a state feels. Each has its own mark, so that it is never told by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadgeTone {
    #[default]
    Plain,
    Good,
    Warn,
    Bad,
    Muted,
}

/// A state in a word or two: "Signed", "Waiting".
#[component]
pub fn Badge(#[prop(into)] text: String, #[prop(optional)] tone: BadgeTone) -> impl IntoView {
    let class = match tone {
        BadgeTone::Plain => "badge badge-plain",
        BadgeTone::Good => "badge badge-good",
        BadgeTone::Warn => "badge badge-warn",
        BadgeTone::Bad => "badge badge-bad",
        BadgeTone::Muted => "badge badge-muted",
    };
    view! { <span class=class>{text}</span> }
}
