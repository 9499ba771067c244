//! When every factor is lost. Who has the password may ask to have them dropped, and waits 72 hours; the person is mailed
//! at the start, every day and at the end, and stops it with one button or by signing in. Not for staff.

use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    letters, lost_rows as rows,
    rules::{self, Waiting},
    sign_in,
    store::{self, Half},
};
use crate::{
    accounts::{
        door::{Caller, Visitor},
        model::{Kind, Viewer},
        store as accounts,
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
        time::Time,
    },
};

/// When an account's factors will be dropped, if that was asked for.
pub async fn due(db: &mut PgConnection, account: AccountId) -> Result<Option<Time>> {
    rows::due(db, account).await
}

/// Asks for it: only who has just shown the right password.
pub async fn ask(visitor: &Visitor) -> Result<()> {
    let platform = &visitor.platform;
    platform.limits.sign_in(&visitor.client.address)?;
    let Half { account, by_password } = sign_in::waiting(visitor).await?.ok_or_else(AppError::signed_out)?;
    let mut tx = platform.begin().await?;
    let viewer = accounts::viewer(&mut tx, account, false).await?.ok_or_else(AppError::not_found)?;
    if viewer.kind == Kind::Admin {
        return Err(AppError::forbidden("Staff are helped by other staff, by command."));
    }
    let (id, now) = (Uuid::now_v7(), platform.now());
    needs_password(&mut tx, account, by_password, now).await?;
    let due = now + TimeDelta::hours(rules::LOST_HOURS);
    match rows::insert(&mut tx, id, account, &visitor.client.address, (now, due)).await {
        Err(error) if db::violates(&error, "one_open_factor_reset") => {
            return Err(AppError::conflict(
                "This was asked for already. Look into your mail for when it will be done.",
            ));
        }
        other => other?,
    }
    queue_letter(&mut tx, letters::lost(platform, &viewer.email, due, &token(platform, id)?)).await?;
    // Who it was is not known: the factor that would say so is missing.
    record(&mut tx, now, None, account, "account.factor_loss_told").await?;
    Ok(tx.commit().await?)
}

/// A mailbox is not enough: who has taken that over has neither the factors nor the password, only a way to set one.
async fn needs_password(tx: &mut PgConnection, account: AccountId, by_password: bool, now: Time) -> Result<()> {
    if !by_password {
        return Err(AppError::conflict(
            "This needs your password. Sign in with it, not with a mailed link, and ask again.",
        ));
    }
    let reset = accounts::password_reset_at(tx, account).await?;
    if reset.is_some_and(|at| now - at < TimeDelta::hours(rules::LOST_HOURS)) {
        return Err(AppError::conflict(
            "Your password was set by mail in the last three days. Ask again when they are over: a mailbox alone is not enough.",
        ));
    }
    Ok(())
}

/// Stops it for who is signed in.
pub async fn keep_mine(caller: &Caller) -> Result<()> {
    keep_now(&caller.platform, caller.viewer.id).await
}

/// Stops it for `account`, whose person is here.
pub async fn keep_now(platform: &Platform, account: AccountId) -> Result<()> {
    let mut tx = platform.begin().await?;
    keep(&mut tx, platform, account).await?;
    Ok(tx.commit().await?)
}

/// Stops it by the link of a mail.
pub async fn keep_by_link(visitor: &Visitor, token: &str) -> Result<()> {
    let platform = &visitor.platform;
    let spent = || AppError::field("token", "This link is too old, or it was stopped already.");
    let id = Vault::of(&platform.config).id_in(KEEP, token)?.ok_or_else(spent)?;
    let mut tx = platform.begin().await?;
    let account = rows::account(&mut tx, id).await?.ok_or_else(spent)?;
    keep(&mut tx, platform, account).await?;
    Ok(tx.commit().await?)
}

/// Stops it for `account`, if it was asked for.
pub async fn keep(tx: &mut PgConnection, platform: &Platform, account: AccountId) -> Result<()> {
    let now = platform.now();
    if !rows::cancel(tx, account, now).await? {
        return Ok(());
    }
    if let Some(viewer) = accounts::viewer(tx, account, false).await? {
        queue_letter(tx, letters::kept(platform, &viewer.email)).await?;
    }
    record(tx, now, Some(account), account, "account.factors_kept").await
}

/// Mails those who wait, and drops the factors of those who have waited long enough; the job calls it.
pub async fn go_on(platform: &Platform) -> Result<()> {
    loop {
        let mut tx = platform.begin().await?;
        let now = platform.now();
        let Some(open) = rows::lock_next(&mut tx, now).await? else { return Ok(()) };
        let Some(viewer) = accounts::viewer(&mut tx, open.account, false).await? else { return Ok(()) };
        match rules::waiting(open.due_at, open.told_at, now) {
            Waiting::Wait => return Ok(()),
            Waiting::Remind => {
                rows::told(&mut tx, open.id, now).await?;
                let token = token(platform, open.id)?;
                queue_letter(&mut tx, letters::lost(platform, &viewer.email, open.due_at, &token)).await?;
            }
            Waiting::Drop => {
                rows::done(&mut tx, open.id, now).await?;
                drop_factors(&mut tx, platform, &viewer).await?;
            }
        }
        tx.commit().await?;
    }
}

/// Staff help a colleague, by command: there is nobody else to ask.
pub async fn drop_now(platform: &Platform, email: &str) -> Result<()> {
    let mut tx = platform.begin().await?;
    let account = accounts::credentials_by_email(&mut tx, email.trim()).await?.ok_or_else(AppError::not_found)?;
    let viewer = accounts::viewer(&mut tx, account.id, false).await?.ok_or_else(AppError::not_found)?;
    if viewer.kind != Kind::Admin {
        return Err(AppError::conflict(
            "This is for staff. Others ask on the page that asks for the factor, and wait.",
        ));
    }
    drop_factors(&mut tx, platform, &viewer).await?;
    Ok(tx.commit().await?)
}

async fn drop_factors(tx: &mut PgConnection, platform: &Platform, viewer: &Viewer) -> Result<()> {
    store::drop_all(tx, viewer.id).await?;
    store::drop_halves(tx, viewer.id).await?;
    accounts::end_sessions(tx, viewer.id).await?;
    queue_letter(tx, letters::dropped(platform, &viewer.email)).await?;
    record(tx, platform.now(), None, viewer.id, "account.factors_dropped").await
}

/// For this the links of mails are made.
const KEEP: &str = "keep factors";

fn token(platform: &Platform, id: Uuid) -> Result<String> {
    Vault::of(&platform.config).token(KEEP, id)
}

async fn record(
    tx: &mut PgConnection,
    now: Time,
    actor: Option<AccountId>,
    account: AccountId,
    kind: &str,
) -> Result<()> {
    outbox::record(tx, Event::new(now, actor, account.0, kind, json!({}))?).await
}
