//! Pages of PDFs as pictures and text. What people upload is opened only by another process (`draws`), which may take so much
//! time and memory and no more: whatever a document does to it, the server goes on. Start at `page`.

mod confined;
pub mod draws;
mod mark;
#[cfg(test)]
pub mod samples;

use bytes::Bytes;
use futures::TryStreamExt;

use self::draws::{Drawn, Order};
pub use self::{
    draws::{Flaw, Setting},
    mark::Mark,
};
use super::{service::StoredFile, store};
use crate::{
    platform::Platform,
    shared::error::{AppError, Refusal, Result},
};

/// Widths in pixels that pages are drawn in: to be read at a glance, and to be read closely.
pub const WIDTHS: [u32; 2] = [800, 1600];
/// Where the confined process finds what it is to draw, in its environment.
pub const ORDER: &str = "PITCHEY_ORDER";
/// So many pages are drawn ahead once a document was uploaded.
pub const AHEAD: i32 = 4;

/// The folder in the store of what was drawn of the file at `key`; it goes when the file goes.
pub fn folder(key: &str) -> String {
    format!("{key}-pages")
}

fn picture_key(key: &str, page: i32, width: u32) -> String {
    format!("{}/{page}-{width}.webp", folder(key))
}

fn text_key(key: &str, page: i32) -> String {
    format!("{}/{page}.txt", folder(key))
}

/// The narrowest width that is at least `wanted`, or the widest.
pub fn width(wanted: Option<u32>) -> u32 {
    let [narrow, wide] = WIDTHS;
    if wanted.is_some_and(|wanted| wanted <= narrow) { narrow } else { wide }
}

/// Looks whether the document at `key` can be shown, and counts its pages. A complaint is by `field`.
pub async fn inspect(platform: &Platform, key: &str, field: &str) -> Result<i32> {
    match confined::draw(platform, key, &Order::default()).await? {
        Ok(drawn) => Ok(drawn.pages),
        Err(flaw) => Err(AppError::field(field, flaw.sentence())),
    }
}

/// Counts the pages of a document that came before they were counted.
pub async fn count(platform: &Platform, file: &StoredFile) -> Result<i32> {
    let pages = inspect(platform, &file.key, "page").await?;
    store::set_pages(&mut *platform.db.acquire().await?, file.id, pages).await?;
    Ok(pages)
}

/// The picture of a page, bare: from the store, or drawn now. Whoever asks adds the reader's mark.
pub async fn picture(platform: &Platform, file: &StoredFile, page: i32, width: u32) -> Result<Bytes> {
    let key = picture_key(&file.key, page, width);
    match kept(platform, &key).await? {
        Some(bytes) => Ok(bytes),
        None => {
            draw(platform, file, &[page]).await?;
            platform.storage.bytes(&key).await
        }
    }
}

/// The text of a page, line by line.
pub async fn text(platform: &Platform, file: &StoredFile, page: i32) -> Result<String> {
    let key = text_key(&file.key, page);
    let bytes = match kept(platform, &key).await? {
        Some(bytes) => bytes,
        None => {
            draw(platform, file, &[page]).await?;
            platform.storage.bytes(&key).await?
        }
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn kept(platform: &Platform, key: &str) -> Result<Option<Bytes>> {
    match platform.storage.bytes(key).await {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.refusal == Refusal::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Draws `pages` of the document and keeps them beside it. A page that it does not have is not found.
pub async fn draw(platform: &Platform, file: &StoredFile, pages: &[i32]) -> Result<()> {
    let order = Order { pages: pages.to_vec(), widths: WIDTHS.to_vec(), ..Order::default() };
    let drawn = match confined::draw(platform, &file.key, &order).await? {
        Ok(drawn) => drawn,
        Err(flaw) => return Err(AppError::field("page", flaw.sentence())),
    };
    if file.pages != Some(drawn.pages) {
        store::set_pages(&mut *platform.db.acquire().await?, file.id, drawn.pages).await?;
    }
    keep(platform, &file.key, drawn).await
}

async fn keep(platform: &Platform, key: &str, drawn: Drawn) -> Result<()> {
    for page in drawn.drawn {
        for (width, webp) in page.pictures {
            platform.storage.put(&picture_key(key, page.number, width), webp.into()).await?;
        }
        platform.storage.put(&text_key(key, page.number), page.text.into()).await?;
    }
    Ok(())
}

/// The whole document with `mark` on every page.
pub async fn stamped(platform: &Platform, file: &StoredFile, mark: &Mark) -> Result<Bytes> {
    let order = Order { stamp: Some(mark.line()), ..Order::default() };
    match confined::draw(platform, &file.key, &order).await? {
        Ok(drawn) => Ok(drawn.made.into()),
        Err(flaw) => Err(AppError::field("file", flaw.sentence())),
    }
}

/// The words of each page of the document at `key`. A complaint is by `field`.
pub async fn words(platform: &Platform, key: &str, pages: i32, field: &str) -> Result<Vec<String>> {
    let order = Order { pages: (1..=pages).collect(), ..Order::default() };
    match confined::draw(platform, key, &order).await? {
        Ok(drawn) => Ok(drawn.drawn.into_iter().map(|page| page.text).collect()),
        Err(flaw) => Err(AppError::field(field, flaw.sentence())),
    }
}

/// A new document around the one at `key`, with its pages in it.
pub async fn set(platform: &Platform, key: &str, setting: Setting) -> Result<Result<Bytes, Flaw>> {
    let order = Order { set: Some(setting), ..Order::default() };
    Ok(confined::draw(platform, key, &order).await?.map(|drawn| drawn.made.into()))
}

/// Removes what was drawn of the file at `key`.
pub async fn forget(platform: &Platform, key: &str) -> Result<()> {
    let mut drawn = platform.storage.list(&folder(key));
    while let Some(stored) = drawn.try_next().await? {
        platform.storage.delete(&stored.key).await?;
    }
    Ok(())
}

/// Draws the first pages of the document. One that cannot be drawn says so to who reads it.
pub async fn draw_ahead(platform: &Platform, file: &StoredFile) -> Result<()> {
    let pages: Vec<i32> = (1..=AHEAD.min(file.pages.unwrap_or(AHEAD))).collect();
    match draw(platform, file, &pages).await {
        Err(error) if error.refusal == Refusal::Invalid => Ok(()),
        drawn => drawn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_wide_enough_for_who_asks() {
        assert_eq!(
            [width(Some(390)), width(Some(800)), width(Some(801)), width(Some(9_000)), width(None)],
            [800, 800, 1600, 1600, 1600]
        );
    }
}
