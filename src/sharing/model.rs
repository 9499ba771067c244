//! What the owner sees of links, and what somebody sees who comes by one.

use serde::{Deserialize, Serialize};

use crate::shared::{
    ids::{FileId, MaterialId, ShareId},
    paging::Page,
    time::Time,
};

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShareState {
    Live,
    Expired,
    Revoked,
}

/// A link, for the owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    pub id: ShareId,
    /// For whom, and where it was sent.
    pub name: String,
    pub email: String,
    /// Who else is let in.
    pub also: Vec<String>,
    pub note: String,
    pub passcode: bool,
    pub documents: Vec<String>,
    pub made_at: Time,
    pub expires_at: Time,
    pub state: ShareState,
    /// Of a live link, for who may pass it on.
    pub address: Option<String>,
    pub readers: Vec<LinkReader>,
}

/// Somebody who came in by a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkReader {
    pub email: String,
    pub last_at: Time,
    /// The time on all pages together.
    pub milliseconds: i64,
    /// How many different pages were turned to.
    pub pages: i64,
}

/// The links of a pitch, newest first, and what a new one could open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    pub page: Page<Share>,
    pub editor: bool,
    pub documents: Vec<Choice>,
}

/// A document that a link may open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub material: MaterialId,
    pub label: String,
    pub described: String,
}

/// A link, for who comes by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// Who shares.
    pub by: String,
    /// Before they are in, only that of a published project.
    pub title: Option<String>,
    /// Is asked for together with the address.
    pub passcode: bool,
    pub step: Step,
}

/// How far somebody is who came by a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Step {
    /// They say who they are.
    Address,
    /// They type the code that was sent there, if that address is on the list.
    Code,
    In(Opened),
}

/// What a link opens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub email: String,
    pub note: String,
    pub until: Time,
    pub documents: Vec<SharedDocument>,
}

/// A document behind a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedDocument {
    pub file: FileId,
    pub label: String,
    pub described: String,
}
