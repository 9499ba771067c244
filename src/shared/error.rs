//! The one error of the product: a sentence for the person and a status for HTTP. Causes go to the log, never to a person.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// What kind of refusal it is; decides the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// 401: nobody is signed in.
    SignedOut,
    /// 403: this person may not do this.
    Forbidden,
    /// 404: does not exist, or not for this person; the two are one answer.
    NotFound,
    /// 409: the thing has changed meanwhile, or the step does not follow from its state.
    Conflict,
    /// 413: more bytes than allowed.
    TooLarge,
    /// 422: what was sent does not hold; see the fields.
    Invalid,
    /// 429: too often; see `retry_after`.
    TooMany,
    /// 503: something we depend on is gone for the moment.
    Unavailable,
    /// 500: our fault; the log knows why.
    Internal,
}

impl Refusal {
    /// The HTTP status code.
    pub fn status(self) -> u16 {
        match self {
            Refusal::SignedOut => 401,
            Refusal::Forbidden => 403,
            Refusal::NotFound => 404,
            Refusal::Conflict => 409,
            Refusal::TooLarge => 413,
            Refusal::Invalid => 422,
            Refusal::TooMany => 429,
            Refusal::Unavailable => 503,
            Refusal::Internal => 500,
        }
    }
}

/// A sentence that belongs to one form field, by the field's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// Why something was refused, in words for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    pub refusal: Refusal,
    pub message: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Seconds until it makes sense to try again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// What every service and server function answers with.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

impl AppError {
    pub fn new(refusal: Refusal, message: impl Into<String>) -> Self {
        Self { refusal, message: message.into(), fields: Vec::new(), retry_after: None }
    }

    pub fn signed_out() -> Self {
        Self::new(Refusal::SignedOut, "Please sign in first.")
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(Refusal::Forbidden, message)
    }

    pub fn not_found() -> Self {
        Self::new(Refusal::NotFound, "We could not find that. It may have been removed, or it is not yours to see.")
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(Refusal::Conflict, message)
    }

    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(Refusal::TooLarge, message)
    }

    /// What was sent as `field` does not hold.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// Several fields do not hold; the message sums them up.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        let message = match fields.as_slice() {
            [one] => one.message.clone(),
            many => format!("Please look at {} fields again.", many.len()),
        };
        Self { refusal: Refusal::Invalid, message, fields, retry_after: None }
    }

    pub fn too_many(message: impl Into<String>, retry_after: u32) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(Refusal::TooMany, message) }
    }

    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(Refusal::Unavailable, message)
    }

    /// The sentence for `field`, if there is one.
    pub fn on_field(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|f| f.field == field).map(|f| f.message.as_str())
    }

    /// Our fault: the cause goes to the log with the request's id, the person gets a general sentence.
    #[cfg(feature = "ssr")]
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(Refusal::Internal, "Something went wrong on our side. Nothing was changed; please try again.")
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// The seam itself failed: the form did not parse, the network dropped, the answer was not ours.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::new(
                    Refusal::Invalid,
                    "Part of the form was missing or had a value we do not know. Please check it.",
                )
            }
            ServerFnErrorErr::Request(_) => Self::new(
                Refusal::Unavailable,
                "We could not reach Pitchey. Check your connection; what you typed is still here.",
            ),
            _ => {
                Self::new(Refusal::Internal, "Something went wrong on our side. Nothing was changed; please try again.")
            }
        }
    }
}

#[cfg(feature = "ssr")]
impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::not_found(),
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::error!(%error, "database unavailable");
                Self::unavailable("We cannot reach our database for the moment. Nothing was changed; please try again.")
            }
            _ if cannot_be_kept(&error) => Self::new(
                Refusal::Invalid,
                "Something you sent has a character or a number that we cannot keep. Please check it.",
            ),
            _ => Self::internal(error),
        }
    }
}

/// Whether Postgres refused a value as such: NUL in a text (22021, 22P05), a time or number out of range (22008, 22003).
#[cfg(feature = "ssr")]
fn cannot_be_kept(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|e| e.code());
    code.is_some_and(|code| matches!(code.as_ref(), "22021" | "22P05" | "22008" | "22003"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_field_is_the_message_and_several_are_counted() {
        assert_eq!(AppError::field("title", "Too short.").message, "Too short.");
        let two = ["a", "b"].map(|f| FieldError { field: f.into(), message: "No.".into() });
        assert_eq!(AppError::fields(two.to_vec()).message, "Please look at 2 fields again.");
    }

    #[test]
    fn an_error_survives_the_wire() {
        let error = AppError::too_many("Slow down.", 30);
        let wire = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<AppError>(&wire).unwrap(), error);
    }
}
