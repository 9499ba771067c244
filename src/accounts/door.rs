//! How a server function gets in: it asks for the capability it needs and gets nothing without it.
//! `server::guard` puts the material here once per request, from the session in the database.

use leptos::prelude::use_context;

use axum::http::{
    HeaderName, HeaderValue,
    header::{COOKIE, SET_COOKIE},
    request::Parts,
};
use chrono::TimeDelta;
use rand::RngCore;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use tower_sessions::Session;
use uuid::Uuid;

use super::{
    factors,
    model::{Kind, Viewer},
    rules, service,
    sessions::{SESSION_COOKIE, hashed, key},
};
use crate::{
    platform::{Platform, limits::household, vault::Vault},
    shared::{
        error::{AppError, Result},
        ids::AccountId,
        time::Time,
    },
};

/// From where a request came, as recorded with signatures and sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The peer's address, or the one a trusted proxy named.
    pub address: String,
    pub user_agent: String,
}

impl Client {
    /// Who counts as one where tries are counted.
    pub fn household(&self) -> String {
        household(&self.address)
    }
}

/// Anyone, signed in or not.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub platform: Platform,
    pub viewer: Option<Viewer>,
    pub client: Client,
}

/// Someone who is signed in.
#[derive(Clone, Debug)]
pub struct Caller {
    pub platform: Platform,
    pub viewer: Viewer,
    pub client: Client,
}

/// Lets anyone in.
pub fn anyone() -> Result<Visitor> {
    use_context::<Visitor>().ok_or_else(|| AppError::internal("a server function ran outside a request"))
}

/// Lets in who is signed in; 401 otherwise.
pub fn signed_in() -> Result<Caller> {
    anyone()?.signed_in()
}

/// Lets in who has one of `kinds`; 403 for the other portals.
pub fn of_kind(kinds: &[Kind]) -> Result<Caller> {
    signed_in()?.of_kind(kinds)
}

/// Lets in who publishes pitches: creators and production companies.
pub fn publisher() -> Result<Caller> {
    anyone()?.publisher()
}

/// Lets in the buy side: investors and production companies.
pub fn buyer() -> Result<Caller> {
    of_kind(&[Kind::Investor, Kind::Production])
}

/// The session of the request.
fn session() -> Result<Session> {
    use_context::<Session>().ok_or_else(|| AppError::internal("a server function ran outside a request"))
}

/// Keeps something for this browser alone, under one of the session's keys.
pub async fn keep<T: Serialize>(name: &str, value: &T) -> Result<()> {
    session()?.insert(name, value).await.map_err(AppError::internal)
}

/// What is kept for this browser.
pub async fn kept<T: DeserializeOwned>(name: &str) -> Result<Option<T>> {
    session()?.get(name).await.map_err(AppError::internal)
}

/// Signs `account` in: a new token, fresh for ten minutes.
pub async fn begin_session(visitor: &Visitor, account: AccountId) -> Result<()> {
    let (session, now) = (session()?, visitor.platform.now());
    let write = async {
        // A form that was refused because they were not signed in any more still waits for its page.
        let nobody = session.get::<AccountId>(key::ACCOUNT).await?.is_none();
        let mut refused: Vec<serde_json::Value> = session.get(key::FLASH).await?.filter(|_| nobody).unwrap_or_default();
        let own = serde_json::json!(account);
        refused.retain(|form| form.get("account").is_none_or(|owner| owner.is_null() || *owner == own));
        session.cycle_id().await?;
        session.clear().await;
        if !refused.is_empty() {
            session.insert(key::FLASH, refused).await?;
        }
        session.insert(key::ACCOUNT, account).await?;
        session.insert(key::STARTED_AT, now).await?;
        session.insert(key::PROVED_AT, now).await?;
        session.insert(key::SEEN_AT, now).await?;
        session.insert(key::ADDRESS, &visitor.client.address).await?;
        session.insert(key::USER_AGENT, &visitor.client.user_agent).await
    };
    write.await.map_err(AppError::internal)
}

/// Who is signed in proved who they are: the session is fresh for ten minutes and gets a new token.
pub async fn proved(platform: &Platform) -> Result<()> {
    let session = session()?;
    session.cycle_id().await.map_err(AppError::internal)?;
    session.insert(key::PROVED_AT, platform.now()).await.map_err(AppError::internal)
}

/// Leaves the session with nobody signed in, and with the sign-in that waits for a second factor. A new token, too: the one
/// from before the password may be known to others.
pub async fn begin_half(half: Uuid) -> Result<()> {
    let session = session()?;
    let write = async {
        if session.get::<AccountId>(key::ACCOUNT).await?.is_some() {
            session.clear().await;
        }
        session.cycle_id().await?;
        session.insert(key::HALF, half).await
    };
    write.await.map_err(AppError::internal)
}

/// The sign-in that waits for a second factor in this session.
pub async fn half() -> Result<Option<Uuid>> {
    session()?.get(key::HALF).await.map_err(AppError::internal)
}

/// For this the recovery codes in a session are sealed.
const NEW_CODES: &str = "new recovery codes";

/// Keeps recovery codes that were made just now for the next page of this session.
pub async fn show_new_codes(platform: &Platform, codes: &[String]) -> Result<()> {
    let sealed = hex::encode(Vault::of(&platform.config).seal(NEW_CODES, codes.join(" ").as_bytes())?);
    session()?.insert(key::NEW_CODES, (sealed, platform.now())).await.map_err(AppError::internal)
}

