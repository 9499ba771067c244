//! Commands on the database itself.

use std::{ffi::OsString, os::unix::process::CommandExt};

use anyhow::{Context, bail};
use clap::Subcommand;
use pitchey::platform::{config::Config, embedded_postgres};

use super::say;

#[derive(Subcommand)]
pub enum Postgres {
    /// Start it, print its address and leave it running.
    Start,
    /// Stop one that was left running.
    Stop,
}

pub async fn postgres(command: Postgres) -> anyhow::Result<()> {
    let config = Config::load()?;
    match command {
        Postgres::Start => say(embedded_postgres::start_and_leave(&config.data_dir).await?),
        Postgres::Stop => embedded_postgres::stop(&config.data_dir).await,
    }
}

/// Becomes psql, on `DATABASE_URL` or on the own Postgres that runs.
pub async fn psql(arguments: Vec<OsString>) -> anyhow::Result<()> {
    let config = Config::load()?;
    let url = match config.database_url {
        Some(url) => url,
        None => match embedded_postgres::running_url(&config.data_dir).await {
            Some(url) => url,
            None => {
                bail!("No server is running on {}: start one, or `pitchey postgres start`.", config.data_dir.display())
            }
        },
    };
    let psql = embedded_postgres::program("psql");
    let error = std::process::Command::new(&psql).arg(url).args(arguments).exec();
    Err(error).with_context(|| format!("{} could not be started", psql.display()))
}
