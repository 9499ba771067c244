//! What happened, recorded in the transaction that made it happen. Rooms above read these rows; nobody is called.

use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queue;
use crate::shared::{
    error::{AppError, Result},
    ids::{AccountId, EventId, OrganisationId},
    time::Time,
};

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: EventId,
    pub at: Time,
    /// Who did it; `None` is the system.
    pub actor: Option<AccountId>,
    /// On whose behalf.
    pub organisation: Option<OrganisationId>,
    /// What it happened to.
    pub subject: Uuid,
    /// Room and verb: `nda.requested`.
    pub kind: String,
    /// What readers need besides: ids and numbers, no pitch text.
    pub payload: serde_json::Value,
}

impl Event {
    /// A new event; fill in `organisation` where there is one.
    pub fn new(at: Time, actor: Option<AccountId>, subject: Uuid, kind: &str, payload: impl Serialize) -> Result<Self> {
        Ok(Self {
            id: EventId::new(),
            at,
            actor,
            organisation: None,
            subject,
            kind: kind.into(),
            payload: serde_json::to_value(payload).map_err(AppError::internal)?,
        })
    }

    pub fn for_organisation(mut self, organisation: Option<OrganisationId>) -> Self {
        self.organisation = organisation;
        self
    }
}

/// The job that tells the rooms above of an event; queued with the event itself, carried out by `server::worker`.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Announce {
    pub event_id: EventId,
}

/// Records `event` and queues its announcement, both in the caller's transaction.
pub async fn record(tx: &mut PgConnection, event: Event) -> Result<()> {
    sqlx::query!(
        "insert into events (id, at, actor_id, organisation_id, subject_id, kind, payload) values ($1, $2, $3, $4, $5, $6, $7)",
        event.id.0,
        event.at,
        event.actor.map(|a| a.0),
        event.organisation.map(|o| o.0),
        event.subject,
        event.kind,
        event.payload,
    )
    .execute(&mut *tx)
    .await?;
    queue::add(tx, &Announce { event_id: event.id }).await
}

/// Loads an event by its id.
pub async fn load(tx: &mut PgConnection, id: EventId) -> Result<Event> {
    let row = sqlx::query!(
        "select id, at, actor_id, organisation_id, subject_id, kind, payload from events where id = $1",
        id.0
    )
    .fetch_one(tx)
    .await?;
    Ok(Event {
        id: EventId(row.id),
        at: row.at,
        actor: row.actor_id.map(AccountId),
        organisation: row.organisation_id.map(OrganisationId),
        subject: row.subject_id,
        kind: row.kind,
        payload: row.payload,
    })
}
