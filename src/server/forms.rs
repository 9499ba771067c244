//! Answers posts to server functions, for scripts and for plain forms alike. The function itself knows neither status
//! codes nor pages: a refusal becomes the status of a JSON answer, or for a plain form a redirect back to the page it
//! was on, with a `Flash` that holds the sentence and what was typed.

use std::task::Poll;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Json, Redirect, Response},
};
use chrono::TimeDelta;
use futures::StreamExt;
use leptos::{
    prelude::provide_context,
    server_fn::{error::SERVER_FN_ERROR_HEADER, redirect::REDIRECT_HEADER},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tower_sessions::Session;

use super::{guard::percent_encode, pages};
use crate::{
    accounts::{door::Visitor, model::Kind, rules, sessions::key},
    kit::form::POSTED_BY,
    notifications::model::News,
    shared::{
        error::{AppError, Refusal, Result},
        flash::Flash,
        ids::AccountId,
        time::Time,
    },
};

/// The most a form without files may weigh, in bytes.
const FORM_LIMIT: usize = 1024 * 1024;

/// Runs the server function at the request's address and answers in the way the client asked for.
pub async fn server_function(request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let plain_form = parts.method == Method::POST && accepts_html(&parts.headers);
    let path = parts.uri.path().to_string();
    let known = leptos::server_fn::axum::get_server_fn_service(&path, parts.method.clone()).is_some();
    if !known {
        return refuse(plain_form, AppError::not_found());
    }
    if takes_files(&path) && !has_boundary(&parts.headers) {
        let error = AppError::field("file", "This form sends a file; please choose one and send it again.");
        return refuse(plain_form, error);
    }
    let (body, typed) = match read_form(&parts.headers, body).await {
        Ok(read) => read,
        Err(error) => return refuse(plain_form, error),
    };
    let asked = parts.clone();
    // The function answers in JSON; what a plain form needs is made from that here.
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let contexts = contexts(&asked);
    let request = Request::from_parts(parts, body);
    let response = leptos_axum::handle_server_fns_with_context(contexts, request).await.into_response();
    let error = match refusal(response).await {
        Ok(response) if plain_form => return redirect_after_success(&asked, &typed_values(typed), &response),
        Ok(response) => return response,
        Err(error) => error,
    };
    if !plain_form {
        return refuse(false, error);
    }
    send_back(asked, typed_values(typed), error).await
}

/// What server functions and pages find in their context, taken from the request.
pub fn contexts(parts: &Parts) -> impl Fn() + Clone + Send + Sync + 'static {
    let visitor = parts.extensions.get::<Visitor>().cloned();
    let session = parts.extensions.get::<Session>().cloned();
    let flash = parts.extensions.get::<Flash>().cloned();
    let news = parts.extensions.get::<News>().copied();
    move || {
        if let Some(news) = news {
            provide_context(news);
        }
        if let Some(visitor) = visitor.clone() {
            provide_context(visitor);
        }
        if let Some(session) = session.clone() {
            provide_context(session);
        }
        provide_context(flash.clone());
    }
}

/// Whether the client is a browser that will show the answer as a page.
pub fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// Reads a url-encoded form, so that what was typed can be handed back; files stream through untouched.
async fn read_form(headers: &HeaderMap, body: Body) -> Result<(Body, Option<Bytes>)> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return Ok((by_the_sip(body), None));
    }
    let too_large = || {
        AppError::too_large("That form is more than we can take: at most 1 MB of text. Go back, it is all still there.")
    };
    let bytes = to_bytes(body, FORM_LIMIT).await.map_err(|_| too_large())?;
    if !bytes.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(AppError::new(Refusal::Invalid, "Send this as a form: application/x-www-form-urlencoded."));
    }
    Ok((Body::from(bytes.clone()), Some(bytes)))
}

/// Pauses after every chunk: the multipart reader takes in all that is ready before it hands any of it on, and from a fast
/// client that is the whole file.
fn by_the_sip(body: Body) -> Body {
    let mut chunks = body.into_data_stream();
    let mut handed_on = false;
    Body::from_stream(futures::stream::poll_fn(move |context| {
        if std::mem::take(&mut handed_on) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let next = chunks.poll_next_unpin(context);
        handed_on = matches!(next, Poll::Ready(Some(_)));
        next
    }))
}