/// Recovery codes that were made in this session just now.
pub async fn new_codes(platform: &Platform) -> Result<Vec<String>> {
    let kept: Option<(String, Time)> = session()?.get(key::NEW_CODES).await.map_err(AppError::internal)?;
    let lives = TimeDelta::minutes(factors::rules::SETUP_MINUTES);
    let Some((sealed, _)) = kept.filter(|(_, at)| platform.now() - *at < lives) else { return Ok(Vec::new()) };
    let sealed = hex::decode(sealed).map_err(AppError::internal)?;
    let codes = String::from_utf8(Vault::of(&platform.config).open(NEW_CODES, &sealed)?).map_err(AppError::internal)?;
    Ok(codes.split(' ').map(str::to_owned).collect())
}

/// Their person has written them down.
pub async fn forget_new_codes() -> Result<()> {
    session()?.remove::<serde_json::Value>(key::NEW_CODES).await.map_err(AppError::internal)?;
    Ok(())
}

/// The hash under which the session of the request is kept.
pub fn session_hash() -> Result<Vec<u8>> {
    Ok(session()?.id().map(|id| hashed(&id)).unwrap_or_default())
}

/// A browser is known again by this cookie, of its own and longer-lived than any session.
const DEVICE_COOKIE: &str = "__Host-device";
/// As long as browsers keep one.
const DEVICE_DAYS: i64 = 400;

/// The hash of this browser's own cookie; who has none is given one.
pub fn device() -> Result<Vec<u8>> {
    let token = use_context::<Parts>().and_then(|parts| device_token(&parts)).unwrap_or_else(|| {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        hex::encode(bytes)
    });
    let lives = DEVICE_DAYS * 24 * 60 * 60;
    let cookie = format!("{DEVICE_COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={lives}");
    answer_with(SET_COOKIE, &cookie)?;
    Ok(Sha256::digest(token).to_vec())
}

fn device_token(parts: &Parts) -> Option<String> {
    let cookies = parts.headers.get_all(COOKIE).into_iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split("; "));
    let mut tokens = cookies.filter_map(|cookie| cookie.strip_prefix(DEVICE_COOKIE)?.strip_prefix('='));
    tokens.find(|token| token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit())).map(str::to_owned)
}

fn answer_with(name: HeaderName, value: &str) -> Result<()> {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.append_header(name, HeaderValue::from_str(value).map_err(AppError::internal)?);
    }
    Ok(())
}

/// Signs out: the session is gone from the database, a copied cookie is dead, and the browser forgets what pages kept in it. It is
/// told to forget its cookie with all the attributes that a `__Host-` name demands; tower-sessions leaves out `Secure`, and
/// browsers would keep it.
pub async fn end_session() -> Result<()> {
    session()?.flush().await.map_err(AppError::internal)?;
    answer_with(SET_COOKIE, &format!("{SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))?;
    // Not "cache", which takes Chromium seconds and holds nothing of people's (`no-store`); not "cookies", which hold the theme.
    answer_with(HeaderName::from_static("clear-site-data"), "\"storage\"")
}

impl Visitor {
    /// Goes on for who is signed in; 401 otherwise.
    pub fn signed_in(self) -> Result<Caller> {
        let Visitor { platform, viewer, client } = self;
        Ok(Caller { platform, viewer: viewer.ok_or_else(AppError::signed_out)?, client })
    }

    /// Goes on for who publishes pitches.
    pub fn publisher(self) -> Result<Caller> {
        self.signed_in()?.of_kind(&[Kind::Creator, Kind::Production])
    }
}

impl Caller {
    /// Goes on for who has one of `kinds`; 403 for the other portals.
    fn of_kind(self, kinds: &[Kind]) -> Result<Caller> {
        if kinds.contains(&self.viewer.kind) {
            Ok(self)
        } else {
            Err(AppError::forbidden("This belongs to another portal."))
        }
    }

    /// Goes on only for an account whose email is verified: needed to publish, sign and send.
    pub fn email_verified(&self) -> Result<()> {
        rules::needs_verified_email(&self.viewer)
    }

    /// Goes on when the person proved who they are within ten minutes, or does so now with `password` (the form's
    /// `password` field); otherwise the form asks for it.
    pub async fn step_up(&self, password: Option<&str>) -> Result<()> {
        if self.viewer.fresh {
            return Ok(());
        }
        match password.filter(|p| !p.is_empty()) {
            None => {
                Err(AppError::field("password", "It has been a while: please enter your password to confirm this."))
            }
            Some(password) => self.prove(password).await,
        }
    }

    /// Proves who they are by password, or by a code of their authenticator app in its place: six digits are no password.
    pub async fn prove(&self, password: &str) -> Result<()> {
        match factors::rules::app_code(password) {
            Some(code) => factors::service::confirm_code(self, &code).await?,
            None => service::confirm_password(self, password).await?,
        }
        proved(&self.platform).await
    }

    /// The same person as a visitor.
    pub fn visitor(&self) -> Visitor {
        Visitor { platform: self.platform.clone(), viewer: Some(self.viewer.clone()), client: self.client.clone() }
    }
}
