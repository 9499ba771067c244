//! One function per thing an owner does with a link.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgConnection;

use super::{
    letters::{self, Invitation},
    model::{Choice, Share, ShareState, Shares},
    rules,
    store::{self, Row},
    token,
};
use crate::{
    accounts::{door::Caller, passwords},
    pitches::{
        content::Layer,
        materials,
        store::{Found, Key, find},
        words::{MaterialKind, PitchStatus},
    },
    platform::{
        Platform,
        mail::queue_letter,
        outbox::{self, Event},
    },
    shared::{
        error::{AppError, Result},
        ids::{MaterialId, PitchId, ShareId},
        paging::{Page, read_cursor, write_cursor},
        time::{self, Time},
    },
};

const PER_PAGE: usize = 20;

/// The caller's own pitch. Not there and not theirs are one answer.
async fn own(db: &mut PgConnection, caller: &Caller, id: PitchId) -> Result<Found> {
    let found = find(db, Key::Id(id), Some(&caller.viewer), caller.platform.now()).await?;
    found.filter(|found| found.access.layer == Layer::Owner).ok_or_else(AppError::not_found)
}

/// The same, for who may act for its owner.
async fn to_act(db: &mut PgConnection, caller: &Caller, id: PitchId) -> Result<Found> {
    let found = own(db, caller, id).await?;
    if found.access.editor {
        Ok(found)
    } else {
        Err(AppError::forbidden("Your seat may look but not share. Ask the owner of your organisation."))
    }
}

fn not_taken_down(found: &Found) -> Result<()> {
    if found.access.status == PitchStatus::TakenDown {
        return Err(AppError::conflict(
            "This pitch was taken down by our staff; it is not shared until they lift that.",
        ));
    }
    Ok(())
}

/// Makes a link as its form says, and sends it.
pub async fn make(caller: &Caller, pitch: PitchId, fields: &BTreeMap<String, String>) -> Result<ShareId> {
    let Caller { platform, viewer, .. } = caller;
    caller.email_verified()?;
    to_act(&mut *platform.db.acquire().await?, caller, pitch).await?;
    let new = rules::new_share(fields)?;
    let passcode_hash = match &new.passcode {
        Some(passcode) => Some(passwords::hash(passcode).await?),
        None => None,
    };
    let (id, now) = (ShareId::new(), platform.now());
    let mut tx = platform.begin().await?;
    crate::pitches::store::lock(&mut tx, pitch).await?;
    let found = to_act(&mut tx, caller, pitch).await?;
    not_taken_down(&found)?;
    if store::live(&mut tx, pitch, now).await? >= rules::LIVE {
        let message = format!("This pitch has {} live links. Revoke one that is not needed any more.", rules::LIVE);
        return Err(AppError::conflict(message));
    }
    let choices = choices(&mut tx, pitch).await?;
    if !new.documents.iter().all(|wanted| choices.iter().any(|choice| choice.material == *wanted)) {
        return Err(AppError::field("documents", "One of these documents is not there any more."));
    }
    let (token, expires_at) = (token::of_link(platform, id)?, now + TimeDelta::days(new.days));
    let row = store::New {
        id,
        pitch,
        made_by: viewer.id,
        token_hash: token::hash(&token),
        name: &new.name,
        email: &new.email,
        also: &new.also,
        note: &new.note,
        passcode_hash: passcode_hash.as_deref(),
        expires_at,
        documents: &new.documents,
    };
    store::insert(&mut tx, &row, now).await?;
    let payload = json!({ "pitch_id": pitch, "documents": new.documents, "expires_at": expires_at });
    let event = Event::new(now, Some(viewer.id), id.0, "share.made", payload)?;
    outbox::record(&mut tx, event.for_organisation(found.access.organisation)).await?;
    let told = Invitation {
        name: &new.name,
        email: &new.email,
        by: &viewer.name,
        title: shown_title(&found),
        note: &new.note,
        documents: new.documents.len(),
        passcode: new.passcode.is_some(),
        until: time::exact(expires_at),
        token: &token,
    };
    send(&mut tx, caller, &told).await?;
    tx.commit().await?;
    Ok(id)
}

fn shown_title(found: &Found) -> &str {
    found.live.as_ref().unwrap_or(&found.draft.content).shown_title()
}

/// Queues the mail with a link, as far as so many may be sent.
async fn send(tx: &mut PgConnection, caller: &Caller, told: &Invitation<'_>) -> Result<()> {
    let limits = &caller.platform.limits;
    limits.shared_link(&caller.viewer.id.to_string())?;
    if !limits.mail_to("share", told.email) {
        return Err(AppError::too_many("That address got enough mails for now. Please try again in an hour.", 3_600));
    }
    queue_letter(tx, letters::invitation(&caller.platform, told)).await
}

/// A link of the caller's, locked, with its pitch.
async fn lock(tx: &mut PgConnection, caller: &Caller, id: ShareId) -> Result<(Row, Found)> {
    let row = store::lock(tx, id).await?.ok_or_else(AppError::not_found)?;
    let found = to_act(tx, caller, row.pitch).await?;
    Ok((row, found))
}

