//! Who comes by a link: a visitor with what their browser keeps of it. Each link has its own cookie, so that two can be open
//! side by side.

use axum::http::{
    HeaderMap,
    header::{COOKIE, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::use_context;

use super::rules::IN_HOURS;
use crate::{
    accounts::door::{self, Visitor},
    shared::{
        error::{AppError, Result},
        ids::ShareId,
    },
};

/// Somebody at the door.
pub struct Knock {
    pub visitor: Visitor,
    cookies: Vec<String>,
}

impl Knock {
    pub fn new(visitor: Visitor, headers: &HeaderMap) -> Self {
        let sent = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let cookies = sent.flat_map(|value| value.split("; ")).map(str::to_owned).collect();
        Self { visitor, cookies }
    }

    /// The key to `share` that the browser keeps.
    pub fn key(&self, share: ShareId) -> Option<&str> {
        let name = cookie(share);
        self.cookies.iter().find_map(|pair| pair.strip_prefix(&name)?.strip_prefix('='))
    }
}

/// Anyone, with their cookies.
pub fn knock() -> Result<Knock> {
    let parts = use_context::<Parts>().ok_or_else(|| AppError::internal("a server function ran outside a request"))?;
    Ok(Knock::new(door::anyone()?, &parts.headers))
}

fn cookie(share: ShareId) -> String {
    format!("__Host-share-{}", share.0.simple())
}

/// Has the browser keep `key` to `share`.
pub fn hand_out(share: ShareId, key: &str) -> Result<()> {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        let kept =
            format!("{}={key}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", cookie(share), IN_HOURS * 3_600);
        response.append_header(SET_COOKIE, kept.parse().map_err(AppError::internal)?);
    }
    Ok(())
}
