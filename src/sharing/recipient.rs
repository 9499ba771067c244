//! What somebody does who comes by a link: prove an address, promise, read. Opening the link changes nothing; every answer
//! asks anew whether it is live.

use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use serde_json::json;
use tokio::time::Instant;

use super::{
    door::Knock,
    letters,
    model::{Opened, Shared, Step},
    rules,
    store::{self, Link},
    token,
};
use crate::{
    accounts::{self, passwords},
    media::service::{Reader, Viewing},
    platform::{
        Platform,
        mail::queue_letter,
        outbox::{self, Event},
    },
    reading::{
        model::{PageWords, Reading, Told},
        sitting::{self, Sitting},
    },
    shared::{
        error::{AppError, Result},
        ids::{FileId, ShareId},
    },
};

/// Asking for a code takes so long whether or not one is sent.
const ASKING_TAKES: Duration = Duration::from_millis(250);

/// A key to a link, for the browser to keep.
pub struct Key {
    pub share: ShareId,
    pub key: String,
}

/// The live link that `token` opens. None, ended, and none any more are one answer.
async fn link(platform: &Platform, token: &str) -> Result<Link> {
    let mut db = platform.db.acquire().await?;
    store::link(&mut db, token::hash(token), platform.now()).await?.ok_or_else(AppError::not_found)
}

/// What a link shows to who comes by it.
pub async fn open(knock: &Knock, token: &str) -> Result<Shared> {
    let platform = &knock.visitor.platform;
    let link = link(platform, token).await?;
    let step = step(knock, &link).await?;
    let title = (link.public || matches!(step, Step::In(_))).then_some(link.title);
    Ok(Shared { by: link.by, title, passcode: link.passcode_hash.is_some(), step })
}

async fn step(knock: &Knock, link: &Link) -> Result<Step> {
    let platform = &knock.visitor.platform;
    let mut db = platform.db.acquire().await?;
    let entry = match knock.key(link.id) {
        Some(key) => store::entry(&mut db, link.id, token::hash(key), platform.now()).await?,
        None => None,
    };
    Ok(match entry {
        Some(entry) if entry.recipient.is_some() => Step::In(Opened {
            email: entry.email,
            note: link.note.clone(),
            until: link.expires_at,
            documents: store::documents(&mut db, link.id).await?,
        }),
        Some(entry) if entry.wrong < rules::WRONG_CODES => Step::Code,
        _ => Step::Address,
    })
}

/// Sends a code to `email` if it is on the list of the link. Whether it is, is not told: not by the answer, nor by its time.
pub async fn ask(knock: &Knock, token: &str, email: &str, passcode: &str) -> Result<Key> {
    let began = Instant::now();
    let asked = ask_now(knock, token, email, passcode).await;
    tokio::time::sleep_until(began + ASKING_TAKES).await;
    asked
}

async fn ask_now(knock: &Knock, token: &str, email: &str, passcode: &str) -> Result<Key> {
    let (platform, client) = (&knock.visitor.platform, &knock.visitor.client);
    let link = link(platform, token).await?;
    let email = accounts::rules::email(email).map_err(|e| AppError::fields(vec![e]))?.to_lowercase();
    platform.limits.share_code(&link.id.to_string(), &client.address)?;
    if let Some(hash) = link.passcode_hash.clone()
        && !passwords::verify(passcode.trim(), Some(hash)).await?
    {
        return Err(AppError::field("passcode", "That is not the passcode of this link."));
    }
    let (key, code, now) = (token::key(), token::code(), platform.now());
    let mut tx = platform.begin().await?;
    store::lock(&mut tx, link.id).await?;
    let since = (now - TimeDelta::hours(1), now - TimeDelta::days(1));
    let lately = store::lately(&mut tx, link.id, &email, since).await?;
    let sent = rules::lets_in(&link.email, &link.also, &email) && lately.leaves_room();
    let kept = (token::hash(&key), sent.then(|| token::hash_code(&key, &code)));
    let until = now + TimeDelta::minutes(rules::CODE_MINUTES);
    store::insert_entry(&mut tx, link.id, kept, &email, (now, until)).await?;
    if sent {
        queue_letter(&mut tx, letters::code(&email, &code)).await?;
        let payload = json!({ "pitch_id": link.pitch });
        let event = Event::new(now, None, link.id.0, "share.code_sent", payload)?;
        outbox::record(&mut tx, event.for_organisation(link.organisation)).await?;
    }
    tx.commit().await?;
    Ok(Key { share: link.id, key })
}

