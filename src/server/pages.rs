//! Pages: rendering a route of the app whole, and the small page for when there is no app to render.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use leptos::config::LeptosOptions;

use super::forms;
use crate::{app, shared::error::AppError};

/// Renders the app at the request's address, complete before the first byte: statuses are true and nothing needs a
/// script to appear.
pub async fn page(State(options): State<LeptosOptions>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let contexts = forms::contexts(&parts);
    let render = leptos_axum::render_app_async_with_context(contexts, move || app::shell(options.clone()));
    render(Request::from_parts(parts, body)).await.into_response()
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