/// The server functions that take files: their form must say where its parts end, or it cannot be read at all.
fn takes_files(path: &str) -> bool {
    matches!(path, "/api/files/upload" | "/api/accounts/avatar" | "/api/ndas/upload-template" | "/api/ndas/verify")
}

fn has_boundary(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    multer::parse_boundary(kind).is_ok()
}

/// Tells a refusal of a server function from its success.
async fn refusal(response: Response) -> Result<Response> {
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return Ok(response);
    }
    let body = to_bytes(response.into_body(), FORM_LIMIT).await.map_err(AppError::internal)?;
    Err(serde_json::from_slice(&body).unwrap_or_else(|_| AppError::internal("an error that is not ours")))
}

/// Success of a plain form: where the function said, else back to the page the form was on.
fn redirect_after_success(asked: &Parts, typed: &Typed, response: &Response) -> Response {
    let said = response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).map(str::to_string);
    debug_assert!(said.is_none() || response.headers().contains_key(REDIRECT_HEADER));
    let to = said.unwrap_or_else(|| form_page(asked, typed));
    let mut redirect = Redirect::to(&to).into_response();
    for name in [header::SET_COOKIE, HeaderName::from_static("clear-site-data")] {
        for value in response.headers().get_all(&name) {
            redirect.headers_mut().append(name.clone(), value.clone());
        }
    }
    redirect
}

/// The refusal as the answer's status: JSON for scripts, a small page for a form that has no page to go back to.
fn refuse(plain_form: bool, error: AppError) -> Response {
    if plain_form {
        return pages::plain(&error);
    }
    with_status(&error, Json(&error).into_response())
}

