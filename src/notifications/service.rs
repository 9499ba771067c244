//! One function per thing a person does with their notices.

use super::{
    model::{News, Notification},
    store,
};
use crate::{
    accounts::door::{Caller, Visitor},
    shared::{
        error::{AppError, Result},
        ids::NotificationId,
        paging::{Page, read_cursor, write_cursor},
    },
};

const PER_PAGE: i64 = 30;

/// The caller's notices, newest first.
pub async fn list(caller: &Caller, after: Option<&str>) -> Result<Page<Notification>> {
    let mut db = caller.platform.db.acquire().await?;
    let items = store::list(&mut db, caller.viewer.id, read_cursor(after), PER_PAGE + 1).await?;
    Ok(Page::cut(items, PER_PAGE as usize, |item| write_cursor(&item.id)))
}

/// The five newest.
pub async fn recent(caller: &Caller) -> Result<Vec<Notification>> {
    let mut db = caller.platform.db.acquire().await?;
    store::list(&mut db, caller.viewer.id, None, 5).await
}

/// Marks one of the caller's notices read, or all.
pub async fn mark_read(caller: &Caller, one: Option<NotificationId>) -> Result<()> {
    let mut db = caller.platform.db.acquire().await?;
    let marked = store::mark_read(&mut db, caller.viewer.id, one, caller.platform.now()).await?;
    if marked || one.is_none() { Ok(()) } else { Err(AppError::not_found()) }
}

/// What is new, for the header; nothing for who is not signed in.
pub async fn news(visitor: &Visitor) -> Result<News> {
    let Some(viewer) = &visitor.viewer else { return Ok(News::default()) };
    let mut db = visitor.platform.db.acquire().await?;
    store::news(&mut db, viewer.id).await
}
