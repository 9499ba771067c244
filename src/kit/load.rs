//! The one way to show what was loaded: while loading, loaded, refused.

use std::future::Future;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::form::Refresh;
use crate::shared::error::{AppError, Refusal, Result};

/// A page's data: loaded on the server with the page, and again when `key` changes or an act succeeded.
pub fn page_data<K, T, F>(
    key: impl Fn() -> K + Send + Sync + 'static,
    fetch: impl Fn(K) -> F + Send + Sync + 'static,
) -> Resource<Result<T>>
where
    K: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let refresh = use_context::<Refresh>();
    Resource::new(move || (key(), refresh.map(|Refresh(count)| count.get())), move |(key, _)| fetch(key))
}

/// Shows `data` with `view` once it is there; a refusal as a page of its own, with its HTTP status.
#[component]
pub fn Loaded<T, V>(
    data: Resource<Result<T>>,
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
