//! Where mail of a development server is read: `/dev/mail`, newest first, `?to=` for one person's, and each letter with
//! its plain text and its HTML. Only for peers on this machine, and only while mail goes to a folder.

use std::{fmt::Write, net::SocketAddr, path::Path};

use axum::{
    Router,
    extract::{ConnectInfo, Path as UrlPath, Query, Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use chrono::DateTime;
use mail_parser::MessageParser;
use serde::Deserialize;
use uuid::Uuid;

use super::{Platform, unreadable};
use crate::shared::{
    error::{AppError, Result},
    time::{self, Time},
};

/// How many letters the list shows.
const SHOWN: usize = 200;

/// A letter on the shelf.
#[derive(Clone, Debug)]
pub struct Shelved {
    pub id: Uuid,
    pub to: String,
    pub subject: String,
    pub at: Option<Time>,
    pub text: String,
    pub html: String,
}

/// The letters in `folder`, newest first, at most 200; only those to `to` if given.
pub async fn list(folder: &Path, to: Option<&str>) -> Result<Vec<Shelved>> {
    let mut ids = Vec::new();
    let mut entries = tokio::fs::read_dir(folder).await.map_err(unreadable)?;
    while let Some(entry) = entries.next_entry().await.map_err(unreadable)? {
        let name = entry.file_name();
        // Ids are made from the time, so their order is the letters'.
        if let Some(id) = name.to_str().and_then(|n| n.strip_suffix(".eml")).and_then(|n| n.parse::<Uuid>().ok()) {
            ids.push(id);
        }
    }
    ids.sort_unstable_by(|a, b| b.cmp(a));
    let to = to.map(str::trim).filter(|to| !to.is_empty());
    let mut letters = Vec::new();
    for id in ids {
        let letter = show(folder, id).await?;
        if to.is_none_or(|to| letter.to.eq_ignore_ascii_case(to)) {
            letters.push(letter);
        }
        if letters.len() == SHOWN {
            break;
        }
    }
    Ok(letters)
}

/// One letter.
pub async fn show(folder: &Path, id: Uuid) -> Result<Shelved> {
    let raw = match tokio::fs::read(folder.join(format!("{id}.eml"))).await {
        Ok(raw) => raw,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(AppError::not_found()),
        Err(error) => return Err(unreadable(error)),
    };
    let mail = MessageParser::default().parse(&raw).ok_or_else(|| unreadable("not a mail"))?;
    Ok(Shelved {
        id,
        to: mail.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap_or_default().to_owned(),
        subject: mail.subject().unwrap_or_default().to_owned(),
        at: mail.date().and_then(|d| DateTime::from_timestamp(d.to_timestamp(), 0)),
        text: mail.body_text(0).unwrap_or_default().into_owned(),
        html: mail.body_html(0).unwrap_or_default().into_owned(),
    })
}

/// `/dev/mail` and `/dev/mail/{id}`: for development and peers on this machine, 404 for everything else. The server must
/// be started with connect info (`into_make_service_with_connect_info::<SocketAddr>`).
pub fn routes<S: Clone + Send + Sync + 'static>(platform: Platform) -> Router<S> {
    Router::new()
        .route("/dev/mail", get(list_page))
        .route("/dev/mail/{id}", get(letter_page))
        .layer(middleware::from_fn_with_state(platform.clone(), only_here))
        .with_state(platform)
}

/// Lets through who sits at this machine, in development.
async fn only_here(State(platform): State<Platform>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_canonical());
    let forwarded = ["forwarded", "x-forwarded-for"].iter().any(|name| request.headers().contains_key(*name));
    if platform.config.production || forwarded || !peer.is_some_and(|ip| ip.is_loopback()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut response = next.run(request).await;
    // Mail is shown as it is, so nothing in it may run or be fetched.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    for (name, value) in [(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store")] {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    response
}

#[derive(Deserialize)]
struct Wanted {
    to: Option<String>,
}

async fn list_page(State(platform): State<Platform>, Query(wanted): Query<Wanted>) -> Response {
    let Some(folder) = platform.mail.folder() else { return page(StatusCode::NOT_FOUND, "Mail", MAIL_LEAVES) };
    match list(folder, wanted.to.as_deref()).await {
        Ok(letters) => page(StatusCode::OK, "Mail", &listing(&letters, wanted.to.as_deref().unwrap_or_default())),
        Err(error) => refused(&error),
    }
}

async fn letter_page(State(platform): State<Platform>, UrlPath(id): UrlPath<String>) -> Response {
    let Some(folder) = platform.mail.folder() else { return page(StatusCode::NOT_FOUND, "Mail", MAIL_LEAVES) };
    let found = match id.parse() {
        Ok(id) => show(folder, id).await,
        Err(_) => Err(AppError::not_found()),
    };
    match found {
        Ok(letter) => page(StatusCode::OK, &letter.subject, &letter_body(&letter)),
        Err(error) => refused(&error),
    }
}

const MAIL_LEAVES: &str =
    "<h1>Mail</h1><p>Mail leaves through the mail server of <code>SMTP_URL</code>; nothing is kept here.</p>";

fn refused(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    page(
        status,
        "Mail",
        &format!("<h1>Mail</h1><p>{}</p><p><a href=\"/dev/mail\">All mail</a></p>", escape(&error.message)),
    )
}

fn listing(letters: &[Shelved], to: &str) -> String {
    let mut html = format!(
        "<h1>Mail</h1><form><label>To <input name=\"to\" type=\"email\" value=\"{}\"></label> <button>Show</button></form>",
        escape(to)
    );
    if letters.is_empty() {
        html.push_str("<p>No letters here yet. Mail that this development server sends appears on this page.</p>");
        return html;
    }
    html.push_str(
        "<table><thead><tr><th scope=\"col\">Subject<th scope=\"col\">To<th scope=\"col\">Sent</thead><tbody>",
    );
    for letter in letters {
        let at = letter.at.map(time::exact).unwrap_or_default();
        let (subject, to) = (escape(&letter.subject), escape(&letter.to));
        let _ = write!(html, "<tr><td><a href=\"/dev/mail/{}\">{subject}</a><td>{to}<td>{at}", letter.id);
    }
    html.push_str("</tbody></table>");
    html
}

fn letter_body(letter: &Shelved) -> String {
    let at = letter.at.map(time::exact).unwrap_or_default();
    format!(
        "<p><a href=\"/dev/mail\">All mail</a></p><h1>{}</h1><p>To {} · {at}</p><h2>Plain text</h2><pre>{}</pre><h2>HTML</h2>\
         <iframe title=\"The letter as HTML\" srcdoc=\"{}\" \
         sandbox=\"allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation\"></iframe>",
        escape(&letter.subject),
        escape(&letter.to),
        with_links(&letter.text),
        escape(&letter.html),
    )
}

fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{} · Development mail</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>",
        escape(title)
    );
    (status, Html(html)).into_response()
}