/// Lets in who types the code that was sent to them, and promises to keep what they read to themself.
pub async fn enter(knock: &Knock, token: &str, code: &str, promises: bool) -> Result<Key> {
    let (platform, client) = (&knock.visitor.platform, &knock.visitor.client);
    let link = link(platform, token).await?;
    if !promises {
        return Err(AppError::field(
            "keep_confidential",
            "Please agree to this first; the owner asks it of every reader.",
        ));
    }
    let code = rules::digits(code);
    if code.is_empty() {
        return Err(AppError::field("code", "Type the six digits that we sent you."));
    }
    let old = knock.key(link.id).ok_or_else(no_code)?;
    let (key, now) = (token::key(), platform.now());
    let mut tx = platform.begin().await?;
    let waiting = store::lock_entry(&mut tx, link.id, token::hash(old), now).await?;
    let waiting = waiting.filter(|entry| entry.wrong < rules::WRONG_CODES).ok_or_else(no_code)?;
    if waiting.code_hash.as_deref() != Some(&token::hash_code(old, &code)[..]) {
        store::count_wrong(&mut tx, token::hash(old)).await?;
        tx.commit().await?;
        return Err(wrong_code(waiting.wrong + 1));
    }
    let (recipient, first) = store::prove(&mut tx, link.id, &waiting.email, now).await?;
    let hashes = (token::hash(old), token::hash(&key));
    store::let_in(&mut tx, hashes, recipient, rules::in_until(now, link.expires_at)).await?;
    let from = (client.address.as_str(), client.user_agent.as_str());
    store::insert_promise(&mut tx, recipient, rules::PROMISE_VERSION, from, now).await?;
    let payload = json!({
        "pitch_id": link.pitch, "recipient_id": recipient, "promise_version": rules::PROMISE_VERSION, "first": first,
    });
    let event = Event::new(now, None, link.id.0, "share.opened", payload)?;
    outbox::record(&mut tx, event.for_organisation(link.organisation)).await?;
    tx.commit().await?;
    Ok(Key { share: link.id, key })
}

fn no_code() -> AppError {
    AppError::field("code", "That code was used, is too old, or was mistyped too often. Ask for a new one.")
}

fn wrong_code(wrong: i32) -> AppError {
    match rules::WRONG_CODES - wrong {
        ..=0 => no_code(),
        1 => AppError::field("code", "That is not the code. One more try, then you need a new one."),
        left => AppError::field("code", format!("That is not the code. You have {left} more tries.")),
    }
}

/// The document in front of who is in at a link.
async fn sit(knock: &Knock, share: ShareId, file: FileId) -> Result<Sitting> {
    let platform = &knock.visitor.platform;
    let key = knock.key(share).ok_or_else(AppError::not_found)?;
    let seated =
        store::seated(&mut *platform.db.acquire().await?, share, token::hash(key), file, platform.now()).await?;
    let seated = seated.ok_or_else(AppError::not_found)?;
    let client = knock.visitor.client.clone();
    let reader = Reader::Recipient(seated.recipient);
    Ok(Sitting {
        file: sitting::pdf(platform, file).await?,
        reader,
        role: None,
        email: seated.email,
        pitch: seated.pitch,
        told: Told::Name,
        viewing: Some(Viewing {
            reader,
            pitch: seated.pitch,
            nda: None,
            release: None,
            address: client.address.clone(),
            user_agent: client.user_agent.clone(),
        }),
        platform: platform.clone(),
        client,
    })
}

/// A document of a link on its reading page; `None` for who is not in yet.
pub async fn document(knock: &Knock, token: &str, file: FileId) -> Result<Option<Reading>> {
    let link = link(&knock.visitor.platform, token).await?;
    let Step::In(_) = step(knock, &link).await? else { return Ok(None) };
    let sitting = sit(knock, link.id, file).await?;
    let (about, stopped_at) = sitting.about().await?;
    Ok(Some(Reading {
        file,
        share: Some(link.id),
        at: format!("/s/{token}/{file}"),
        back: format!("/s/{token}"),
        label: about.label,
        pages: sitting.pages().await?,
        pitch_title: about.pitch_title,
        told: sitting.told,
        stopped_at,
        download: false,
    }))
}

/// A page as a picture that carries its reader's mark.
pub async fn picture(knock: &Knock, token: &str, file: FileId, page: i32, wanted: Option<u32>) -> Result<Bytes> {
    let link = link(&knock.visitor.platform, token).await?;
    sit(knock, link.id, file).await?.picture(page, wanted).await
}

/// The words of a page. Asking for them is turning to it.
pub async fn words(knock: &Knock, share: ShareId, file: FileId, page: i32) -> Result<PageWords> {
    sit(knock, share, file).await?.words(page).await
}

/// So much time more was spent on a page.
pub async fn beat(knock: &Knock, share: ShareId, file: FileId, page: i32, milliseconds: i64) -> Result<()> {
    sit(knock, share, file).await?.beat(page, milliseconds).await
}
