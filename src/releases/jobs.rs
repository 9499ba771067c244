//! What happens to releases without anyone pressing a button.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{model::ReleaseStatus, sealing, service, store};
use crate::{
    pitches::rules::why_offline,
    platform::{Platform, outbox::Event, queue},
    shared::{
        error::{AppError, Result},
        ids::{PitchId, ReleaseId},
    },
};

/// Makes the paper of a release; queued with the owner's signature.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealRelease {
    pub release_id: ReleaseId,
}

impl TaskHandler for SealRelease {
    const IDENTIFIER: &'static str = "releases_seal";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let release = self.release_id;
        sealing::seal(queue::platform(&ctx)?, release)
            .await
            .inspect_err(|error| tracing::warn!(%release, %error, "the paper of a release could not be made"))
    }
}

/// Makes papers whose job died; every five minutes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SealOverdueReleases;

impl TaskHandler for SealOverdueReleases {
    const IDENTIFIER: &'static str = "releases_seal_overdue";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let made = sealing::look_after(queue::platform(&ctx)?).await?;
        if made > 0 {
            tracing::warn!(made, "papers of releases were overdue");
        }
        Ok::<(), AppError>(())
    }
}

/// A pitch that goes offline takes what is offered on it along: such offers are withdrawn. Signed releases stay. Hearing of the
/// same event twice changes nothing, nor does hearing of it when the pitch is published again.
pub async fn on_event(tx: &mut PgConnection, platform: &Platform, event: &Event) -> Result<()> {
    let Some(reason) = why_offline(&event.kind) else { return Ok(()) };
    for release in store::lock_open_of_pitch(tx, PitchId(event.subject), event.at).await? {
        service::close(tx, platform, None, &release, ReleaseStatus::Withdrawn, reason).await?;
    }
    Ok(())
}
