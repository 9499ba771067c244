//! The SQL of authenticator apps, recovery codes and half-done sign-ins.

use chrono::TimeDelta;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::shared::{error::Result, ids::AccountId, time::Time};

/// Which factors an account has on.
#[derive(Clone, Copy, Debug)]
pub struct On {
    pub app: bool,
    pub passkeys: bool,
    pub recovery_codes: i64,
}

impl On {
    pub fn any(self) -> bool {
        self.app || self.passkeys
    }
}

pub async fn on(db: &mut PgConnection, account: AccountId) -> Result<On> {
    Ok(sqlx::query_as!(
        On,
        r#"select exists (select from totp_factors where account_id = $1 and confirmed_at is not null) as "app!",
             exists (select from passkeys where account_id = $1) as "passkeys!",
             (select count(*) from recovery_codes where account_id = $1 and used_at is null) as "recovery_codes!""#,
        account.0
    )
    .fetch_one(db)
    .await?)
}

/// Changes of one account's factors wait for each other until the transaction ends.
pub async fn lock(db: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("select from accounts where id = $1 for update", account.0).fetch_one(db).await?;
    Ok(())
}

/// An authenticator app, its secret sealed.
pub struct App {
    pub id: Uuid,
    pub secret: Vec<u8>,
    pub last_step: i64,
    pub created_at: Time,
    pub last_used_at: Option<Time>,
}

pub async fn app(db: &mut PgConnection, account: AccountId) -> Result<Option<App>> {
    Ok(sqlx::query_as!(
        App,
        "select id, secret, last_step, created_at, last_used_at from totp_factors
         where account_id = $1 and confirmed_at is not null",
        account.0
    )
    .fetch_optional(db)
    .await?)
}

/// The one that is being set up since `after`.
pub async fn app_in_setup(db: &mut PgConnection, account: AccountId, after: Time) -> Result<Option<App>> {
    Ok(sqlx::query_as!(
        App,
        "select id, secret, last_step, created_at, last_used_at from totp_factors
         where account_id = $1 and confirmed_at is null and created_at > $2",
        account.0,
        after
    )
    .fetch_optional(db)
    .await?)
}

