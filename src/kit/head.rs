//! What a page says of itself to those who read it without running it: search engines, link previews. It is in the
//! document that the server sends; a browser that goes on to another page in place has no use for it.

use leptos::prelude::*;

/// A view that leaves no trace in the document's body, as head tags leave none on the server.
#[cfg(not(feature = "ssr"))]
const NOTHING: [(); 0] = [];

/// `<meta name="description">`.
#[component]
pub fn Description(#[prop(into)] content: String) -> impl IntoView {
    view! { <Named name="description" content/> }
}

/// `<meta name=… content=…>`.
#[component]
pub fn Named(name: &'static str, #[prop(into)] content: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let tag = view! { <leptos_meta::Meta name content/> };
    #[cfg(not(feature = "ssr"))]
    let (_, tag) = ((name, content), NOTHING);
    tag
}

/// `<meta property=… content=…>`, as link previews read it (Open Graph, ogp.me).
#[component]
pub fn Preview(property: &'static str, #[prop(into)] content: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let tag = view! { <leptos_meta::Meta property content/> };
    #[cfg(not(feature = "ssr"))]
    let (_, tag) = ((property, content), NOTHING);
    tag
}

/// `<link rel="canonical">`: the one address of a page that has several.
#[component]
pub fn Canonical(#[prop(into)] href: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let tag = view! { <leptos_meta::Link rel="canonical" href/> };
    #[cfg(not(feature = "ssr"))]
    let (_, tag) = (href, NOTHING);
    tag
}
