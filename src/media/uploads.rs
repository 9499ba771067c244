//! Large files, in parts of one size that may come in any order, two or three at once, today or tomorrow: what has arrived
//! is in the store and in the database, so neither a dropped connection nor a restart loses it. When all are here a job
//! reads the whole once: its hash, its shape, and the virus scanner's word; only then does the pitch have it.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use chrono::TimeDelta;
use futures::{Stream, StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{
    inspect::{HEAD, Sort},
    model::{Accept, Upload, UploadStatus},
    pages, room,
    scan::{self, Verdict},
    service::{FOLDER, Received, file_name, too_large},
    store, upload_rows as rows,
    watch::Watch,
};
use crate::{
    platform::{
        Platform,
        storage::{PART, parts},
    },
    shared::{
        error::{AppError, Result},
        ids::{AccountId, FileId, PitchId},
    },
};

/// So many uploads of one person are under way at once.
const UNDER_WAY: i64 = 8;
/// Unfinished and nothing arriving for so long: given up.
const EXPIRES_HOURS: i64 = 24;
/// A check that fails for so long is given up, and its sender told; the queue has given up by then.
const STUCK_HOURS: i64 = 72;
const NEVER_CHECKED: &str = "We could not check this file for three days, so it was not added. Please send it again.";
/// How long what is infected is kept.
const QUARANTINE_DAYS: i64 = 30;

/// What somebody is about to send.
pub struct Announced<'a> {
    pub pitch: PitchId,
    /// As what it is to go there; complaints are by this name.
    pub kind: &'a str,
    pub accept: Accept,
    pub name: &'a str,
    pub size: i64,
}

/// An upload with what only we know of it.
#[derive(Clone, Debug)]
pub struct Arriving {
    pub upload: Upload,
    pub owner: AccountId,
    pub key: String,
    pub multipart: String,
}

/// Begins an upload, or goes on with the same one. Size and room are told before a byte is sent.
pub async fn begin(platform: &Platform, owner: AccountId, asked: &Announced<'_>) -> Result<Upload> {
    let most = asked.accept.most();
    if asked.size < 1 {
        return Err(AppError::field(asked.kind, "This file is empty. Please choose another."));
    }
    if asked.size.unsigned_abs() > most {
        return Err(too_large(most, asked.kind));
    }
    let name = file_name(asked.name);
    let mut tx = platform.begin().await?;
    rows::lock_owner(&mut tx, owner).await?;
    if let Some(id) = rows::begun(&mut tx, owner, asked, &name).await? {
        return Ok(rows::load(&mut tx, id).await?.ok_or_else(AppError::not_found)?.upload);
    }
    if rows::under_way(&mut tx, owner).await? >= UNDER_WAY {
        let message = "You have many uploads under way. Finish or cancel one of them first.";
        return Err(AppError::field(asked.kind, message));
    }
    room::check(&mut tx, platform, owner, asked.size, asked.kind).await?;
    let id = FileId::new();
    let key = format!("{FOLDER}/{id}");
    let multipart = platform.storage.begin_parts(&key).await?;
    let upload = Upload {
        id,
        pitch: asked.pitch,
        kind: asked.kind.into(),
        name,
        size: asked.size,
        part: PART as i64,
        parts: Vec::new(),
        status: UploadStatus::Arriving,
        checked: 0,
        note: None,
    };
    let new = Arriving { upload, owner, key, multipart };
    rows::insert(&mut tx, &new, platform.now()).await?;
    tx.commit().await?;
    Ok(new.upload)
}

/// The upload `id` of `owner`; nobody else's.
pub async fn of(db: &mut PgConnection, owner: AccountId, id: FileId) -> Result<Arriving> {
    rows::load(db, id).await?.filter(|found| found.owner == owner).ok_or_else(AppError::not_found)
}

/// What `owner` has under way to a pitch, and what was refused lately.
pub async fn to_pitch(db: &mut PgConnection, owner: AccountId, pitch: PitchId) -> Result<Vec<Upload>> {
    let mut uploads = Vec::new();
    for id in rows::to_pitch(db, owner, pitch).await? {
        uploads.extend(rows::load(db, id).await?.map(|found| found.upload));
    }
    Ok(uploads)
}

