//! One function per thing a person does to their password and address.

use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{letters, rows};
use crate::{
    accounts::{
        claims,
        door::{self, Caller, Visitor},
        factors, mails, passwords, rules, store,
    },
    platform::{
        Platform, db,
        mail::queue_letter,
        outbox::{self, Event},
        vault::Vault,
    },
    shared::{
        error::{AppError, Result},
        ids::AccountId,
    },
};

/// For so long a new address may be confirmed, and an old one takes it back, in hours.
const CONFIRM_HOURS: i64 = 24;
const TAKE_BACK_HOURS: i64 = 72;

/// Sets another password; every other session ends.
pub async fn password(caller: &Caller, new: &str, password: Option<&str>) -> Result<()> {
    let new = rules::password("new_password", new).map_err(|e| AppError::fields(vec![e]))?;
    caller.step_up(password).await?;
    let hash = passwords::hash(&new).await?;
    let (platform, me, now) = (&caller.platform, caller.viewer.id, caller.platform.now());
    // The row of this session goes, too, and is written anew under another token.
    door::proved(platform).await?;
    let mut tx = platform.begin().await?;
    // Nothing that somebody else may have begun goes on.
    rows::end_waiting(&mut tx, me, now).await?;
    store::set_password(&mut tx, me, &hash).await?;
    store::end_sessions(&mut tx, me).await?;
    factors::store::drop_halves(&mut tx, me).await?;
    factors::lost::keep(&mut tx, platform, me).await?;
    queue_letter(&mut tx, mails::password_was_set(platform, &caller.viewer.email)).await?;
    outbox::record(&mut tx, Event::new(now, Some(me), me.0, "account.password_changed", json!({}))?).await?;
    Ok(tx.commit().await?)
}

/// The address that waits to be confirmed.
pub async fn waiting_email(caller: &Caller) -> Result<Option<String>> {
    let since = caller.platform.now() - TimeDelta::hours(CONFIRM_HOURS);
    rows::waiting(&mut *caller.platform.db.acquire().await?, caller.viewer.id, since).await
}

/// Asks for another address: it is mailed a link, and the present one is told.
pub async fn email(caller: &Caller, new: &str, password: Option<&str>) -> Result<()> {
    let wrong = |e: crate::shared::error::FieldError| AppError::field("new_email", e.message);
    let new = rules::email(new).map_err(wrong)?;
    let (platform, me, old) = (&caller.platform, caller.viewer.id, &caller.viewer.email);
    if new.to_lowercase() == old.to_lowercase() {
        return Err(AppError::field("new_email", "This is your address already."));
    }
    caller.step_up(password).await?;
    platform.limits.mail_asked(&caller.client.address)?;
    let mut tx = platform.begin().await?;
    let id = Uuid::now_v7();
    rows::ask(&mut tx, id, me, (&caller.viewer, &new), platform.now()).await?;
    // Whether the address is somebody's is told to that somebody alone.
    let since = platform.now() - TimeDelta::hours(TAKE_BACK_HOURS);
    let known = store::credentials_by_email(&mut tx, &new).await?.is_some();
    let letter = if known || rows::is_held(&mut tx, me, &new, since).await? {
        letters::taken(platform, &new)
    } else {
        letters::confirm(platform, &new, &token(platform, CONFIRM, id)?)
    };
    if platform.limits.mail_to("new address", &new) {
        queue_letter(&mut tx, letter).await?;
    }
    queue_letter(&mut tx, letters::asked(platform, old, &new, &token(platform, KEEP, id)?)).await?;
    record(&mut tx, platform, me, "account.email_change_asked").await?;
    Ok(tx.commit().await?)
}

/// Uses the link in the new mailbox: from now on it is the account's.
pub async fn confirm_email(visitor: &Visitor, typed: &str) -> Result<()> {
    let (platform, now) = (&visitor.platform, visitor.platform.now());
    let id = id_in(platform, CONFIRM, typed)?.ok_or_else(spent)?;
    let mut tx = platform.begin().await?;
    let change = rows::confirm(&mut tx, id, now - TimeDelta::hours(CONFIRM_HOURS), now).await?.ok_or_else(spent)?;
    set(&mut tx, change.account, &change.new_email, now).await?;
    // Who never showed that the old address is theirs has nothing to take back.
    let back = if change.old_verified { Some(token(platform, KEEP, id)?) } else { None };
    let told = letters::changed(platform, &change.old_email, &change.new_email, back.as_deref());
    queue_letter(&mut tx, told).await?;
    queue_letter(&mut tx, letters::welcome(platform, &change.new_email)).await?;
    record(&mut tx, platform, change.account, "account.email_changed").await?;
    Ok(tx.commit().await?)
}

/// Uses the link in the old mailbox: its address stays, or comes back; everybody is signed out.
pub async fn keep_email(visitor: &Visitor, typed: &str) -> Result<()> {
    let (platform, now) = (&visitor.platform, visitor.platform.now());
    let id = id_in(platform, KEEP, typed)?.ok_or_else(spent)?;
    let mut tx = platform.begin().await?;
    let change = rows::end(&mut tx, id, now - TimeDelta::hours(TAKE_BACK_HOURS), now).await?.ok_or_else(spent)?;
    let me = change.account;
    // A factor that is added at this moment is there, or waits.
    factors::store::lock(&mut tx, me).await?;
    rows::end_later(&mut tx, me, id, now).await?;
    set(&mut tx, me, &change.old_email, now).await?;
    store::end_sessions(&mut tx, me).await?;
    factors::store::drop_halves(&mut tx, me).await?;
    factors::lost::keep(&mut tx, platform, me).await?;
    drop_planted(&mut tx, platform, &change).await?;
    let letter = if change.old_verified && !change.confirmed { letters::kept } else { letters::taken_back };
    queue_letter(&mut tx, letter(platform, &change.old_email)).await?;
    record(&mut tx, platform, me, "account.email_kept").await?;
    Ok(tx.commit().await?)
}

/// What somebody else may have left to come back with. Of an address that was never verified, everything; of one that was gone
/// for a while, the password and the factors of that while.
async fn drop_planted(tx: &mut PgConnection, platform: &Platform, change: &rows::Change) -> Result<()> {
    if !change.old_verified {
        return claims::take_over(tx, platform, change.account).await;
    }
    if change.confirmed {
        store::drop_password(tx, change.account).await?;
        factors::store::drop_since(tx, change.account, change.asked_at).await?;
    }
    Ok(())
}

async fn set(tx: &mut PgConnection, account: AccountId, email: &str, now: crate::shared::time::Time) -> Result<()> {
    match rows::set_email(tx, account, email, now).await {
        Err(error) if db::violates(&error, "accounts_email") => {
            Err(AppError::conflict("This address has become somebody else's meanwhile."))
        }
        other => Ok(other?),
    }
}

const CONFIRM: &str = "confirm email";
const KEEP: &str = "keep email";

/// What a link carries: which change, and our mark on it.
fn token(platform: &Platform, purpose: &str, id: Uuid) -> Result<String> {
    Vault::of(&platform.config).token(purpose, id)
}

fn id_in(platform: &Platform, purpose: &str, typed: &str) -> Result<Option<Uuid>> {
    Vault::of(&platform.config).id_in(purpose, typed)
}

fn spent() -> AppError {
    AppError::field("token", "This link was used before or is too old.")
}

async fn record(tx: &mut PgConnection, platform: &Platform, account: AccountId, kind: &str) -> Result<()> {
    outbox::record(tx, Event::new(platform.now(), Some(account), account.0, kind, json!({}))?).await
}
