//! The way on in a long list.

use leptos::prelude::*;

/// Leads to the next part of a list; nothing when the list is at its end.
#[component]
pub fn Pager(
    /// The address of the next part.
    href: Option<String>,
    #[prop(default = "Show more".into(), into)] label: String,
) -> impl IntoView {
    href.map(|href| view! { <p class="pager"><a class="button" href=href rel="next">{label}</a></p> })
}
