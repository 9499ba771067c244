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
pub mod storage;

use std::sync::Arc;

use crate::shared::{error::Result, time::Time};

/// One of each thing outside.
#[derive(Clone, Debug)]
pub struct Platform {
    pub db: sqlx::PgPool,
    pub storage: storage::Storage,
    pub mail: mail::Mailer,
    pub clock: clock::Clock,
    pub limits: limits::Limits,
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
        let base = self.config.public_url.as_deref().unwrap_or("http://127.0.0.1:3000");
        format!("{}{path}", base.trim_end_matches('/'))
    }

    /// A Platform on a test's own database, with files in memory and mail in a folder of its own.
    #[cfg(test)]
    pub async fn for_tests(db: sqlx::PgPool) -> anyhow::Result<Self> {
        let dir = std::env::temp_dir().join(format!("pitchey-test-{}", uuid::Uuid::now_v7()));
        let config = config::Config::for_tests(&dir);
        Ok(Self {
            db,
            storage: storage::Storage::for_tests(),
            mail: mail::Mailer::open(&config)?,
            clock: clock::Clock::default(),
            limits: limits::Limits::new(&config.limits),
            config: Arc::new(config),
        })
    }
}
