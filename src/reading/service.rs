//! Opening documents page by page, and counting the time on them. Every page asks anew whether it may be read.

use bytes::Bytes;
use chrono::TimeDelta;

use super::{
    model::{PageWords, Readers, Reading, Told},
    rules,
    sitting::{self, Sitting},
    store,
};
use crate::{
    accounts::door::{Caller, Visitor},
    media::{self, pages, service::Reader},
    pitches::{
        self,
        files::{Copy, Opened},
        words::Visibility,
    },
    platform::{
        Platform,
        outbox::{self, Event},
    },
    shared::{
        error::{AppError, Result},
        ids::{FileId, PitchId},
        paging::{Page, read_cursor, write_cursor},
        time::Time,
    },
};

const PER_PAGE: usize = 20;

/// The document in front of this person, if they may read it now.
async fn sit(caller: &Caller, file: FileId) -> Result<(Sitting, Opened)> {
    let opened = pitches::files::open(&caller.visitor(), file).await?;
    let Caller { platform, viewer, client } = caller.clone();
    let sitting = Sitting {
        file: sitting::pdf(&platform, file).await?,
        reader: Reader::Account(viewer.id),
        role: Some(viewer.kind),
        email: viewer.email,
        pitch: opened.pitch,
        told: told(&opened),
        viewing: opened.grant.viewing.clone(),
        platform,
        client,
    };
    Ok((sitting, opened))
}

/// The same for pictures and copies. Guests have no email to mark them with, and get none.
async fn sit_signed_in(visitor: &Visitor, file: FileId) -> Result<(Sitting, Opened)> {
    let caller = visitor.clone().signed_in().map_err(|_| AppError::not_found())?;
    sit(&caller, file).await
}

fn told(opened: &Opened) -> Told {
    match (opened.own, opened.visibility) {
        (true, _) => Told::Nothing,
        (false, Visibility::Nda) => Told::Name,
        (false, _) => Told::Kind,
    }
}

/// A document on its reading page.
pub async fn document(caller: &Caller, file: FileId) -> Result<Reading> {
    let (sitting, opened) = sit(caller, file).await?;
    let (about, stopped_at) = sitting.about().await?;
    Ok(Reading {
        file,
        share: None,
        at: format!("/read/{file}"),
        back: format!("/pitch/{}", about.pitch_slug),
        label: about.label,
        pages: sitting.pages().await?,
        pitch_title: about.pitch_title,
        told: sitting.told,
        stopped_at,
        download: opened.copy != Copy::None,
    })
}

/// A page as a picture that carries its reader's mark.
pub async fn picture(visitor: &Visitor, file: FileId, page: i32, wanted: Option<u32>) -> Result<Bytes> {
    sit_signed_in(visitor, file).await?.0.picture(page, wanted).await
}

/// The whole document with its reader's mark on every page, and its name; recorded as taken along.
pub async fn marked_copy(visitor: &Visitor, file: FileId) -> Result<(Bytes, String)> {
    let (sitting, opened) = sit_signed_in(visitor, file).await?;
    if opened.copy != Copy::Marked {
        return Err(AppError::not_found());
    }
    let (platform, reader) = (&visitor.platform, sitting.reader.account());
    platform.limits.marked_copy(&reader.map(|id| id.to_string()).unwrap_or_default())?;
    let now = platform.now();
    let copy = pages::stamped(platform, &sitting.file, &sitting.mark(now)).await?;
    if let Some(viewing) = &sitting.viewing {
        media::service::opened(platform, file, viewing).await?;
        let mut tx = platform.begin().await?;
        outbox::record(&mut tx, Event::new(now, reader, file.0, "file.downloaded", viewing.payload())?).await?;
        tx.commit().await?;
    }
    Ok((copy, sitting.file.name))
}

/// The words of a page. Asking for them is turning to it.
pub async fn words(caller: &Caller, file: FileId, page: i32) -> Result<PageWords> {
    sit(caller, file).await?.0.words(page).await
}

/// So much time more was spent on a page, as far as so much has passed. Without any it only answers whether the page is still
/// theirs to read.
pub async fn beat(caller: &Caller, file: FileId, page: i32, milliseconds: i64) -> Result<()> {
    sit(caller, file).await?.0.beat(page, milliseconds).await
}

/// Who read the documents of a pitch, newest first, for its owner.
pub async fn readers(caller: &Caller, pitch: PitchId, after: Option<&str>) -> Result<Readers> {
    pitches::service::must_own(caller, pitch).await?;
    let mut db = caller.platform.db.acquire().await?;
    let visits = store::visits(&mut db, pitch, read_cursor(after), PER_PAGE as i64 + 1).await?;
    let mut visits = Page::cut(visits, PER_PAGE, |visit| write_cursor(&(visit.started_at, visit.id)));
    let ids: Vec<_> = visits.items.iter().map(|visit| visit.id).collect();
    let mut times = store::times(&mut db, &ids).await?;
    for visit in &mut visits.items {
        visit.times = times.remove(&visit.id).unwrap_or_default();
    }
    Ok(Readers { visits, counts: store::counts(&mut db, pitch).await? })
}

/// Forgets visits past their time.
pub async fn sweep(platform: &Platform) -> Result<()> {
    let before: Time = platform.now() - TimeDelta::days(rules::KEPT_DAYS);
    store::forget(&mut *platform.db.acquire().await?, before).await
}
