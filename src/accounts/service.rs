//! One function per thing a person does with their account.

use chrono::TimeDelta;
use rand::RngCore;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{
    claims,
    door::{Caller, Client, Visitor},
    factors, mails,
    model::{Kind, Profile, PublicProfile},
    passwords,
    rules::{self, NewAccount, Registration},
    store,
};
use crate::{
    platform::{
        Platform, db,
        mail::queue_letter,
        outbox::{self, Event},
    },
    shared::{
        error::{AppError, Result},
        ids::AccountId,
        text::{self, Complaints},
    },
};

/// Makes an account and mails a link to verify its email. A known address gets a mail of its own and the same answer.
pub async fn register(visitor: &Visitor, registration: Registration) -> Result<()> {
    let platform = &visitor.platform;
    let account = registration.check()?;
    platform.limits.registration(&visitor.client.address)?;
    let hash = passwords::hash(&account.password).await?;
    let mut tx = platform.begin().await?;
    if let Some(id) = create(&mut tx, platform, &account, Some(&hash)).await? {
        send_verification(&mut tx, platform, id, &account.email).await?;
    } else if platform.limits.mail_to("registered", &account.email) {
        queue_letter(&mut tx, mails::already_registered(platform, &account.email)).await?;
    }
    Ok(tx.commit().await?)
}

/// Inserts an account with its organisation and consents; `None` when the email is somebody's already.
pub async fn create(
    tx: &mut PgConnection,
    platform: &Platform,
    account: &NewAccount,
    password_hash: Option<&str>,
) -> Result<Option<AccountId>> {
    let (id, now) = (AccountId::new(), platform.now());
    let handle = free_handle(tx, &account.name).await?;
    if !store::insert(tx, id, account, &handle, password_hash, now).await? {
        return Ok(None);
    }
    let mut organisation = None;
    if let Some(company) = &account.company {
        organisation = Some(store::insert_organisation(tx, company, id, now).await?);
    }
    if account.kind != Kind::Admin {
        store::insert_consent(tx, id, "terms", rules::TERMS_VERSION, now).await?;
        store::insert_consent(tx, id, "adult", rules::TERMS_VERSION, now).await?;
    }
    let event = Event::new(now, Some(id), id.0, "account.registered", json!({ "kind": account.kind }))?;
    outbox::record(tx, event.for_organisation(organisation)).await?;
    Ok(Some(id))
}

async fn free_handle(tx: &mut PgConnection, name: &str) -> Result<String> {
    let base = rules::handle_from_name(name);
    // Two people of one name at the same moment wait for each other here.
    store::lock_handle(tx, &base).await?;
    if !store::handle_is_taken(tx, &base).await? {
        return Ok(base);
    }
    Ok(format!("{base}-{:06x}", rand::rng().next_u32() & 0xff_ffff))
}

/// A token for a link, and the hash of it that is kept.
fn new_token() -> (String, Vec<u8>) {
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    let token = hex::encode(bytes);
    let hash = hash_token(&token);
    (token, hash)
}

pub(super) fn hash_token(token: &str) -> Vec<u8> {
    Sha256::digest(token.trim().as_bytes()).to_vec()
}

/// Keeps a token for a link to `email`.
pub(super) async fn keep_token(
    tx: &mut PgConnection,
    platform: &Platform,
    account: AccountId,
    email: &str,
    purpose: &str,
    lives: TimeDelta,
) -> Result<String> {
    let (token, hash) = new_token();
    let now = platform.now();
    let expires_at = now + lives;
    store::insert_token(tx, store::NewToken { hash: &hash, account, purpose, email, expires_at }, now).await?;
    Ok(token)
}

async fn send_verification(tx: &mut PgConnection, platform: &Platform, account: AccountId, email: &str) -> Result<()> {
    let lives = TimeDelta::hours(rules::VERIFY_EMAIL_HOURS);
    let token = keep_token(tx, platform, account, email, "verify-email", lives).await?;
    queue_letter(tx, mails::verify_email(platform, email, &token)).await
}

