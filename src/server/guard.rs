//! Who is asking: from the cookie to the `Visitor` that every door and page takes, once per request. Also sends people
//! who opened a page that is not theirs to the right one.

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use chrono::TimeDelta;
use std::net::{IpAddr, SocketAddr};
use tower_sessions::Session;

use super::{forms, pages};
use crate::{
    accounts::{
        door::{Client, Visitor},
        factors,
        model::{Kind, Viewer},
        rules,
        sessions::key,
        store,
    },
    notifications,
    platform::Platform,
    shared::{
        error::{AppError, Result},
        flash::Flash,
        ids::AccountId,
        time::Time,
    },
};

/// How often a session's "last seen" is written, in minutes.
const SEEN_EVERY_MINUTES: i64 = 10;

/// Puts the `Visitor` (and the `Flash` of a form refused on this page) into the request; answers for pages that are not this
/// person's.
pub async fn guard(State(platform): State<Platform>, session: Session, mut request: Request, next: Next) -> Response {
    let client = client(&platform, &request);
    let viewer = match viewer(&platform, &session).await {
        Ok(viewer) => viewer,
        Err(error) => return pages::refusal(&request, &error),
    };
    let path = request.uri().path().to_owned();
    match owes_a_factor(&platform, viewer.as_ref(), &path).await {
        Ok(false) => {}
        Ok(true) if is_page(&request) => return Redirect::to(SECURITY).into_response(),
        Ok(true) => {
            let error = AppError::forbidden("Staff need a second factor. Set one up at /settings/security first.");
            return pages::refusal(&request, &error);
        }
        Err(error) => return pages::refusal(&request, &error),
    }
    if is_page(&request) {
        if let Some(elsewhere) = elsewhere(request.uri().path(), request.uri(), viewer.as_ref()) {
            return Redirect::to(&elsewhere).into_response();
        }
        let account = viewer.as_ref().map(|v| v.id);
        if let Some(flash) = forms::take_flash(&session, request.uri().path(), account, platform.now()).await {
            request.extensions_mut().insert(flash);
        }
    }
    let page = is_page(&request);
    // What a guest typed is theirs, too.
    let shared = request.uri().path().starts_with("/s/");
    let gated = !page || shared || viewer.is_some() || request.extensions().get::<Flash>().is_some();
    let visitor = Visitor { platform, viewer, client };
    if page && visitor.viewer.is_some() {
        match notifications::service::news(&visitor).await {
            Ok(news) => drop(request.extensions_mut().insert(news)),
            Err(error) => return pages::refusal(&request, &error),
        }
    }
    request.extensions_mut().insert(visitor);
    let mut response = next.run(request).await;
    if gated && !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    }
    if shared {
        let noindex = header::HeaderValue::from_static("noindex, nofollow");
        response.headers_mut().insert(header::HeaderName::from_static("x-robots-tag"), noindex);
    }
    response
}

/// From where a request came. Only a proxy named in the settings is believed about somebody else's address: then it is
/// the last address in `X-Forwarded-For` that no such proxy has.
fn client(platform: &Platform, request: &Request) -> Client {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let trusted = &platform.config.trusted_proxies;
    let address = match peer {
        Some(peer) if trusted.contains(&peer) => forwarded(request.headers(), trusted).unwrap_or(peer).to_string(),
        Some(peer) => peer.to_string(),
        None => String::new(),
    };
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Client { address, user_agent: user_agent.chars().take(400).collect() }
}

fn forwarded(headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let all =
        headers.get_all("x-forwarded-for").into_iter().filter_map(|v| v.to_str().ok()).collect::<Vec<_>>().join(",");
    // What cannot be read ends it: whatever stands before that may be the client's own invention.
    let readable = all.split(',').rev().map_while(|part| forwarded_address(part.trim()));
    readable.into_iter().find(|address| !trusted.contains(address))
}

/// An address as proxies write it: alone, with a port, an IPv6 one in brackets.
fn forwarded_address(part: &str) -> Option<IpAddr> {
    let with_port = || part.parse::<SocketAddr>().ok().map(|address| address.ip());
    part.trim_matches(['[', ']']).parse().ok().or_else(with_port)
}

/// The person behind the session, read from the database on every request: what was taken away is gone at once.
/// The same as the session's row says by now, for an answer that takes long.
pub async fn viewer_now(platform: &Platform, session: &Session) -> Result<Option<Viewer>> {
    session.load().await.map_err(lost_session)?;
    viewer(platform, session).await
}

async fn viewer(platform: &Platform, session: &Session) -> Result<Option<Viewer>> {
    let Some(account) = session.get::<AccountId>(key::ACCOUNT).await.map_err(lost_session)? else { return Ok(None) };
    let now = platform.now();
    let at = |moment: Option<Time>| moment.unwrap_or(Time::UNIX_EPOCH);
    let proved = at(session.get(key::PROVED_AT).await.map_err(lost_session)?);
    let seen = at(session.get(key::SEEN_AT).await.map_err(lost_session)?);
    if now - seen > TimeDelta::minutes(SEEN_EVERY_MINUTES) {
        session.insert(key::SEEN_AT, now).await.map_err(lost_session)?;
    }
    let fresh = now - proved < TimeDelta::minutes(rules::FRESH_MINUTES);
    store::viewer(&mut *platform.db.acquire().await?, account, fresh).await
}

