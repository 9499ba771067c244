//! Every address of the product and what lies before it, from the outside in.

use axum::{
    Router,
    extract::FromRef,
    http::{HeaderName, HeaderValue, header},
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get, post, put},
};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    services::ServeDir,
    set_header::SetResponseHeaderLayer,
    trace::{DefaultOnResponse, TraceLayer},
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use super::{files, forms, guard, health, pages, parts, security, sitemap};
use crate::{
    accounts::sessions::{IDLE_HOURS, SESSION_COOKIE, Sessions},
    app::App,
    platform::{Platform, mail::shelf},
};

/// What handlers share.
#[derive(Clone)]
struct Site {
    platform: Platform,
    options: LeptosOptions,
}

impl FromRef<Site> for Platform {
    fn from_ref(site: &Site) -> Self {
        site.platform.clone()
    }
}

impl FromRef<Site> for LeptosOptions {
    fn from_ref(site: &Site) -> Self {
        site.options.clone()
    }
}

/// The whole server.
pub fn router(platform: Platform, options: LeptosOptions) -> Router {
    let site = Site { platform: platform.clone(), options };
    Router::new()
        .merge(machine(&site))
        .merge(shelf::routes(platform.clone()))
        .merge(people(&site))
        .merge(assets(&site))
        .layer(from_fn_with_state(platform.clone(), security::same_site))
        .layer(from_fn_with_state(platform, security::headers))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .layer(observed())
        .layer(CatchPanicLayer::new())
}

/// Pages, forms and files: everything that wants to know who is asking.
fn people(site: &Site) -> Router {
    let sessions = SessionManagerLayer::new(Sessions::new(site.platform.clone()))
        .with_name(SESSION_COOKIE)
        .with_same_site(SameSite::Lax)
        .with_secure(true)
        .with_http_only(true)
        .with_expiry(Expiry::OnInactivity(time::Duration::hours(IDLE_HOURS)));
    Router::new()
        .leptos_routes_with_handler(generate_route_list(App), get(pages::page))
        .route("/files/{id}", get(files::file))
        .route("/read/{id}/page/{n}", get(files::page))
        .route("/s/{token}/{file}/page/{n}", get(files::shared_page))
        .route("/files/{id}/receipt", get(files::receipt))
        .route("/files/{id}/page/{n}", get(files::agreement_page))
        .route("/api/files/part/{upload}/{number}", put(parts::part))
        .route("/api/{*function}", any(forms::server_function))
        .fallback(pages::page)
        .layer(from_fn_with_state(site.platform.clone(), guard::guard))
        .layer(sessions)
        .with_state(site.clone())
}

/// Addresses for machines: no session, no page.
fn machine(site: &Site) -> Router {
    Router::new()
        .route("/api/health", get(health::health))
        .route("/api/live", get(health::live))
        .route("/api/ready", get(health::ready))
        .route("/sitemap.xml", get(sitemap::sitemap))
        .route("/api/csp-report", post(csp_report))
        .with_state(site.clone())
}

/// Not what is compressed in itself: pictures (the default), fonts, PDFs.
fn worth_compressing() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/pdf"))
}

/// Scripts and styles under hashed names are kept forever; icons and the like for an hour. The release build compressed
/// them once, as far as brotli goes.
fn assets(site: &Site) -> Router {
    let root = site.options.site_root.to_string();
    let folder = |name: &str| ServeDir::new(format!("{root}/{name}"));
    let cached = |value: &'static str| {
        SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static(value))
    };
    let forever = if site.options.hash_files { "public, max-age=31536000, immutable" } else { "no-cache" };
    Router::new()
        .nest_service(
            "/pkg",
            ServiceBuilder::new().layer(cached(forever)).service(folder("pkg").precompressed_br().precompressed_gzip()),
        )
        .nest_service(
            "/fonts",
            ServiceBuilder::new().layer(cached("public, max-age=31536000, immutable")).service(folder("fonts")),
        )
        .nest_service("/icons", ServiceBuilder::new().layer(cached("public, max-age=3600")).service(folder("icons")))
        .route_service("/favicon.svg", tower_http::services::ServeFile::new(format!("{root}/favicon.svg")))
        .route_service(
            "/manifest.webmanifest",
            tower_http::services::ServeFile::new(format!("{root}/manifest.webmanifest")),
        )
        .route_service("/robots.txt", tower_http::services::ServeFile::new(format!("{root}/robots.txt")))
}

/// Browsers tell here what a page tried against its policy; the log is where it is read.
async fn csp_report(body: axum::body::Bytes) -> axum::http::StatusCode {
    let report: String = String::from_utf8_lossy(&body).chars().filter(|c| !c.is_control()).take(2_000).collect();
    let report = security::without_tokens(&report);
    tracing::warn!(report, "content security policy violated");
    axum::http::StatusCode::NO_CONTENT
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Every request has an id, given by us, in its log lines and its answer.
fn observed() -> impl tower::Layer<
    axum::routing::Route,
    Service: tower::Service<
        axum::extract::Request,
        Response: axum::response::IntoResponse,
        Error: Into<std::convert::Infallible>,
        Future: Send,
    > + Clone
                 + Send
                 + Sync,
> + Clone
+ Send
+ Sync {
    let span = |request: &axum::extract::Request| {
        let id = request.headers().get(&REQUEST_ID).and_then(|v| v.to_str().ok()).unwrap_or_default();
        tracing::info_span!("request", id, method = %request.method(), path = %security::without_tokens(request.uri().path()))
    };
    ServiceBuilder::new()
        .layer(from_fn(forget_given_id))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_response(DefaultOnResponse::new().level(tracing::Level::INFO)),
        )
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
}

/// A client does not choose its request's id.
async fn forget_given_id(
    mut request: axum::extract::Request,
    next: axum::middleware::Next,
) -> axum::response::Response {
    request.headers_mut().remove(&REQUEST_ID);
    next.run(request).await
}
