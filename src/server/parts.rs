//! `PUT /api/files/part/{upload}/{number}`: one part of a large file, as its bytes, with their SHA-256 in a header. Not a
//! server function: it is never a form, and its body is never held twice.

use axum::{
    Extension,
    body::Body,
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Json, Response},
};

use super::forms::with_status;
use crate::{
    accounts::door::Visitor,
    pitches::uploads,
    shared::error::{AppError, Result},
};

/// The header with the part's SHA-256, in hexadecimal.
const SHA256: &str = "x-part-sha256";

pub async fn part(
    Extension(visitor): Extension<Visitor>,
    Path((upload, number)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match take(visitor, &upload, &number, &headers, body).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => with_status(&error, Json(&error).into_response()),
    }
}

async fn take(visitor: Visitor, upload: &str, number: &str, headers: &HeaderMap, body: Body) -> Result<()> {
    let caller = visitor.publisher()?;
    let unknown = AppError::not_found;
    let (upload, number) = (upload.parse().map_err(|_| unknown())?, number.parse().map_err(|_| unknown())?);
    let sha256 = headers.get(SHA256).and_then(|v| v.to_str().ok()).unwrap_or_default();
    uploads::take_part(&caller, upload, (number, sha256), body).await
}