/// Takes in one part, whose bytes have the SHA-256 that was sent with it. The first one tells what the file is.
pub async fn take_part(
    platform: &Platform,
    to: &Arriving,
    (number, sha256): (u32, &str),
    accept: Accept,
    body: Body,
) -> Result<()> {
    let upload = &to.upload;
    let expected = upload.part_size(number).filter(|_| upload.status == UploadStatus::Arriving);
    let expected = expected.ok_or_else(AppError::not_found)?;
    let _turn = turn(to.owner).await?;
    let bytes = collect(body).await?;
    let hash = Sha256::digest(&bytes);
    if bytes.len() as u64 != expected.unsigned_abs() || hex::encode(hash) != sha256.to_ascii_lowercase() {
        return Err(AppError::conflict("This part did not arrive as it was sent. Please send it again."));
    }
    if number == 0
        && let Err(refused) = fits(&bytes, upload, accept)
    {
        cancel(platform, to).await?;
        return Err(refused);
    }
    let tag = platform.storage.put_part(&to.key, &to.multipart, number, bytes).await?;
    let mut tx = platform.begin().await?;
    if !rows::add_part(&mut tx, upload.id, number, &hash, &tag, platform.now()).await? {
        return Err(AppError::not_found());
    }
    Ok(tx.commit().await?)
}

/// What the file is by its first bytes; refused if that is not taken, or not in this size.
fn fits(head: &[u8], upload: &Upload, accept: Accept) -> Result<Sort> {
    let sort = Sort::of(&head[..head.len().min(HEAD)], accept, &upload.kind)?;
    if upload.size.unsigned_abs() > sort.most() {
        return Err(too_large(sort.most(), &upload.kind));
    }
    Ok(sort)
}

/// How long a part may take: five megabytes on a slow line, beside two others. Who sends nothing for the pause gives their
/// turn up sooner.
const A_PART: Duration = Duration::from_secs(300);
const A_PAUSE: Duration = Duration::from_secs(15);

async fn collect(body: Body) -> Result<Bytes> {
    let broken = || AppError::conflict("This part broke off on its way. Please send it again.");
    let whole = async {
        let (mut body, mut bytes) = (body.into_data_stream(), BytesMut::new());
        while let Some(chunk) = timeout(A_PAUSE, body.next()).await.map_err(|_| broken())? {
            bytes.extend_from_slice(&chunk.map_err(|_| broken())?);
            if bytes.len() > PART {
                return Err(broken());
            }
        }
        Ok(bytes.freeze())
    };
    timeout(A_PART, whole).await.map_err(|_| broken())?
}

/// So many parts are held in memory at once, and so many of one person.
const TURNS: usize = 16;
const TURNS_EACH: usize = 4;
/// How long a part waits for those before it.
const A_TURN: Duration = Duration::from_secs(30);

static ALL_TURNS: Semaphore = Semaphore::const_new(TURNS);
static OWN_TURNS: LazyLock<Mutex<HashMap<AccountId, Arc<Semaphore>>>> = LazyLock::new(Mutex::default);

/// A part's place in memory, its owner's and everybody's.
struct Turn {
    _own: OwnedSemaphorePermit,
    _all: tokio::sync::SemaphorePermit<'static>,
}

async fn turn(owner: AccountId) -> Result<Turn> {
    let own = {
        let mut turns = OWN_TURNS.lock().map_err(AppError::internal)?;
        // Whoever sends nothing is forgotten.
        turns.retain(|who, turns| *who == owner || turns.available_permits() < TURNS_EACH);
        Arc::clone(turns.entry(owner).or_insert_with(|| Arc::new(Semaphore::new(TURNS_EACH))))
    };
    let both = async {
        let own = own.acquire_owned().await.map_err(AppError::internal)?;
        Ok(Turn { _own: own, _all: ALL_TURNS.acquire().await.map_err(AppError::internal)? })
    };
    let busy = |_| AppError::too_many("Many files are arriving right now. It is tried again by itself.", 10);
    timeout(A_TURN, both).await.map_err(busy)?
}