/// Where factors are set up.
const SECURITY: &str = "/settings/security";

/// What its page asks for.
const OPEN_WITHOUT: [&str; 5] =
    ["/api/factors/", "/api/auth/", "/api/sessions/", "/api/accounts/waiting-email", "/api/notifications/counts"];

/// Staff without a second factor set one up before anything else.
async fn owes_a_factor(platform: &Platform, viewer: Option<&Viewer>, path: &str) -> Result<bool> {
    let leads_there = path == SECURITY || OPEN_WITHOUT.iter().any(|door| path.starts_with(door));
    match viewer {
        Some(viewer) if viewer.kind == Kind::Admin && !leads_there => {
            factors::service::is_missing(&mut *platform.db.acquire().await?, viewer).await
        }
        _ => Ok(false),
    }
}

/// The sessions cannot be read: nobody is let in, nobody is told they are signed out.
fn lost_session(error: tower_sessions::session::Error) -> AppError {
    tracing::error!(%error, "the session could not be read");
    AppError::unavailable("We cannot reach our database for the moment. Nothing was changed; please try again.")
}

fn is_page(request: &Request) -> bool {
    let path = request.uri().path();
    matches!(*request.method(), Method::GET | Method::HEAD)
        && !["/api/", "/files/", "/dev/", "/pkg/"].iter().any(|machine| path.starts_with(machine))
        // A page of a document is a picture.
        && !(path.contains("/page/") && ["/read/", "/s/"].iter().any(|reader| path.starts_with(reader)))
}

/// Where a person belongs who opened `path`: a guest on a signed-in page to sign in, another portal's people to their
/// own dashboard. `None`: here.
fn elsewhere(path: &str, uri: &axum::http::Uri, viewer: Option<&Viewer>) -> Option<String> {
    let under = |prefix: &str| path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
    let portal = [Kind::Creator, Kind::Investor, Kind::Production].into_iter().find(|kind| under(kind.home()));
    let signed_in = portal.is_some()
        || ["/ndas", "/releases", "/read", "/messages", "/notifications", "/settings"]
            .iter()
            .any(|prefix| under(prefix));
    match viewer {
        None if signed_in => {
            let next = uri.path_and_query().map_or(path, |p| p.as_str());
            Some(format!("/login?next={}", percent_encode(next)))
        }
        Some(viewer) if portal.is_some_and(|portal| portal != viewer.kind) => Some(viewer.kind.home().into()),
        _ => None,
    }
}

/// A value for a query string: everything but letters, digits and `-._~/` is escaped (RFC 3986).
pub fn percent_encode(value: &str) -> String {
    value.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(path: &str, viewer: Option<&Viewer>) -> Option<String> {
        let uri: axum::http::Uri = path.parse().unwrap();
        elsewhere(uri.path(), &uri, viewer)
    }

    fn investor() -> Viewer {
        Viewer {
            id: AccountId::new(),
            kind: Kind::Investor,
            name: "Sarah".into(),
            email: "s@lane.test".into(),
            handle: "sarah".into(),
            avatar: None,
            email_verified: true,
            buyer_verified: true,
            seat: None,
            fresh: true,
            demo: false,
        }
    }

    #[test]
    fn a_guest_signs_in_first_and_comes_back() {
        assert_eq!(sent("/ndas/1?a=b&c", None).as_deref(), Some("/login?next=/ndas/1%3Fa%3Db%26c"));
        assert_eq!(sent("/browse", None), None);
        assert_eq!(sent("/creatorly", None), None);
    }

    #[test]
    fn another_portals_page_leads_to_ones_own_dashboard() {
        assert_eq!(sent("/creator/pitches", Some(&investor())).as_deref(), Some("/investor"));
        assert_eq!(sent("/investor/ndas", Some(&investor())), None);
        assert_eq!(sent("/messages", Some(&investor())), None);
    }

    #[test]
    fn the_last_address_no_trusted_proxy_has_is_believed() {
        let trusted = ["10.0.0.1".parse().unwrap()];
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.1".parse().unwrap());
        assert_eq!(forwarded(&headers, &trusted), Some("203.0.113.9".parse().unwrap()));
        for (written, read) in
            [("203.0.113.9:4711", "203.0.113.9"), ("[2001:db8::7]:80", "2001:db8::7"), ("[::7]", "::7")]
        {
            assert_eq!(forwarded_address(written), read.parse().ok(), "{written}");
        }
        headers.insert("x-forwarded-for", "6.6.6.6, unknown, 10.0.0.1".parse().unwrap());
        assert_eq!(forwarded(&headers, &trusted), None);
    }
}
