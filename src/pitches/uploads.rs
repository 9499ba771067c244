//! What people do with large files of a pitch: they arrive in parts, and are put in their place by a job once all is here.

use axum::body::Body;

use super::{
    files::{may_edit, put_in},
    jobs::TakeIn,
    rules,
    words::MaterialKind,
};
use crate::{
    accounts::{self, door::Caller},
    media::{
        model::{Accept, Upload},
        service::Received,
        uploads::{self, Announced, Arriving},
    },
    platform::{Platform, queue},
    shared::{
        error::{AppError, Refusal, Result},
        ids::{FileId, PitchId},
    },
};

/// What a kind of material may be when it arrives in parts.
fn accepts(kind: &str) -> Result<Accept> {
    let unknown = || AppError::field("kind", "We do not know this kind of material.");
    let kind: MaterialKind = kind.parse().map_err(|()| unknown())?;
    rules::accepts(kind)
        .in_parts()
        .ok_or_else(|| AppError::field(kind.word(), "Pictures are small: send this one by the form, as a whole."))
}

/// Announces a file; the answer says which of its parts are here already.
pub async fn begin(caller: &Caller, pitch: PitchId, kind: &str, name: &str, size: i64) -> Result<Upload> {
    may_edit(caller, pitch).await?;
    caller.platform.limits.upload(&caller.viewer.id.to_string(), &caller.client.address)?;
    let asked = Announced { pitch, kind, accept: accepts(kind)?, name, size };
    uploads::begin(&caller.platform, caller.viewer.id, &asked).await
}

/// The caller's upload, to a pitch that they may still edit.
async fn own(caller: &Caller, id: FileId) -> Result<Arriving> {
    let mut db = caller.platform.db.acquire().await?;
    let found = uploads::of(&mut db, caller.viewer.id, id).await?;
    drop(db);
    may_edit(caller, found.upload.pitch).await?;
    Ok(found)
}

/// Takes in the part `number`, counted from zero, whose SHA-256 is given in hexadecimal.
pub async fn take_part(caller: &Caller, id: FileId, part: (u32, &str), body: Body) -> Result<()> {
    let found = own(caller, id).await?;
    let accept = accepts(&found.upload.kind)?;
    uploads::take_part(&caller.platform, &found, part, accept, body).await
}

/// How far it is.
pub async fn state(caller: &Caller, id: FileId) -> Result<Upload> {
    Ok(own(caller, id).await?.upload)
}

/// All parts were sent: the job that checks the whole is queued with the change that says so.
pub async fn finish(caller: &Caller, id: FileId) -> Result<Upload> {
    own(caller, id).await?;
    let mut tx = caller.platform.begin().await?;
    let (upload, fresh) = uploads::finish(&mut tx, &caller.platform, caller.viewer.id, id).await?;
    if fresh {
        queue::add(&mut tx, &TakeIn { upload_id: id }).await?;
    }
    tx.commit().await?;
    Ok(upload)
}

/// Gives an upload up, or takes the note of one that was refused away.
pub async fn cancel(caller: &Caller, id: FileId) -> Result<()> {
    uploads::cancel(&caller.platform, &own(caller, id).await?).await
}

/// Checks what has arrived and puts it in its place. What does not hold is refused with a sentence; what cannot be decided
/// now is an error, and tried again.
pub async fn take_in(platform: &Platform, id: FileId) -> Result<()> {
    let Some(arrived) = uploads::waiting(platform, id).await? else { return Ok(()) };
    let taken = async {
        let received = uploads::check(platform, &arrived, accepts(&arrived.upload.kind)?).await?;
        place(platform, &arrived, &received).await
    };
    match taken.await {
        // What the file itself is, or who may write the pitch, will not change by waiting.
        Err(error) if matches!(error.refusal, Refusal::Invalid | Refusal::TooLarge | Refusal::Forbidden) => {
            uploads::refuse(platform, &arrived, &error).await
        }
        Err(error) => {
            uploads::delayed(platform, id).await?;
            Err(error)
        }
        Ok(()) => Ok(()),
    }
}

/// The next version of the pitch's material, if its sender may still write it.
async fn place(platform: &Platform, arrived: &Arriving, received: &Received) -> Result<()> {
    let kind: MaterialKind = arrived.upload.kind.parse().map_err(|()| AppError::not_found())?;
    let mut tx = platform.begin().await?;
    let sender = accounts::store::viewer(&mut tx, arrived.owner, false).await?.ok_or_else(AppError::not_found)?;
    put_in(&mut tx, &sender, platform.now(), (arrived.upload.pitch, kind), received).await?;
    uploads::done(&mut tx, platform, arrived.upload.id).await?;
    Ok(tx.commit().await?)
}
