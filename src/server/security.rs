//! What every answer carries and no request gets past: security headers, and no post from another site.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header},
    middleware::Next,
    response::Response,
};

use crate::{platform::Platform, shared::error::AppError};

/// The policy of a page whose scripts carry `nonce`; `reload` is where a development build listens for changes.
pub fn page_policy(nonce: &str, reload: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         media-src 'self'; font-src 'self'; connect-src 'self'{reload}; manifest-src 'self'; frame-src 'self'; form-action 'self'; object-src 'none'; \
         base-uri 'none'; frame-ancestors 'none'; report-uri /api/csp-report"
    )
}

const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Sets what a response does not set itself.
pub async fn headers(State(platform): State<Platform>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::CONTENT_SECURITY_POLICY, NOTHING);
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "same-origin");
    default(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    default(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if platform.config.production {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    response
}

/// A text for the log without the tokens that stand in addresses: `/s/…` of shared links, `token=…` of mailed ones.
pub fn without_tokens(text: &str) -> String {
    ["/s/", "token="].iter().fold(text.to_owned(), |text, before| without_what_follows(before, &text))
}

fn without_what_follows(before: &str, text: &str) -> String {
    let mut parts = text.split(before);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.find(|c: char| !c.is_ascii_alphanumeric() && !"-_%".contains(c)).map_or("", |end| &part[end..]);
        out.push_str(before);
        out.push('…');
        out.push_str(rest);
    }
    out
}

/// Refuses a post that another site's page sent: by `Sec-Fetch-Site`, or by `Origin` where a browser has none.
pub async fn same_site(State(platform): State<Platform>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads
        || request.uri().path() == "/api/csp-report"
        || is_own(request.headers(), platform.config.public_url.as_deref())
    {
        return next.run(request).await;
    }
    let error = AppError::forbidden("This came from another site, so we did not carry it out.");
    super::forms::with_status(&error, axum::response::IntoResponse::into_response(axum::Json(&error)))
}

fn is_own(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("unreadable"));
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site"))
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    let Some(origin) = text(header::ORIGIN) else { return true };
    let Ok(origin) = origin.parse::<Uri>() else { return false };
    let ours = match public_url.and_then(|url| url.parse::<Uri>().ok()) {
        Some(url) => url.authority().map(ToString::to_string),
        None => text(header::HOST).map(str::to_string),
    };
    origin.authority().map(ToString::to_string) == ours && ours.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_a_development_page_may_open_the_reload_socket() {
        let connects =
            |reload| page_policy("n", reload).split("; ").find(|d| d.starts_with("connect-src")).map(str::to_owned);
        assert_eq!(connects("").as_deref(), Some("connect-src 'self'"));
        assert_eq!(connects(" ws://127.0.0.1:3001").as_deref(), Some("connect-src 'self' ws://127.0.0.1:3001"));
    }

    #[test]
    fn the_log_does_not_learn_the_token_of_a_shared_link() {
        assert_eq!(without_tokens("/s/0a1b2c"), "/s/…");
        assert_eq!(without_tokens("/s/0a1b2c/0198-ab/page/3"), "/s/…/0198-ab/page/3");
        assert_eq!(
            without_tokens("{\"document-uri\":\"https://x.test/s/0a1b?page=1\"}"),
            "{\"document-uri\":\"https://x.test/s/…?page=1\"}"
        );
        assert_eq!(without_tokens("/pitch/salt"), "/pitch/salt");
        assert_eq!(
            without_tokens("{\"document-uri\":\"https://x.test/reset-password?token=aB-_9%3D&x=1\"}"),
            "{\"document-uri\":\"https://x.test/reset-password?token=…&x=1\"}"
        );
    }

    #[test]
    fn a_post_from_another_site_is_refused_however_it_says_so() {
        let host = ("host", "pitchey.test");
        assert!(!is_own(&asked(&[host, ("sec-fetch-site", "cross-site")]), None));
        assert!(!is_own(&asked(&[host, ("sec-fetch-site", "same-site")]), None));
        assert!(!is_own(&asked(&[host, ("origin", "https://evil.test")]), None));
        assert!(!is_own(&asked(&[host, ("origin", "null")]), None));
        assert!(!is_own(&asked(&[host, ("origin", "https://pitchey.test")]), Some("https://other.test")));
        assert!(is_own(&asked(&[host, ("origin", "https://pitchey.test")]), None));
        assert!(is_own(&asked(&[host, ("sec-fetch-site", "same-origin"), ("origin", "https://pitchey.test")]), None));
        assert!(is_own(&asked(&[host]), None));
    }
}
