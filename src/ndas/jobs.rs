//! What happens to NDAs without anyone pressing a button.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{sealing, service, store};
use crate::{
    pitches::rules::why_offline,
    platform::{Platform, outbox::Event, queue},
    shared::{
        error::{AppError, Result},
        ids::{NdaId, PitchId},
    },
};

/// Records lapse and expiry; every minute. A schedule queues its job with a payload of null, which is a unit.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct LapseAndExpire;

impl TaskHandler for LapseAndExpire {
    const IDENTIFIER: &'static str = "ndas_lapse_and_expire";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let ended = service::lapse_and_expire(queue::platform(&ctx)?).await?;
        if ended > 0 {
            tracing::info!(ended, "NDAs lapsed or expired");
        }
        Ok::<(), AppError>(())
    }
}

/// Reminds owners of requests; every hour.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RemindOwners;

impl TaskHandler for RemindOwners {
    const IDENTIFIER: &'static str = "ndas_remind";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let reminded = service::remind(queue::platform(&ctx)?).await?;
        if reminded > 0 {
            tracing::info!(reminded, "owners were reminded of requests");
        }
        Ok::<(), AppError>(())
    }
}

/// Makes the paper of an NDA; queued with its last signature.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealNda {
    pub nda_id: NdaId,
}

impl TaskHandler for SealNda {
    const IDENTIFIER: &'static str = "ndas_seal";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let nda = self.nda_id;
        sealing::seal(queue::platform(&ctx)?, nda)
            .await
            .inspect_err(|error| tracing::warn!(%nda, %error, "the paper of an NDA could not be made"))
    }
}

/// Makes papers whose job died; every five minutes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SealOverdue;

impl TaskHandler for SealOverdue {
    const IDENTIFIER: &'static str = "ndas_seal_overdue";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let made = sealing::look_after(queue::platform(&ctx)?).await?;
        if made > 0 {
            tracing::warn!(made, "papers of NDAs were overdue");
        }
        Ok::<(), AppError>(())
    }
}

/// A pitch that goes offline takes its open NDAs with it: requests are declined, approvals revoked. Signed ones stay.
/// Hearing of the same event twice changes nothing, nor does hearing of it when the pitch is published again.
pub async fn on_event(tx: &mut PgConnection, platform: &Platform, event: &Event) -> Result<()> {
    let Some(reason) = why_offline(&event.kind) else { return Ok(()) };
    let now = platform.now();
    for nda in store::lock_open_of_pitch(tx, PitchId(event.subject), event.at).await? {
        service::close(tx, platform, None, &nda, reason, now).await?;
    }
    Ok(())
}
