//! The one way to show what was loaded: while loading, loaded, refused.

use std::future::Future;

use codee::{Decoder, Encoder};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::form::Refresh;
use crate::shared::error::{AppError, Refusal, Result};

/// JSON that is read as bytes, as server functions read their answers: the browser then holds one reader per type.
#[derive(Clone, Copy, Debug)]
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> std::result::Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(json: &str) -> std::result::Result<T, Self::Error> {
        serde_json::from_slice(json.as_bytes())
    }
}

/// What a page shows, or why not.
pub type Data<T> = Resource<Result<T>, Json>;

/// Data that is loaded on the server with the page, and again only when `key` changes.
pub fn data<K, T, F>(
    key: impl Fn() -> K + Send + Sync + 'static,
    fetch: impl Fn(K) -> F + Send + Sync + 'static,
) -> Data<T>
where
    K: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    Resource::new_with_options(key, fetch, false)
}

/// A page's data: loaded on the server with the page, and again when `key` changes or an act succeeded.
pub fn page_data<K, T, F>(
    key: impl Fn() -> K + Send + Sync + 'static,
    fetch: impl Fn(K) -> F + Send + Sync + 'static,
) -> Data<T>
where
    K: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let refresh = use_context::<Refresh>();
    data(move || (key(), refresh.map(|Refresh(count)| count.get())), move |(key, _)| fetch(key))
}

/// Shows `data` with `view` once it is there; a refusal as a page of its own, with its HTTP status.
#[component]
pub fn Loaded<T, V>(
    data: Data<T>,
    /// What to show; gets the loaded value.
    view: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let shown = move || {
        let view = view.clone();
        Suspend::new(async move {
            match data.await {
                Ok(value) => view(value).into_any(),
                Err(error) => refused(error).into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <div class="loading" aria-busy="true">"Loading…"</div> }>{shown}</Transition> }
}

/// A refusal in place of a page. In the browser, "signed out" and "another portal's" go to the server for the right page.
pub fn refused(error: AppError) -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) =
        (use_context::<leptos_axum::ResponseOptions>(), axum::http::StatusCode::from_u16(error.refusal.status()))
    {
        response.set_status(status);
    }
    #[cfg(feature = "hydrate")]
    if matches!(error.refusal, Refusal::SignedOut | Refusal::Forbidden) {
        Effect::new(|| drop(window().location().reload()));
    }
    let title = match error.refusal {
        Refusal::NotFound => "Not here",
        Refusal::SignedOut => "Please sign in",
        Refusal::Forbidden => "Not yours to open",
        Refusal::TooMany => "A little slower, please",
        Refusal::Unavailable => "Back in a moment",
        _ => "That did not work",
    };
    view! {
        <section class="refused">
            <leptos_meta::Title text=title/>
            <h1>{title}</h1>
            <p>{error.message}</p>
            <p><a class="button button-quiet" href="/">"Go to the front page"</a></p>
        </section>
    }
}
