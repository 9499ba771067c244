//! Taking files in. A file goes to the store as it arrives and is known to the database only after it held: what is
//! refused leaves nothing behind.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use chrono::TimeDelta;
use futures::{Stream, StreamExt};
use serde_json::json;
use sqlx::PgConnection;

use super::{
    inspect::{self, Sort},
    jobs::DrawAhead,
    model::Accept,
    pages, pictures, scan, store,
    watch::Watch,
};
use crate::{
    platform::{
        Platform,
        outbox::{self, Event},
        queue,
    },
    shared::{
        error::{AppError, Refusal, Result},
        ids::{AccountId, FileId, NdaId, PitchId, RecipientId, ReleaseId},
        text,
        time::Time,
    },
};

/// The folder of the store that people's files are in.
pub const FOLDER: &str = "files";

/// A file in the store that no row knows yet: `keep` it in the transaction that refers to it, and `settle` what came of it.
#[derive(Clone, Debug)]
pub struct Received {
    pub id: FileId,
    pub owner: AccountId,
    pub key: String,
    pub name: String,
    pub media_type: &'static str,
    pub size: i64,
    pub sha256: [u8; 32],
    pub pages: Option<i32>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    /// Widths of the WebP pictures beside it.
    pub variants: Vec<i32>,
    pub uploaded_at: Time,
}

impl Received {
    /// A file of `owner` whose bytes are still to be taken in: neither its size nor its sum is known.
    pub fn expected(id: FileId, owner: AccountId, name: String, media_type: &'static str, now: Time) -> Self {
        Self {
            id,
            owner,
            key: format!("{FOLDER}/{id}"),
            name,
            media_type,
            size: 0,
            sha256: [0; 32],
            pages: None,
            width: None,
            height: None,
            variants: Vec::new(),
            uploaded_at: now,
        }
    }

    fn keys(&self) -> Vec<String> {
        keys(&self.key, &self.variants)
    }
}

/// The key of the WebP of `width` pixels beside `key`.
fn variant_key(key: &str, width: i32) -> String {
    format!("{key}-{width}.webp")
}

/// Everything that is stored of one file.
fn keys(key: &str, variants: &[i32]) -> Vec<String> {
    std::iter::once(key.to_owned()).chain(variants.iter().map(|width| variant_key(key, *width))).collect()
}

/// A file that a row knows.
#[derive(Clone, Debug)]
pub struct StoredFile {
    pub id: FileId,
    pub key: String,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub sha256: String,
    pub variants: Vec<i32>,
    /// Of a PDF.
    pub pages: Option<i32>,
}

impl StoredFile {
    /// The key of the WebP of `width` pixels.
    pub fn variant_key(&self, width: i32) -> String {
        variant_key(&self.key, width)
    }

    pub fn keys(&self) -> Vec<String> {
        keys(&self.key, &self.variants)
    }

    pub fn is_picture(&self) -> bool {
        self.media_type.starts_with("image/")
    }

    pub fn is_video(&self) -> bool {
        self.media_type.starts_with("video/")
    }
}

/// The right to read one file, issued by the room it belongs to.
#[derive(Clone, Debug)]
pub struct FileGrant {
    pub file: FileId,
    /// Anyone may have it: a public poster, an avatar. Everything else is never stored by browsers.
    pub public: bool,
    /// May have the picture as it was uploaded, with what a camera may have written into it. Others get the WebP.
    pub original: bool,
    /// Opening it is recorded.
    pub viewing: Option<Viewing>,
}

/// Who has a file in front of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Account(AccountId),
    /// Somebody a link was shared with.
    Recipient(RecipientId),
}

impl Reader {
    pub fn account(self) -> Option<AccountId> {
        match self {
            Reader::Account(id) => Some(id),
            Reader::Recipient(_) => None,
        }
    }

    pub fn recipient(self) -> Option<RecipientId> {
        match self {
            Reader::Account(_) => None,
            Reader::Recipient(id) => Some(id),
        }
    }
}

/// Who opens a protected file, and by which right.
#[derive(Clone, Debug)]
pub struct Viewing {
    pub reader: Reader,
    pub pitch: PitchId,
    pub nda: Option<NdaId>,
    pub release: Option<ReleaseId>,
    pub address: String,
    pub user_agent: String,
}

