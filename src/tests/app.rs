//! The server in a test: the real router, asked in process, with a cookie jar per person.

use std::{net::SocketAddr, sync::Mutex, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use leptos::config::LeptosOptions;
use sqlx::PgPool;
use tower::ServiceExt;

use super::people;
use crate::{
    platform::{Platform, config::Config, limits::Limits},
    server::router::router,
};

/// How long an answer may take on the busiest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server and what is behind it.
pub struct TestApp {
    pub platform: Platform,
    router: Router,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub headers: axum::http::HeaderMap,
    pub body: String,
    /// The same, when it is no text.
    pub bytes: axum::body::Bytes,
}

impl TestApp {
    pub async fn new(db: PgPool) -> Self {
        Self::on(people::platform(db).await)
    }

    /// The server stopped and started again, on the same database and files.
    pub fn restarted(self) -> Self {
        Self::on(Platform {
            clock: self.platform.clock,
            limits: Limits::new(&self.platform.config.limits),
            ..self.platform
        })
    }

    /// The server with other settings.
    pub fn set(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = (*self.platform.config).clone();
        change(&mut config);
        *self = Self::on(Platform { config: config.into(), ..self.platform.clone() });
    }

    fn on(platform: Platform) -> Self {
        let options = LeptosOptions::builder().output_name("pitchey").site_root("target/site").build();
        Self { router: router(platform.clone(), options), platform }
    }

    /// Somebody with an empty cookie jar.
    pub fn browser(&self) -> Browser<'_> {
        Browser {
            app: self,
            cookie: Mutex::new(None),
            device: Mutex::new(None),
            address: SocketAddr::from(([203, 0, 113, 7], 4000)),
        }
    }

    /// Somebody signed in with `email` and everybody's password.
    pub async fn signed_in(&self, email: &str) -> Browser<'_> {
        let browser = self.browser();
        let answer = browser.post("/api/auth/sign-in", &[("email", email), ("password", people::PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::OK, "signing in as {email}: {}", answer.body);
        browser
    }
}

/// One person's browser: keeps the session cookie, sends what browsers send.
pub struct Browser<'a> {
    app: &'a TestApp,
    cookie: Mutex<Option<String>>,
    /// The one by which a browser is known again.
    pub device: Mutex<Option<String>>,
    pub address: SocketAddr,
}

impl Browser<'_> {
    /// The session cookie, as `name=value`.
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
    }

    pub fn set_cookie(&self, cookie: Option<String>) {
        *self.cookie.lock().unwrap() = cookie;
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "text/html"), Body::empty()).await
    }

    /// Reads from a server function, as a script does.
    pub async fn read(&self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "application/json"), Body::empty()).await
    }

    /// Posts as the page's script does; the answer is JSON.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request =
            Request::post(path).header(header::ACCEPT, "application/json").header("sec-fetch-site", "same-origin");
        self.send_form(request, fields).await
    }

    /// Posts as a plain form on the page `on` does; the answer is a redirect.
    pub async fn submit(&self, on: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::REFERER, format!("http://pitchey.test{on}"))
            .header(header::ORIGIN, "http://pitchey.test");
        self.send_form(request, fields).await
    }

    async fn send_form(&self, request: axum::http::request::Builder, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.send(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"), Body::from(body)).await
    }

    /// Sends any request with this browser's cookie and address, and reads the answer.
    pub async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let (method, uri) = (request.method_ref().cloned(), request.uri_ref().cloned());
        let (parts, body) = self.ask(request, body).await.into_parts();
        let read = tokio::time::timeout(PATIENCE, to_bytes(body, 64 << 20));
        let bytes = if method == Some(Method::HEAD) {
            Default::default()
        } else {
            read.await.unwrap_or_else(|_| panic!("no end to the answer to {method:?} {uri:?}")).unwrap()
        };
        Answer {
            status: parts.status,
            location: parts.headers.get(header::LOCATION).map(|v| v.to_str().unwrap().to_string()),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    /// The same, with the answer's body still to come.
    pub async fn ask(&self, request: axum::http::request::Builder, body: Body) -> Response {
        let mut request = request.header(header::HOST, "pitchey.test").body(body).unwrap();
        let device = self.device.lock().unwrap().clone();
        for cookie in self.cookie().into_iter().chain(device) {
            request.headers_mut().append(header::COOKIE, cookie.parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo(self.address));
        let asked = format!("{} {}", request.method(), request.uri());
        let answer = tokio::time::timeout(PATIENCE, self.app.router.clone().oneshot(request)).await;
        let response = answer.unwrap_or_else(|_| panic!("no answer to {asked}")).unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_string();
            match pair.starts_with("__Host-device") {
                true => *self.device.lock().unwrap() = Some(pair),
                false => self.set_cookie((!pair.ends_with('=')).then_some(pair)),
            }
        }
        response
    }
}
