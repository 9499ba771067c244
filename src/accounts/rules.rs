//! What accounts may do, decided without I/O.

use super::model::Viewer;
use crate::shared::error::{AppError, Result};

/// Publishing, signing and sending need a verified email.
pub fn needs_verified_email(viewer: &Viewer) -> Result<()> {
    if viewer.email_verified {
        Ok(())
    } else {
        Err(AppError::forbidden("Please verify your email first: we sent you a link when you registered."))
    }
}

/// The version of the terms that a registration agrees to; the date they were last changed.
pub const TERMS_VERSION: &str = "2026-11-01";
