//! What a form that was refused without JavaScript hands to the page it came from: shown once, then gone.

use serde::{Deserialize, Serialize};

use super::error::AppError;

/// The refusal of one form post, with what was typed (never passwords).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flash {
    /// The address the form was posted to.
    pub action: String,
    pub error: AppError,
    pub values: Vec<(String, String)>,
}

impl Flash {
    /// The value that was typed into `field`.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }
}
