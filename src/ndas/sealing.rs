//! After the last signature: the paper is set, sealed, stored and sent to both. A job that may be killed anywhere and run
//! again: what it stores has one name, and all it records commits at once, under the NDA's lock.

use bytes::Bytes;
use chrono::TimeDelta;
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{
    letters,
    model::Agreement,
    paper::{self, Facts},
    seals, service, store,
};
use crate::{
    accounts::door::Visitor,
    media::{
        self,
        service::{FileGrant, Reader, Received, StoredFile, Viewing},
    },
    messages,
    platform::{
        Platform,
        mail::queue_letter,
        outbox::{self, Event},
        seal::Told,
    },
    shared::{
        error::{AppError, Result},
        ids::{AccountId, FileId, NdaId},
    },
};

/// An NDA that was signed so long ago and has no paper is looked after.
const OVERDUE: TimeDelta = TimeDelta::minutes(15);

/// Papers that one round of looking after makes at most.
const AT_ONCE: i64 = 100;

/// The file of an NDA's paper: known before it is made, so that making it again is not another one.
fn paper_of(nda: NdaId) -> FileId {
    FileId(nda.0)
}

/// What stands in the file to tell what it is of.
fn mark(of: Agreement) -> String {
    match of {
        Agreement::Nda(nda) => format!("nda:{nda}"),
        Agreement::Release(release) => format!("release:{release}"),
    }
}

/// What a mark in a file names.
pub(super) fn marked(mark: &str) -> Option<Agreement> {
    let (sort, id) = mark.split_once(':')?;
    let id = id.get(..36)?;
    match sort {
        "nda" => id.parse().ok().map(Agreement::Nda),
        "release" => id.parse().ok().map(Agreement::Release),
        _ => None,
    }
}

/// Makes the paper of a signed NDA, unless it is made. Of two at once, the second finds it done and throws its own away.
pub async fn seal(platform: &Platform, nda: NdaId) -> Result<()> {
    let Some((signed, facts)) = waiting(platform, nda).await? else { return Ok(()) };
    // Before the lock: an authority may take its time, and the owner may want to revoke meanwhile.
    let sealed = set_and_seal(platform, facts).await?;
    let mut tx = platform.begin().await?;
    seals::lock(&mut tx, nda).await?;
    if seals::find_unsealed(&mut tx, nda).await?.is_none() {
        return Ok(());
    }
    let received = keep(&mut tx, platform, Agreement::Nda(nda), signed.owner_id, &signed.pitch_title, sealed).await?;
    seals::insert(&mut tx, nda, &received).await?;
    tell(&mut tx, platform, &signed).await?;
    Ok(tx.commit().await?)
}

/// What is to stand on the paper of a signed NDA that has none.
async fn waiting(platform: &Platform, nda: NdaId) -> Result<Option<(seals::Signed, Facts)>> {
    let mut db = platform.db.acquire().await?;
    let Some(signed) = seals::find_unsealed(&mut db, nda).await? else { return Ok(None) };
    let facts = seals::facts(&mut db, &signed, platform.link("/verify")).await?;
    Ok(Some((signed, facts)))
}

/// Puts a sealed paper into the store and among the files; making it again is the same file.
pub(crate) async fn keep(
    tx: &mut PgConnection,
    platform: &Platform,
    of: Agreement,
    owner: AccountId,
    project: &str,
    sealed: Vec<u8>,
) -> Result<Received> {
    let (file, name) = (FileId(of.id()), file_name(of, project));
    let received = Received {
        size: i64::try_from(sealed.len()).map_err(AppError::internal)?,
        sha256: Sha256::digest(&sealed).into(),
        ..Received::expected(file, owner, name, "application/pdf", platform.now())
    };
    platform.storage.put(&received.key, sealed.into()).await?;
    media::service::keep(tx, &received).await?;
    Ok(received)
}

pub(crate) async fn set_and_seal(platform: &Platform, facts: Facts) -> Result<Vec<u8>> {
    let (at, mark) = (facts.signed_at, mark(facts.of));
    let paper = match &facts.pages {
        Some(pages) => around(platform, &facts, pages).await?,
        // Setting is work for a processor, not for a thread that answers requests.
        None => tokio::task::spawn_blocking(move || paper::pdf(&facts)).await.map_err(AppError::internal)??.into(),
    };
    platform.seal.apply(&paper, Told { at, reason: "Both sides have signed", mark: &mark }).await
}

/// The paper with the pages of the uploaded PDF in it: of the very bytes that the signed text names.
async fn around(platform: &Platform, facts: &Facts, pages: &StoredFile) -> Result<Bytes> {
    if !facts.document.contains(&pages.sha256) {
        return Err(AppError::internal("the document of an NDA names another PDF than its template"));
    }
    let set = media::pages::set(platform, &pages.key, paper::setting(facts, pages)).await?;
    set.map_err(|flaw| AppError::internal(format!("the pages of an agreement cannot be set: {flaw:?}")))
}

fn file_name(of: Agreement, title: &str) -> String {
    let title: String = title.chars().map(|c| if c == '/' || c == '\\' { '-' } else { c }).collect();
    format!("{} - {title}.pdf", of.word())
}

/// Records it, and writes to each side once.
async fn tell(tx: &mut PgConnection, platform: &Platform, signed: &seals::Signed) -> Result<()> {
    let payload =
        json!({ "pitch_id": signed.pitch_id, "owner_id": signed.owner_id, "requester_id": signed.requester_id });
    outbox::record(tx, Event::new(platform.now(), None, signed.nda.0, "nda.sealed", payload)?).await?;
    let thread = messages::service::between(tx, signed.pitch_id, signed.owner_id, signed.requester_id).await?;
    for party in [signed.owner_id, signed.requester_id] {
        let to = store::person(tx, party).await?;
        queue_letter(tx, letters::signed(platform, &to, signed, thread, paper_of(signed.nda))).await?;
    }
    Ok(())
}

/// Makes papers that should have been made long ago: their job died. Says of how many.
pub async fn look_after(platform: &Platform) -> Result<u64> {
    let before = platform.now() - OVERDUE;
    let overdue = seals::unsealed(&mut *platform.db.acquire().await?, before, AT_ONCE).await?;
    let mut made = 0;
    for nda in overdue {
        match seal(platform, nda).await {
            Ok(()) => made += 1,
            // One that cannot be made does not keep the others from being made.
            Err(error) => tracing::error!(%nda, %error, "the paper of an NDA cannot be made"),
        }
    }
    Ok(made)
}

/// The right of a party, and of who signed for one, to the paper of their NDA, whatever became of it or of their seat since. Not there and not theirs are one answer.
pub async fn grant(visitor: &Visitor, file: FileId) -> Result<FileGrant> {
    let viewer = visitor.viewer.as_ref().ok_or_else(AppError::not_found)?;
    let mut db = visitor.platform.db.acquire().await?;
    let nda = seals::of_file(&mut db, file).await?.ok_or_else(AppError::not_found)?;
    let nda = store::find(&mut db, nda).await?.ok_or_else(AppError::not_found)?;
    if service::side(viewer, &nda).is_none() && !seals::has_signed(&mut db, nda.id, viewer.id).await? {
        return Err(AppError::not_found());
    }
    let viewing = Viewing {
        reader: Reader::Account(viewer.id),
        pitch: nda.pitch_id,
        nda: Some(nda.id),
        release: None,
        address: visitor.client.address.clone(),
        user_agent: visitor.client.user_agent.clone(),
    };
    Ok(FileGrant { file, public: false, original: true, viewing: Some(viewing) })
}
