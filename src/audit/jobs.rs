//! What is written down.

use chrono::TimeDelta;
use sqlx::PgConnection;

use super::{chain::Entry, store};
use crate::{
    platform::{
        Platform,
        outbox::{self, Event},
    },
    shared::error::Result,
};

/// An event whose announcement is so many minutes late is written down without it.
const LATE_MINUTES: i64 = 10;

/// Writes down what was not announced: from before there was a record, or because a room that listens failed for good.
pub async fn catch_up(platform: &Platform) -> Result<()> {
    let before = platform.now() - TimeDelta::minutes(LATE_MINUTES);
    loop {
        let mut tx = platform.begin().await?;
        let late = store::missing(&mut tx, before, 200).await?;
        if late.is_empty() {
            return Ok(());
        }
        for id in late {
            let event = outbox::load(&mut tx, id).await?;
            on_event(&mut tx, &event).await?;
        }
        tx.commit().await?;
    }
}

/// Adds `event` to the record, once. The last thing a transaction does: the lock is held until it ends, and nothing else is
/// waited for under it.
pub async fn on_event(tx: &mut PgConnection, event: &Event) -> Result<()> {
    store::lock(tx).await?;
    if store::has(tx, event.id.0).await? {
        return Ok(());
    }
    let head = store::head(tx).await?;
    let entry = Entry {
        seq: head.seq + 1,
        event: event.id.0,
        at: event.at,
        actor: event.actor.map(|a| a.0),
        organisation: event.organisation.map(|o| o.0),
        subject: event.subject,
        kind: event.kind.clone(),
        payload: event.payload.to_string(),
        previous: head.hash,
    };
    store::insert(tx, &entry).await
}
