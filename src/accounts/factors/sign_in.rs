//! From a right password to a session. With a factor on, the session first only knows an id: of a row that says whose password
//! was right, for five minutes and five tries. Nothing else of the product looks at it.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::{
    codes::{self, Typed, Whose},
    letters, lost,
    model::{Challenge, Choices},
    passkeys, rules,
    store::{self, Half},
};
use crate::{
    accounts::{
        devices,
        door::{self, Visitor},
        model::{Kind, Viewer},
        rules as accounts_rules, store as accounts,
    },
    platform::{
        mail::queue_letter,
        outbox::{self, Event},
    },
    shared::{
        error::{AppError, Result},
        ids::{AccountId, ChallengeId},
    },
};

/// Where a second factor is asked for.
pub const PAGE: &str = "/login/factor";

/// Goes on after the first step, a right `password` or a mailed `link`: where to. With a factor on, to its page.
pub async fn after_first_step(
    visitor: &Visitor,
    (account, kind): (AccountId, Kind),
    with: &str,
    next: &str,
) -> Result<String> {
    let platform = &visitor.platform;
    let next = accounts_rules::local_path(next).unwrap_or(kind.home());
    let mut db = platform.db.acquire().await?;
    if !store::on(&mut db, account).await?.any() {
        drop(db);
        enter(visitor, account, with).await?;
        return Ok(next.into());
    }
    let id = Uuid::new_v4();
    let expires_at = platform.now() + TimeDelta::minutes(rules::HALF_MINUTES);
    store::insert_half(&mut db, id, account, (with, next), expires_at).await?;
    door::begin_half(id).await?;
    Ok(PAGE.into())
}

/// What the one who waits may show; `None`: nobody waits here, or for too long.
pub async fn choices(visitor: &Visitor) -> Result<Option<Choices>> {
    let Some(Half { account, by_password }) = waiting(visitor).await? else { return Ok(None) };
    let mut db = visitor.platform.db.acquire().await?;
    let on = store::on(&mut db, account).await?;
    let viewer = accounts::viewer(&mut db, account, false).await?.ok_or_else(start_again)?;
    Ok(Some(Choices {
        app: on.app,
        passkeys: on.passkeys && passkeys::possible(&visitor.platform),
        recovery_codes: on.recovery_codes > 0,
        dropped_at: lost::due(&mut db, account).await?,
        staff: viewer.kind == Kind::Admin,
        by_password,
    }))
}

/// Signs in with a code: where to go.
pub async fn enter_code(visitor: &Visitor, typed: Typed<'_>) -> Result<String> {
    let (half, viewer, tries) = tried(visitor).await?;
    let whose = Whose { account: viewer.id, email: &viewer.email };
    match codes::check(&visitor.platform, &visitor.client, &whose, typed).await {
        Ok(()) => finish(visitor, half, viewer.id, typed.word()).await,
        Err(error) if tries < rules::HALF_TRIES || error.retry_after.is_some() => Err(error),
        Err(_) => {
            warn(visitor, &viewer).await?;
            Err(start_again())
        }
    }
}

/// Asks for a passkey: of who is signed in, to prove it; of the one who waits for a factor; else of anybody.
pub async fn ask_passkey(visitor: &Visitor) -> Result<Challenge> {
    visitor.platform.limits.sign_in(&visitor.client.address)?;
    if let Some(viewer) = &visitor.viewer {
        return passkeys::ask(&visitor.platform, viewer.id, "step-up").await;
    }
    match waiting(visitor).await? {
        Some(half) => passkeys::ask(&visitor.platform, half.account, "factor").await,
        None => passkeys::ask_anybody(&visitor.platform).await,
    }
}

/// Signs in with a passkey, as the second factor or instead of all (it has verified its person), or proves who is signed in: where
/// to go.
pub async fn enter_passkey(visitor: &Visitor, id: ChallengeId, credential: &str, next: &str) -> Result<String> {
    let platform = &visitor.platform;
    platform.limits.sign_in(&visitor.client.address)?;
    let next = accounts_rules::local_path(next);
    if let Some(viewer) = &visitor.viewer {
        passkeys::answered(platform, viewer.id, "step-up", (id, credential)).await?;
        lost::keep_now(platform, viewer.id).await?;
        door::proved(platform).await?;
        return Ok(next.unwrap_or(viewer.kind.home()).into());
    }
    if waiting(visitor).await?.is_some() {
        let (half, viewer, _) = tried(visitor).await?;
        passkeys::answered(platform, viewer.id, "factor", (id, credential)).await?;
        return finish(visitor, half, viewer.id, "passkey").await;
    }
    let account = passkeys::answered_by_anybody(platform, (id, credential)).await?;
    let viewer = accounts::viewer(&mut *platform.db.acquire().await?, account, false).await?;
    let home = viewer.ok_or_else(start_again)?.kind.home();
    enter(visitor, account, "passkey").await?;
    Ok(next.unwrap_or(home).into())
}

/// Who waits for a factor in this session.
pub async fn waiting(visitor: &Visitor) -> Result<Option<Half>> {
    let Some(half) = door::half().await? else { return Ok(None) };
    let mut db = visitor.platform.db.acquire().await?;
    store::half(&mut db, half, rules::HALF_TRIES, visitor.platform.now()).await
}

/// Counts a try of the one who waits.
async fn tried(visitor: &Visitor) -> Result<(Uuid, Viewer, i32)> {
    visitor.platform.limits.sign_in(&visitor.client.address)?;
    let half = door::half().await?.ok_or_else(start_again)?;
    let mut db = visitor.platform.db.acquire().await?;
    let tried = store::try_half(&mut db, half, rules::HALF_TRIES, visitor.platform.now()).await?;
    let (account, tries) = tried.ok_or_else(start_again)?;
    let viewer = accounts::viewer(&mut db, account, false).await?.ok_or_else(start_again)?;
    Ok((half, viewer, tries))
}

/// Ends the waiting, once, and begins the session.
async fn finish(visitor: &Visitor, half: Uuid, account: AccountId, with: &str) -> Result<String> {
    let taken = store::take_half(&mut *visitor.platform.db.acquire().await?, half).await?;
    let next = taken.ok_or_else(start_again)?;
    enter(visitor, account, with).await?;
    Ok(next)
}

/// Begins the session of somebody who has shown all that is asked for. Who can sign in has not lost their factors.
async fn enter(visitor: &Visitor, account: AccountId, with: &str) -> Result<()> {
    let platform = &visitor.platform;
    let device = door::device()?;
    let mut tx = platform.begin().await?;
    lost::keep(&mut tx, platform, account).await?;
    devices::service::meet(&mut tx, visitor, account, &device).await?;
    let event = Event::new(platform.now(), Some(account), account.0, "account.signed_in", json!({ "with": with }))?;
    outbox::record(&mut tx, event).await?;
    tx.commit().await?;
    door::begin_session(visitor, account).await
}

/// Somebody has the password and guesses codes: its owner should know.
async fn warn(visitor: &Visitor, viewer: &Viewer) -> Result<()> {
    let platform = &visitor.platform;
    if !platform.limits.mail_to("wrong codes", &viewer.email) {
        return Ok(());
    }
    let mut tx = platform.begin().await?;
    queue_letter(&mut tx, letters::wrong_codes(platform, &viewer.email)).await?;
    Ok(tx.commit().await?)
}

fn start_again() -> AppError {
    AppError::conflict("This took too long, or there were too many wrong codes. Please sign in again from the start.")
}
