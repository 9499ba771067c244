//! Whether a code is right. Every try is counted before it is looked at, so that many at once are no more tries than one after
//! the other; a right one is taken, and nobody goes in with it again.

use chrono::TimeDelta;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{letters, rules, store};
use crate::{
    accounts::{door::Client, store as accounts},
    platform::{
        Platform,
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

/// A code as it was typed, and which it is meant to be.
#[derive(Clone, Copy, Debug)]
pub enum Typed<'a> {
    App(&'a str),
    Recovery(&'a str),
}

impl Typed<'_> {
    /// The word for it in the record.
    pub fn word(self) -> &'static str {
        match self {
            Typed::App(_) => "app",
            Typed::Recovery(_) => "recovery-code",
        }
    }

    fn wrong(self) -> AppError {
        match self {
            Typed::App(_) => AppError::field(
                "code",
                "That is not the code of this moment. Each works once, for half a minute; wait for the next one.",
            ),
            Typed::Recovery(_) => {
                AppError::field("recovery_code", "That is none of your recovery codes, or it was used already.")
            }
        }
    }
}

/// Whose code it must be.
pub struct Whose<'a> {
    pub account: AccountId,
    pub email: &'a str,
}

/// Goes on if the code is right, within the limits per account and address.
pub async fn check(platform: &Platform, client: &Client, whose: &Whose<'_>, typed: Typed<'_>) -> Result<()> {
    let mut db = platform.db.acquire().await?;
    let (name, now) = (name(whose.account), platform.now());
    count(&mut db, platform, &name, &client.household(), now).await?;
    let right = match typed {
        Typed::App(code) => app_code(&mut db, platform, whose, code).await?,
        Typed::Recovery(code) => recovery_code(platform, whose, code).await?,
    };
    if !right {
        return Err(typed.wrong());
    }
    accounts::clear_failures(&mut db, &name, &client.household()).await
}

/// Under this name the wrong codes of an account are counted.
fn name(account: AccountId) -> Vec<u8> {
    Sha256::digest(format!("codes of {account}")).to_vec()
}

async fn count(db: &mut PgConnection, platform: &Platform, name: &[u8], address: &str, now: Time) -> Result<()> {
    let limits = &platform.config.limits;
    let (window, hour) = (TimeDelta::minutes(limits.wrong_password_window_minutes.into()), TimeDelta::hours(1));
    accounts::insert_failure(db, name, address, now).await?;
    let (from_here, oldest) = accounts::failures_since(db, name, address, now - window).await?;
    let from_everywhere = store::wrong_codes(db, name, now - hour).await?;
    if from_here <= i64::from(limits.wrong_passwords) && from_everywhere <= i64::from(limits.wrong_codes_per_hour) {
        return Ok(());
    }
    // What was not looked at does not keep anybody out for longer.
    store::uncount(db, name, address, now).await?;
    let wait = oldest.map_or(window, |oldest| oldest + window - now).num_seconds().max(60);
    Err(AppError::too_many(
        "Too many wrong codes. Wait a little, or use a passkey. If it was not you who typed them, set a new password by mail.",
        u32::try_from(wait).unwrap_or(60),
    ))
}

async fn app_code(db: &mut PgConnection, platform: &Platform, whose: &Whose<'_>, code: &str) -> Result<bool> {
    let Some(code) = rules::app_code(code) else { return Ok(false) };
    let Some(app) = store::app(db, whose.account).await? else { return Ok(false) };
    let secret = open(platform, whose.account, &app.secret)?;
    let now = platform.now();
    match rules::step_of(&rules::app(&secret, whose.email)?, &code, now, app.last_step) {
        Some(step) => store::take_step(db, app.id, step, now).await,
        None => Ok(false),
    }
}

async fn recovery_code(platform: &Platform, whose: &Whose<'_>, code: &str) -> Result<bool> {
    let Some(code) = rules::typed_recovery_code(code) else { return Ok(false) };
    let (account, now) = (whose.account, platform.now());
    let mut tx = platform.begin().await?;
    if !store::take_recovery_code(&mut tx, account, &hash(account, &code), now).await? {
        return Ok(false);
    }
    let left = store::on(&mut tx, account).await?.recovery_codes;
    queue_letter(&mut tx, letters::recovery_code_used(platform, whose.email, left)).await?;
    let payload = json!({ "left": left });
    outbox::record(&mut tx, Event::new(now, Some(account), account.0, "account.recovery_code_used", payload)?).await?;
    tx.commit().await?;
    Ok(true)
}

/// The hash that is kept of a recovery code, in its typed form.
pub fn hash(account: AccountId, code: &str) -> Vec<u8> {
    Sha256::new().chain_update(account.0).chain_update(code).finalize().to_vec()
}

/// Seals the secret of an account's authenticator app.
pub fn seal(platform: &Platform, account: AccountId, secret: &[u8]) -> Result<Vec<u8>> {
    Vault::of(&platform.config).seal(&format!("authenticator app of {account}"), secret)
}

/// Opens it again.
pub fn open(platform: &Platform, account: AccountId, sealed: &[u8]) -> Result<Vec<u8>> {
    Vault::of(&platform.config).open(&format!("authenticator app of {account}"), sealed)
}
