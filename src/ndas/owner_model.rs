//! What the browser may know of the owner's tools: templates, several decisions at once, approval in advance, figures.

use serde::{Deserialize, Serialize};

use super::model::{Pages, Step};
use crate::shared::{
    error::AppError,
    ids::{NdaId, PitchId, TemplateId},
    paging::Page,
    time::Time,
};
use crate::word_enum;

word_enum! {
    /// What a text is for.
    TemplateKind { Nda = "nda", Release = "release" }
}

/// A template that can be chosen, in its newest version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub id: TemplateId,
    pub name: String,
    pub version: i32,
}

/// A text in front of its reader: of which template, and how it reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub template: Choice,
    pub body: String,
    pub pages: Option<Pages>,
}

/// What an owner chooses from when approving, with the texts in front of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The standard NDA first, then the own ones by name.
    pub choices: Vec<Choice>,
    /// The one that was asked for; `None`: what each project begins with.
    pub chosen: Option<TemplateId>,
    pub texts: Vec<Shown>,
    /// What the projects begin with that do not begin with the standard NDA.
    pub of_pitches: Vec<(PitchId, TemplateId)>,
}

impl Offer {
    /// Which text an approval for `pitch` signs.
    pub fn for_pitch(&self, pitch: PitchId) -> Option<&Choice> {
        let own = self.of_pitches.iter().find(|(of, _)| *of == pitch).map(|(_, template)| *template);
        let template = self.chosen.or(own);
        match template {
            Some(template) => self.choices.iter().find(|choice| choice.id == template),
            None => self.choices.first(),
        }
    }

    /// The texts in front of the owner as an approval carries them, so that a change meanwhile is noticed.
    pub fn shown(&self) -> String {
        let texts: Vec<String> = self.texts.iter().map(|text| text.template.mark()).collect();
        texts.join(",")
    }

    /// What a form posts that approves a request for `pitch`; without one, requests for several.
    pub fn signs(&self, pitch: Option<PitchId>) -> Signs {
        let choice = pitch.and_then(|pitch| self.for_pitch(pitch));
        let template = choice.map(|choice| choice.id).or(self.chosen);
        Signs {
            template_id: template.map(|id| id.to_string()).unwrap_or_default(),
            template_shown: self.shown(),
            words: choice.map(Choice::words).unwrap_or_default(),
        }
    }
}

/// Which text a form signs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// Empty: what each project begins with.
    pub template_id: String,
    pub template_shown: String,
    /// The template and its version, for people; empty for several.
    pub words: String,
}

impl Choice {
    /// This template in this version, in a word.
    pub fn mark(&self) -> String {
        format!("{}.{}", self.id, self.version)
    }

    /// The same for people.
    pub fn words(&self) -> String {
        format!("{}, version {}", self.name, self.version)
    }
}

/// A template as an item of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateCard {
    pub id: TemplateId,
    pub kind: TemplateKind,
    pub name: String,
    pub version: i32,
    pub created_at: Time,
    pub changed_at: Time,
    /// Agreements made from it.
    pub documents: i64,
}

/// One's own templates, or those of one's organisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateList {
    pub page: Page<TemplateCard>,
    /// This person's seat may write.
    pub writes: bool,
}

/// One version of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateVersion {
    pub number: i32,
    pub at: Time,
    pub by: String,
    pub documents: i64,
}

/// A template on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    pub id: TemplateId,
    pub kind: TemplateKind,
    pub name: String,
    pub version: i32,
    pub text: String,
    pub archived: bool,
    /// The platform's: read by all, changed by none of them.
    pub standard: bool,
    /// This person's seat may write.
    pub writes: bool,
    pub versions: Vec<TemplateVersion>,
    /// How it reads, with the newest request filled in, or with gaps.
    pub preview: String,
    /// It is an uploaded PDF.
    pub pages: Option<Pages>,
    /// Whose request for what is filled in; `None`: nobody has asked yet.
    pub preview_of: Option<String>,
}

/// What stands of a signature that was given in advance for a pitch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advance {
    pub legal_name: String,
    /// The name of the account that gave it.
    pub given_by: String,
    pub at: Time,
    pub term_days: i32,
    pub extra_terms: String,
    /// In the version that was signed.
    pub template: Choice,
    /// The template has moved on since.
    pub newer_version: Option<i32>,
    /// The platform's own words in it are others since, so that it answers nothing.
    pub outdated: bool,
    /// Requests it has answered.
    pub used: i64,
    /// Who gave it still decides for the owner.
    pub works: bool,
}

/// What an owner has set for the NDAs of one pitch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PitchNdas {
    pub offer: Offer,
    pub advance: Option<Advance>,
    pub published: bool,
    /// This person's seat decides.
    pub decides: bool,
}

/// What became of several requests that were decided at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub done: Vec<NdaId>,
    pub not_done: Vec<(NdaId, AppError)>,
}

impl Outcome {
    pub fn all(&self) -> impl Iterator<Item = NdaId> {
        self.done.iter().copied().chain(self.not_done.iter().map(|(id, _)| *id))
    }
}

/// The same, told on the page that follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedList {
    pub step: Step,
    pub done: u32,
    pub not_done: Vec<NotDone>,
}

/// A request that was not decided as asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotDone {
    pub nda: NdaId,
    /// Whose request for what.
    pub whose: String,
    pub why: String,
}

/// An owner's NDAs in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub overall: Summary,
    /// Those most asked for, the first first.
    pub pitches: Vec<(String, Summary)>,
}

/// What is counted of a pitch, or of all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub requests: i64,
    /// Decided by a person or by their signature in advance, and how many of those were approved.
    pub decided: i64,
    pub approved: i64,
    /// Half of the decisions that a person made took no longer, in seconds.
    pub to_decision: Option<i64>,
    /// Half of the signatures took no longer after the approval, in seconds.
    pub to_signature: Option<i64>,
    /// The last twelve months, the oldest first.
    pub months: Vec<Month>,
}

/// What happened in one month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// `November 2026`.
    pub name: String,
    pub signed: i64,
    pub declined: i64,
    pub lapsed: i64,
    pub revoked: i64,
}
