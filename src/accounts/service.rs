//! One function per thing a person does with their account.

use super::door::Caller;
use crate::shared::error::Result;

/// Confirms the caller's password and makes the session fresh for ten minutes.
pub async fn step_up(_caller: &Caller, _password: &str) -> Result<()> {
    todo!()
}
