//! The outside world, on the server only: database, queue, files, mail, clock, settings.
//! `Platform` holds one of each and is cheap to clone; every service gets at the world through it.

pub mod clock;
pub mod config;
pub mod db;
pub mod embedded_postgres;
pub mod limits;
pub mod mail;
pub mod outbox;
pub mod queue;
pub mod seal;
pub mod storage;
pub mod typeset;
pub mod vault;

use std::{io::Write, path::Path, sync::Arc};

use anyhow::Context;

use crate::shared::{error::Result, time::Time};

/// One of each thing outside.
#[derive(Clone, Debug)]
pub struct Platform {
    pub db: sqlx::PgPool,
    pub storage: storage::Storage,
    pub mail: mail::Mailer,
    pub clock: clock::Clock,
    pub limits: limits::Limits,
    pub seal: Arc<seal::Seal>,
    pub config: Arc<config::Config>,
}

impl Platform {
    /// Now, by the clock that tests and `clock advance` can move.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Begins a transaction. Dropping it undoes everything.
    pub async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Postgres>> {
        Ok(self.db.begin().await?)
    }

    /// The absolute address of a path of ours, for mails.
    pub fn link(&self, path: &str) -> String {
        let base = self.config.public_url.as_deref().unwrap_or(&self.config.local_url);
        format!("{base}{path}")
    }
}

/// A Platform and, without `DATABASE_URL`, the Postgres that was started for it.
#[derive(Debug)]
pub struct Started {
    pub platform: Platform,
    postgres: Option<embedded_postgres::Running>,
}

impl Started {
    /// Closes what was opened, the own Postgres last.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.platform.db.close().await;
        match self.postgres {
            Some(postgres) => postgres.stop().await,
            None => Ok(()),
        }
    }
}

/// Connections to the database that a server holds at most; a command needs few.
const SERVER_CONNECTIONS: u32 = 20;
const COMMAND_CONNECTIONS: u32 = 2;

impl Platform {
    /// Everything that the settings name, for a server: it has the data folder to itself.
    pub async fn start(config: config::Config) -> anyhow::Result<Started> {
        prepare(&config.data_dir)?;
        let postgres = match config.database_url {
            Some(_) => None,
            None => Some(embedded_postgres::start(&config.data_dir).await?),
        };
        Self::assemble(config, postgres, SERVER_CONNECTIONS).await
    }

    /// The same for a command, which works beside a running server and without one.
    pub async fn beside(config: config::Config) -> anyhow::Result<Started> {
        prepare(&config.data_dir)?;
        let postgres = match config.database_url {
            Some(_) => None,
            None => Some(embedded_postgres::borrow(&config.data_dir).await?),
        };
        Self::assemble(config, postgres, COMMAND_CONNECTIONS).await
    }

    async fn assemble(
        config: config::Config,
        postgres: Option<embedded_postgres::Running>,
        connections: u32,
    ) -> anyhow::Result<Started> {
        let url = postgres.as_ref().map(|p| p.url().to_owned()).or(config.database_url.clone()).unwrap_or_default();
        match Self::open(config, &url, connections).await {
            Ok(platform) => Ok(Started { platform, postgres }),
            Err(error) => {
                if let Some(postgres) = postgres {
                    postgres.stop().await?;
                }
                Err(error)
            }
        }
    }

    async fn open(config: config::Config, url: &str, connections: u32) -> anyhow::Result<Self> {
        let db = db::connect(url, connections).await.context("The database cannot be reached")?;
        db::migrate(&db).await?;
        let clock = clock::Clock::default();
        if !config.production {
            clock.sync(&db).await?;
        }
        Ok(Self {
            db,
            storage: storage::Storage::open(&config)?,
            mail: mail::Mailer::open(&config)?,
            clock,
            limits: limits::Limits::new(&config.limits),
            seal: Arc::new(seal::Seal::open(&config)?),
            config: Arc::new(config),
        })
    }

    /// A Platform on a test's own database, with files in memory and mail in a folder that goes away.
    #[cfg(test)]
    pub async fn for_tests(db: sqlx::PgPool) -> anyhow::Result<Self> {
        let config = config::Config::for_tests(Path::new("/nowhere"));
        Ok(Self {
            db,
            storage: storage::Storage::for_tests(),
            mail: mail::Mailer::for_tests(),
            clock: clock::Clock::default(),
            limits: limits::Limits::new(&config.limits),
            seal: Arc::new(seal::Seal::for_tests()),
            config: Arc::new(config),
        })
    }
}

/// Makes the data folder and makes sure, before anything else, that it takes data.
fn prepare(data_dir: &Path) -> anyhow::Result<()> {
    let probe = data_dir.join(".probe");
    let tried = std::fs::create_dir_all(data_dir)
        .and_then(|()| std::fs::read_dir(data_dir).map(drop))
        .and_then(|()| std::fs::File::create(&probe))
        .and_then(|mut file| file.write_all(&[0; 64 << 10]).and_then(|()| file.sync_all()));
    let _ = std::fs::remove_file(&probe);
    tried.map_err(|error| embedded_postgres::unusable(data_dir, &error))
}
