//! The SQL of changed addresses.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    accounts::model::Viewer,
    shared::{error::Result, ids::AccountId, time::Time},
};

/// Asks for another address; what was asked before and not confirmed has ended.
pub async fn ask(
    db: &mut PgConnection,
    id: Uuid,
    account: AccountId,
    (old, new): (&Viewer, &str),
    now: Time,
) -> Result<()> {
    end_waiting(&mut *db, account, now).await?;
    sqlx::query!(
        "insert into email_changes (id, account_id, old_email, old_verified, new_email, asked_at)
         values ($1, $2, $3, $4, $5, $6)",
        id,
        account.0,
        old.email,
        old.email_verified,
        new,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends what was asked for and not confirmed.
pub async fn end_waiting(db: &mut PgConnection, account: AccountId, now: Time) -> Result<()> {
    sqlx::query!(
        "update email_changes set ended_at = $2 where account_id = $1 and confirmed_at is null and ended_at is null",
        account.0,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A change of address.
pub struct Change {
    pub account: AccountId,
    pub old_email: String,
    /// Whether the old one was known to be theirs when they asked.
    pub old_verified: bool,
    pub new_email: String,
    pub asked_at: Time,
    pub confirmed: bool,
}

/// Confirms a change that was asked for after `since`, once.
pub async fn confirm(db: &mut PgConnection, id: Uuid, since: Time, now: Time) -> Result<Option<Change>> {
    Ok(sqlx::query_as!(
        Change,
        r#"update email_changes c set confirmed_at = $3 from accounts a
           where c.id = $1 and c.asked_at > $2 and c.confirmed_at is null and c.ended_at is null
             and a.id = c.account_id and a.email = c.old_email
           returning c.account_id as "account: AccountId", c.old_email, c.old_verified, c.new_email, c.asked_at,
             true as "confirmed!""#,
        id,
        since,
        now
    )
    .fetch_optional(db)
    .await?)
}

/// Ends a change that was not confirmed yet, or was after `since` and away from an address that was verified; once.
pub async fn end(db: &mut PgConnection, id: Uuid, since: Time, now: Time) -> Result<Option<Change>> {
    Ok(sqlx::query_as!(
        Change,
        r#"update email_changes set ended_at = $3
           where id = $1 and ended_at is null and (confirmed_at is null or (old_verified and confirmed_at > $2))
           returning account_id as "account: AccountId", old_email, old_verified, new_email, asked_at,
             confirmed_at is not null as "confirmed!""#,
        id,
        since,
        now
    )
    .fetch_optional(db)
    .await?)
}

/// Everything that was changed since `id` was asked for ends with it.
pub async fn end_later(db: &mut PgConnection, account: AccountId, id: Uuid, now: Time) -> Result<()> {
    sqlx::query!(
        "update email_changes set ended_at = $3
         where account_id = $1 and ended_at is null and asked_at >= (select asked_at from email_changes where id = $2)",
        account.0,
        id,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The address that waits to be confirmed.
pub async fn waiting(db: &mut PgConnection, account: AccountId, since: Time) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "select new_email from email_changes
         where account_id = $1 and asked_at > $2 and confirmed_at is null and ended_at is null",
        account.0,
        since
    )
    .fetch_optional(db)
    .await?)
}

/// Whether somebody else had this address after `since` and may take it back.
pub async fn is_held(db: &mut PgConnection, account: AccountId, email: &str, since: Time) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from email_changes where lower(old_email) = lower($2) and old_verified
             and account_id <> $1 and ended_at is null and confirmed_at > $3) as "held!""#,
        account.0,
        email,
        since
    )
    .fetch_one(db)
    .await?)
}

/// Writes the account's address; somebody else's violates `accounts_email`.
pub async fn set_email(db: &mut PgConnection, account: AccountId, email: &str, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!("update accounts set email = $2, email_verified_at = $3 where id = $1", account.0, email, now)
        .execute(db)
        .await?;
    Ok(())
}
