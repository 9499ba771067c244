//! Work on files that nobody waits for.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures::TryStreamExt;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{pages, service::FOLDER, store, uploads};
use crate::{
    platform::{Platform, queue},
    shared::{error::Result, ids::FileId, time::Time},
};

/// Removes files that nothing refers to a day after they came, and bytes that no row knows a month after. Scheduled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SweepFiles;

impl TaskHandler for SweepFiles {
    const IDENTIFIER: &'static str = "sweep_files";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let platform = queue::platform(&ctx)?;
        sweep(platform).await?;
        forget_views(platform).await?;
        sweep_store(platform, platform.now() - TimeDelta::days(30)).await
    }
}

/// Gives up uploads that nobody goes on with. Scheduled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SweepUploads;

impl TaskHandler for SweepUploads {
    const IDENTIFIER: &'static str = "sweep_uploads";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        uploads::sweep(queue::platform(&ctx)?).await
    }
}

/// Removes what nothing refers to. The row goes last: what could not be removed is tried again.
pub async fn sweep(platform: &Platform) -> Result<()> {
    let mut tx = platform.begin().await?;
    for orphan in store::orphans(&mut tx, platform.now() - TimeDelta::days(1)).await? {
        for key in orphan.keys() {
            platform.storage.delete(&key).await?;
        }
        pages::forget(platform, &orphan.key).await?;
        store::delete(&mut tx, orphan.id).await?;
    }
    Ok(tx.commit().await?)
}

/// An opening is kept for 13 months, from where it was for 90 days.
const VIEWS_KEPT_DAYS: i64 = 395;
const ADDRESSES_KEPT_DAYS: i64 = 90;

/// Forgets openings past their time.
pub async fn forget_views(platform: &Platform) -> Result<()> {
    let (mut db, now) = (platform.db.acquire().await?, platform.now());
    let days_ago = |days| now - TimeDelta::days(days);
    store::forget_views(&mut db, days_ago(ADDRESSES_KEPT_DAYS), days_ago(VIEWS_KEPT_DAYS)).await
}

/// Draws the first pages of a document, so that they are there when somebody opens it. Queued with the upload.
#[derive(Debug, Serialize, Deserialize)]
pub struct DrawAhead {
    pub file: FileId,
}

impl TaskHandler for DrawAhead {
    const IDENTIFIER: &'static str = "draw_ahead";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let platform = queue::platform(&ctx)?;
        let file = store::load(&mut *platform.db.acquire().await?, self.file).await?;
        match file {
            Some(file) => pages::draw_ahead(platform, &file).await,
            None => Ok(()),
        }
    }
}

/// Keys that are looked up at once.
const CHUNK: usize = 1_000;

/// Of more unknown files than this, and than one in a hundred, none is removed: then it is the rows that are missing.
const UNKNOWN: usize = 20;

/// Removes bytes stored before `before` that no row knows: an upload that broke off between its bytes and its row, or whose
/// commit was never answered. Those are few; many mean an old backup, or another database on the same bucket.
pub async fn sweep_store(platform: &Platform, before: Time) -> Result<()> {
    let old = platform.storage.list(FOLDER).try_filter(|stored| std::future::ready(stored.stored_at < before));
    let mut chunks = old.try_chunks(CHUNK);
    let (mut seen, mut unknown) = (0, Vec::new());
    let of = |key: &str| key.strip_prefix(FOLDER)?.get(1..37)?.parse::<FileId>().ok();
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        let ids: HashSet<FileId> = chunk.iter().filter_map(|stored| of(&stored.key)).collect();
        let ids: Vec<FileId> = ids.into_iter().collect();
        let known: HashSet<FileId> = store::known(&mut *platform.db.acquire().await?, &ids).await?;
        seen += ids.len();
        unknown.extend(chunk.into_iter().filter(|stored| of(&stored.key).is_some_and(|id| !known.contains(&id))));
    }
    // A file may have hundreds of pages beside it: files are counted, not keys.
    let files = unknown.iter().filter_map(|stored| of(&stored.key)).collect::<HashSet<_>>().len();
    if files > UNKNOWN.max(seen / 100) {
        tracing::error!(files, seen, "many stored files are unknown to this database; none is removed");
        return Ok(());
    }
    for stored in unknown {
        platform.storage.delete(&stored.key).await?;
    }
    Ok(())
}
