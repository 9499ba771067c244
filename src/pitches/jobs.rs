//! Work on pitches that nobody waits for.

use chrono::TimeDelta;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::{materials, uploads};
use crate::{
    platform::{Platform, queue},
    shared::{error::Result, ids::FileId},
};

/// Checks a large file that has arrived, and gives it to its pitch.
#[derive(Debug, Serialize, Deserialize)]
pub struct TakeIn {
    pub upload_id: FileId,
}

impl TaskHandler for TakeIn {
    const IDENTIFIER: &'static str = "take_in";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let id = self.upload_id;
        uploads::take_in(queue::platform(&ctx)?, id)
            .await
            .inspect_err(|error| tracing::warn!(%id, %error, "an upload could not be checked"))
    }
}

/// What was removed is kept for so many days.
const REMOVED_DAYS: i64 = 30;

/// Lets go of files that were removed a month ago. Scheduled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ForgetRemoved;

impl TaskHandler for ForgetRemoved {
    const IDENTIFIER: &'static str = "forget_removed";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        forget_removed(queue::platform(&ctx)?).await
    }
}

/// Lets go of what was removed a month ago, and of which nobody can say that they read it.
pub async fn forget_removed(platform: &Platform) -> Result<()> {
    let before = platform.now() - TimeDelta::days(REMOVED_DAYS);
    materials::forget_removed(&mut *platform.db.acquire().await?, before).await
}
