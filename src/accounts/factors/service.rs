//! One function per thing a person does with their factors. Each change asks who they are, is told to them by mail, and is
//! recorded.

use chrono::TimeDelta;
use qrcode::{Color, QrCode};
use rand::RngCore;
use serde_json::json;
use sqlx::PgConnection;
use totp_rs::{Secret, Totp};

use super::{
    codes::{self, Typed, Whose},
    letters, lost,
    model::{Challenge, Factors, Qr, Setup, Used},
    passkey_rows, passkeys, rules, store,
};
use crate::{
    accounts::{
        door::{self, Caller},
        model::{Kind, Viewer},
    },
    platform::{
        Platform,
        mail::queue_letter,
        outbox::{self, Event},
    },
    shared::{
        error::{AppError, Result},
        ids::{AccountId, PasskeyId},
        time::Time,
    },
};

/// Everything about one's factors.
pub async fn factors(caller: &Caller) -> Result<Factors> {
    let (platform, me) = (&caller.platform, caller.viewer.id);
    let mut db = platform.db.acquire().await?;
    let app = store::app(&mut db, me).await?;
    // The secret is shown to nobody who has only found the computer open.
    let setup = if caller.viewer.fresh { store::app_in_setup(&mut db, me, begun_after(platform)).await? } else { None };
    let on = store::on(&mut db, me).await?;
    Ok(Factors {
        app: app.map(|app| Used { since: app.created_at, last: app.last_used_at }),
        setup: setup.map(|app| shown(platform, &caller.viewer, &app.secret)).transpose()?,
        passkeys: passkey_rows::listed(&mut db, me).await?,
        passkeys_possible: passkeys::possible(platform),
        recovery_codes_left: on.recovery_codes,
        new_codes: door::new_codes(platform).await?,
        dropped_at: lost::due(&mut db, me).await?,
        required: caller.viewer.kind == Kind::Admin,
    })
}

/// Staff do nothing without a factor: whether `viewer` has yet to set one up.
pub async fn is_missing(db: &mut PgConnection, viewer: &Viewer) -> Result<bool> {
    Ok(viewer.kind == Kind::Admin && !store::on(db, viewer.id).await?.any())
}

/// An app being set up counts no more after a while.
fn begun_after(platform: &Platform) -> Time {
    platform.now() - TimeDelta::minutes(rules::SETUP_MINUTES)
}

fn shown(platform: &Platform, viewer: &Viewer, sealed: &[u8]) -> Result<Setup> {
    let secret = codes::open(platform, viewer.id, sealed)?;
    let text = Secret::new(secret.clone().into()).to_base32();
    let by_fours: Vec<&str> =
        (0..text.len()).step_by(4).filter_map(|at| text.get(at..(at + 4).min(text.len()))).collect();
    Ok(Setup { secret: by_fours.join(" "), qr: qr(&rules::app(&secret, &viewer.email)?)? })
}

fn qr(app: &Totp) -> Result<Qr> {
    let code = QrCode::new(app.to_url().map_err(AppError::internal)?).map_err(AppError::internal)?;
    let size = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, colour)| *colour == Color::Dark);
    let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % size, at / size)).collect();
    Ok(Qr { size: size as u32, path })
}

/// Begins to set up an authenticator app.
pub async fn begin_app(caller: &Caller, password: Option<&str>) -> Result<()> {
    caller.step_up(password).await?;
    let mut secret = [0; rules::SECRET_BYTES];
    rand::rng().fill_bytes(&mut secret);
    let (platform, me) = (&caller.platform, caller.viewer.id);
    let mut tx = platform.begin().await?;
    store::insert_app(&mut tx, me, &codes::seal(platform, me, &secret)?, platform.now()).await?;
    Ok(tx.commit().await?)
}

/// Goes no further with it.
pub async fn cancel_app(caller: &Caller) -> Result<()> {
    store::drop_setup(&mut *caller.platform.db.acquire().await?, caller.viewer.id).await
}

