//! Opening documents page by page, and counting the time on them. Every page asks anew whether it may be read.

use bytes::Bytes;
use chrono::TimeDelta;
use serde_json::json;

use super::{
    model::{PageWords, Readers, Reading, Told},
    rules,
    store::{self, NewVisit},
};
use crate::{
    accounts::{
        door::{Caller, Visitor},
        model::Viewer,
    },
    media::{
        self,
        pages::{self, Mark},
        service::StoredFile,
    },
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

/// The document, if this person may read it now. Only PDFs have pages.
async fn open(visitor: &Visitor, file: FileId) -> Result<(Opened, StoredFile)> {
    let opened = pitches::files::open(visitor, file).await?;
    let stored = media::store::load(&mut *visitor.platform.db.acquire().await?, file).await?;
    let stored = stored.filter(|stored| stored.media_type == "application/pdf").ok_or_else(AppError::not_found)?;
    Ok((opened, stored))
}

/// The same, and it has this page.
async fn open_at(visitor: &Visitor, file: FileId, page: i32) -> Result<(Opened, StoredFile)> {
    let (opened, stored) = open(visitor, file).await?;
    if page >= 1 && stored.pages.is_none_or(|pages| page <= pages) {
        Ok((opened, stored))
    } else {
        Err(AppError::not_found())
    }
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
    let (opened, stored) = open(&caller.visitor(), file).await?;
    let pages = match stored.pages {
        Some(pages) => pages,
        None => pages::count(&caller.platform, &stored).await?,
    };
    let mut db = caller.platform.db.acquire().await?;
    let about = store::about(&mut db, file).await?.ok_or_else(AppError::not_found)?;
    Ok(Reading {
        file,
        label: about.label,
        pages,
        pitch_title: about.pitch_title,
        pitch_slug: about.pitch_slug,
        told: told(&opened),
        stopped_at: store::stopped_at(&mut db, file, caller.viewer.id).await?,
        download: opened.copy != Copy::None,
    })
}

/// A page as a picture that carries its reader's mark. Guests have no email to mark it with, and get none.
pub async fn picture(visitor: &Visitor, file: FileId, page: i32, wanted: Option<u32>) -> Result<Bytes> {
    let viewer = visitor.viewer.as_ref().ok_or_else(AppError::not_found)?;
    let (opened, stored) = open_at(visitor, file, page).await?;
    let now = visitor.platform.now();
    record_opening(&visitor.platform, file, &opened).await?;
    let bare = pages::picture(&visitor.platform, &stored, page, pages::width(wanted)).await?;
    mark(viewer, visitor, now).burn(bare).await
}

/// Writes down that the document was opened, whatever opens it, unless it was a moment ago.
async fn record_opening(platform: &Platform, file: FileId, opened: &Opened) -> Result<()> {
    match &opened.grant.viewing {
        Some(viewing) => media::service::goes_on(platform, file, viewing).await,
        None => Ok(()),
    }
}

/// The whole document with its reader's mark on every page, and its name; recorded as taken along.
pub async fn marked_copy(visitor: &Visitor, file: FileId) -> Result<(Bytes, String)> {
    let viewer = visitor.viewer.as_ref().ok_or_else(AppError::not_found)?;
    let (opened, stored) = open(visitor, file).await?;
    if opened.copy != Copy::Marked {
        return Err(AppError::not_found());
    }
    visitor.platform.limits.marked_copy(&viewer.id.to_string())?;
    let now = visitor.platform.now();
    let copy = pages::stamped(&visitor.platform, &stored, &mark(viewer, visitor, now)).await?;
    if let Some(viewing) = &opened.grant.viewing {
        media::service::opened(&visitor.platform, file, viewing).await?;
        let mut tx = visitor.platform.begin().await?;
        let payload = json!({ "pitch_id": viewing.pitch, "nda_id": viewing.nda });
        outbox::record(&mut tx, Event::new(now, Some(viewer.id), file.0, "file.downloaded", payload)?).await?;
        tx.commit().await?;
    }
    Ok((copy, stored.name))
}

fn mark(viewer: &Viewer, visitor: &Visitor, at: Time) -> Mark {
    Mark { email: viewer.email.clone(), at, address: visitor.client.address.clone() }
}

/// The words of a page. Asking for them is turning to it.
pub async fn words(caller: &Caller, file: FileId, page: i32) -> Result<PageWords> {
    let (opened, stored) = open_at(&caller.visitor(), file, page).await?;
    record_opening(&caller.platform, file, &opened).await?;
    let text = pages::text(&caller.platform, &stored, page).await?;
    count(caller, file, &opened, page, 0).await?;
    Ok(PageWords { page, text })
}

/// So much time more was spent on a page, as far as so much has passed. Without any it only answers whether the page is still
/// theirs to read.
pub async fn beat(caller: &Caller, file: FileId, page: i32, milliseconds: i64) -> Result<()> {
    let (opened, _) = open_at(&caller.visitor(), file, page).await?;
    if milliseconds > 0 { count(caller, file, &opened, page, milliseconds).await } else { Ok(()) }
}

/// Adds to the visit under way, or begins one. What is one's own and what programs do is not counted.
async fn count(caller: &Caller, file: FileId, opened: &Opened, page: i32, milliseconds: i64) -> Result<()> {
    if told(opened) == Told::Nothing || rules::is_bot(&caller.client.user_agent) {
        return Ok(());
    }
    let now = caller.platform.now();
    let since = now - TimeDelta::minutes(rules::SAME_VISIT_MINUTES);
    let mut tx = caller.platform.begin().await?;
    store::lock(&mut tx, file, caller.viewer.id).await?;
    let (visit, counted_to) = match store::under_way(&mut tx, file, caller.viewer.id, since).await? {
        Some(visit) => visit,
        None => {
            let named = told(opened) == Told::Name;
            let visit =
                NewVisit { file, reader: caller.viewer.id, role: caller.viewer.kind, pitch: opened.pitch, named };
            (store::begin(&mut tx, &visit, now).await?, now)
        }
    };
    let (counted, counted_to) =
        if milliseconds > 0 { rules::counted(milliseconds, counted_to, now) } else { (0, counted_to) };
    store::add(&mut tx, visit, page, counted).await?;
    store::seen(&mut tx, visit, now, counted_to).await?;
    Ok(tx.commit().await?)
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
