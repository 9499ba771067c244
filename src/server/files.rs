//! `GET /files/{id}`, `GET /read/{id}/page/{n}` and `GET /s/{token}/{file}/page/{n}`: every byte that people uploaded goes out
//! here, and only against a grant of the room it belongs to; of documents that are read in the page only pictures with the
//! reader's mark.

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{Path, Query},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use futures::{TryStreamExt, stream};
use tower_sessions::Session;

use super::guard;
use crate::{
    accounts::{self, door::Visitor},
    media::{self, service::FileGrant},
    ndas,
    pitches::{self, files::Copy},
    reading, releases,
    shared::{
        error::{AppError, Refusal, Result},
        ids::FileId,
    },
    sharing::{self, door::Knock},
};

/// `?w=`: a picture about so many pixels wide will do.
#[derive(Debug, serde::Deserialize)]
pub struct Wanted {
    w: Option<String>,
}

/// The file, or one and the same 404 for "not there" and "not yours".
pub async fn file(
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Query(Wanted { w }): Query<Wanted>,
    session: Session,
    headers: HeaderMap,
) -> Response {
    let width = w.and_then(|w| w.parse().ok());
    answer(visitor, session, &id, width, &headers).await.unwrap_or_else(refused)
}

/// `GET /files/{id}/receipt`: what was uploaded, when and by whom, as a text to keep; for the owner.
pub async fn receipt(Extension(visitor): Extension<Visitor>, Path(id): Path<String>) -> Response {
    let receipt = async {
        let (text, name) = pitches::receipt::of(&visitor, file_id(&id)?).await?;
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
            (header::CONTENT_DISPOSITION, media::serve::disposition("attachment", &name)?),
            (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        ];
        Ok((headers, text).into_response())
    };
    receipt.await.unwrap_or_else(refused)
}

fn refused(error: AppError) -> Response {
    let status = StatusCode::from_u16(error.refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [("cache-control", "no-store")], error.message).into_response()
}

/// A document to take along, with its reader's mark on every page.
async fn marked_copy(visitor: &Visitor, id: FileId) -> Result<Response> {
    let (copy, name) = reading::service::marked_copy(visitor, id).await?;
    let disposition = media::serve::disposition("attachment", &name)?;
    let mut response =
        ([("content-type", "application/pdf"), ("cache-control", "private, no-store")], copy).into_response();
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// A page of a document as a picture made for this reader, this time.
pub async fn page(
    Extension(visitor): Extension<Visitor>,
    Path((id, page)): Path<(String, String)>,
    Query(Wanted { w }): Query<Wanted>,
) -> Response {
    let width = w.and_then(|w| w.parse().ok());
    shown(match (id.parse(), page.parse()) {
        (Ok(id), Ok(page)) => reading::service::picture(&visitor, id, page, width).await,
        _ => Err(AppError::not_found()),
    })
}

/// `GET /files/{id}/page/{n}`: a page of an agreement that is a PDF, for its parties.
pub async fn agreement_page(
    Extension(visitor): Extension<Visitor>,
    Path((id, page)): Path<(String, String)>,
    Query(Wanted { w }): Query<Wanted>,
) -> Response {
    let width = w.and_then(|w| w.parse().ok());
    shown(match (id.parse(), page.parse()) {
        (Ok(id), Ok(page)) => ndas::pdf_templates::picture(&visitor, id, page, width).await,
        _ => Err(AppError::not_found()),
    })
}

/// A page as a picture for one person: nobody keeps it.
fn shown(picture: Result<Bytes>) -> Response {
    match picture {
        Ok(webp) => {
            let headers = [("content-type", "image/webp"), ("cache-control", "private, no-store")];
            (headers, webp).into_response()
        }
        Err(error) => refused(error),
    }
}

/// `GET /s/{token}/{file}/page/{n}`: a page for somebody who came by a shared link.
pub async fn shared_page(
    Extension(visitor): Extension<Visitor>,
    Path((token, file, page)): Path<(String, String, String)>,
    Query(Wanted { w }): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let width = w.and_then(|w| w.parse().ok());
    let knock = Knock::new(visitor, &headers);
    shown(match (file.parse(), page.parse()) {
        (Ok(file), Ok(page)) => sharing::recipient::picture(&knock, &token, file, page, width).await,
        _ => Err(AppError::not_found()),
    })
}

fn file_id(id: &str) -> Result<FileId> {
    id.parse().map_err(|_| AppError::not_found())
}

async fn answer(
    visitor: Visitor,
    session: Session,
    id: &str,
    width: Option<u32>,
    headers: &HeaderMap,
) -> Result<Response> {
    let id = file_id(id)?;
    let Some(grant) = grant(&visitor, id).await? else { return marked_copy(&visitor, id).await };
    let response = media::serve::serve(&visitor.platform, &grant, width, headers).await?;
    Ok(if grant.public { response } else { while_theirs(visitor, session, id, response) })
}

/// How long a film may run on after the right to it has ended.
const ASKED_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(30);

/// Cuts a long answer off once it is not theirs any more: the NDA ended, the seat was lost, they signed out.
fn while_theirs(visitor: Visitor, session: Session, id: FileId, response: Response) -> Response {
    let asked = visitor.platform.now();
    let (head, body) = response.into_parts();
    let start = (body.into_data_stream(), visitor, session, asked);
    let body = stream::try_unfold(start, move |(mut body, mut visitor, session, asked)| async move {
        let Some(chunk) = body.try_next().await? else { return Ok(None) };
        let now = visitor.platform.now();
        let again = now - asked >= ASKED_AGAIN_AFTER;
        if again {
            visitor.viewer = guard::viewer_now(&visitor.platform, &session).await.map_err(axum::Error::new)?;
            grant(&visitor, id).await.map_err(axum::Error::new)?;
        }
        Ok::<_, axum::Error>(Some((chunk, (body, visitor, session, if again { now } else { asked }))))
    });
    Response::from_parts(head, Body::from_stream(body))
}

/// The right of the first room that knows the file and lets this visitor have it; `None`: they get a copy with their mark.
async fn grant(visitor: &Visitor, id: FileId) -> Result<Option<FileGrant>> {
    if let Some(grant) = known(accounts::avatar::grant(visitor, id).await)? {
        return Ok(Some(grant));
    }
    if let Some(opened) = known(pitches::files::open(visitor, id).await)? {
        return match opened.copy {
            Copy::Original => Ok(Some(opened.grant)),
            Copy::Marked => Ok(None),
            Copy::None => Err(AppError::not_found()),
        };
    }
    if let Some(grant) = known(ndas::pdf_templates::grant(visitor, id).await)? {
        return Ok(Some(grant));
    }
    if let Some(grant) = known(ndas::sealing::grant(visitor, id).await)? {
        return Ok(Some(grant));
    }
    releases::sealing::grant(visitor, id).await.map(Some)
}

/// "Not there" is for the next room to answer.
fn known<T>(asked: Result<T>) -> Result<Option<T>> {
    match asked {
        Err(error) if error.refusal == Refusal::NotFound => Ok(None),
        asked => asked.map(Some),
    }
}