/// All parts are here: nothing is taken any more, and the whole can be checked. Says whether that is new.
pub async fn finish(
    tx: &mut PgConnection,
    platform: &Platform,
    owner: AccountId,
    id: FileId,
) -> Result<(Upload, bool)> {
    rows::lock(tx, id).await?;
    let Arriving { upload, .. } = of(tx, owner, id).await?;
    if upload.status != UploadStatus::Arriving {
        return Ok((upload, false));
    }
    let missing = (upload.part_count() as usize).saturating_sub(upload.parts.len());
    if missing > 0 {
        let plural = if missing == 1 { "part is" } else { "parts are" };
        return Err(AppError::conflict(format!("{missing} {plural} still missing.")));
    }
    rows::set_status(tx, id, UploadStatus::Checking, None, platform.now()).await?;
    Ok((Upload { status: UploadStatus::Checking, ..upload }, true))
}

/// Gives an upload up: its parts go, and so does everything known of it.
pub async fn cancel(platform: &Platform, given_up: &Arriving) -> Result<()> {
    let mut tx = platform.begin().await?;
    rows::lock(&mut tx, given_up.upload.id).await?;
    let Some(now) = rows::load(&mut tx, given_up.upload.id).await? else { return Ok(()) };
    if now.upload.status == UploadStatus::Checking {
        return Err(AppError::conflict("All of it has arrived and is being checked. Remove it when that is done."));
    }
    if now.upload.status == UploadStatus::Arriving {
        platform.storage.drop_parts(&now.key, &now.multipart).await?;
    }
    rows::delete(&mut tx, now.upload.id).await?;
    Ok(tx.commit().await?)
}

/// What has arrived and waits for its check.
pub async fn waiting(platform: &Platform, id: FileId) -> Result<Option<Arriving>> {
    let mut db = platform.db.acquire().await?;
    Ok(rows::load(&mut db, id).await?.filter(|found| found.upload.status == UploadStatus::Checking))
}

/// Makes one file of the parts and reads it once, from the first byte to the last. Carried out twice it is the same.
pub async fn check(platform: &Platform, arrived: &Arriving, accept: Accept) -> Result<Received> {
    let Arriving { upload, owner, key, multipart } = arrived;
    let size = upload.size.unsigned_abs();
    let tags = rows::tags(&mut *platform.db.acquire().await?, upload.id).await?;
    platform.storage.join_parts(key, multipart, tags, size).await?;
    let (head, _) = platform.storage.get(key, Some(0..size.min(HEAD as u64))).await?;
    let head: Vec<Bytes> = head.try_collect().await?;
    let sort = fits(&head.concat(), upload, accept)?;
    let mut received = Received {
        key: key.clone(),
        size: upload.size,
        ..Received::expected(upload.id, *owner, upload.name.clone(), sort.media_type(), platform.now())
    };
    let verdict = read_whole(platform, &mut received, sort, &upload.kind).await?;
    scan::judge(platform, &received, verdict, &upload.kind).await?;
    if sort == Sort::Pdf {
        received.pages = Some(pages::inspect(platform, &received.key, &upload.kind).await?);
    }
    Ok(received)
}

/// What is known of a file while it is read.
struct Reading {
    hash: Sha256,
    watch: Watch,
    read: u64,
}

impl Reading {
    /// Says how much was read, now and then.
    fn feed(&mut self, chunk: &[u8]) -> Option<i64> {
        let before = self.read / TOLD;
        self.hash.update(chunk);
        self.watch.feed(chunk);
        self.read += chunk.len() as u64;
        (self.read / TOLD > before).then_some(i64::try_from(self.read).unwrap_or(i64::MAX))
    }
}

/// After so many bytes it is told how far the check is.
const TOLD: u64 = 16 * 1024 * 1024;

async fn read_whole(platform: &Platform, received: &mut Received, sort: Sort, field: &str) -> Result<Verdict> {
    let reading = Arc::new(Mutex::new(Reading { hash: Sha256::new(), watch: Watch::of(sort), read: 0 }));
    let (stored, _) = platform.storage.get(&received.key, None).await?;
    let whole = told(platform, received.id, Arc::clone(&reading), stored);
    let verdict = match &platform.config.clamav_addr {
        Some(address) => scan::scan(address, whole).await?,
        None => whole.try_for_each(|_| async { Ok(()) }).await.map(|()| Verdict::Clean)?,
    };
    let mut reading = reading.lock().map_err(AppError::internal)?;
    received.sha256 = reading.hash.clone().finalize().into();
    if reading.read != received.size.unsigned_abs() {
        return Err(AppError::internal("a stored file is not as long as its parts"));
    }
    // A virus matters more than a missing end.
    if verdict == Verdict::Clean {
        received.pages = reading.watch.finish(field)?;
    }
    Ok(verdict)
}