/// Sends the mail of a live link once more.
pub async fn send_again(caller: &Caller, id: ShareId) -> Result<()> {
    let (platform, now) = (&caller.platform, caller.platform.now());
    let mut tx = platform.begin().await?;
    let (row, found) = lock(&mut tx, caller, id).await?;
    if rules::state(row.expires_at, row.revoked_at, now) != ShareState::Live {
        return Err(AppError::conflict("This link has ended. Make a new one."));
    }
    not_taken_down(&found)?;
    let token = token::of_link(platform, id)?;
    // The server's key was changed since: then this is a new address, and the old one is dead.
    store::set_token(&mut tx, id, token::hash(&token)).await?;
    let told = Invitation {
        name: &row.name,
        email: &row.email,
        by: &caller.viewer.name,
        title: shown_title(&found),
        note: &row.note,
        documents: store::documents(&mut tx, id).await?.len(),
        passcode: row.passcode,
        until: time::exact(row.expires_at),
        token: &token,
    };
    send(&mut tx, caller, &told).await?;
    let payload = json!({ "pitch_id": row.pitch });
    let event = Event::new(now, Some(caller.viewer.id), id.0, "share.sent_again", payload)?;
    outbox::record(&mut tx, event.for_organisation(found.access.organisation)).await?;
    Ok(tx.commit().await?)
}

/// Ends a link: whoever reads by it is out with their next request.
pub async fn revoke(caller: &Caller, id: ShareId) -> Result<()> {
    let now = caller.platform.now();
    let mut tx = caller.platform.begin().await?;
    let (row, found) = lock(&mut tx, caller, id).await?;
    if rules::state(row.expires_at, row.revoked_at, now) != ShareState::Live {
        return Err(AppError::conflict("This link had ended already."));
    }
    store::set_revoked(&mut tx, id, now).await?;
    let payload = json!({ "pitch_id": row.pitch });
    let event = Event::new(now, Some(caller.viewer.id), id.0, "share.revoked", payload)?;
    outbox::record(&mut tx, event.for_organisation(found.access.organisation)).await?;
    Ok(tx.commit().await?)
}

/// The links of a pitch, newest first, with who read by them.
pub async fn of_pitch(caller: &Caller, pitch: PitchId, after: Option<&str>) -> Result<Shares> {
    let mut db = caller.platform.db.acquire().await?;
    let editor = own(&mut db, caller, pitch).await?.access.editor;
    let rows = store::of_pitch(&mut db, pitch, read_cursor(after), PER_PAGE as i64 + 1).await?;
    let rows = Page::cut(rows, PER_PAGE, |row| write_cursor(&(row.made_at, row.id)));
    let ids: Vec<ShareId> = rows.items.iter().map(|row| row.id).collect();
    let mut labels = store::labels(&mut db, &ids).await?;
    let mut readers = store::readers(&mut db, &ids).await?;
    let mut items = Vec::new();
    for row in rows.items {
        let mut share = shown(&caller.platform, row, editor)?;
        share.documents = labels.remove(&share.id).unwrap_or_default();
        share.readers = readers.remove(&share.id).unwrap_or_default();
        items.push(share);
    }
    Ok(Shares { page: Page { items, next: rows.next }, editor, documents: choices(&mut db, pitch).await? })
}

/// A link without what else is told of it.
fn shown(platform: &Platform, row: Row, editor: bool) -> Result<Share> {
    let state = rules::state(row.expires_at, row.revoked_at, platform.now());
    let token = token::of_link(platform, row.id)?;
    let passable = editor && state == ShareState::Live && row.token_hash == token::hash(&token);
    Ok(Share {
        id: row.id,
        name: row.name,
        email: row.email,
        also: row.also,
        note: row.note,
        passcode: row.passcode,
        documents: Vec::new(),
        made_at: row.made_at,
        expires_at: row.expires_at,
        state,
        address: passable.then(|| platform.link(&format!("/s/{token}"))),
        readers: Vec::new(),
    })
}

/// The documents of a pitch that a link may open: what is read page by page.
async fn choices(db: &mut PgConnection, pitch: PitchId) -> Result<Vec<Choice>> {
    let newest = materials::newest(db, pitch).await?.into_iter();
    let readable = newest.filter(|material| material.document.media_type == "application/pdf");
    Ok(readable.map(|m| choice(m.id, m.kind, m.document.name.clone(), m.document.described())).collect())
}

fn choice(material: MaterialId, kind: MaterialKind, name: String, described: String) -> Choice {
    let label = if kind == MaterialKind::Other { name } else { kind.label().to_owned() };
    Choice { material, label, described }
}

/// Forgets who waited for a code or was in, once that is over.
pub async fn sweep(platform: &Platform) -> Result<()> {
    let now: Time = platform.now();
    store::forget_entries(&mut *platform.db.acquire().await?, now, now - TimeDelta::days(1)).await
}
