//! The SQL of sessions as people see them, and of known browsers.

use sqlx::PgConnection;

use crate::shared::{error::Result, ids::AccountId, time::Time};

/// A session of an account.
pub struct Row {
    pub id_hash: Vec<u8>,
    pub address: String,
    pub user_agent: String,
    pub created_at: Time,
    pub seen_at: Time,
}

pub async fn sessions(db: &mut PgConnection, account: AccountId, now: Time) -> Result<Vec<Row>> {
    Ok(sqlx::query_as!(
        Row,
        "select id_hash, address, user_agent, created_at, seen_at from sessions
         where account_id = $1 and expires_at > $2 order by seen_at desc limit 100",
        account.0,
        now
    )
    .fetch_all(db)
    .await?)
}

/// Ends one session of `account`; says whether there was one.
pub async fn end(db: &mut PgConnection, account: AccountId, id_hash: &[u8]) -> Result<bool> {
    let done = sqlx::query!("delete from sessions where account_id = $1 and id_hash = $2", account.0, id_hash)
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends all sessions of `account` but one; how many there were.
pub async fn end_others(db: &mut PgConnection, account: AccountId, here: &[u8]) -> Result<u64> {
    let done = sqlx::query!("delete from sessions where account_id = $1 and id_hash <> $2", account.0, here)
        .execute(db)
        .await?;
    Ok(done.rows_affected())
}

/// What was known of a browser before it signed in now.
pub struct Known {
    /// This browser.
    pub this: bool,
    /// Any browser: an account's first needs no mail.
    pub any: bool,
}

/// Notes that a browser has signed in, and says whether it was known.
pub async fn meet(db: &mut PgConnection, account: AccountId, device_hash: &[u8], now: Time) -> Result<Known> {
    let known = sqlx::query_as!(
        Known,
        r#"select exists (select from known_devices where account_id = $1 and device_hash = $2) as "this!",
             exists (select from known_devices where account_id = $1) as "any!""#,
        account.0,
        device_hash
    )
    .fetch_one(&mut *db)
    .await?;
    sqlx::query!(
        "insert into known_devices (account_id, device_hash, first_seen_at, last_seen_at) values ($1, $2, $3, $3)
         on conflict (account_id, device_hash) do update set last_seen_at = excluded.last_seen_at",
        account.0,
        device_hash,
        now
    )
    .execute(db)
    .await?;
    Ok(known)
}

/// Forgets every browser of `account`.
pub async fn forget(db: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("delete from known_devices where account_id = $1", account.0).execute(db).await?;
    Ok(())
}
