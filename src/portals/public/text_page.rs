//! A page that is read: a title, what it says in one sentence, the text.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::kit::head::Description;

/// The frame of a page of text.
#[component]
pub fn TextPage(
    title: &'static str,
    /// The page in one sentence, for people and for search engines.
    summary: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title/>
        <Description content=summary/>
        <article class="page text-page">
            <header class="page-head">
                <h1>{title}</h1>
                <p>{summary}</p>
            </header>
            <div class="prose">{children()}</div>
        </article>
    }
}
