//! What the browser may know of notices, too.

use serde::{Deserialize, Serialize};

use crate::shared::{ids::NotificationId, time::Time};

/// One person's notice of something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    pub id: NotificationId,
    /// The event's kind; decides the mark beside the words.
    pub kind: String,
    pub title: String,
    pub link: String,
    pub at: Time,
    pub read: bool,
}

/// What is new for a person, for the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Conversations with something unread.
    pub messages: u32,
    /// Unread notices.
    pub notifications: u32,
}
