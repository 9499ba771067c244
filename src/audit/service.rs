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

/// Writes the whole record as CSV with a head line; says how many rows there are. Ends quietly when whoever reads it has
/// seen enough.
pub async fn export(platform: &Platform, out: impl std::io::Write) -> Result<i64> {
    let mut csv = csv::Writer::from_writer(out);
    let columns = ["seq", "at", "kind", "actor", "organisation", "subject", "event", "payload", "previous", "hash"];
    let mut last = 0;
    let mut written = csv.write_record(columns);
    let mut db = platform.db.acquire().await?;
    while written.is_ok() {
        let rows = next_rows(&mut db, &mut last).await?;
        if rows.is_empty() {
            written = csv.flush().map_err(csv::Error::from);
            break;
        }
        written = rows.iter().try_for_each(|(entry, hash)| csv.write_record(record(entry, hash)));
    }
    match written {
        Err(error) if !has_seen_enough(&error) => Err(AppError::internal(error)),
        _ => Ok(last),
    }
}

fn has_seen_enough(error: &csv::Error) -> bool {
    matches!(error.kind(), csv::ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
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
