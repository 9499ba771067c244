//! The doors of the room.

use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::model::{PageWords, Readers, Reading};
#[cfg(feature = "ssr")]
use super::service;
#[cfg(feature = "ssr")]
use crate::accounts::door;
use crate::shared::{
    error::{AppError, Result},
    ids::{FileId, PitchId},
};

/// A document on its reading page.
#[server(name = ReadDocument, prefix = "/api", endpoint = "reading/document", input = GetUrl)]
pub async fn document(file_id: FileId) -> Result<Reading, AppError> {
    service::document(&door::signed_in()?, file_id).await
}

/// The words of a page, for who listens.
#[server(name = ReadWords, prefix = "/api", endpoint = "reading/words", input = GetUrl)]
pub async fn words(file_id: FileId, #[server(default)] page: i32) -> Result<PageWords, AppError> {
    service::words(&door::signed_in()?, file_id, page).await
}

/// So many milliseconds more were spent on a page.
#[server(prefix = "/api", endpoint = "reading/beat")]
pub async fn beat(
    file_id: FileId,
    #[server(default)] page: i32,
    #[server(default)] milliseconds: i64,
) -> Result<(), AppError> {
    service::beat(&door::signed_in()?, file_id, page, milliseconds).await
}

/// Who read the documents of a pitch, for its owner.
#[server(name = ReadReaders, prefix = "/api", endpoint = "reading/readers", input = GetUrl)]
pub async fn readers(pitch_id: PitchId, #[server(default)] after: String) -> Result<Readers, AppError> {
    service::readers(&door::publisher()?, pitch_id, Some(after.as_str()).filter(|a| !a.is_empty())).await
}
