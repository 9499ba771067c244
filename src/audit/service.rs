//! Reading the record: whether it holds, and all of it as a table.

use sqlx::PgConnection;

use super::{
    chain::{self, Broken, Entry, Hash, Head},
    store,
};
use crate::{
    platform::Platform,
    shared::error::{AppError, Result},
};

/// Rows that are read at once.
const CHUNK: i64 = 1_000;

/// Follows the chain from its first row: its head, or what is wrong with the first row that does not hold.
pub async fn verify(platform: &Platform) -> Result<Result<Head, Broken>> {
    let mut db = platform.db.acquire().await?;
    let mut head = Head::NONE;
    loop {
        let rows = store::after(&mut db, head.seq, CHUNK).await?;
        if rows.is_empty() {
            return Ok(Ok(head));
        }
        for (entry, hash) in &rows {
            match chain::follow(head, entry, *hash) {
                Ok(next) => head = next,
                Err(broken) => return Ok(Err(broken)),
            }
        }
    }
}

/// Writes the whole record as CSV with a head line; says how many rows there are.
pub async fn export(platform: &Platform, out: impl std::io::Write) -> Result<i64> {
    let mut csv = csv::Writer::from_writer(out);
    let columns = ["seq", "at", "kind", "actor", "organisation", "subject", "event", "payload", "previous", "hash"];
    csv.write_record(columns).map_err(AppError::internal)?;
    let mut db = platform.db.acquire().await?;
    let mut last = 0;
    loop {
        let rows = next_rows(&mut db, &mut last).await?;
        if rows.is_empty() {
            csv.flush().map_err(AppError::internal)?;
            return Ok(last);
        }
        for (entry, hash) in &rows {
            csv.write_record(record(entry, hash)).map_err(AppError::internal)?;
        }
    }
}

async fn next_rows(db: &mut PgConnection, last: &mut i64) -> Result<Vec<(Entry, Hash)>> {
    let rows = store::after(db, *last, CHUNK).await?;
    *last = rows.last().map_or(*last, |(entry, _)| entry.seq);
    Ok(rows)
}

fn record(entry: &Entry, hash: &Hash) -> [String; 10] {
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    [
        entry.seq.to_string(),
        entry.at.to_rfc3339(),
        entry.kind.clone(),
        id(entry.actor),
        id(entry.organisation),
        entry.subject.to_string(),
        entry.event.to_string(),
        entry.payload.clone(),
        hex::encode(entry.previous),
        hex::encode(hash),
    ]
}
