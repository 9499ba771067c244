//! The SQL of accounts.

use chrono::TimeDelta;
use sqlx::PgConnection;

use super::{
    model::{Kind, PublicProfile, Seat, SeatRole, Viewer},
    rules::NewAccount,
};
use crate::shared::{
    error::Result,
    ids::{AccountId, OrganisationId},
    time::Time,
};

/// What signing in needs to know of an account.
pub struct Credentials {
    pub id: AccountId,
    /// As the account has it; what was typed may be spelled otherwise.
    pub email: String,
    pub kind: Kind,
    pub password_hash: Option<String>,
}

pub async fn credentials_by_email(db: &mut PgConnection, email: &str) -> Result<Option<Credentials>> {
    // Postgres takes no NUL in a text, so it is in nobody's address.
    if email.contains('\0') {
        return Ok(None);
    }
    Ok(sqlx::query_as!(
        Credentials,
        r#"select id as "id: AccountId", email, kind as "kind: Kind", password_hash from accounts where lower(email) = lower($1)"#,
        email
    )
    .fetch_optional(db)
    .await?)
}

pub async fn password_hash(db: &mut PgConnection, id: AccountId) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!("select password_hash from accounts where id = $1", id.0).fetch_one(db).await?)
}

/// The person as every page knows them; one query. `fresh` is the session's to say.
pub async fn viewer(db: &mut PgConnection, id: AccountId, fresh: bool) -> Result<Option<Viewer>> {
    let row = sqlx::query!(
        r#"select a.kind as "kind: Kind", a.name, a.email, a.handle, a.avatar_id as "avatar: crate::shared::ids::FileId",
             a.email_verified_at is not null as "email_verified!",
             exists (select from verifications v where v.account_id = a.id) as "buyer_verified!",
             a.demo, o.id as "organisation?: OrganisationId", o.name as "organisation_name?", s.role as "role?: SeatRole"
           from accounts a left join seats s on s.account_id = a.id left join organisations o on o.id = s.organisation_id
           where a.id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Viewer {
        id,
        kind: row.kind,
        name: row.name,
        email: row.email,
        handle: row.handle,
        avatar: row.avatar,
        email_verified: row.email_verified,
        buyer_verified: row.buyer_verified && row.kind.is_buyer(),
        seat: match (row.organisation, row.organisation_name, row.role) {
            (Some(organisation), Some(organisation_name), Some(role)) => {
                Some(Seat { organisation, organisation_name, role })
            }
            _ => None,
        },
        fresh,
        demo: row.demo,
    }))
}

/// Whether `handle` is somebody's.
pub async fn handle_is_taken(db: &mut PgConnection, handle: &str) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"select exists (select from accounts where handle = $1) as "taken!""#, handle)
        .fetch_one(db)
        .await?)
}

/// Keeps others from taking `handle` until the transaction ends.
pub async fn lock_handle(db: &mut PgConnection, handle: &str) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('handle:' || $1, 0))", handle).execute(db).await?;
    Ok(())
}

/// Inserts the account unless its email is somebody's already, or was until lately and may be taken back; says whether it did.
pub async fn insert(
    db: &mut PgConnection,
    id: AccountId,
    account: &NewAccount,
    handle: &str,
    password_hash: Option<&str>,
    now: Time,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into accounts (id, kind, email, name, handle, password_hash, created_at)
         select $1, $2, $3, $4, $5, $6, $7
         where not exists (select from email_changes where lower(old_email) = lower($3) and old_verified and ended_at is null
                             and confirmed_at > $7::timestamptz - interval '72 hours')
         on conflict (lower(email)) do nothing",
        id.0,
        account.kind.word(),
        account.email,
        account.name,
        handle,
        password_hash,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn insert_organisation(
    db: &mut PgConnection,
    name: &str,
    owner: AccountId,
    now: Time,
) -> Result<OrganisationId> {
    let id = OrganisationId::new();
    sqlx::query!("insert into organisations (id, name, created_at) values ($1, $2, $3)", id.0, name, now)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "insert into seats (organisation_id, account_id, role, created_at) values ($1, $2, 'owner', $3)",
        id.0,
        owner.0,
        now
    )
    .execute(db)
    .await?;
    Ok(id)
}

