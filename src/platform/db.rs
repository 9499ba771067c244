//! The database: connecting, migrating, and reading what a constraint said.

use std::time::Duration;

use anyhow::Context;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// The migrations, compiled in: the binary migrates on its own.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// Connects with a small pool; waiting more than 5 s for a connection is a refusal, not a hang.
pub async fn connect(url: &str, connections: u32) -> anyhow::Result<PgPool> {
    let options: PgConnectOptions = url.parse()?;
    Ok(PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(options.application_name("pitchey"))
        .await?)
}

/// Brings the schema up to date: ours and the job queue's. Several servers may do so at once.
pub async fn migrate(db: &PgPool) -> anyhow::Result<()> {
    MIGRATIONS.run(db).await.context("The database's schema could not be brought up to date")?;
    graphile_worker::WorkerUtils::new(db, "graphile_worker")
        .migrate()
        .await
        .context("The job queue's schema could not be brought up to date")
}

/// Whether `error` is a violation of the named unique index or check.
pub fn violates(error: &sqlx::Error, constraint: &str) -> bool {
    error.as_database_error().and_then(|e| e.constraint()) == Some(constraint)
}
