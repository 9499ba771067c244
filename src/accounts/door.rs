//! How a server function gets in: it asks for the capability it needs and gets nothing without it.
//! `server::guard` puts the material here once per request, from the session in the database.

use leptos::prelude::use_context;

use axum::http::header::SET_COOKIE;
use serde::{Serialize, de::DeserializeOwned};
use tower_sessions::Session;

use super::{
    model::{Kind, Viewer},
    rules, service,
    sessions::{SESSION_COOKIE, key},
};
use crate::{
    platform::Platform,
    shared::{
        error::{AppError, Result},
        ids::AccountId,
    },
};

/// From where a request came, as recorded with signatures and sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The peer's address, or the one a trusted proxy named.
    pub address: String,
    pub user_agent: String,
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
        session.insert(key::PROVED_AT, now).await?;
        session.insert(key::SEEN_AT, now).await?;
        session.insert(key::ADDRESS, &visitor.client.address).await?;
        session.insert(key::USER_AGENT, &visitor.client.user_agent).await
    };
    write.await.map_err(AppError::internal)
}

/// Signs out: the session is gone from the database, a copied cookie is dead. The browser is told to forget its cookie with
/// all the attributes that a `__Host-` name demands; tower-sessions leaves out `Secure`, and browsers would keep it.
pub async fn end_session() -> Result<()> {
    session()?.flush().await.map_err(AppError::internal)?;
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        let forget = format!("{SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
        response.append_header(SET_COOKIE, forget.parse().map_err(AppError::internal)?);
    }
    Ok(())
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

    /// Proves who they are by password; the session is fresh for ten minutes and gets a new token.
    pub async fn prove(&self, password: &str) -> Result<()> {
        service::confirm_password(self, password).await?;
        let session = session()?;
        session.cycle_id().await.map_err(AppError::internal)?;
        session.insert(key::PROVED_AT, self.platform.now()).await.map_err(AppError::internal)
    }

    /// The same person as a visitor.
    pub fn visitor(&self) -> Visitor {
        Visitor { platform: self.platform.clone(), viewer: Some(self.viewer.clone()), client: self.client.clone() }
    }
}
