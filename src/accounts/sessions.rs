//! Sessions for tower-sessions in our own table: the token is kept hashed, the row names the account, so that sessions
//! can be listed and ended. A session lives 24 hours after it was last seen, 30 days at most.

use async_trait::async_trait;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store,
};
use uuid::Uuid;

use crate::{platform::Platform, shared::time::Time};

/// Keys of the session's data.
pub mod key {
    /// The account that is signed in.
    pub const ACCOUNT: &str = "account_id";
    /// When the person last proved who they are.
    pub const PROVED_AT: &str = "proved_at";
    /// When they signed in; a new token does not make the session younger.
    pub const STARTED_AT: &str = "started_at";
    /// When the session was last written for being seen.
    pub const SEEN_AT: &str = "seen_at";
    /// From where.
    pub const ADDRESS: &str = "address";
    pub const USER_AGENT: &str = "user_agent";
    /// The sign-in that waits for a second factor (`factors::sign_in`).
    pub const HALF: &str = "half";
    /// Recovery codes that were made just now, sealed, and when.
    pub const NEW_CODES: &str = "new_codes";
    /// What a refused form hands to the next page.
    pub const FLASH: &str = "flash";
    /// What was found in the file that this browser sent to be checked last.
    pub const CHECKED: &str = "checked";
}

/// The cookie that holds the token.
pub const SESSION_COOKIE: &str = "__Host-session";
/// Hours a session lives after it was last seen.
pub const IDLE_HOURS: i64 = 24;
const GUEST_HOURS: i64 = 2;
const ABSOLUTE_DAYS: i64 = 30;

/// tower-sessions' store on the `sessions` table.
#[derive(Clone, Debug)]
pub struct Sessions {
    platform: Platform,
}

impl Sessions {
    pub fn new(platform: Platform) -> Self {
        Self { platform }
    }
}

/// How long a session lives after now: one without an account only holds what a guest's refused form hands on.
fn lives(account: Option<Uuid>) -> TimeDelta {
    TimeDelta::hours(if account.is_some() { IDLE_HOURS } else { GUEST_HOURS })
}

/// What is kept of a token.
pub fn hashed(id: &Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

fn backend(error: impl std::fmt::Display) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

fn text<'a>(record: &'a Record, key: &str) -> &'a str {
    record.data.get(key).and_then(|v| v.as_str()).unwrap_or_default()
}

/// When the person signed in; a guest's session starts when it is made.
fn started(record: &Record, now: Time) -> Time {
    record.data.get(key::STARTED_AT).and_then(|v| serde_json::from_value(v.clone()).ok()).unwrap_or(now)
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let now = self.platform.now();
        let account = text(record, key::ACCOUNT).parse::<Uuid>().ok();
        sqlx::query!(
            "insert into sessions (id_hash, account_id, data, address, user_agent, created_at, seen_at, expires_at)
             values ($1, $2, $3, $4, $5, $8::timestamptz, $6, least($7, $8::timestamptz + make_interval(days => $9)))",
            hashed(&record.id),
            account,
            serde_json::to_value(&record.data).map_err(backend)?,
            text(record, key::ADDRESS),
            text(record, key::USER_AGENT),
            now,
            now + lives(account),
            started(record, now),
            ABSOLUTE_DAYS as i32,
        )
        .execute(&self.platform.db)
        .await
        .map_err(backend)?;
        Ok(())
    }

    /// Writes a session that is there; one that was ended meanwhile stays ended.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let now = self.platform.now();
        let account = text(record, key::ACCOUNT).parse::<Uuid>().ok();
        sqlx::query!(
            "update sessions set account_id = $2, data = $3, address = $4, user_agent = $5, seen_at = $6,
                expires_at = least($7, created_at + make_interval(days => $8))
             where id_hash = $1",
            hashed(&record.id),
            account,
            serde_json::to_value(&record.data).map_err(backend)?,
            text(record, key::ADDRESS),
            text(record, key::USER_AGENT),
            now,
            now + lives(account),
            ABSOLUTE_DAYS as i32,
        )
        .execute(&self.platform.db)
        .await
        .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let row = sqlx::query!(
            "select data from sessions where id_hash = $1 and expires_at > $2",
            hashed(id),
            self.platform.now()
        )
        .fetch_optional(&self.platform.db)
        .await
        .map_err(backend)?;
        row.map(|row| {
            let data = serde_json::from_value(row.data).map_err(backend)?;
            // Only the cookie's age is made from this; the row decides.
            let expiry_date = OffsetDateTime::now_utc() + time::Duration::hours(IDLE_HOURS);
            Ok(Record { id: *id, data, expiry_date })
        })
        .transpose()
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        sqlx::query!("delete from sessions where id_hash = $1", hashed(id))
            .execute(&self.platform.db)
            .await
            .map_err(backend)?;
        Ok(())
    }
}