/// Sets the status and `Retry-After` of `error` on `response`.
pub fn with_status(error: &AppError, mut response: Response) -> Response {
    *response.status_mut() = StatusCode::from_u16(error.refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(seconds) = error.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// Back to the form, with the sentence by its field and what was typed. Who was signed out meanwhile signs in first; what
/// they typed waits for them.
async fn send_back(mut asked: Parts, values: Typed, mut error: AppError) -> Response {
    let page = form_page(&asked, &values);
    let mut to = page.clone();
    if error.refusal == Refusal::SignedOut {
        let kept = came_from(&asked.headers).is_some() && values.iter().any(|(name, value)| is_text(name, value));
        to = format!("/login?{}next={}", if kept { "kept=true&" } else { "" }, percent_encode(&page));
        let still = if kept { "What you typed is still here: send it again." } else { "Please do it again." };
        error.message = format!("You were signed out before this could be carried out. {still}");
    }
    let visitor = asked.extensions.get::<Visitor>().cloned();
    let viewer = visitor.as_ref().and_then(|v| v.viewer.as_ref()).map(|v| v.id);
    let posted_by = || values.iter().find(|(name, _)| name == POSTED_BY).and_then(|(_, id)| id.parse().ok());
    let kept = Kept {
        at: visitor.as_ref().map(|v| v.platform.now()).unwrap_or_default(),
        page: kept_as(page.split(['?', '#']).next().unwrap_or_default()),
        account: viewer.or_else(posted_by),
        flash: Flash { action: asked.uri.path().into(), error, values },
    };
    // A guest's form makes a session: not without end.
    let typed = || kept.flash.values.iter().map(|(name, value)| name.len() + value.len()).sum();
    let allowed = |v: Visitor| v.platform.limits.kept_form(&v.client.address, typed()).is_ok();
    let room = viewer.is_some() || visitor.is_some_and(allowed);
    match Session::from_request_parts(&mut asked, &()).await {
        Ok(session) if room && keep(&session, &kept).await.is_ok() => Redirect::to(&to).into_response(),
        _ => pages::plain(&kept.flash.error),
    }
}

/// Whether a field holds something that a person wrote.
fn is_text(name: &str, value: &str) -> bool {
    !value.trim().is_empty() && !name.ends_with("_id") && ![POSTED_BY, "revision", "base", "next"].contains(&name)
}

/// A `Flash` on its way: for the page it belongs to, for whose it is, and not for ever.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    at: Time,
    page: String,
    /// Who typed it, if that is known. `door::begin_session` reads this, too.
    account: Option<AccountId>,
    flash: Flash,
}

/// For so long a refused form waits for its page.
const KEPT_MINUTES: i64 = 60;
/// So many pages' forms wait at once.
const KEPT: usize = 3;

/// How a page is called where its form waits: the token in the address of a shared link is kept nowhere.
fn kept_as(path: &str) -> String {
    match path.strip_prefix("/s/") {
        Some(rest) => format!("/s/{}", hex::encode(Sha256::digest(rest))),
        None => path.to_owned(),
    }
}

/// Keeps what was refused, the newest of each page.
async fn keep(session: &Session, kept: &Kept) -> Result<(), tower_sessions::session::Error> {
    let mut waiting: Vec<Kept> = session.get(key::FLASH).await?.unwrap_or_default();
    waiting.retain(|other| other.page != kept.page && kept.at - other.at <= TimeDelta::minutes(KEPT_MINUTES));
    let too_many = (waiting.len() + 1).saturating_sub(KEPT);
    let all: Vec<&Kept> = waiting.iter().skip(too_many).chain([kept]).collect();
    session.insert(key::FLASH, all).await
}

/// Takes the flash that waits for `account` on the page `path` out of the session. Looked at first: taking away marks the
/// session as changed, and a session is not written for every page.
pub async fn take_flash(session: &Session, path: &str, account: Option<AccountId>, now: Time) -> Option<Flash> {
    let mut waiting: Vec<Kept> = session.get(key::FLASH).await.ok()??;
    let page = kept_as(path);
    let theirs = |kept: &Kept| kept.page == page && kept.account.is_none_or(|owner| Some(owner) == account);
    let kept = waiting.remove(waiting.iter().position(theirs)?);
    let _ = session.insert(key::FLASH, waiting).await;
    (now - kept.at <= TimeDelta::minutes(KEPT_MINUTES)).then_some(kept.flash)
}

/// What was typed, by field.
type Typed = Vec<(String, String)>;

/// The most of what was typed that is handed back, in bytes; more than any form of ours takes.
const HANDED_BACK: usize = 512 * 1024;

/// Fields that are never found filled in: secrets, and consent, which is given anew each time.
const KEPT_BACK: [&str; 7] =
    ["token", "passcode", "code", "recovery_code", "credential", "agree_electronic", "keep_confidential"];

/// What was typed, without passwords and codes, and without NUL, which the database does not take. Nothing of a form with files.
fn typed_values(form: Option<Bytes>) -> Typed {
    let all: Typed = form.and_then(|form| serde_urlencoded::from_bytes(&form).ok()).unwrap_or_default();
    let mut room = HANDED_BACK;
    all.into_iter()
        .filter(|(name, _)| !name.contains("password") && !KEPT_BACK.contains(&name.as_str()))
        .map(|(name, value)| (name.replace('\0', ""), value.replace('\0', "")))
        .take_while(|(name, value)| {
            let fits = name.len() + value.len() <= room;
            room = room.saturating_sub(name.len() + value.len());
            fits
        })
        .collect()
}

/// The local page a form was on, with its query: as its `Referer` says, else where such a form is.
fn form_page(asked: &Parts, typed: &Typed) -> String {
    let viewer = asked.extensions.get::<Visitor>().and_then(|visitor| visitor.viewer.as_ref());
    came_from(&asked.headers).unwrap_or_else(|| usual_page(asked.uri.path(), typed, viewer.map(|v| v.kind)))
}

/// Where a form that is posted to `path` usually is: some browsers are told to keep the page to themselves.
fn usual_page(path: &str, typed: &Typed, kind: Option<Kind>) -> String {
    let home = kind.map_or("/", Kind::home);
    let id = |field: &str| {
        let value = typed.iter().find(|(name, _)| name == field).map(|(_, value)| value.trim())?;
        let is_id = !value.is_empty() && value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        is_id.then(|| value.to_owned())
    };
    if let Some(nda) = id("nda_id") {
        return format!("/ndas/{nda}");
    }
    if let Some(release) = id("release_id") {
        return format!("/releases/{release}");
    }
    if let Some(thread) = id("thread_id") {
        return format!("/messages/{thread}");
    }
    // A buyer's request names somebody else's pitch, and so does a company's release.
    let own = !matches!(path, "/api/ndas/request" | "/api/releases/offer") && kind.is_some_and(Kind::publishes);
    if let (Some(pitch), true) = (id("pitch_id"), own) {
        return format!("{home}/pitches/{pitch}/edit");
    }
    let page = match path {
        "/api/pitches/create" if own => return format!("{home}/pitches/new"),
        _ if kind.is_some() && of_security(path) => "/settings/security",
        _ if path.starts_with("/api/accounts/") && kind.is_some() => "/settings/profile",
        "/api/auth/enter-code" | "/api/auth/enter-recovery-code" | "/api/auth/tell-loss" => "/login/factor",
        "/api/auth/keep-factors" => "/login/keep-factors",
        "/api/auth/confirm-email" => "/confirm-email",
        "/api/auth/keep-email" => "/keep-email",
        "/api/auth/register" => "/register",
        "/api/auth/sign-in" => "/login",
        "/api/auth/mail-link" | "/api/auth/use-link" => "/login/link",
        "/api/auth/forgot-password" => "/forgot-password",
        "/api/auth/reset-password" => "/reset-password",
        "/api/auth/verify-email" | "/api/auth/resend-verification" => "/verify-email",
        _ => home,
    };
    page.into()
}

/// Whether a form of this address is on the page about signing in.
fn of_security(path: &str) -> bool {
    ["/api/factors/", "/api/sessions/", "/api/accounts/change-"].iter().any(|door| path.starts_with(door))
}

/// The local page a form was on, by its `Referer`.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let referer: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let page = referer.path_and_query().map(ToString::to_string)?;
    (referer.authority()?.as_str() == host && rules::local_path(&page).is_some()).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_handed_back() {
        let values = typed_values(Some(Bytes::from_static(b"email=a%40b.de&password=secret&new_password=x&title=A+B")));
        assert_eq!(values, [("email".to_string(), "a@b.de".to_string()), ("title".into(), "A B".into())]);
    }

    #[test]
    fn a_form_that_does_not_say_where_it_was_goes_to_where_such_forms_are() {
        let typed = |name: &str, value: &str| vec![(name.to_string(), value.to_string())];
        let usual = |path, typed: Typed, kind| usual_page(path, &typed, kind);
        assert_eq!(usual("/api/auth/register", Vec::new(), None), "/register");
        assert_eq!(usual("/api/ndas/sign", typed("nda_id", "0198-ab"), Some(Kind::Investor)), "/ndas/0198-ab");
        assert_eq!(
            usual("/api/releases/sign", typed("release_id", "0198-ab"), Some(Kind::Creator)),
            "/releases/0198-ab"
        );
        assert_eq!(usual("/api/releases/offer", typed("pitch_id", "1"), Some(Kind::Production)), "/production");
        assert_eq!(usual("/api/ndas/sign", typed("nda_id", ""), Some(Kind::Investor)), "/investor");
        assert_eq!(usual("/api/ndas/sign", typed("nda_id", "//evil.test"), Some(Kind::Investor)), "/investor");
        assert_eq!(usual("/api/pitches/save", typed("pitch_id", "1"), Some(Kind::Creator)), "/creator/pitches/1/edit");
    }

    #[tokio::test]
    async fn a_file_is_read_by_the_sip_and_whole() {
        let chunks = (0..3).map(|n| Ok::<_, std::io::Error>(Bytes::from(vec![n; 2])));
        let mut sips = by_the_sip(Body::from_stream(futures::stream::iter(chunks))).into_data_stream();
        let mut read = Vec::new();
        while let Some(chunk) = sips.next().await {
            read.extend(chunk.unwrap());
            assert!(futures::poll!(sips.next()).is_pending());
        }
        assert_eq!(read, [0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn a_form_goes_back_only_to_a_page_of_ours() {
        let headers = |referer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("pitchey.test"));
            headers.insert(header::REFERER, HeaderValue::from_str(referer).unwrap());
            headers
        };
        assert_eq!(came_from(&headers("https://pitchey.test/browse?q=a")).as_deref(), Some("/browse?q=a"));
        assert_eq!(came_from(&headers("https://evil.test/browse")), None);
        assert_eq!(came_from(&headers("https://pitchey.test//evil.test/x")), None);
    }
}
