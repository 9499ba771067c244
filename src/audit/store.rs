//! The SQL of `audit_entries`. Rows are added and read, never changed: a trigger sees to it.

use sqlx::PgConnection;

use super::chain::{BEGINNING, Entry, Hash, Head};
use crate::shared::{
    error::{AppError, Result},
    ids::EventId,
    time::Time,
};

/// Keeps every other writer out until the transaction ends: the chain has one end.
pub async fn lock(tx: &mut PgConnection) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtext('audit_entries'))").fetch_one(tx).await?;
    Ok(())
}

pub async fn has(tx: &mut PgConnection, event: uuid::Uuid) -> Result<bool> {
    let has = sqlx::query_scalar!(r#"select exists (select from audit_entries where event_id = $1) as "has!""#, event);
    Ok(has.fetch_one(tx).await?)
}

/// The oldest events that are not in the record, recorded before `before`.
pub async fn missing(db: &mut PgConnection, before: Time, limit: i64) -> Result<Vec<EventId>> {
    Ok(sqlx::query_scalar!(
        r#"select e.id as "id: EventId" from events e
           where e.at < $1 and not exists (select from audit_entries a where a.event_id = e.id) order by e.id limit $2"#,
        before,
        limit,
    )
    .fetch_all(db)
    .await?)
}

pub async fn head(tx: &mut PgConnection) -> Result<Head> {
    let row = sqlx::query!("select seq, hash from audit_entries order by seq desc limit 1").fetch_optional(tx).await?;
    row.map_or(Ok(Head::NONE), |row| Ok(Head { seq: row.seq, hash: read_hash(&row.hash)? }))
}

fn read_hash(bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(AppError::internal)
}

pub async fn insert(tx: &mut PgConnection, entry: &Entry) -> Result<()> {
    let hash = entry.hash();
    sqlx::query!(
        "insert into audit_entries (seq, event_id, at, actor_id, organisation_id, subject_id, kind, payload, previous, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        entry.seq,
        entry.event,
        entry.at,
        entry.actor,
        entry.organisation,
        entry.subject,
        entry.kind,
        entry.payload,
        entry.previous.as_slice(),
        hash.as_slice(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Up to `limit` rows after row `after`, each with the hash that is stored with it.
pub async fn after(db: &mut PgConnection, after: i64, limit: i64) -> Result<Vec<(Entry, Hash)>> {
    let rows = sqlx::query!(
        "select seq, event_id, at, actor_id, organisation_id, subject_id, kind, payload, previous, hash
         from audit_entries where seq > $1 order by seq limit $2",
        after,
        limit,
    )
    .fetch_all(db)
    .await?;
    let read = rows.into_iter().map(|row| {
        let entry = Entry {
            seq: row.seq,
            event: row.event_id,
            at: row.at,
            actor: row.actor_id,
            organisation: row.organisation_id,
            subject: row.subject_id,
            kind: row.kind,
            payload: row.payload,
            previous: row.previous.as_slice().try_into().unwrap_or(BEGINNING),
        };
        Ok((entry, read_hash(&row.hash)?))
    });
    read.collect()
}
