//! Work on pitches that nobody waits for.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::uploads;
use crate::{platform::queue, shared::ids::FileId};

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