fn told(
    platform: &Platform,
    id: FileId,
    reading: Arc<Mutex<Reading>>,
    stored: impl Stream<Item = Result<Bytes>> + Send,
) -> impl Stream<Item = Result<Bytes>> + Send {
    stored.and_then(move |chunk| {
        let (platform, fed) = (platform.clone(), reading.lock().map(|mut reading| reading.feed(&chunk)));
        let fed = fed.map_err(AppError::internal);
        async move {
            if let Some(checked) = fed? {
                rows::set_checked(&mut *platform.db.acquire().await?, id, checked, None).await?;
            }
            Ok(chunk)
        }
    })
}

/// The check could not be made now; it is made again.
pub async fn delayed(platform: &Platform, id: FileId) -> Result<()> {
    let note = "All of it has arrived, but we cannot check it for the moment. That is tried again by itself.";
    rows::set_checked(&mut *platform.db.acquire().await?, id, 0, Some(note)).await
}

/// The pitch has it.
pub async fn done(tx: &mut PgConnection, platform: &Platform, id: FileId) -> Result<()> {
    rows::set_status(tx, id, UploadStatus::Done, None, platform.now()).await
}

/// It did not hold: the sentence stays for a day, the bytes do not, unless they are in quarantine.
pub async fn refuse(platform: &Platform, arrived: &Arriving, error: &AppError) -> Result<()> {
    let mut tx = platform.begin().await?;
    if !store::is_quarantined(&mut tx, arrived.upload.id).await? {
        platform.storage.delete(&arrived.key).await?;
    }
    rows::set_status(&mut tx, arrived.upload.id, UploadStatus::Refused, Some(&error.message), platform.now()).await?;
    Ok(tx.commit().await?)
}

/// Gives up what nobody goes on with, clears parts away that belong to nothing, and empties the quarantine.
pub async fn sweep(platform: &Platform) -> Result<()> {
    let now = platform.now();
    let mut tx = platform.begin().await?;
    let (expired, stuck) = (now - TimeDelta::hours(EXPIRES_HOURS), now - TimeDelta::hours(STUCK_HOURS));
    for id in rows::stale(&mut tx, expired, stuck).await? {
        let Some(stale) = rows::load(&mut tx, id).await? else { continue };
        if matches!(stale.upload.status, UploadStatus::Arriving | UploadStatus::Checking) {
            platform.storage.drop_parts(&stale.key, &stale.multipart).await?;
        }
        if stale.upload.status == UploadStatus::Checking {
            platform.storage.delete(&stale.key).await?;
            rows::set_status(&mut tx, id, UploadStatus::Refused, Some(NEVER_CHECKED), now).await?;
        } else {
            rows::delete(&mut tx, id).await?;
        }
    }
    for (id, key) in store::old_quarantine(&mut tx, now - TimeDelta::days(QUARANTINE_DAYS)).await? {
        platform.storage.delete(&key).await?;
        store::forget_quarantine(&mut tx, id).await?;
    }
    tx.commit().await?;
    sweep_parts(platform).await
}

/// Parts that came after their upload had ended, or whose upload's row was never committed.
async fn sweep_parts(platform: &Platform) -> Result<()> {
    let before = platform.now() - TimeDelta::hours(EXPIRES_HOURS);
    let old = platform.storage.list(parts::FOLDER).try_filter(|part| std::future::ready(part.stored_at < before));
    let mut chunks = old.try_chunks(1_000);
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        let of = |key: &str| key.split('/').nth(2)?.parse::<uuid::Uuid>().ok();
        let ids: Vec<_> = chunk.iter().filter_map(|part| of(&part.key)).collect();
        let known = rows::known(&mut *platform.db.acquire().await?, &ids).await?;
        for part in chunk.iter().filter(|part| of(&part.key).is_none_or(|id| !known.contains(&id))) {
            platform.storage.delete(&part.key).await?;
        }
    }
    Ok(())
}
