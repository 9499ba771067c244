//! One function per thing that happens in a conversation.

use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    model::{ThreadCard, ThreadView},
    rules, store,
};
use crate::{
    accounts::door::Caller,
    platform::outbox::{self, Event},
    shared::{
        error::{AppError, Result},
        ids::{AccountId, MessageId, PitchId, ThreadId},
        paging::{Page, read_cursor, write_cursor},
        time::Time,
    },
};

const THREADS_PER_PAGE: i64 = 30;

/// Opens the conversation about `pitch` between its `owner` and `other`, with what the system says first. One that is open
/// already is gone on with.
pub async fn open(
    tx: &mut PgConnection,
    pitch: PitchId,
    owner: AccountId,
    other: AccountId,
    first: &str,
    now: Time,
) -> Result<ThreadId> {
    let thread = store::open(tx, pitch, owner, other, now).await?;
    store::add(tx, MessageId::new(), thread, None, first, now, Uuid::now_v7()).await?;
    Ok(thread)
}

/// The conversation about `pitch` between its `owner` and `other`, if one was opened.
pub async fn between(
    tx: &mut PgConnection,
    pitch: PitchId,
    owner: AccountId,
    other: AccountId,
) -> Result<Option<ThreadId>> {
    store::between(tx, pitch, owner, other).await
}

/// Says `message` in a conversation that is the caller's own.
pub async fn send(caller: &Caller, thread: ThreadId, message: &str, key: Option<&str>) -> Result<()> {
    let (me, now) = (caller.viewer.id, caller.platform.now());
    let mut tx = caller.platform.begin().await?;
    let to = store::lock(&mut tx, thread, me).await?.ok_or_else(AppError::not_found)?;
    caller.email_verified()?;
    let body = rules::message(message).map_err(|e| AppError::fields(vec![e]))?;
    let key = read_key(key)?;
    if store::sent_since(&mut tx, me, now - chrono::TimeDelta::minutes(1)).await? >= rules::PER_MINUTE {
        return Err(AppError::too_many("That is a lot of messages in a minute. Please wait a moment.", 60));
    }
    let id = MessageId::new();
    if !store::add(&mut tx, id, thread, Some(me), &body, now, key).await? {
        return replayed(&mut tx, thread, me, key).await;
    }
    store::touch(&mut tx, thread, now).await?;
    store::mark_read(&mut tx, thread, me, id, now).await?;
    let payload = json!({ "thread_id": thread, "message_id": id, "to": to });
    outbox::record(&mut tx, Event::new(now, Some(me), thread.0, "message.sent", payload)?).await?;
    Ok(tx.commit().await?)
}

/// The key of a form; one made by hand may leave it out.
fn read_key(key: Option<&str>) -> Result<Uuid> {
    match key.filter(|k| !k.is_empty()) {
        None => Ok(Uuid::now_v7()),
        Some(key) => {
            key.parse().map_err(|_| AppError::field("message", "This form is damaged. Please load the page again."))
        }
    }
}

/// The form was sent before: fine when it was this person's in this conversation.
async fn replayed(tx: &mut PgConnection, thread: ThreadId, me: AccountId, key: Uuid) -> Result<()> {
    if store::was_sent(tx, thread, me, key).await? {
        Ok(())
    } else {
        Err(AppError::conflict("This form was used already. Please load the page again."))
    }
}

/// Marks what the caller has seen of a conversation; never moves back.
pub async fn mark_read(caller: &Caller, thread: ThreadId, up_to: Option<MessageId>) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    store::lock(&mut tx, thread, caller.viewer.id).await?.ok_or_else(AppError::not_found)?;
    if let Some(seen) = store::newest(&mut tx, thread, up_to).await? {
        store::mark_read(&mut tx, thread, caller.viewer.id, seen, caller.platform.now()).await?;
    }
    Ok(tx.commit().await?)
}

/// The caller's conversations, the one that moved last first.
pub async fn threads(caller: &Caller, after: Option<&str>) -> Result<Page<ThreadCard>> {
    let mut db = caller.platform.db.acquire().await?;
    let cards = store::cards(&mut db, caller.viewer.id, read_cursor(after), THREADS_PER_PAGE + 1).await?;
    Ok(Page::cut(cards, THREADS_PER_PAGE as usize, |card| write_cursor(&(card.last_at, card.id))))
}

/// The five conversations that moved last.
pub async fn recent(caller: &Caller) -> Result<Vec<ThreadCard>> {
    let mut db = caller.platform.db.acquire().await?;
    store::cards(&mut db, caller.viewer.id, None, 5).await
}

/// One conversation as the caller sees it: its newest messages, or those before a cursor.
pub async fn thread(caller: &Caller, thread: ThreadId, before: Option<&str>) -> Result<ThreadView> {
    let me = caller.viewer.id;
    let before: Option<MessageId> = read_cursor(before);
    let mut db = caller.platform.db.acquire().await?;
    let head = store::head(&mut db, thread, me, caller.platform.now()).await?.ok_or_else(AppError::not_found)?;
    let said = store::said(&mut db, thread, me, before, rules::PAGE + 1).await?;
    let mut page = Page::cut(said, rules::PAGE as usize, |said| write_cursor(&said.id));
    let seen_to = page.items.first().map(|said| said.id);
    page.items.reverse();
    Ok(ThreadView {
        id: thread,
        project: head.project,
        with: head.with,
        messages: page.items,
        earlier: page.next,
        newest_shown: before.is_none(),
        unread: head.unread,
        seen_to,
        key: Uuid::new_v4(),
    })
}
