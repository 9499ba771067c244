//! The SQL of passkeys.

use serde_json::Value;
use sqlx::PgConnection;

use super::model::{Passkey, Used};
use crate::shared::{
    error::Result,
    ids::{AccountId, ChallengeId, PasskeyId},
    time::Time,
};

pub async fn listed(db: &mut PgConnection, account: AccountId) -> Result<Vec<Passkey>> {
    let rows = sqlx::query!(
        r#"select id as "id: PasskeyId", name, created_at, last_used_at from passkeys where account_id = $1 order by created_at"#,
        account.0
    )
    .fetch_all(db)
    .await?;
    let passkeys = rows.into_iter().map(|row| {
        let used = Used { since: row.created_at, last: row.last_used_at };
        Passkey { id: row.id, name: row.name, used }
    });
    Ok(passkeys.collect())
}

/// The public keys of an account.
pub async fn credentials(db: &mut PgConnection, account: AccountId) -> Result<Vec<Value>> {
    Ok(sqlx::query_scalar!("select credential from passkeys where account_id = $1", account.0).fetch_all(db).await?)
}

/// The public key of one passkey of an account, to be written again after its use.
pub async fn lock_one(
    db: &mut PgConnection,
    account: AccountId,
    credential_id: &[u8],
) -> Result<Option<(PasskeyId, Value)>> {
    let row = sqlx::query!(
        r#"select id as "id: PasskeyId", credential from passkeys where account_id = $1 and credential_id = $2 for update"#,
        account.0,
        credential_id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.id, row.credential)))
}

pub async fn used(db: &mut PgConnection, id: PasskeyId, credential: Value, now: Time) -> Result<()> {
    sqlx::query!("update passkeys set credential = $2, last_used_at = $3 where id = $1", id.0, credential, now)
        .execute(db)
        .await?;
    Ok(())
}

/// Inserts a passkey; one that is somebody's already violates `passkeys_credential_id_key`.
pub async fn insert(
    db: &mut PgConnection,
    account: AccountId,
    name: &str,
    (credential_id, credential): (&[u8], Value),
    now: Time,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into passkeys (id, account_id, name, credential_id, credential, created_at) values ($1, $2, $3, $4, $5, $6)",
        PasskeyId::new().0,
        account.0,
        name,
        credential_id,
        credential,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes a passkey of `account`: what it was called. Somebody else's is not found.
pub async fn delete(db: &mut PgConnection, account: AccountId, id: PasskeyId) -> Result<String> {
    Ok(sqlx::query_scalar!("delete from passkeys where id = $1 and account_id = $2 returning name", id.0, account.0)
        .fetch_one(db)
        .await?)
}

/// What a passkey was asked, and by whom.
pub struct Asked {
    pub account: Option<AccountId>,
    pub purpose: String,
    pub state: Value,
}

pub async fn insert_challenge(db: &mut PgConnection, id: ChallengeId, asked: Asked, expires_at: Time) -> Result<()> {
    sqlx::query!(
        "insert into passkey_challenges (id, account_id, purpose, state, expires_at) values ($1, $2, $3, $4, $5)",
        id.0,
        asked.account.map(|a| a.0),
        asked.purpose,
        asked.state,
        expires_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes a challenge away, once, if it is `account`'s and for `purpose`.
pub async fn take_challenge(
    db: &mut PgConnection,
    id: ChallengeId,
    (account, purpose): (Option<AccountId>, &str),
    now: Time,
) -> Result<Option<Value>> {
    Ok(sqlx::query_scalar!(
        "delete from passkey_challenges
         where id = $1 and account_id is not distinct from $2 and purpose = $3 and expires_at > $4 returning state",
        id.0,
        account.map(|a| a.0),
        purpose,
        now
    )
    .fetch_optional(db)
    .await?)
}