/// The app shows the right code: from now on it counts, in place of an earlier one.
pub async fn confirm_app(caller: &Caller, code: &str, password: Option<&str>) -> Result<()> {
    caller.step_up(password).await?;
    let (platform, me, now) = (&caller.platform, caller.viewer.id, caller.platform.now());
    platform.limits.sign_in(&caller.client.address)?;
    let mut tx = platform.begin().await?;
    store::lock(&mut tx, me).await?;
    let setup = store::app_in_setup(&mut tx, me, begun_after(platform)).await?;
    let setup = setup.ok_or_else(|| AppError::conflict("This took too long. Please begin again with a new secret."))?;
    let app = rules::app(&codes::open(platform, me, &setup.secret)?, &caller.viewer.email)?;
    let step = rules::app_code(code).and_then(|code| rules::step_of(&app, &code, now, 0));
    let step = step.ok_or_else(|| {
        AppError::field("code", "That is not the code of this moment. Look at your phone's clock if it happens again.")
    })?;
    let new = codes_if_none(&mut tx, me).await?;
    store::confirm_app(&mut tx, me, setup.id, step, now).await?;
    tell(&mut tx, caller, ("account.factor_added", "app"), "An authenticator app was added to your sign-in.").await?;
    tx.commit().await?;
    show(caller, new).await
}

/// Signing in asks for the app no more.
pub async fn drop_app(caller: &Caller, password: Option<&str>) -> Result<()> {
    caller.step_up(password).await?;
    let mut tx = caller.platform.begin().await?;
    store::lock(&mut tx, caller.viewer.id).await?;
    if !store::drop_app(&mut tx, caller.viewer.id).await? {
        return Err(AppError::not_found());
    }
    after_removal(&mut tx, caller).await?;
    tell(&mut tx, caller, ("account.factor_removed", "app"), "The authenticator app was removed from your sign-in.")
        .await?;
    Ok(tx.commit().await?)
}

/// Asks the browser for a new passkey.
pub async fn ask_new_passkey(caller: &Caller, name: &str, password: Option<&str>) -> Result<Challenge> {
    let name = rules::passkey_name(name).map_err(|e| AppError::fields(vec![e]))?;
    caller.step_up(password).await?;
    passkeys::ask_new(&caller.platform, &caller.viewer, name).await
}

/// Keeps the passkey that was made. Who they are was asked with the challenge, which is used up.
pub async fn add_passkey(caller: &Caller, answer: passkeys::Answer<'_>) -> Result<()> {
    let (platform, me) = (&caller.platform, caller.viewer.id);
    let made = passkeys::made(platform, me, answer).await?;
    let mut tx = platform.begin().await?;
    store::lock(&mut tx, me).await?;
    passkeys::insert(&mut tx, me, &made, platform.now()).await?;
    let new = codes_if_none(&mut tx, me).await?;
    let what = format!("The passkey “{}” was added to your sign-in.", made.name);
    tell(&mut tx, caller, ("account.factor_added", "passkey"), &what).await?;
    tx.commit().await?;
    show(caller, new).await
}

/// Removes one of one's passkeys; somebody else's is not found.
pub async fn drop_passkey(caller: &Caller, id: PasskeyId, password: Option<&str>) -> Result<()> {
    caller.step_up(password).await?;
    let mut tx = caller.platform.begin().await?;
    store::lock(&mut tx, caller.viewer.id).await?;
    let name = passkey_rows::delete(&mut tx, caller.viewer.id, id).await?;
    after_removal(&mut tx, caller).await?;
    let what = format!("The passkey “{name}” was removed from your sign-in.");
    tell(&mut tx, caller, ("account.factor_removed", "passkey"), &what).await?;
    Ok(tx.commit().await?)
}

