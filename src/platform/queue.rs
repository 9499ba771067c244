//! The job queue: graphile_worker on our own Postgres. A job is queued in the transaction that causes it, so that
//! neither exists without the other; it is retried with backoff and ends, at worst, among the dead letters.

use graphile_worker::{TaskHandler, WorkerContext};
use sqlx::PgConnection;

use super::Platform;
use crate::shared::{
    error::{AppError, Result},
    time::Time,
};

/// How often a job is tried before it counts as dead: about a day and a half with the queue's backoff.
const ATTEMPTS: i16 = 12;

/// Queues `job` in the caller's transaction.
pub async fn add<J: TaskHandler>(tx: &mut PgConnection, job: &J) -> Result<()> {
    let payload = serde_json::to_value(job).map_err(AppError::internal)?;
    sqlx::query("select graphile_worker.add_job(identifier => $1, payload => $2::json, max_attempts => $3::int)")
        .bind(J::IDENTIFIER)
        .bind(payload)
        .bind(i32::from(ATTEMPTS))
        .execute(tx)
        .await?;
    Ok(())
}

/// The Platform that the worker was started with.
pub fn platform(ctx: &WorkerContext) -> Result<&Platform> {
    ctx.get_ext::<Platform>().ok_or_else(|| AppError::internal("the worker runs without a Platform"))
}

/// A job that failed for good.
#[derive(Debug, sqlx::FromRow)]
pub struct DeadLetter {
    pub id: i64,
    pub task: String,
    pub attempts: i16,
    pub last_error: Option<String>,
    pub queued_at: Time,
}

/// The jobs that used up their attempts, newest first, at most a hundred.
pub async fn dead_letters(db: &sqlx::PgPool) -> Result<Vec<DeadLetter>> {
    Ok(sqlx::query_as(
        "select j.id, t.identifier as task, j.attempts, j.last_error, j.created_at as queued_at
         from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
         where j.attempts >= j.max_attempts order by j.id desc limit 100",
    )
    .fetch_all(db)
    .await?)
}
