//! A file as an HTTP answer.

use std::ops::Range;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    service::{self, FileGrant, StoredFile},
    store,
};
use crate::{
    platform::Platform,
    shared::error::{AppError, Result},
};

/// Files run nothing, load nothing, and only our own pages may show them in a frame. Chromium's PDF viewer brings its own
/// styles.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; object-src 'self'; \
                      frame-ancestors 'self'";

/// The file of `grant`; a picture about as wide as `wanted`. Whoever serves a grant has checked who asks.
pub async fn serve(platform: &Platform, grant: &FileGrant, wanted: Option<u32>, asked: &HeaderMap) -> Result<Response> {
    let mut db = platform.db.acquire().await?;
    let file = store::load(&mut db, grant.file).await?.ok_or_else(AppError::not_found)?;
    let range = asked.get(header::RANGE).and_then(|r| r.to_str().ok()).map(|r| read_range(r, file.size.unsigned_abs()));
    drop(db);
    if let Some(viewing) = &grant.viewing {
        match range {
            // A viewer fetches further parts of what it has opened; who begins with one has opened it, too.
            Some(Asked::Part(Range { start: 1.., .. })) => service::goes_on(platform, file.id, viewing).await?,
            Some(Asked::Nothing) => {}
            // A player asks for the beginning again and again.
            _ if file.is_video() => service::goes_on(platform, file.id, viewing).await?,
            _ => service::opened(platform, file.id, viewing).await?,
        }
    }
    let variant = pick(&file, wanted, grant.original)?;
    let etag = format!("\"{}-{}\"", &file.sha256[..32], variant.unwrap_or(0));
    let mut response = if grant.public && none_match(asked, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if let Some(width) = variant {
        let (body, total) = platform.storage.get(&file.variant_key(width), None).await?;
        whole(Body::from_stream(body), total, "image/webp")?
    } else {
        original(platform, &file, range, asked, &etag).await?
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, value(&etag)?);
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(if grant.public { "no-cache" } else { "private, no-store" }),
    );
    let name = if variant.is_some() { "picture.webp" } else { file.name.as_str() };
    headers.insert(header::CONTENT_DISPOSITION, disposition("inline", name)?);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // The compression layer leaves what has an encoding alone: pictures and PDFs are compressed already.
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    Ok(response)
}

fn value(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(AppError::internal)
}

/// The width of the variant to serve; `None` is the original, which of a picture only who may have it gets.
fn pick(file: &StoredFile, wanted: Option<u32>, original: bool) -> Result<Option<i32>> {
    let widest = file.variants.iter().max();
    let picked = match wanted {
        None if original => None,
        None => widest,
        Some(wanted) => file.variants.iter().filter(|w| w.unsigned_abs() >= wanted).min().or(widest),
    };
    if picked.is_none() && file.is_picture() && !original {
        return Err(AppError::not_found());
    }
    Ok(picked.copied())
}

fn none_match(asked: &HeaderMap, etag: &str) -> bool {
    let sent = asked.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    sent.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

fn whole(body: Body, size: u64, media_type: &str) -> Result<Response> {
    let headers = [(header::CONTENT_TYPE, value(media_type)?), (header::CONTENT_LENGTH, size.into())];
    Ok((headers, body).into_response())
}

async fn original(
    platform: &Platform,
    file: &StoredFile,
    range: Option<Asked>,
    asked: &HeaderMap,
    etag: &str,
) -> Result<Response> {
    // A part of another version is of no use: then the whole.
    let same = asked.get(header::IF_RANGE).is_none_or(|tag| tag.as_bytes() == etag.as_bytes());
    let size = file.size.unsigned_abs();
    let mut response = match range.filter(|_| same) {
        None | Some(Asked::Whole) => {
            let (body, _) = platform.storage.get(&file.key, None).await?;
            whole(Body::from_stream(body), size, &file.media_type)?
        }
        Some(Asked::Nothing) => {
            (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, value(&format!("bytes */{size}"))?)])
                .into_response()
        }
        Some(Asked::Part(part)) => {
            let told = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            let (body, _) = platform.storage.get(&file.key, Some(part.clone())).await?;
            let mut response = whole(Body::from_stream(body), part.end - part.start, &file.media_type)?;
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            response.headers_mut().insert(header::CONTENT_RANGE, value(&told)?);
            response
        }
    };
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Ok(response)
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq)]
enum Asked {
    /// Nothing we understand, or several parts: the whole is a right answer.
    Whole,
    Part(Range<u64>),
    /// Beyond the end.
    Nothing,
}

fn read_range(header: &str, size: u64) -> Asked {
    let Some((first, last)) = header.strip_prefix("bytes=").and_then(|r| r.split_once('-')) else {
        return Asked::Whole;
    };
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(count)) if first.is_empty() => size.saturating_sub(count)..size,
        _ => return Asked::Whole,
    };
    if part.is_empty() { Asked::Nothing } else { Asked::Part(part) }
}

/// `inline` or `attachment`, with the name in ASCII, and as it is for those who read RFC 6266.
pub fn disposition(how: &str, name: &str) -> Result<HeaderValue> {
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii() && !c.is_ascii_control() && !matches!(c, '"' | '\\' | '%') { c } else { '_' })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    value(&format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{encoded}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        assert_eq!(read_range("bytes=0-9", 100), Asked::Part(0..10));
        assert_eq!(read_range("bytes=90-", 100), Asked::Part(90..100));
        assert_eq!(read_range("bytes=-10", 100), Asked::Part(90..100));
        assert_eq!(read_range("bytes=-1000", 100), Asked::Part(0..100));
        assert_eq!(read_range("bytes=50-1000", 100), Asked::Part(50..100));
        assert_eq!(read_range("bytes=100-", 100), Asked::Nothing);
        assert_eq!(read_range("bytes=-0", 100), Asked::Nothing);
        for whole in ["bytes=5-2", "bytes=0-1,5-9", "items=0-1", "bytes=", "bytes=a-b", "bytes=-"] {
            assert_eq!(read_range(whole, 100), Asked::Whole, "{whole}");
        }
        assert_eq!(read_range("bytes=0-18446744073709551615", 100), Asked::Part(0..100));
    }

    #[test]
    fn names_cannot_break_the_header() {
        let header = disposition("inline", "Drehbuch \u{201c}N\u{e4}chte\u{201d}\"; x=\u{1F3AC}.pdf").unwrap();
        let header = header.to_str().unwrap();
        assert!(
            header
                .starts_with("inline; filename=\"Drehbuch _N_chte__; x=_.pdf\"; filename*=UTF-8''Drehbuch%20%E2%80%9C")
        );
    }
}