impl Viewing {
    /// What an event of it tells besides.
    pub fn payload(&self) -> serde_json::Value {
        let mut payload = json!({ "pitch_id": self.pitch, "nda_id": self.nda, "release_id": self.release });
        if let Some(recipient) = self.reader.recipient() {
            payload["recipient_id"] = json!(recipient);
        }
        payload
    }
}

/// Takes in what `body` brings, if it is what `accept` says. Complaints are by `field`. After a refusal the rest of the
/// body is read and dropped, because a browser that is still sending does not listen.
pub async fn receive(
    platform: &Platform,
    owner: AccountId,
    (field, name): (&str, &str),
    accept: Accept,
    mut body: impl Stream<Item = Result<Bytes>> + Send + Unpin,
) -> Result<Received> {
    let received = match take_in(platform, owner, (field, name), accept, &mut body).await {
        Ok(received) => scan::pass(platform, &received, field).await.map(|()| received),
        Err(refused) => Err(refused),
    };
    if received.is_err() {
        let _ = tokio::time::timeout(Duration::from_secs(60), drain(body)).await;
    }
    received
}

/// After a refusal at most so many bytes more are waited for.
const DRAINED: usize = 512 * 1024 * 1024;

async fn drain(mut body: impl Stream<Item = Result<Bytes>> + Send + Unpin) {
    let mut left = DRAINED;
    while let Some(Ok(chunk)) = body.next().await {
        left = left.saturating_sub(chunk.len());
        if left == 0 {
            return;
        }
    }
}

async fn take_in(
    platform: &Platform,
    owner: AccountId,
    (field, name): (&str, &str),
    accept: Accept,
    body: &mut (impl Stream<Item = Result<Bytes>> + Send + Unpin),
) -> Result<Received> {
    let head = head(body).await?;
    if head.is_empty() {
        return Err(AppError::field(field, "Please choose a file first."));
    }
    let sort = Sort::of(&head, accept, field)?;
    let mut received = Received::expected(FileId::new(), owner, file_name(name), sort.media_type(), platform.now());
    let all = limited(futures::stream::once(async { Ok(head) }).chain(body), sort, field);
    if sort.is_picture() {
        take_image(platform, &mut received, field, all).await
    } else {
        take_watched(platform, &mut received, (sort, field), all).await
    }?;
    Ok(received)
}

/// The first bytes, enough to tell what it is.
async fn head(body: &mut (impl Stream<Item = Result<Bytes>> + Send + Unpin)) -> Result<Bytes> {
    let mut head = BytesMut::new();
    while head.len() < inspect::HEAD {
        match body.next().await {
            Some(chunk) => head.extend_from_slice(&chunk?),
            None => break,
        }
    }
    Ok(head.freeze())
}

/// Breaks off when more comes than `sort` may have.
fn limited(
    body: impl Stream<Item = Result<Bytes>> + Send,
    sort: Sort,
    field: &str,
) -> impl Stream<Item = Result<Bytes>> + Send {
    let mut size = 0;
    body.map(move |chunk| {
        let chunk = chunk?;
        size += chunk.len() as u64;
        if size > sort.most() { Err(too_large(sort.most(), field)) } else { Ok(chunk) }
    })
}

pub fn too_large(most: u64, field: &str) -> AppError {
    let message = format!("This file is larger than {} MB, which is the most we take here.", most / 1_048_576);
    let complaint = AppError::field(field, message.clone());
    AppError { fields: complaint.fields, ..AppError::too_large(message) }
}

async fn take_watched(
    platform: &Platform,
    received: &mut Received,
    (sort, field): (Sort, &str),
    body: impl Stream<Item = Result<Bytes>> + Send,
) -> Result<()> {
    let watch = Arc::new(Mutex::new(Watch::of(sort)));
    let watching = Arc::clone(&watch);
    let watched = body.inspect(move |chunk| {
        if let (Ok(chunk), Ok(mut watch)) = (chunk, watching.lock()) {
            watch.feed(chunk);
        }
    });
    let stored = platform.storage.put_stream(&received.key, Box::pin(watched), sort.most()).await?;
    let watched =
        watch.lock().map_err(|_| AppError::internal("the watch is poisoned")).and_then(|mut w| w.finish(field));
    let pages = match watched {
        Ok(_) if sort == Sort::Pdf => pages::inspect(platform, &received.key, field).await.map(Some),
        watched => watched,
    };
    match pages {
        Ok(pages) => received.pages = pages,
        Err(refused) => {
            discard(platform, received).await;
            return Err(refused);
        }
    }
    received.size = i64::try_from(stored.size).map_err(AppError::internal)?;
    received.sha256 = stored.sha256;
    Ok(())
}

