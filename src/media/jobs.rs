//! Work on files that nobody waits for.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures::TryStreamExt;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{service::FOLDER, store};
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
        sweep_store(platform, platform.now() - TimeDelta::days(30)).await
    }
}

/// Removes what nothing refers to. The row goes last: what could not be removed is tried again.
pub async fn sweep(platform: &Platform) -> Result<()> {
    let mut tx = platform.begin().await?;
    for orphan in store::orphans(&mut tx, platform.now() - TimeDelta::days(1)).await? {
        for key in orphan.keys() {
            platform.storage.delete(&key).await?;
        }
        store::delete(&mut tx, orphan.id).await?;
    }
    Ok(tx.commit().await?)
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
    while let Some(chunk) = chunks.try_next().await.map_err(|error| error.1)? {
        let of = |key: &str| key.strip_prefix(FOLDER)?.get(1..37)?.parse::<FileId>().ok();
        let ids: Vec<FileId> = chunk.iter().filter_map(|stored| of(&stored.key)).collect();
        let known: HashSet<FileId> = store::known(&mut *platform.db.acquire().await?, &ids).await?;
        seen += chunk.len();
        unknown.extend(chunk.into_iter().filter(|stored| of(&stored.key).is_some_and(|id| !known.contains(&id))));
    }
    if unknown.len() > UNKNOWN.max(seen / 100) {
        tracing::error!(
            unknown = unknown.len(),
            seen,
            "many stored files are unknown to this database; none is removed"
        );
        return Ok(());
    }
    for stored in unknown {
        platform.storage.delete(&stored.key).await?;
    }
    Ok(())
}