pub async fn insert_consent(
    db: &mut PgConnection,
    account: AccountId,
    kind: &str,
    version: &str,
    now: Time,
) -> Result<()> {
    sqlx::query!(
        "insert into consents (account_id, kind, version, at) values ($1, $2, $3, $4) on conflict do nothing",
        account.0,
        kind,
        version,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A link's token, kept as its hash.
pub struct NewToken<'a> {
    pub hash: &'a [u8],
    pub account: AccountId,
    pub purpose: &'a str,
    pub email: &'a str,
    pub expires_at: Time,
}

/// Keeps a token; earlier ones of the same purpose stop working.
pub async fn insert_token(db: &mut PgConnection, token: NewToken<'_>, now: Time) -> Result<()> {
    sqlx::query!(
        "update mail_tokens set used_at = $3 where account_id = $1 and purpose = $2 and used_at is null",
        token.account.0,
        token.purpose,
        now
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into mail_tokens (token_hash, account_id, purpose, email, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        token.hash,
        token.account.0,
        token.purpose,
        token.email,
        now,
        token.expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Uses a token up, once: whose it was, if it still works and was sent to the account's present email.
pub async fn use_token(db: &mut PgConnection, hash: &[u8], purposes: &[&str], now: Time) -> Result<Option<AccountId>> {
    let purposes: Vec<String> = purposes.iter().map(|p| p.to_string()).collect();
    Ok(sqlx::query_scalar!(
        r#"update mail_tokens t set used_at = $3 from accounts a
           where t.token_hash = $1 and t.purpose = any($2) and t.used_at is null and t.expires_at > $3
             and a.id = t.account_id and lower(a.email) = lower(t.email)
           returning t.account_id as "id: AccountId""#,
        hash,
        &purposes,
        now
    )
    .fetch_optional(db)
    .await?)
}

pub async fn set_email_verified(db: &mut PgConnection, id: AccountId, now: Time) -> Result<()> {
    sqlx::query!("update accounts set email_verified_at = coalesce(email_verified_at, $2) where id = $1", id.0, now)
        .execute(db)
        .await?;
    Ok(())
}

pub async fn set_password(db: &mut PgConnection, id: AccountId, hash: &str) -> Result<()> {
    sqlx::query!("update accounts set password_hash = $2 where id = $1", id.0, hash).execute(db).await?;
    Ok(())
}

/// Notes that a mailbox alone has vouched for the password.
pub async fn password_was_reset(db: &mut PgConnection, id: AccountId, now: Time) -> Result<()> {
    sqlx::query!("update accounts set password_reset_at = $2 where id = $1", id.0, now).execute(db).await?;
    Ok(())
}

/// When that was last so.
pub async fn password_reset_at(db: &mut PgConnection, id: AccountId) -> Result<Option<Time>> {
    Ok(sqlx::query_scalar!("select password_reset_at from accounts where id = $1", id.0).fetch_one(db).await?)
}

pub async fn drop_password(db: &mut PgConnection, id: AccountId) -> Result<()> {
    sqlx::query!("update accounts set password_hash = null where id = $1", id.0).execute(db).await?;
    Ok(())
}

pub async fn end_sessions(db: &mut PgConnection, id: AccountId) -> Result<()> {
    sqlx::query!("delete from sessions where account_id = $1", id.0).execute(db).await?;
    Ok(())
}

pub async fn insert_failure(db: &mut PgConnection, email_hash: &[u8], address: &str, now: Time) -> Result<()> {
    sqlx::query!(
        "insert into sign_in_failures (email_hash, address, at) values ($1, $2, $3)",
        email_hash,
        address,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// How many failures there were since, and when the oldest of them was.
pub async fn failures_since(
    db: &mut PgConnection,
    email_hash: &[u8],
    address: &str,
    since: Time,
) -> Result<(i64, Option<Time>)> {
    let row = sqlx::query!(
        r#"select count(*) as "count!", min(at) as oldest from sign_in_failures
           where email_hash = $1 and address = $2 and at > $3"#,
        email_hash,
        address,
        since
    )
    .fetch_one(db)
    .await?;
    Ok((row.count, row.oldest))
}

pub async fn clear_failures(db: &mut PgConnection, email_hash: &[u8], address: &str) -> Result<()> {
    sqlx::query!("delete from sign_in_failures where email_hash = $1 and address = $2", email_hash, address)
        .execute(db)
        .await?;
    Ok(())
}

/// Drops what is past its use: ended sessions, used and expired links, failures older than a day, and so on.
pub async fn sweep(db: &mut PgConnection, now: Time) -> Result<()> {
    sqlx::query!("delete from sessions where expires_at < $1", now).execute(&mut *db).await?;
    sqlx::query!("delete from mail_tokens where expires_at < $1", now - TimeDelta::days(30)).execute(&mut *db).await?;
    sqlx::query!("delete from sign_in_failures where at < $1", now - TimeDelta::days(1)).execute(&mut *db).await?;
    // Addresses, of mail and of the network, are kept for 90 days; a browser is forgotten when its cookie is.
    let kept = now - TimeDelta::days(90);
    sqlx::query!("delete from email_changes where asked_at < $1", kept).execute(&mut *db).await?;
    sqlx::query!("delete from factor_resets where asked_at < $1", kept).execute(&mut *db).await?;
    sqlx::query!("delete from known_devices where last_seen_at < $1", now - TimeDelta::days(400)).execute(db).await?;
    Ok(())
}

pub async fn insert_verification(db: &mut PgConnection, account: AccountId, method: &str, now: Time) -> Result<()> {
    sqlx::query!(
        "insert into verifications (id, account_id, method, verified_at) values ($1, $2, $3, $4)",
        uuid::Uuid::now_v7(),
        account.0,
        method,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The public page of a person.
pub async fn public_profile(db: &mut PgConnection, handle: &str) -> Result<PublicProfile> {
    Ok(sqlx::query_as!(
        PublicProfile,
        r#"select a.id as "id: AccountId", a.kind as "kind: Kind", a.name, a.handle, a.headline, a.bio, a.website, a.location,
             a.avatar_id as "avatar: crate::shared::ids::FileId", o.name as "organisation?",
             v.method as "verified_method?", v.verified_at as "verified_at?"
           from accounts a
           left join seats s on s.account_id = a.id left join organisations o on o.id = s.organisation_id
           left join lateral (select method, verified_at from verifications where account_id = a.id
                              order by verified_at desc limit 1) v on true
           where a.handle = $1 and a.kind <> 'admin' and a.email_verified_at is not null"#,
        handle
    )
    .fetch_one(db)
    .await?)
}

/// One's own profile, whatever its state.
pub async fn own_profile(db: &mut PgConnection, id: AccountId) -> Result<super::model::Profile> {
    Ok(sqlx::query_as!(
        super::model::Profile,
        r#"select name, handle, headline, bio, website, location, avatar_id as "avatar: crate::shared::ids::FileId"
           from accounts where id = $1"#,
        id.0
    )
    .fetch_one(db)
    .await?)
}

/// Writes the profile; a taken handle violates `accounts_handle_key`.
pub async fn update_profile(
    db: &mut PgConnection,
    id: AccountId,
    profile: &super::model::Profile,
    now: Time,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update accounts set name = $2, handle = $3, headline = $4, bio = $5, website = $6, location = $7,
           onboarded_at = coalesce(onboarded_at, $8) where id = $1",
        id.0,
        profile.name,
        profile.handle,
        profile.headline,
        profile.bio,
        profile.website,
        profile.location,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn set_avatar(
    db: &mut PgConnection,
    id: AccountId,
    avatar: Option<crate::shared::ids::FileId>,
) -> Result<()> {
    sqlx::query!("update accounts set avatar_id = $2 where id = $1", id.0, avatar.map(|f| f.0)).execute(db).await?;
    Ok(())
}

/// Whether `file` is the avatar of somebody with a public page.
pub async fn is_avatar(db: &mut PgConnection, file: crate::shared::ids::FileId) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"select exists (select from accounts where avatar_id = $1) as "is!""#, file.0)
        .fetch_one(db)
        .await?)
}