const STYLE: &str = ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:60rem;margin:2rem auto;padding:0 1rem}\
table{width:100%;border-collapse:collapse}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #8884}\
pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:1rem;border:1px solid #8884}\
iframe{width:100%;height:32rem;border:1px solid #8884;background:#fff}";

/// `text` so that HTML shows it as it is.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// `text` as HTML, its web addresses as links.
fn with_links(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(start) = [rest.find("http://"), rest.find("https://")].into_iter().flatten().min() {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| c.is_whitespace() || "<>\"'".contains(c)).unwrap_or(from.len());
        let address = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
        let escaped = escape(address);
        let _ = write!(html, "{}<a href=\"{escaped}\">{escaped}</a>", escape(before));
        rest = &from[address.len()..];
    }
    html.push_str(&escape(rest));
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::mail::{Letter, Mailer};

    async fn shelf() -> Mailer {
        let mailer = Mailer::for_tests();
        for (to, subject) in
            [("ada@example.test", "First"), ("bob@example.test", "Second"), ("ada@example.test", "<b>Third")]
        {
            let text = "See http://localhost:3000/x?a=1&b=2.\n<script>".to_owned();
            let letter =
                Letter { to: to.into(), subject: subject.into(), text, html: "<p title=\"q\">Hello</p>".into() };
            mailer.send(Uuid::now_v7(), &letter, DateTime::from_timestamp(1_800_000_000, 0).unwrap()).await.unwrap();
        }
        mailer
    }

    #[tokio::test]
    async fn letters_are_listed_newest_first_and_by_person() {
        let mailer = shelf().await;
        let folder = mailer.folder().unwrap();
        let subjects = |letters: Vec<Shelved>| letters.into_iter().map(|l| l.subject).collect::<Vec<_>>();
        assert_eq!(subjects(list(folder, None).await.unwrap()), ["<b>Third", "Second", "First"]);
        assert_eq!(subjects(list(folder, Some("ADA@example.test")).await.unwrap()), ["<b>Third", "First"]);
        assert_eq!(subjects(list(folder, Some(" ")).await.unwrap()).len(), 3);
    }

    #[tokio::test]
    async fn a_letter_is_shown_escaped_with_links_that_work() {
        let mailer = shelf().await;
        let letters = list(mailer.folder().unwrap(), None).await.unwrap();
        let html = letter_body(&letters[0]);
        assert!(html.contains("<h1>&lt;b&gt;Third</h1>"));
        assert!(html.contains("<a href=\"http://localhost:3000/x?a=1&amp;b=2\">"));
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"));
        assert!(html.contains("srcdoc=\"&lt;p title=&quot;q&quot;&gt;Hello"));
        assert!(listing(&letters, "\"><script>").contains("value=\"&quot;&gt;&lt;script&gt;\""));
    }
}
