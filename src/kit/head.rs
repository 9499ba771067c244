//! What a page says of itself to those who read it without running it: search engines, link previews. It is in the
//! document that the server sends; a browser that goes on to another page in place has no use for it, so that none of this
//! is in its WebAssembly.

use leptos::prelude::*;

/// What was told of the page that is being made: its components may be made twice, its tags are not.
#[derive(Clone, Default)]
pub struct Tags(#[cfg(feature = "ssr")] std::sync::Arc<std::sync::Mutex<std::collections::HashSet<&'static str>>>);

#[cfg(feature = "ssr")]
impl Tags {
    fn is_new(name: &'static str) -> bool {
        use_context::<Tags>().and_then(|Tags(told)| Some(told.lock().ok()?.insert(name))).unwrap_or(true)
    }
}

/// Puts the tag that is called so into the document's head; on the server only.
macro_rules! tell {
    ($name:expr, $($tag:tt)+) => {{
        #[cfg(feature = "ssr")]
        if Tags::is_new($name) {
            drop(view! { $($tag)+ }.into_view().to_html());
        }
    }};
}

/// `<meta name="description">`.
#[component]
pub fn Description(#[prop(into)] content: String) -> impl IntoView {
    view! { <Named name="description" content/> }
}

/// `<meta name=… content=…>`.
#[component]
#[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "the server tells"))]
pub fn Named(name: &'static str, #[prop(into)] content: String) -> impl IntoView {
    tell!(name, <leptos_meta::Meta name content/>);
}

/// `<meta property=… content=…>`, as link previews read it (Open Graph, ogp.me).
#[component]
#[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "the server tells"))]
pub fn Preview(property: &'static str, #[prop(into)] content: String) -> impl IntoView {
    tell!(property, <leptos_meta::Meta property content/>);
}

/// `<link rel="canonical">`: the one address of a page that has several.
#[component]
#[cfg_attr(not(feature = "ssr"), expect(unused_variables, reason = "the server tells"))]
pub fn Canonical(#[prop(into)] href: String) -> impl IntoView {
    tell!("canonical", <leptos_meta::Link rel="canonical" href/>);
}
