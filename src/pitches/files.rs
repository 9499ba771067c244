//! What people do with the files of a pitch.

use bytes::Bytes;
use futures::{Stream, StreamExt};
use multer::Multipart;
use serde_json::json;
use sqlx::PgConnection;

use super::{
    content::Layer,
    materials,
    model::Uploaded,
    rules,
    store::{self, Found, FoundFile, Key},
    words::{MaterialKind, Visibility},
};
use crate::{
    accounts::{
        door::{Caller, Visitor},
        model::Viewer,
    },
    media::{
        self,
        model::Accept,
        service::{FileGrant, Reader, Received, Viewing},
    },
    platform::outbox::{self, Event},
    shared::{
        error::{AppError, Result},
        ids::{FileId, MaterialId, PitchId},
        time::Time,
    },
};

/// Takes in a posted form: `pitch_id` first, then one file under the name of its kind.
pub async fn upload(caller: &Caller, mut form: Multipart<'static>) -> Result<Uploaded> {
    let pitch = match form.next_field().await.map_err(broken)? {
        Some(field) if field.name() == Some("pitch_id") => short_text(field).await?.trim().parse::<PitchId>().ok(),
        _ => None,
    };
    let pitch =
        pitch.ok_or_else(|| AppError::field("pitch_id", "It does not say which pitch this file belongs to."))?;
    may_edit(caller, pitch).await?;
    let Some(field) = form.next_field().await.map_err(broken)? else {
        return Err(AppError::field("file", "Please choose a file first."));
    };
    let word = field.name().unwrap_or_default().to_string();
    let kind: MaterialKind =
        word.parse().map_err(|()| AppError::field("file", "We do not know this kind of material."))?;
    let accept = rules::accepts(kind);
    let name = field.file_name().unwrap_or_default().to_string();
    let body = field.map(|chunk| chunk.map_err(broken));
    add_material(caller, pitch, kind, accept, &name, body).await
}

/// A field that holds an id, not a book.
async fn short_text(mut field: multer::Field<'_>) -> Result<String> {
    let mut text = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        text.extend_from_slice(&chunk);
        if text.len() > 64 {
            return Ok(String::new());
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn broken(_: multer::Error) -> AppError {
    AppError::field("file", "The upload broke off or could not be read. Please try again.")
}

/// Goes on for who may write this pitch. Others are told that it is not there; a viewer's seat is told why.
pub(super) async fn may_edit(caller: &Caller, pitch: PitchId) -> Result<()> {
    let mut db = caller.platform.db.acquire().await?;
    let found = store::find(&mut db, Key::Id(pitch), Some(&caller.viewer), caller.platform.now()).await?;
    editable(found).map(drop)
}

fn editable(found: Option<Found>) -> Result<Found> {
    let found = found.filter(|f| f.access.layer == Layer::Owner).ok_or_else(AppError::not_found)?;
    if found.access.editor {
        Ok(found)
    } else {
        Err(AppError::forbidden("Your seat may look but not write. Ask the owner of your organisation."))
    }
}

/// Stores a file as the next version of the pitch's material of `kind`.
pub async fn add_material(
    caller: &Caller,
    pitch: PitchId,
    kind: MaterialKind,
    accept: Accept,
    name: &str,
    body: impl Stream<Item = Result<Bytes>> + Send + Unpin,
) -> Result<Uploaded> {
    caller.platform.limits.upload(&caller.viewer.id.to_string(), &caller.client.address)?;
    // Told before it is sent, as far as that can be known: this form does not say how much will come.
    media::room::check(&mut *caller.platform.db.acquire().await?, &caller.platform, caller.viewer.id, 1, kind.word())
        .await?;
    let received =
        media::service::receive(&caller.platform, caller.viewer.id, (kind.word(), name), accept, body).await?;
    let added = attach(caller, pitch, kind, &received).await;
    media::service::settle(&caller.platform, &received, added).await
}

async fn attach(caller: &Caller, pitch: PitchId, kind: MaterialKind, received: &Received) -> Result<Uploaded> {
    let Caller { platform, viewer, .. } = caller;
    let mut tx = platform.begin().await?;
    media::room::lock(&mut tx, viewer.id).await?;
    media::room::check(&mut tx, platform, viewer.id, received.size, kind.word()).await?;
    let added = put_in(&mut tx, viewer, platform.now(), (pitch, kind), received).await?;
    tx.commit().await?;
    Ok(added)
}

/// Makes a file the next version of the pitch's material of `kind`, for someone who may write the pitch.
pub(super) async fn put_in(
    tx: &mut PgConnection,
    viewer: &Viewer,
    now: Time,
    (pitch, kind): (PitchId, MaterialKind),
    received: &Received,
) -> Result<Uploaded> {
    store::lock(tx, pitch).await?;
    let found = editable(store::find(tx, Key::Id(pitch), Some(viewer), now).await?)?;
    media::service::keep(tx, received).await?;
    let material = match materials::of_kind(tx, pitch, kind).await? {
        Some(material) => material,
        None => materials::insert(tx, pitch, kind, rules::usual_visibility(kind), now).await?,
    };
    let number = materials::insert_version(tx, material, received.id, now).await?;
    let sha256 = hex::encode(received.sha256);
    let payload = json!({ "pitch_id": pitch, "material_id": material, "file_id": received.id, "sha256": sha256 });
    let event = Event::new(now, Some(viewer.id), pitch.0, "pitch.file_added", payload)?;
    outbox::record(tx, event.for_organisation(found.access.organisation)).await?;
    Ok(Uploaded { material_id: material, file_id: received.id, kind, number, size: received.size, sha256 })
}

/// Takes a material away from the pitch, with all its versions.
pub async fn delete(caller: &Caller, material: MaterialId) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    let (pitch, _) = materials::pitch_of(&mut tx, material).await?.ok_or_else(AppError::not_found)?;
    store::lock(&mut tx, pitch).await?;
    editable(store::find(&mut tx, Key::Id(pitch), Some(&caller.viewer), caller.platform.now()).await?)?;
    materials::remove(&mut tx, material, caller.platform.now()).await?;
    Ok(tx.commit().await?)
}

/// Lets readers take a document along with their mark on it, or no longer.
pub async fn set_download(caller: &Caller, material: MaterialId, allowed: bool) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    let (pitch, _) = materials::pitch_of(&mut tx, material).await?.ok_or_else(AppError::not_found)?;
    store::lock(&mut tx, pitch).await?;
    editable(store::find(&mut tx, Key::Id(pitch), Some(&caller.viewer), caller.platform.now()).await?)?;
    materials::set_download(&mut tx, material, allowed).await?;
    Ok(tx.commit().await?)
}

