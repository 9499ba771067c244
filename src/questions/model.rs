//! What the browser may know of questions, too.

use serde::{Deserialize, Serialize};

use crate::shared::{
    ids::{PitchId, QuestionId},
    paging::Page,
    time::Time,
};

/// Who asked, for the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    pub name: String,
    pub handle: String,
    pub organisation: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub body: String,
    pub at: Time,
}

/// A question as its reader may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub body: String,
    pub asked_at: Time,
    /// The reader asked it.
    pub mine: bool,
    /// For the owner only.
    pub asker: Option<Asker>,
    pub answer: Option<Answer>,
    /// Everyone who has signed sees it, without the asker's name.
    pub published: bool,
}

/// What a reader of the questions of a pitch may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    Asks,
    Answers,
    /// A seat that reads along.
    Reads,
}

/// The questions of a pitch, newest first; the owner's with those that wait first of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Questions {
    pub part: Part,
    pub waiting: i64,
    pub page: Page<Question>,
}

/// The questions of one project that wait for its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub pitch: PitchId,
    pub title: String,
    pub slug: String,
    pub count: i64,
    /// When the oldest was asked.
    pub since: Time,
}
