//! Pages: rendering a route of the app whole, and the small page for when there is no app to render.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use leptos::config::LeptosOptions;

use super::{forms, security::without_tokens};
use crate::{app, shared::error::AppError};

/// Renders the app at the request's address, complete before the first byte: statuses are true and nothing needs a
/// script to appear.
///
/// About one page in some thousands waits for ever on a busy machine: its data has come, and nobody wakes who renders it
/// (leptos 0.8.23; its issues 4647 and 4851 read alike). Such a page is rendered once more before the person hears of it.
pub async fn page(State(options): State<LeptosOptions>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    for attempt in 1..=2 {
        match tokio::time::timeout(PATIENCE, render(options.clone(), parts.clone())).await {
            Ok(page) => return page,
            Err(_) => {
                let path = without_tokens(parts.uri.path());
                tracing::error!(path, attempt, "a page was not rendered in time");
            }
        }
    }
    plain(&AppError::unavailable("This page takes too long just now. Please try again in a moment."))
}

/// How long a page may take: longer than the database lets anybody wait.
const PATIENCE: Duration = Duration::from_secs(15);

async fn render(options: LeptosOptions, parts: Parts) -> Response {
    let contexts = forms::contexts(&parts);
    let render = leptos_axum::render_app_async_with_context(contexts, move || app::shell(options.clone()));
    render(Request::from_parts(parts, Body::empty())).await.into_response()
}

/// A refusal before any page: JSON for scripts, the small page for browsers.
pub fn refusal(request: &Request, error: &AppError) -> Response {
    if forms::accepts_html(request.headers()) {
        plain(error)
    } else {
        forms::with_status(error, axum::Json(error).into_response())
    }
}

/// A page that needs nothing: no database, no script, no style sheet.
pub fn plain(error: &AppError) -> Response {
    let sentence = error.message.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Pitchey</title><main><h1>Pitchey</h1><p>{sentence}</p><p><a href=\"/\">Go to the front page</a></p></main></html>"
    );
    let mut response = forms::with_status(error, Html(page).into_response());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
