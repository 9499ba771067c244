//! One function per thing a person does about where they are signed in.

use serde_json::json;
use sqlx::PgConnection;

use super::{model::SessionSeen, rows, rules};
use crate::{
    accounts::{
        door::{self, Caller, Visitor},
        mails,
        model::Viewer,
        store,
    },
    platform::{
        mail::queue_letter,
        outbox::{self, Event},
    },
    shared::{
        error::{AppError, Result},
        ids::AccountId,
    },
};

/// One's sessions, the one used last first.
pub async fn sessions(caller: &Caller) -> Result<Vec<SessionSeen>> {
    let mut db = caller.platform.db.acquire().await?;
    let rows = rows::sessions(&mut db, caller.viewer.id, caller.platform.now()).await?;
    let here = door::session_hash()?;
    let seen = rows.into_iter().map(|row| SessionSeen {
        here: row.id_hash == here,
        id: hex::encode(row.id_hash),
        device: rules::device(&row.user_agent),
        address: row.address,
        started: row.created_at,
        seen: row.seen_at,
    });
    Ok(seen.collect())
}

/// Ends one of one's sessions; somebody else's is not found.
pub async fn end(caller: &Caller, id: &str) -> Result<()> {
    let id = hex::decode(id).map_err(|_| AppError::not_found())?;
    let mut tx = caller.platform.begin().await?;
    if !rows::end(&mut tx, caller.viewer.id, &id).await? {
        return Err(AppError::not_found());
    }
    record(&mut tx, caller, 1).await?;
    Ok(tx.commit().await?)
}

/// Ends all of one's sessions but this one.
pub async fn end_others(caller: &Caller) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    let ended = rows::end_others(&mut tx, caller.viewer.id, &door::session_hash()?).await?;
    record(&mut tx, caller, ended).await?;
    Ok(tx.commit().await?)
}

async fn record(tx: &mut PgConnection, caller: &Caller, ended: u64) -> Result<()> {
    let me = caller.viewer.id;
    let payload = json!({ "ended": ended });
    outbox::record(tx, Event::new(caller.platform.now(), Some(me), me.0, "account.sessions_ended", payload)?).await
}

/// Notes the browser that signs in, and mails its person of one that was not seen before.
pub async fn meet(tx: &mut PgConnection, visitor: &Visitor, account: AccountId, device_hash: &[u8]) -> Result<()> {
    let (platform, now) = (&visitor.platform, visitor.platform.now());
    let known = rows::meet(tx, account, device_hash, now).await?;
    if known.this || !known.any {
        return Ok(());
    }
    let Some(Viewer { email, .. }) = store::viewer(tx, account, false).await? else { return Ok(()) };
    let device = rules::device(&visitor.client.user_agent);
    queue_letter(tx, mails::new_device(platform, &email, &device, &visitor.client.address, now)).await
}