/// Images are small: held whole, measured, made smaller, then stored.
async fn take_image(
    platform: &Platform,
    received: &mut Received,
    field: &str,
    body: impl Stream<Item = Result<Bytes>> + Send,
) -> Result<()> {
    let mut body = Box::pin(body);
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk?);
    }
    let bytes = bytes.freeze();
    let (width, height) = inspect::dimensions(&bytes, field)?;
    (received.width, received.height) = (i32::try_from(width).ok(), i32::try_from(height).ok());
    received.size = i64::try_from(bytes.len()).map_err(AppError::internal)?;
    received.sha256 =
        sha2::Digest::finalize(sha2::Digest::chain_update(<sha2::Sha256 as sha2::Digest>::new(), &bytes)).into();
    let made = pictures::smaller(bytes.clone(), field).await?;
    received.variants = made.iter().map(|(width, _)| *width).collect();
    let stored = store_pictures(platform, &received.key, bytes, made).await;
    if stored.is_err() {
        discard(platform, received).await;
    }
    stored
}

async fn store_pictures(platform: &Platform, key: &str, original: Bytes, smaller: Vec<(i32, Bytes)>) -> Result<()> {
    platform.storage.put(key, original).await?;
    for (width, webp) in smaller {
        platform.storage.put(&variant_key(key, width), webp).await?;
    }
    Ok(())
}

/// Makes the file known, in the transaction that begins to refer to it. The first pages of a document are drawn soon after.
pub async fn keep(tx: &mut PgConnection, received: &Received) -> Result<()> {
    store::insert(tx, received).await?;
    match received.pages {
        Some(_) => queue::add(tx, &DrawAhead { file: received.id }).await,
        None => Ok(()),
    }
}

/// For so long, further parts and pages of a file belong to its last recorded opening.
const SAME_OPENING_MINUTES: i64 = 30;

/// Writes down that `viewing` opens `file`.
pub async fn opened(platform: &Platform, file: FileId, viewing: &Viewing) -> Result<()> {
    record_opening(platform, file, viewing, None).await
}

/// The same of what may be a part of an opening that was written down a while ago: then it is that one.
pub async fn goes_on(platform: &Platform, file: FileId, viewing: &Viewing) -> Result<()> {
    let since = platform.now() - TimeDelta::minutes(SAME_OPENING_MINUTES);
    record_opening(platform, file, viewing, Some(since)).await
}

async fn record_opening(
    platform: &Platform,
    file: FileId,
    viewing: &Viewing,
    unless_since: Option<Time>,
) -> Result<()> {
    let now = platform.now();
    let mut tx = platform.begin().await?;
    if store::record_view(&mut tx, file, viewing, now, unless_since).await? {
        let payload = viewing.payload();
        outbox::record(&mut tx, Event::new(now, viewing.reader.account(), file.0, "file.opened", payload)?).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes a file back out of the store if what it was for was refused. A commit that was never answered may have kept it:
/// then it stays, and the sweep of the store decides.
pub async fn settle<T>(platform: &Platform, received: &Received, outcome: Result<T>) -> Result<T> {
    if let Err(error) = &outcome
        && !matches!(error.refusal, Refusal::Unavailable | Refusal::Internal)
    {
        discard(platform, received).await;
    }
    outcome
}

pub async fn discard(platform: &Platform, received: &Received) {
    for key in received.keys() {
        if let Err(error) = platform.storage.delete(&key).await {
            tracing::warn!(%error, key, "a refused file stays in the store");
        }
    }
}

/// A file's name as we keep it: without folders, control and direction-changing characters, not too long.
pub fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean = text::line(last);
    let short: String = match clean.char_indices().nth_back(149) {
        Some((start, _)) => clean[start..].into(),
        None => clean,
    };
    if short.is_empty() { "file".into() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_is_only_a_name() {
        assert_eq!(file_name("C:\\Users\\me\\Script v3.pdf"), "Script v3.pdf");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("a\u{202e}fdp.exe"), "afdp.exe");
        assert_eq!(file_name("\0\n"), "file");
        assert!(file_name(&format!("{}.pdf", "x".repeat(500))).ends_with("x.pdf"));
    }
}
