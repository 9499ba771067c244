//! THE list of jobs and schedules.

use std::time::Duration;

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, Worker, WorkerContext, WorkerOptions};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::{self, factors::jobs::DropLostFactors},
    audit,
    media::jobs::{DrawAhead, SweepFiles, SweepUploads},
    ndas::{
        self,
        jobs::{LapseAndExpire, RemindOwners, SealNda, SealOverdue},
    },
    notifications,
    pitches::jobs::{ForgetRemoved, TakeIn},
    platform::{
        Platform,
        mail::SendMail,
        outbox::{self, Announce},
        queue,
    },
    reading,
    releases::{
        self,
        jobs::{SealOverdueReleases, SealRelease},
    },
    shared::error::Result,
    sharing,
};

/// Jobs carried out at once.
const CONCURRENCY: usize = 4;

/// A job whose worker has not been heard of for this long is somebody else's: its server was killed.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(90);

/// Runs jobs until `stop`, then finishes those under way. A worker ends when the database goes away; another takes over.
pub async fn run(platform: Platform, stop: CancellationToken) -> anyhow::Result<()> {
    while !stop.is_cancelled() {
        if let Err(error) = run_one(&platform, &stop).await {
            tracing::error!("the worker ended, another follows: {error}");
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(2)) => {}
                () = stop.cancelled() => {}
            }
        }
    }
    Ok(())
}

async fn run_one(platform: &Platform, stop: &CancellationToken) -> anyhow::Result<()> {
    let worker = worker(platform).await?;
    let mut running = std::pin::pin!(worker.run());
    tokio::select! {
        ended = &mut running => return Ok(ended?),
        () = stop.cancelled() => worker.request_shutdown(),
    }
    Ok(running.await?)
}

/// A worker that knows every job and schedule of the product.
pub async fn worker(platform: &Platform) -> anyhow::Result<Worker> {
    Ok(WorkerOptions::default()
        .pg_pool(platform.db.clone())
        .concurrency(CONCURRENCY)
        .poll_interval(Duration::from_secs(2))
        .add_extension(platform.clone())
        .listen_os_shutdown_signals(false)
        .heartbeat_interval(GIVEN_UP_AFTER / 6)
        .sweep_interval(GIVEN_UP_AFTER / 3)
        .sweep_threshold(GIVEN_UP_AFTER)
        .define_job::<Announce>()
        .define_job::<SendMail>()
        .define_job::<Sweep>()
        .with_cron("*/10 * * * * sweep")?
        .define_job::<DropLostFactors>()
        .with_cron("*/10 * * * * drop_lost_factors")?
        .define_job::<DrawAhead>()
        .define_job::<SweepFiles>()
        .with_cron("30 4 * * * sweep_files")?
        .define_job::<SweepUploads>()
        .with_cron("20 * * * * sweep_uploads")?
        .define_job::<TakeIn>()
        .define_job::<ForgetRemoved>()
        .with_cron("10 4 * * * forget_removed")?
        .define_job::<LapseAndExpire>()
        .with_cron("* * * * * ndas_lapse_and_expire")?
        .define_job::<RemindOwners>()
        .with_cron("7 * * * * ndas_remind")?
        .define_job::<SealNda>()
        .define_job::<SealOverdue>()
        .with_cron("*/5 * * * * ndas_seal_overdue")?
        .define_job::<SealRelease>()
        .define_job::<SealOverdueReleases>()
        .with_cron("*/5 * * * * releases_seal_overdue")?
        .init()
        .await?)
}

impl TaskHandler for Announce {
    const IDENTIFIER: &'static str = "announce";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let event = self.event_id;
        announce(queue::platform(&ctx)?, self)
            .await
            .inspect_err(|error| tracing::warn!(%event, %error, "an event was not told"))
    }
}

/// Tells every room that listens of one event, in one transaction: all of them hear it, or it is tried again.
async fn announce(platform: &Platform, job: Announce) -> Result<()> {
    let mut tx = platform.begin().await?;
    let event = outbox::load(&mut tx, job.event_id).await?;
    ndas::jobs::on_event(&mut tx, platform, &event).await?;
    releases::jobs::on_event(&mut tx, platform, &event).await?;
    notifications::jobs::on_event(&mut tx, platform, &event).await?;
    audit::jobs::on_event(&mut tx, &event).await?;
    Ok(tx.commit().await?)
}

/// Drops what is past its use, and writes down what was not.
#[derive(Debug, Serialize, Deserialize)]
struct Sweep;

impl TaskHandler for Sweep {
    const IDENTIFIER: &'static str = "sweep";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let platform = queue::platform(&ctx)?;
        accounts::service::sweep(platform).await?;
        reading::service::sweep(platform).await?;
        sharing::service::sweep(platform).await?;
        audit::jobs::catch_up(platform).await
    }
}