/// Without a factor there is nothing to recover; and staff keep one.
async fn after_removal(tx: &mut PgConnection, caller: &Caller) -> Result<()> {
    if store::on(tx, caller.viewer.id).await?.any() {
        return Ok(());
    }
    if caller.viewer.kind == Kind::Admin {
        return Err(AppError::conflict("Staff need a second factor. Add another one first."));
    }
    store::drop_all(tx, caller.viewer.id).await
}

/// Makes new recovery codes; the old ones stop working.
pub async fn make_codes(caller: &Caller, password: Option<&str>) -> Result<()> {
    caller.step_up(password).await?;
    let mut tx = caller.platform.begin().await?;
    store::lock(&mut tx, caller.viewer.id).await?;
    if !store::on(&mut tx, caller.viewer.id).await?.any() {
        return Err(AppError::conflict("Recovery codes stand in for a factor. Add one first."));
    }
    let new = codes(&mut tx, caller.viewer.id).await?;
    let what = "New recovery codes were made; the old ones stopped working.";
    tell(&mut tx, caller, ("account.recovery_codes_made", "recovery-codes"), what).await?;
    tx.commit().await?;
    show(caller, new).await
}

/// Recovery codes for an account that has none yet.
async fn codes_if_none(tx: &mut PgConnection, account: AccountId) -> Result<Vec<String>> {
    if store::on(tx, account).await?.recovery_codes > 0 {
        return Ok(Vec::new());
    }
    codes(tx, account).await
}

async fn codes(tx: &mut PgConnection, account: AccountId) -> Result<Vec<String>> {
    let codes: Vec<String> = std::iter::repeat_with(|| {
        let mut bytes = [0; rules::RECOVERY_BYTES];
        rand::rng().fill_bytes(&mut bytes);
        rules::recovery_code(bytes)
    })
    .take(rules::RECOVERY_CODES)
    .collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| codes::hash(account, &code.replace('-', ""))).collect();
    store::replace_recovery_codes(tx, account, &hashes).await?;
    Ok(codes)
}

/// Shows codes in this session until the person says that they have them.
async fn show(caller: &Caller, codes: Vec<String>) -> Result<()> {
    if codes.is_empty() { Ok(()) } else { door::show_new_codes(&caller.platform, &codes).await }
}

/// A code in place of the password, to prove who one is.
pub async fn confirm_code(caller: &Caller, code: &str) -> Result<()> {
    caller.platform.limits.sign_in(&caller.client.address)?;
    let whose = Whose { account: caller.viewer.id, email: &caller.viewer.email };
    let checked = codes::check(&caller.platform, &caller.client, &whose, Typed::App(code)).await;
    // The form has one field for both.
    checked.map_err(|error| match error.on_field("code") {
        Some(sentence) => AppError::field("password", sentence),
        None => error,
    })?;
    lost::keep_now(&caller.platform, caller.viewer.id).await
}

/// An authenticator app with a given secret, for the demo's staff.
pub async fn install_app(platform: &Platform, account: AccountId, secret: &[u8]) -> Result<()> {
    let now = platform.now();
    let mut tx = platform.begin().await?;
    store::insert_app(&mut tx, account, &codes::seal(platform, account, secret)?, now).await?;
    let setup = store::app_in_setup(&mut tx, account, now - TimeDelta::minutes(1)).await?;
    let setup = setup.ok_or_else(AppError::not_found)?;
    store::confirm_app(&mut tx, account, setup.id, 0, now).await?;
    Ok(tx.commit().await?)
}

/// Records a change and mails it to its person. Who changes factors has not lost them.
async fn tell(tx: &mut PgConnection, caller: &Caller, (kind, factor): (&str, &str), what: &str) -> Result<()> {
    let (me, now) = (caller.viewer.id, caller.platform.now());
    lost::keep(tx, &caller.platform, me).await?;
    queue_letter(tx, letters::changed(&caller.platform, &caller.viewer.email, what)).await?;
    outbox::record(tx, Event::new(now, Some(me), me.0, kind, json!({ "factor": factor }))?).await
}
