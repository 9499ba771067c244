//! Nothing there yet: what it is, why, and what to do.

use leptos::prelude::*;

/// Says that a list is empty, and offers the next act.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    /// Why it is empty and what fills it.
    #[prop(optional, into)]
    text: String,
    /// Links or forms: the next act.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            {children.map(|actions| view! { <div class="row">{actions()}</div> })}
        </div>
    }
}
