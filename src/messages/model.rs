//! What the browser may know of conversations, too.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    accounts::model::Kind,
    shared::{
        ids::{MessageId, NdaId, ReleaseId, ThreadId},
        time::Time,
    },
};

/// The other side of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correspondent {
    pub name: String,
    pub handle: String,
    pub kind: Kind,
    pub organisation: Option<String>,
}

/// A conversation as a line of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadCard {
    pub id: ThreadId,
    pub pitch_title: String,
    pub with: Correspondent,
    /// The beginning of the newest message.
    pub last: String,
    pub last_is_mine: bool,
    pub last_at: Time,
    /// Messages of the other side that this person has not seen.
    pub unread: i64,
}

/// The project that a conversation is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    pub title: String,
    pub slug: String,
    pub logline: String,
    /// This person can open its page: it is published, or theirs, or what was signed opens it.
    pub readable: bool,
    /// The newest NDA between the two about it.
    pub nda: Option<NdaId>,
    /// The newest signed release between the two sides about it.
    pub release: Option<ReleaseId>,
}

/// One message as one of the two sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub id: MessageId,
    /// `None`: the system.
    pub author: Option<String>,
    pub mine: bool,
    pub body: String,
    pub at: Time,
}

/// A conversation that is open on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadView {
    pub id: ThreadId,
    pub project: Project,
    pub with: Correspondent,
    /// Oldest first.
    pub messages: Vec<Said>,
    /// The cursor of what was said before these.
    pub earlier: Option<String>,
    /// These are the newest messages, not an earlier page.
    pub newest_shown: bool,
    pub unread: i64,
    /// The newest message of this page: what `mark-read` says was seen.
    pub seen_to: Option<MessageId>,
    /// Goes with the form, so that a replayed form writes nothing twice.
    pub key: Uuid,
}
