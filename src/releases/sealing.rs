//! After the owner's signature: the paper is set, sealed, stored and sent to both, as that of an NDA is (`ndas::sealing`). A job
//! that may be killed anywhere and run again.

use chrono::TimeDelta;
use sqlx::PgConnection;

use super::{
    letters,
    seals::{self, Signed},
    service, store,
};
use crate::{
    accounts::door::Visitor,
    media::service::{FileGrant, Reader, Viewing},
    messages,
    ndas::{
        self,
        model::Agreement,
        paper::Facts,
        sealing::{keep, set_and_seal},
    },
    platform::{
        Platform,
        mail::queue_letter,
        outbox::{self, Event},
    },
    shared::{
        error::{AppError, Result},
        ids::{FileId, ReleaseId},
    },
};

/// A release that was signed so long ago and has no paper is looked after.
const OVERDUE: TimeDelta = TimeDelta::minutes(15);

/// Papers that one round of looking after makes at most.
const AT_ONCE: i64 = 100;

/// Makes the paper of a signed release, unless it is made. Of two at once, the second finds it done.
pub async fn seal(platform: &Platform, release: ReleaseId) -> Result<()> {
    let Some((signed, facts)) = waiting(platform, release).await? else { return Ok(()) };
    // Before the lock: an authority may take its time, and either side may want to end it meanwhile.
    let sealed = set_and_seal(platform, facts).await?;
    let mut tx = platform.begin().await?;
    store::lock(&mut tx, release).await?;
    if seals::find_unsealed(&mut tx, release).await?.is_none() {
        return Ok(());
    }
    let of = Agreement::Release(release);
    let received = keep(&mut tx, platform, of, signed.offered_by, &signed.pitch_title, sealed).await?;
    seals::insert(&mut tx, release, &received).await?;
    tell(&mut tx, platform, &signed).await?;
    Ok(tx.commit().await?)
}

/// What is to stand on the paper of a signed release that has none.
async fn waiting(platform: &Platform, release: ReleaseId) -> Result<Option<(Signed, Facts)>> {
    let mut db = platform.db.acquire().await?;
    let Some(signed) = seals::find_unsealed(&mut db, release).await? else { return Ok(None) };
    let facts = seals::facts(&mut db, &signed, platform.link("/verify")).await?;
    Ok(Some((signed, facts)))
}

/// Records it, and writes to each side once.
async fn tell(tx: &mut PgConnection, platform: &Platform, signed: &Signed) -> Result<()> {
    let payload = service::payload(signed.pitch_id, signed.company_id);
    outbox::record(tx, Event::new(platform.now(), None, signed.release.0, "release.sealed", payload)?).await?;
    let company = store::speaker(tx, signed.company_id, signed.offered_by).await?;
    let thread = messages::service::between(tx, signed.pitch_id, signed.owner_id, company).await?;
    for party in [signed.owner_id, company] {
        let to = ndas::store::person(tx, party).await?;
        queue_letter(tx, letters::signed(platform, &to, signed, thread)).await?;
    }
    Ok(())
}

/// Makes papers that should have been made long ago: their job died. Says of how many.
pub async fn look_after(platform: &Platform) -> Result<u64> {
    let before = platform.now() - OVERDUE;
    let overdue = seals::unsealed(&mut *platform.db.acquire().await?, before, AT_ONCE).await?;
    let mut made = 0;
    for release in overdue {
        match seal(platform, release).await {
            Ok(()) => made += 1,
            // One that cannot be made does not keep the others from being made.
            Err(error) => tracing::error!(%release, %error, "the paper of a release cannot be made"),
        }
    }
    Ok(made)
}

/// The right of both sides, and of who signed for one, to the paper of their release, whatever became of it or of their seat
/// since. Not there and not theirs are one answer.
pub async fn grant(visitor: &Visitor, file: FileId) -> Result<FileGrant> {
    let viewer = visitor.viewer.as_ref().ok_or_else(AppError::not_found)?;
    let mut db = visitor.platform.db.acquire().await?;
    let release = seals::of_file(&mut db, file).await?.ok_or_else(AppError::not_found)?;
    if service::side(viewer, &release).is_none() && !seals::has_signed(&mut db, release.id, viewer.id).await? {
        return Err(AppError::not_found());
    }
    let viewing = Viewing {
        reader: Reader::Account(viewer.id),
        pitch: release.pitch_id,
        nda: None,
        release: Some(release.id),
        address: visitor.client.address.clone(),
        user_agent: visitor.client.user_agent.clone(),
    };
    Ok(FileGrant { file, public: false, original: true, viewing: Some(viewing) })
}
