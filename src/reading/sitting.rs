//! A document in front of somebody who may read it now: an account, or somebody a link was shared with. Whoever makes a
//! sitting has checked that, and makes it anew for every answer.

use bytes::Bytes;
use chrono::TimeDelta;

use super::{
    model::{PageWords, Told},
    rules,
    store::{self, About, NewVisit},
};
use crate::{
    accounts::{door::Client, model::Kind},
    media::{
        self,
        pages::{self, Mark},
        service::{Reader, StoredFile, Viewing},
    },
    platform::Platform,
    shared::{
        error::{AppError, Result},
        ids::{FileId, PitchId},
        time::Time,
    },
};

/// A reader, and the document that is open to them.
pub struct Sitting {
    pub platform: Platform,
    pub reader: Reader,
    /// An account's kind: of those who are not named, the owner is told it.
    pub role: Option<Kind>,
    /// Burned into every page.
    pub email: String,
    pub client: Client,
    pub file: StoredFile,
    pub pitch: PitchId,
    pub told: Told,
    /// Opening it is recorded.
    pub viewing: Option<Viewing>,
}

/// A file that has pages; only PDFs do.
pub async fn pdf(platform: &Platform, file: FileId) -> Result<StoredFile> {
    let stored = media::store::load(&mut *platform.db.acquire().await?, file).await?;
    stored.filter(|stored| stored.media_type == "application/pdf").ok_or_else(AppError::not_found)
}

impl Sitting {
    /// What the document is of, and the page that its reader turned to last.
    pub async fn about(&self) -> Result<(About, Option<i32>)> {
        let mut db = self.platform.db.acquire().await?;
        let about = store::about(&mut db, self.file.id).await?.ok_or_else(AppError::not_found)?;
        Ok((about, store::stopped_at(&mut db, self.file.id, self.reader).await?))
    }

    /// How many pages it has.
    pub async fn pages(&self) -> Result<i32> {
        match self.file.pages {
            Some(pages) => Ok(pages),
            None => pages::count(&self.platform, &self.file).await,
        }
    }

    /// A page as a picture that carries its reader's mark.
    pub async fn picture(&self, page: i32, wanted: Option<u32>) -> Result<Bytes> {
        self.has(page)?;
        let now = self.platform.now();
        self.record_opening().await?;
        let bare = pages::picture(&self.platform, &self.file, page, pages::width(wanted)).await?;
        self.mark(now).burn(bare).await
    }

    pub fn mark(&self, at: Time) -> Mark {
        Mark { email: self.email.clone(), at, address: self.client.address.clone() }
    }

    /// The words of a page. Asking for them is turning to it.
    pub async fn words(&self, page: i32) -> Result<PageWords> {
        self.has(page)?;
        self.record_opening().await?;
        let text = pages::text(&self.platform, &self.file, page).await?;
        self.count(page, 0).await?;
        Ok(PageWords { page, text })
    }

    /// So much time more was spent on a page, as far as so much has passed. Without any it only answers whether the page is
    /// still theirs to read.
    pub async fn beat(&self, page: i32, milliseconds: i64) -> Result<()> {
        self.has(page)?;
        if milliseconds > 0 { self.count(page, milliseconds).await } else { Ok(()) }
    }

    fn has(&self, page: i32) -> Result<()> {
        let there = page >= 1 && self.file.pages.is_none_or(|pages| page <= pages);
        if there { Ok(()) } else { Err(AppError::not_found()) }
    }

    /// Writes down that the document was opened, whatever opens it, unless it was a moment ago.
    async fn record_opening(&self) -> Result<()> {
        match &self.viewing {
            Some(viewing) => media::service::goes_on(&self.platform, self.file.id, viewing).await,
            None => Ok(()),
        }
    }

    /// Adds to the visit under way, or begins one. What is one's own and what programs do is not counted.
    async fn count(&self, page: i32, milliseconds: i64) -> Result<()> {
        if self.told == Told::Nothing || rules::is_bot(&self.client.user_agent) {
            return Ok(());
        }
        let (file, now) = (self.file.id, self.platform.now());
        let since = now - TimeDelta::minutes(rules::SAME_VISIT_MINUTES);
        let mut tx = self.platform.begin().await?;
        store::lock(&mut tx, file, self.reader).await?;
        let (visit, counted_to) = match store::under_way(&mut tx, file, self.reader, since).await? {
            Some(visit) => visit,
            None => {
                let named = self.told == Told::Name;
                let visit = NewVisit { file, reader: self.reader, role: self.role, pitch: self.pitch, named };
                (store::begin(&mut tx, &visit, now).await?, now)
            }
        };
        let (counted, counted_to) =
            if milliseconds > 0 { rules::counted(milliseconds, counted_to, now) } else { (0, counted_to) };
        store::add(&mut tx, visit, page, counted).await?;
        store::seen(&mut tx, visit, now, counted_to).await?;
        Ok(tx.commit().await?)
    }
}
