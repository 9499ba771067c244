//! Views of one thing side by side. Each is an address of its own.

use leptos::prelude::*;

/// Links between the views of a page; the current one is marked.
#[component]
pub fn Tabs(
    /// Address, label, and whether it is the one shown.
    items: Vec<(String, String, bool)>,
    /// Names the group for screen readers.
    #[prop(default = "Views of this page".into(), into)]
    label: String,
) -> impl IntoView {
    let links = items.into_iter().map(|(href, label, current)| {
        view! { <a href=href aria-current=current.then_some("page")>{label}</a> }
    });
    view! { <nav class="tabs" aria-label=label>{links.collect_view()}</nav> }
}
