//! The doors of the room. Those that take the token of a link are posts, also where they only read: an address with it would
//! stand in the logs of whatever lies between.

use std::collections::BTreeMap;

use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::model::{Shared, Shares};
#[cfg(feature = "ssr")]
use super::{door, recipient, service};
use crate::{
    reading::model::{PageWords, Reading},
    shared::{
        error::{AppError, Result},
        ids::{FileId, PitchId, ShareId},
    },
};

#[cfg(feature = "ssr")]
use crate::accounts::door::publisher;

/// Makes a link and sends it. The documents are ticked as `material_{id}`.
#[server(prefix = "/api", endpoint = "sharing/make")]
pub async fn make_share(
    pitch_id: PitchId,
    #[server(flatten)] fields: BTreeMap<String, String>,
) -> Result<ShareId, AppError> {
    let caller = publisher()?;
    let made = service::make(&caller, pitch_id, &fields).await?;
    leptos_axum::redirect(&format!("{}/pitches/{pitch_id}?shared={made}#shares", caller.viewer.kind.home()));
    Ok(made)
}

/// Sends the mail of a link again.
#[server(prefix = "/api", endpoint = "sharing/send-again")]
pub async fn send_share_again(share_id: ShareId) -> Result<(), AppError> {
    service::send_again(&publisher()?, share_id).await
}

/// Ends a link.
#[server(prefix = "/api", endpoint = "sharing/revoke")]
pub async fn revoke_share(share_id: ShareId) -> Result<(), AppError> {
    service::revoke(&publisher()?, share_id).await
}

/// The links of a pitch, for its owner.
#[server(name = ReadShares, prefix = "/api", endpoint = "sharing/of-pitch", input = GetUrl)]
pub async fn shares_of(pitch_id: PitchId, #[server(default)] after: String) -> Result<Shares, AppError> {
    service::of_pitch(&publisher()?, pitch_id, Some(after.as_str()).filter(|a| !a.is_empty())).await
}

/// What a link shows to who comes by it.
#[server(name = OpenLink, prefix = "/api", endpoint = "sharing/link")]
pub async fn link(#[server(default)] token: String) -> Result<Shared, AppError> {
    recipient::open(&door::knock()?, &token).await
}

/// Asks for a code.
#[server(name = AskCode, prefix = "/api", endpoint = "sharing/ask-code")]
pub async fn ask_code(
    #[server(default)] token: String,
    #[server(default)] email: String,
    #[server(default)] passcode: String,
) -> Result<(), AppError> {
    let key = recipient::ask(&door::knock()?, &token, &email, &passcode).await?;
    door::hand_out(key.share, &key.key)?;
    leptos_axum::redirect(&format!("/s/{token}"));
    Ok(())
}

/// Comes in with the code.
#[server(name = EnterLink, prefix = "/api", endpoint = "sharing/enter")]
pub async fn enter(
    #[server(default)] token: String,
    #[server(default)] code: String,
    #[server(default)] keep_confidential: String,
) -> Result<(), AppError> {
    let key = recipient::enter(&door::knock()?, &token, &code, keep_confidential == "true").await?;
    door::hand_out(key.share, &key.key)?;
    leptos_axum::redirect(&format!("/s/{token}"));
    Ok(())
}

/// A document of a link on its reading page; who is not in yet goes to the door.
#[server(name = ReadShared, prefix = "/api", endpoint = "sharing/document")]
pub async fn document(#[server(default)] token: String, file_id: FileId) -> Result<Option<Reading>, AppError> {
    let reading = recipient::document(&door::knock()?, &token, file_id).await?;
    if reading.is_none() {
        leptos_axum::redirect(&format!("/s/{token}"));
    }
    Ok(reading)
}

/// The words of a page, for who listens.
#[server(name = SharedWords, prefix = "/api", endpoint = "sharing/words", input = GetUrl)]
pub async fn words(share_id: ShareId, file_id: FileId, #[server(default)] page: i32) -> Result<PageWords, AppError> {
    recipient::words(&door::knock()?, share_id, file_id, page).await
}

/// So many milliseconds more were spent on a page.
#[server(name = SharedBeat, prefix = "/api", endpoint = "sharing/beat")]
pub async fn beat(
    share_id: ShareId,
    file_id: FileId,
    #[server(default)] page: i32,
    #[server(default)] milliseconds: i64,
) -> Result<(), AppError> {
    recipient::beat(&door::knock()?, share_id, file_id, page, milliseconds).await
}