/// Changes who sees a material, at once.
pub async fn set_visibility(caller: &Caller, material: MaterialId, word: &str) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    let (pitch, kind) = materials::pitch_of(&mut tx, material).await?.ok_or_else(AppError::not_found)?;
    store::lock(&mut tx, pitch).await?;
    editable(store::find(&mut tx, Key::Id(pitch), Some(&caller.viewer), caller.platform.now()).await?)?;
    let unknown = |()| AppError::field("visibility", "Please choose one of the list.");
    let visibility: Visibility = word.parse().map_err(unknown)?;
    if !rules::material_choices(kind).contains(&visibility) {
        let message = format!("A {} is never seen without an NDA.", kind.label().to_lowercase());
        return Err(AppError::field("visibility", message));
    }
    materials::set_visibility(&mut tx, material, visibility).await?;
    Ok(tx.commit().await?)
}

/// How a visitor stands to a file of a pitch that they may read.
#[derive(Clone, Debug)]
pub struct Opened {
    pub grant: FileGrant,
    pub pitch: PitchId,
    pub visibility: Visibility,
    /// It is theirs, or their organisation's.
    pub own: bool,
    pub copy: Copy,
}

/// What a visitor may have of a file besides its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// The file as it is.
    Original,
    /// The document with their mark on every page: the owner lets them take it along.
    Marked,
    /// Nothing: it is read page by page.
    None,
}

/// Opens a file of a pitch for who may read it. Not there and not theirs are one answer.
pub async fn open(visitor: &Visitor, file: FileId) -> Result<Opened> {
    let mut db = visitor.platform.db.acquire().await?;
    let found = store::find_file(&mut db, file, visitor.viewer.as_ref(), visitor.platform.now()).await?;
    let found = found.ok_or_else(AppError::not_found)?;
    let access = &found.access;
    let own = access.layer == Layer::Owner;
    let readable = rules::readable(access.status, found.ever_published, access.layer);
    let theirs = readable && found.newest && access.layer.sees(found.visibility);
    if !(own || theirs) {
        return Err(AppError::not_found());
    }
    let public =
        found.visibility == Visibility::Public && rules::readable(access.status, found.ever_published, Layer::Guest);
    let viewing =
        visitor.viewer.as_ref().filter(|_| !own && found.visibility != Visibility::Public).map(|viewer| Viewing {
            reader: Reader::Account(viewer.id),
            pitch: access.id,
            nda: access.nda,
            release: access.release,
            address: visitor.client.address.clone(),
            user_agent: visitor.client.user_agent.clone(),
        });
    Ok(Opened {
        grant: FileGrant { file, public, original: own, viewing },
        pitch: access.id,
        visibility: found.visibility,
        own,
        copy: match found {
            _ if own => Copy::Original,
            FoundFile { document: false, .. } | FoundFile { visibility: Visibility::Public, .. } => Copy::Original,
            FoundFile { allow_download: true, .. } => Copy::Marked,
            _ => Copy::None,
        },
    })
}
