//! THE list of jobs and schedules.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};

use crate::{platform::{Platform, outbox::{self, Announce}}, shared::error::{AppError, Result}};

impl TaskHandler for Announce {
    const IDENTIFIER: &'static str = "announce";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        announce(platform(&ctx)?, self).await
    }
}

/// The Platform that the worker was started with.
pub fn platform(ctx: &WorkerContext) -> Result<&Platform> {
    ctx.get_ext::<Platform>().ok_or_else(|| AppError::internal("the worker runs without a Platform"))
}

/// Tells every room that listens of one event, in one transaction: all of them hear it, or it is tried again.
async fn announce(platform: &Platform, job: Announce) -> Result<()> {
    let mut tx = platform.begin().await?;
    let _event = outbox::load(&mut tx, job.event_id).await?;
    Ok(tx.commit().await?)
}
