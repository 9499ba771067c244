//! The doors of the room.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::model::{News, Notification};
#[cfg(feature = "ssr")]
use super::service;
#[cfg(feature = "ssr")]
use crate::accounts::door;
use crate::shared::{
    error::{AppError, Result},
    ids::NotificationId,
    paging::Page,
};

/// Marks a notice read, or all of them when none is named.
#[server(prefix = "/api", endpoint = "notifications/mark-read")]
pub async fn mark_notifications_read(notification_id: Option<NotificationId>) -> Result<(), AppError> {
    service::mark_read(&door::signed_in()?, notification_id).await
}

/// The viewer's notices, newest first.
#[server(prefix = "/api", endpoint = "notifications/list", input = GetUrl)]
pub async fn notifications(after: Option<String>) -> Result<Page<Notification>, AppError> {
    service::list(&door::signed_in()?, after.as_deref()).await
}

/// The five newest, for a dashboard.
#[server(prefix = "/api", endpoint = "notifications/recent", input = GetUrl)]
pub async fn recent() -> Result<Vec<Notification>, AppError> {
    service::recent(&door::signed_in()?).await
}

/// What is new, for the header; zeros for who is not signed in.
#[server(prefix = "/api", endpoint = "notifications/counts", input = GetUrl)]
pub async fn counts() -> Result<News, AppError> {
    service::news(&door::anyone()?).await
}
