//! What is written down.

use sqlx::PgConnection;

use super::{chain::Entry, store};
use crate::{platform::outbox::Event, shared::error::Result};

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
