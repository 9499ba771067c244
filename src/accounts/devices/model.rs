//! What the browser may know of sessions.

use serde::{Deserialize, Serialize};

use crate::shared::time::Time;

/// One of one's sessions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionSeen {
    /// The hash that it is kept under; nobody gets in with it.
    pub id: String,
    /// "Firefox on Linux".
    pub device: String,
    pub address: String,
    pub started: Time,
    pub seen: Time,
    /// The one that asks.
    pub here: bool,
}
