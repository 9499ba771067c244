//! `GET /sitemap.xml`: the addresses of pages that anyone may read, for search engines (sitemaps.org).

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::{guard::percent_encode, pages};
use crate::{
    pitches,
    platform::Platform,
    shared::{error::Result, time::Time},
};

/// As many as one sitemap may hold.
const MOST: i64 = 50_000;
const PAGES: [&str; 8] = ["/", "/browse", "/how-it-works", "/about", "/contact", "/verify", "/terms", "/privacy"];

pub async fn sitemap(State(platform): State<Platform>) -> Response {
    match addresses(&platform).await {
        Ok(xml) => {
            let headers = [(header::CONTENT_TYPE, "application/xml"), (header::CACHE_CONTROL, "public, max-age=3600")];
            (headers, xml).into_response()
        }
        Err(error) => pages::plain(&error),
    }
}

async fn addresses(platform: &Platform) -> Result<String> {
    let room = MOST - PAGES.len() as i64;
    let published = pitches::wall::addresses(&mut *platform.db.acquire().await?, room).await?;
    let fixed = PAGES.map(|page| url(platform, page, None));
    let published = published
        .into_iter()
        .map(|(slug, changed)| url(platform, &format!("/pitch/{}", percent_encode(&slug)), Some(changed)));
    let urls: String = fixed.into_iter().chain(published).collect();
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{urls}</urlset>\n"
    ))
}

fn url(platform: &Platform, path: &str, changed: Option<Time>) -> String {
    let changed = changed.map(|at| format!("<lastmod>{}</lastmod>", at.format("%Y-%m-%d"))).unwrap_or_default();
    format!("<url><loc>{}</loc>{changed}</url>\n", platform.link(path))
}
