//! What the reader's page and its owner's see.

use serde::{Deserialize, Serialize};

use crate::{
    accounts::model::Kind,
    shared::{
        ids::{FileId, ShareId, VisitId},
        paging::Page,
        time::Time,
    },
};

/// What the owner learns of someone who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// Nothing: it is the owner, or one of theirs.
    Nothing,
    /// That somebody of this kind of account read.
    Kind,
    /// Who it was: both have signed.
    Name,
}

/// A document that is read in the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub file: FileId,
    /// By which link it is read, if not by somebody who is signed in.
    pub share: Option<ShareId>,
    /// The address of the reading page; its pages' pictures are below it.
    pub at: String,
    /// Where the reader came from.
    pub back: String,
    pub label: String,
    pub pages: i32,
    pub pitch_title: String,
    pub told: Told,
    /// The furthest page of this reader's last visit.
    pub stopped_at: Option<i32>,
    /// May take the document along.
    pub download: bool,
}

/// The words of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageWords {
    pub page: i32,
    pub text: String,
}

/// Who read the documents of a pitch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Readers {
    pub visits: Page<Visit>,
    /// Those who are not named, by document and kind of account.
    pub counts: Vec<Count>,
}

/// One visit of one reader to one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub id: VisitId,
    pub reader: String,
    /// They have no account: a link was shared with them.
    pub by_link: bool,
    pub organisation: Option<String>,
    pub label: String,
    /// Of the document; a later one may have come since.
    pub version: i32,
    pub pages: Option<i32>,
    pub started_at: Time,
    /// The pages that were opened, in order.
    pub times: Vec<PageTime>,
}

/// How long a page was in front of its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageTime {
    pub page: i32,
    pub milliseconds: i64,
}

impl Visit {
    /// The time on all pages together.
    pub fn milliseconds(&self) -> i64 {
        self.times.iter().map(|time| time.milliseconds).sum()
    }

    /// The furthest page.
    pub fn reached(&self) -> i32 {
        self.times.iter().map(|time| time.page).max().unwrap_or(0)
    }
}

/// How many of a kind of account read a document, and for how long together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Count {
    pub label: String,
    pub role: Kind,
    pub readers: i64,
    pub milliseconds: i64,
}
