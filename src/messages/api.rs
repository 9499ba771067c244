//! The doors of the room.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::model::{ThreadCard, ThreadView};
#[cfg(feature = "ssr")]
use super::service;
#[cfg(feature = "ssr")]
use crate::accounts::door;
use crate::shared::{
    error::{AppError, Result},
    ids::{MessageId, ThreadId},
    paging::Page,
};

/// Says something in a conversation. `key` comes with the form; the same key twice is one message.
#[server(prefix = "/api", endpoint = "messages/send")]
pub async fn send_message(
    thread_id: ThreadId,
    #[server(default)] message: String,
    key: Option<String>,
) -> Result<(), AppError> {
    service::send(&door::signed_in()?, thread_id, &message, key.as_deref()).await
}

/// Marks a conversation read up to `up_to`, or to its end.
#[server(prefix = "/api", endpoint = "messages/mark-read")]
pub async fn mark_thread_read(thread_id: ThreadId, up_to: Option<MessageId>) -> Result<(), AppError> {
    service::mark_read(&door::signed_in()?, thread_id, up_to).await
}

/// The viewer's conversations, newest first.
#[server(prefix = "/api", endpoint = "messages/threads", input = GetUrl)]
pub async fn threads(after: Option<String>) -> Result<Page<ThreadCard>, AppError> {
    service::threads(&door::signed_in()?, after.as_deref()).await
}

/// One conversation, its newest messages or those before a cursor.
#[server(prefix = "/api", endpoint = "messages/thread", input = GetUrl)]
pub async fn thread(thread_id: ThreadId, before: Option<String>) -> Result<ThreadView, AppError> {
    service::thread(&door::signed_in()?, thread_id, before.as_deref()).await
}

/// The five conversations that moved last, for a dashboard.
#[server(prefix = "/api", endpoint = "messages/recent", input = GetUrl)]
pub async fn recent() -> Result<Vec<ThreadCard>, AppError> {
    service::recent(&door::signed_in()?).await
}
