//! The one place that asks the machine for the time. In development it can be moved forward, so that lapse and expiry
//! can be seen; the offset lives in the database, where every process of the product finds it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use crate::shared::{error::Result, time::Time};

/// The clock; clones share their offset.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// Now, to the microsecond: what Postgres keeps.
    #[expect(clippy::disallowed_methods, reason = "this is where the machine's clock is read")]
    pub fn now(&self) -> Time {
        let now = Utc::now() + TimeDelta::seconds(self.offset_seconds.load(Ordering::Relaxed));
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }

    /// Moves this process's clock forward.
    pub fn advance(&self, by: TimeDelta) {
        self.offset_seconds.fetch_add(by.num_seconds(), Ordering::Relaxed);
    }

    /// Takes over the offset that `clock advance` left in the database.
    pub async fn sync(&self, db: &PgPool) -> Result<()> {
        let seconds = sqlx::query_scalar!("select value::bigint from settings where key = 'clock_offset_seconds'")
            .fetch_optional(db)
            .await?
            .flatten();
        self.offset_seconds.store(seconds.unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }

    /// Moves the clock of every process forward (development only; the caller checks).
    pub async fn advance_for_all(&self, db: &PgPool, by: TimeDelta) -> Result<()> {
        sqlx::query!(
            "insert into settings (key, value) values ('clock_offset_seconds', to_jsonb($1::bigint))
             on conflict (key) do update set value = to_jsonb(settings.value::bigint + $1::bigint)",
            by.num_seconds(),
        )
        .execute(db)
        .await?;
        self.sync(db).await
    }
}