/// Keeps an app that is to be set up; an earlier one that was not finished is gone.
pub async fn insert_app(db: &mut PgConnection, account: AccountId, secret: &[u8], now: Time) -> Result<()> {
    drop_setup(&mut *db, account).await?;
    sqlx::query!(
        "insert into totp_factors (id, account_id, secret, created_at) values ($1, $2, $3, $4)",
        Uuid::now_v7(),
        account.0,
        secret,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn drop_setup(db: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("delete from totp_factors where account_id = $1 and confirmed_at is null", account.0)
        .execute(db)
        .await?;
    Ok(())
}

/// From now on `app` is the one that counts, in place of an earlier one.
pub async fn confirm_app(db: &mut PgConnection, account: AccountId, app: Uuid, step: i64, now: Time) -> Result<()> {
    drop_app(&mut *db, account).await?;
    sqlx::query!("update totp_factors set confirmed_at = $2, last_step = $3 where id = $1", app, now, step)
        .execute(db)
        .await?;
    Ok(())
}

/// Drops the app that counts; says whether there was one.
pub async fn drop_app(db: &mut PgConnection, account: AccountId) -> Result<bool> {
    let done = sqlx::query!("delete from totp_factors where account_id = $1 and confirmed_at is not null", account.0)
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes a code of `step`; of two that show the same one at once, one gets `true`.
pub async fn take_step(db: &mut PgConnection, app: Uuid, step: i64, now: Time) -> Result<bool> {
    let done = sqlx::query!(
        "update totp_factors set last_step = $2, last_used_at = $3 where id = $1 and last_step < $2",
        app,
        step,
        now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps new recovery codes, by their hashes; the old ones stop working.
pub async fn replace_recovery_codes(db: &mut PgConnection, account: AccountId, hashes: &[Vec<u8>]) -> Result<()> {
    sqlx::query!("delete from recovery_codes where account_id = $1", account.0).execute(&mut *db).await?;
    sqlx::query!(
        "insert into recovery_codes (account_id, code_hash) select $1, unnest($2::bytea[])",
        account.0,
        hashes
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes a recovery code; of two that show the same one at once, one gets `true`.
pub async fn take_recovery_code(db: &mut PgConnection, account: AccountId, hash: &[u8], now: Time) -> Result<bool> {
    let done = sqlx::query!(
        "update recovery_codes set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null",
        account.0,
        hash,
        now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Drops every factor and code of an account.
pub async fn drop_all(db: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("delete from totp_factors where account_id = $1", account.0).execute(&mut *db).await?;
    sqlx::query!("delete from passkeys where account_id = $1", account.0).execute(&mut *db).await?;
    replace_recovery_codes(db, account, &[]).await
}

/// Drops the factors that were made at `since` or later, and the codes with them: who made a factor may have seen those.
pub async fn drop_since(db: &mut PgConnection, account: AccountId, since: Time) -> Result<()> {
    let apps = sqlx::query!(
        "delete from totp_factors where account_id = $1 and (confirmed_at is null or confirmed_at >= $2)",
        account.0,
        since
    )
    .execute(&mut *db)
    .await?;
    let passkeys = sqlx::query!("delete from passkeys where account_id = $1 and created_at >= $2", account.0, since)
        .execute(&mut *db)
        .await?;
    if apps.rows_affected() + passkeys.rows_affected() == 0 {
        return Ok(());
    }
    replace_recovery_codes(db, account, &[]).await
}

/// Writes down that a sign-in waits for a factor, and by which first step it began.
pub async fn insert_half(
    db: &mut PgConnection,
    id: Uuid,
    account: AccountId,
    (began_with, next): (&str, &str),
    expires_at: Time,
) -> Result<()> {
    sqlx::query!(
        "insert into half_sign_ins (id, account_id, began_with, next, expires_at) values ($1, $2, $3, $4, $5)",
        id,
        account.0,
        began_with,
        next,
        expires_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A sign-in that waits for a factor.
pub struct Half {
    pub account: AccountId,
    /// By the password; else by a mailed link.
    pub by_password: bool,
}

/// Whose sign-in it is, if it still waits and may be tried.
pub async fn half(db: &mut PgConnection, id: Uuid, tries: i32, now: Time) -> Result<Option<Half>> {
    Ok(sqlx::query_as!(
        Half,
        r#"select account_id as "account: AccountId", began_with = 'password' as "by_password!" from half_sign_ins
           where id = $1 and tries < $2 and expires_at > $3"#,
        id,
        tries,
        now
    )
    .fetch_optional(db)
    .await?)
}

/// Counts one try, before it is looked at: however many come at once, no more than `tries` get an answer. Whose sign-in it
/// is, and the how-manieth try this was.
pub async fn try_half(db: &mut PgConnection, id: Uuid, tries: i32, now: Time) -> Result<Option<(AccountId, i32)>> {
    let row = sqlx::query!(
        r#"update half_sign_ins set tries = tries + 1 where id = $1 and tries < $2 and expires_at > $3
           returning account_id as "account: AccountId", tries"#,
        id,
        tries,
        now
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.account, row.tries)))
}

/// Takes the half-done sign-in away, once: where the person was going.
pub async fn take_half(db: &mut PgConnection, id: Uuid) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!("delete from half_sign_ins where id = $1 returning next", id).fetch_optional(db).await?)
}

/// Half-done sign-ins of an account end: its password is another one now, or all its sessions were ended.
pub async fn drop_halves(db: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("delete from half_sign_ins where account_id = $1", account.0).execute(db).await?;
    Ok(())
}

/// Wrong codes are counted beside wrong passwords, under a name that no email has.
pub async fn wrong_codes(db: &mut PgConnection, name: &[u8], since: Time) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from sign_in_failures where email_hash = $1 and at > $2"#,
        name,
        since
    )
    .fetch_one(db)
    .await?)
}

/// Takes back one count from `address` at `at`.
pub async fn uncount(db: &mut PgConnection, name: &[u8], address: &str, at: Time) -> Result<()> {
    sqlx::query!("delete from sign_in_failures where email_hash = $1 and address = $2 and at = $3", name, address, at)
        .execute(db)
        .await?;
    Ok(())
}

/// Drops what waited in vain.
pub async fn sweep(db: &mut PgConnection, now: Time) -> Result<()> {
    sqlx::query!("delete from half_sign_ins where expires_at < $1", now).execute(&mut *db).await?;
    sqlx::query!("delete from passkey_challenges where expires_at < $1", now).execute(&mut *db).await?;
    let begun = now - TimeDelta::days(1);
    sqlx::query!("delete from totp_factors where confirmed_at is null and created_at < $1", begun).execute(db).await?;
    Ok(())
}
