//! The text of an agreement, set for reading. What is signed are the bytes it is made from.

use leptos::{html, prelude::*};

use super::pages::AgreementPages;
use crate::ndas::{
    model::Text,
    template::{self, Block},
};

/// The whole text, after the pages that it names, with its checksum when it is fixed.
#[component]
pub fn DocumentText(
    text: Text,
    /// Called once with its checksum when the text was scrolled to its end.
    #[prop(default = None)]
    on_end: Option<Callback<String>>,
) -> impl IntoView {
    let end = NodeRef::<html::Div>::new();
    if let (Some(on_end), Some(sha256)) = (on_end, text.sha256.clone()) {
        watch_end(end, on_end, sha256);
    }
    let pages = text.pages.map(|pages| view! { <AgreementPages pages/> });
    let blocks = template::blocks(&text.body).into_iter().map(block).collect_view();
    let checksum = text.sha256.map(|sha256| {
        view! { <p class="nda-checksum muted small">"SHA-256 of this text: "<code>{sha256}</code></p> }
    });
    view! {
        <div class="nda-text prose">
            {pages}
            {blocks}
            <div node_ref=end class="nda-text-end"></div>
        </div>
        {checksum}
    }
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Title(title) => view! { <h2>{title}</h2> }.into_any(),
        Block::Heading(heading) => view! { <h3>{heading}</h3> }.into_any(),
        Block::Paragraph(words) => view! { <p>{words}</p> }.into_any(),
        Block::Quote(words) => view! { <blockquote class="nda-quote">{words}</blockquote> }.into_any(),
        Block::List(items) => {
            view! { <ul>{items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view()}</ul> }.into_any()
        }
    }
}

#[cfg(not(feature = "hydrate"))]
fn watch_end(_end: NodeRef<html::Div>, _on_end: Callback<String>, _sha256: String) {}

/// Calls once when the end of the text comes into view.
#[cfg(feature = "hydrate")]
fn watch_end(end: NodeRef<html::Div>, on_end: Callback<String>, sha256: String) {
    use leptos::{
        wasm_bindgen::{JsCast, closure::Closure},
        web_sys,
    };

    Effect::new(move |_| {
        let Some(end) = end.get() else { return };
        let sha256 = sha256.clone();
        let seen = Closure::<dyn FnMut(js_sys::Array, web_sys::IntersectionObserver)>::new(
            move |entries: js_sys::Array, observer: web_sys::IntersectionObserver| {
                let in_view = |entry: leptos::wasm_bindgen::JsValue| {
                    entry.unchecked_into::<web_sys::IntersectionObserverEntry>().is_intersecting()
                };
                if entries.iter().any(in_view) {
                    observer.disconnect();
                    on_end.run(sha256.clone());
                }
            },
        );
        if let Ok(observer) = web_sys::IntersectionObserver::new(seen.as_ref().unchecked_ref()) {
            observer.observe(&end);
        }
        seen.forget();
    });
}
