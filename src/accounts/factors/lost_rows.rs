//! The SQL of lost factors.

use chrono::TimeDelta;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::shared::{error::Result, ids::AccountId, time::Time};

pub async fn due(db: &mut PgConnection, account: AccountId) -> Result<Option<Time>> {
    Ok(sqlx::query_scalar!(
        "select due_at from factor_resets where account_id = $1 and cancelled_at is null and done_at is null",
        account.0
    )
    .fetch_optional(db)
    .await?)
}

/// Writes a request down; a second open one violates `one_open_factor_reset`.
pub async fn insert(
    db: &mut PgConnection,
    id: Uuid,
    account: AccountId,
    address: &str,
    (now, due): (Time, Time),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into factor_resets (id, account_id, address, asked_at, due_at, told_at) values ($1, $2, $3, $4, $5, $4)",
        id,
        account.0,
        address,
        now,
        due
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whose open request it is.
pub async fn account(db: &mut PgConnection, id: Uuid) -> Result<Option<AccountId>> {
    Ok(sqlx::query_scalar!(
        r#"select account_id as "id: AccountId" from factor_resets where id = $1 and cancelled_at is null and done_at is null"#,
        id
    )
    .fetch_optional(db)
    .await?)
}

/// Stops the open request of `account`; says whether there was one.
pub async fn cancel(db: &mut PgConnection, account: AccountId, now: Time) -> Result<bool> {
    let done = sqlx::query!(
        "update factor_resets set cancelled_at = $2 where account_id = $1 and cancelled_at is null and done_at is null",
        account.0,
        now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// An open request.
pub struct Open {
    pub id: Uuid,
    pub account: AccountId,
    pub due_at: Time,
    pub told_at: Time,
}

/// One that is due, or whose person was not mailed for a day; nobody else works on it.
pub async fn lock_next(db: &mut PgConnection, now: Time) -> Result<Option<Open>> {
    Ok(sqlx::query_as!(
        Open,
        r#"select id, account_id as "account: AccountId", due_at, told_at from factor_resets
           where cancelled_at is null and done_at is null and (due_at <= $1 or told_at <= $2)
           order by due_at limit 1 for update skip locked"#,
        now,
        now - TimeDelta::days(1)
    )
    .fetch_optional(db)
    .await?)
}

pub async fn told(db: &mut PgConnection, id: Uuid, now: Time) -> Result<()> {
    sqlx::query!("update factor_resets set told_at = $2 where id = $1", id, now).execute(db).await?;
    Ok(())
}

pub async fn done(db: &mut PgConnection, id: Uuid, now: Time) -> Result<()> {
    sqlx::query!("update factor_resets set done_at = $2 where id = $1", id, now).execute(db).await?;
    Ok(())
}