/// Mails a new link to verify the address, if it is an account's and not verified yet; the answer is always the same.
pub async fn resend_verification(visitor: &Visitor, email: &str) -> Result<()> {
    let platform = &visitor.platform;
    let email = rules::email(email).map_err(|e| AppError::fields(vec![e]))?;
    platform.limits.mail_asked(&visitor.client.address)?;
    let mut tx = platform.begin().await?;
    if let Some(account) = store::credentials_by_email(&mut tx, &email).await? {
        let known = store::viewer(&mut tx, account.id, false).await?;
        let unverified = known.filter(|v| !v.email_verified);
        if let Some(viewer) = unverified.filter(|v| platform.limits.mail_to("verify", &v.email)) {
            send_verification(&mut tx, platform, account.id, &viewer.email).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Uses up the link of a verification mail.
pub async fn verify_email(visitor: &Visitor, token: &str) -> Result<()> {
    let platform = &visitor.platform;
    let now = platform.now();
    let mut tx = platform.begin().await?;
    let account =
        store::use_token(&mut tx, &hash_token(token), &["verify-email"], now).await?.ok_or_else(spent_link)?;
    store::set_email_verified(&mut tx, account, now).await?;
    outbox::record(&mut tx, Event::new(now, Some(account), account.0, "account.email_verified", json!({}))?).await?;
    Ok(tx.commit().await?)
}

pub(super) fn spent_link() -> AppError {
    AppError::field("token", "This link was used before or is too old. Ask for a new one below.")
}

/// Mails a link to set a new password, if the address is an account's; the answer is always the same.
pub async fn forgot_password(visitor: &Visitor, email: &str) -> Result<()> {
    let platform = &visitor.platform;
    let email = rules::email(email).map_err(|e| AppError::fields(vec![e]))?;
    platform.limits.mail_asked(&visitor.client.address)?;
    let mut tx = platform.begin().await?;
    let account = store::credentials_by_email(&mut tx, &email).await?;
    if let Some(account) = account.filter(|a| platform.limits.mail_to("reset", &a.email)) {
        // To the address that was registered: one that only looks the same in lower case is somebody else's.
        let lives = TimeDelta::hours(rules::RESET_PASSWORD_HOURS);
        let token = keep_token(&mut tx, platform, account.id, &account.email, "reset-password", lives).await?;
        queue_letter(&mut tx, mails::reset_password(platform, &account.email, &token)).await?;
    }
    Ok(tx.commit().await?)
}

/// Sets a new password by a mailed link; every session of the account ends. The link proves the address, too.
pub async fn reset_password(visitor: &Visitor, token: &str, new_password: &str) -> Result<()> {
    let platform = &visitor.platform;
    platform.limits.sign_in(&visitor.client.address)?;
    let password = rules::password("new_password", new_password).map_err(|e| AppError::fields(vec![e]))?;
    let hash = passwords::hash(&password).await?;
    let now = platform.now();
    let mut tx = platform.begin().await?;
    let purposes = ["reset-password", "first-password"];
    let account = store::use_token(&mut tx, &hash_token(token), &purposes, now).await?.ok_or_else(spent_link)?;
    claims::by_mail(&mut tx, platform, account).await?;
    store::set_password(&mut tx, account, &hash).await?;
    store::password_was_reset(&mut tx, account, now).await?;
    store::end_sessions(&mut tx, account).await?;
    // Nothing that was begun with the old password goes on.
    factors::store::drop_halves(&mut tx, account).await?;
    factors::lost::keep(&mut tx, platform, account).await?;
    if let Some(viewer) = store::viewer(&mut tx, account, false).await? {
        // Wrong guesses before do not count against the new password.
        store::clear_failures(&mut tx, &hash_email(&viewer.email), &visitor.client.household()).await?;
        queue_letter(&mut tx, mails::password_was_set(platform, &viewer.email)).await?;
    }
    outbox::record(&mut tx, Event::new(now, Some(account), account.0, "account.password_reset", json!({}))?).await?;
    Ok(tx.commit().await?)
}

/// Whose email and password these are. Unknown address and wrong password answer alike and take the same time.
pub async fn sign_in(visitor: &Visitor, email: &str, password: &str) -> Result<(AccountId, Kind)> {
    visitor.platform.limits.sign_in(&visitor.client.address)?;
    let mut db = visitor.platform.db.acquire().await?;
    let email = email.trim();
    let account = store::credentials_by_email(&mut db, email).await?;
    let hash = account.as_ref().and_then(|a| a.password_hash.clone());
    check_password(&mut db, &visitor.platform, &visitor.client, email, password, hash).await?;
    let account = account.ok_or_else(wrong_password)?;
    Ok((account.id, account.kind))
}

/// Failures are counted by a hash of the address, known or not.
fn hash_email(email: &str) -> Vec<u8> {
    Sha256::digest(email.to_lowercase().as_bytes()).to_vec()
}

fn wrong_password() -> AppError {
    AppError::field("password", "Email and password do not belong together. Check both, or set a new password.")
}

/// Verifies `password` against `hash` within the limits on wrong ones, per account and address.
async fn check_password(
    db: &mut PgConnection,
    platform: &Platform,
    client: &Client,
    email: &str,
    password: &str,
    hash: Option<String>,
) -> Result<()> {
    let limits = &platform.config.limits;
    let email_hash = hash_email(email);
    let (now, window) = (platform.now(), TimeDelta::minutes(limits.wrong_password_window_minutes.into()));
    let (failures, oldest) = store::failures_since(db, &email_hash, &client.household(), now - window).await?;
    if failures >= i64::from(limits.wrong_passwords) {
        let wait = oldest.map_or(window, |oldest| oldest + window - now).num_seconds().max(1);
        return Err(AppError::too_many(
            "Too many wrong passwords from here. Wait a little, or set a new password by mail.",
            u32::try_from(wait).unwrap_or(60),
        ));
    }
    if passwords::verify(password, hash).await? {
        return store::clear_failures(db, &email_hash, &client.household()).await;
    }
    store::insert_failure(db, &email_hash, &client.household(), now).await?;
    Err(wrong_password())
}

/// Confirms the caller's password; the session is fresh from then on (`api` writes that down).
pub async fn confirm_password(caller: &Caller, password: &str) -> Result<()> {
    caller.platform.limits.sign_in(&caller.client.address)?;
    let mut db = caller.platform.db.acquire().await?;
    let hash = store::password_hash(&mut db, caller.viewer.id).await?;
    check_password(&mut db, &caller.platform, &caller.client, &caller.viewer.email, password, hash).await.map_err(
        |error| match error.on_field("password") {
            Some(_) => AppError::field("password", "That is not your password."),
            None => error,
        },
    )
}

/// One's own profile.
pub async fn own_profile(caller: &Caller) -> Result<Profile> {
    store::own_profile(&mut *caller.platform.db.acquire().await?, caller.viewer.id).await
}

/// Somebody's public page.
pub async fn public_profile(visitor: &Visitor, handle: &str) -> Result<PublicProfile> {
    if handle.contains(char::is_control) {
        return Err(AppError::not_found());
    }
    store::public_profile(&mut *visitor.platform.db.acquire().await?, handle).await
}

/// Saves one's profile.
pub async fn save_profile(caller: &Caller, typed: Profile) -> Result<()> {
    let profile = checked_profile(typed)?;
    let mut db = caller.platform.db.acquire().await?;
    match store::update_profile(&mut db, caller.viewer.id, &profile, caller.platform.now()).await {
        Err(error) if db::violates(&error, "accounts_handle_key") => {
            Err(AppError::field("handle", "Somebody has this handle already. Choose another."))
        }
        other => Ok(other?),
    }
}

fn checked_profile(typed: Profile) -> Result<Profile> {
    let mut complaints = Complaints::default();
    let name = complaints.take(rules::person_name("full_name", &typed.name));
    let handle = complaints.take(rules::handle(&typed.handle));
    let (headline, bio) = (text::line(&typed.headline), text::prose(&typed.bio));
    let (website, location) = (text::line(&typed.website), text::line(&typed.location));
    let web = website.is_empty() || website.starts_with("https://") || website.starts_with("http://");
    complaints
        .unless(text::chars(&headline) <= 120, "headline", "Keep the headline to 120 characters.")
        .unless(text::chars(&bio) <= 2_000, "bio", "Keep this to 2 000 characters.")
        .unless(web, "website", "Begin the address with https://")
        .unless(text::chars(&website) <= 300, "website", "That address is too long.")
        .unless(text::chars(&location) <= 120, "location", "Keep the location to 120 characters.");
    complaints.done()?;
    let (Some(name), Some(handle)) = (name, handle) else {
        return Err(AppError::internal("a profile without complaints"));
    };
    Ok(Profile { name, handle, headline, bio, website, location, avatar: None })
}

/// Staff looked at who a buyer is; `method` is what they checked, shown on the badge.
pub async fn verify_buyer(platform: &Platform, email: &str, method: &str) -> Result<()> {
    let method = text::line(method);
    if method.is_empty() || text::chars(&method) > 200 {
        return Err(AppError::field("method", "Say in up to 200 characters what was checked."));
    }
    let mut tx = platform.begin().await?;
    let account = store::credentials_by_email(&mut tx, email.trim()).await?.ok_or_else(AppError::not_found)?;
    if !account.kind.is_buyer() {
        return Err(AppError::conflict("Only investors and production companies are verified."));
    }
    let now = platform.now();
    store::insert_verification(&mut tx, account.id, &method, now).await?;
    outbox::record(
        &mut tx,
        Event::new(now, None, account.id.0, "buyer.verified", json!({ "account_id": account.id }))?,
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Makes a member of staff; the answer is the path of a one-time link that sets the first password.
pub async fn create_admin(platform: &Platform, email: &str) -> Result<String> {
    let email = rules::email(email).map_err(|e| AppError::fields(vec![e]))?;
    let name = email.split('@').next().unwrap_or("staff").to_string();
    let account = NewAccount { kind: Kind::Admin, name, company: None, email: email.clone(), password: String::new() };
    let mut tx = platform.begin().await?;
    let id = create(&mut tx, platform, &account, None)
        .await?
        .ok_or_else(|| AppError::conflict("There is an account with this email already."))?;
    let token = keep_token(&mut tx, platform, id, &email, "first-password", TimeDelta::hours(24)).await?;
    tx.commit().await?;
    Ok(format!("/reset-password?token={token}"))
}

/// Drops what is past its use: ended sessions, spent links, old failures. A scheduled job calls it.
pub async fn sweep(platform: &Platform) -> Result<()> {
    let mut tx = platform.begin().await?;
    store::sweep(&mut tx, platform.now()).await?;
    factors::store::sweep(&mut tx, platform.now()).await?;
    Ok(tx.commit().await?)
}
