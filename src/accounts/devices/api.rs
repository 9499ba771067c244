//! The doors of sessions.

use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::model::SessionSeen;
#[cfg(feature = "ssr")]
use super::service;
#[cfg(feature = "ssr")]
use crate::accounts::door;
use crate::shared::error::Result;

#[server(prefix = "/api", endpoint = "sessions/mine", input = GetUrl)]
pub async fn own_sessions() -> Result<Vec<SessionSeen>> {
    service::sessions(&door::signed_in()?).await
}

#[server(prefix = "/api", endpoint = "sessions/end")]
pub async fn end_session(#[server(default)] session_id: String) -> Result<()> {
    service::end(&door::signed_in()?, &session_id).await
}

#[server(prefix = "/api", endpoint = "sessions/end-others")]
pub async fn end_other_sessions() -> Result<()> {
    service::end_others(&door::signed_in()?).await
}
