//! What the browser may know of releases, too. Its sides are those of an NDA: the owner of the project, and the company, which
//! asks to read and is called the requester.

use serde::{Deserialize, Serialize};

use crate::{
    ndas::{
        model::{Opening, Party, ReadableMaterial, Sealed, Side, Signature, Tab, Text},
        owner_model::Offer,
    },
    shared::{
        ids::{PitchId, ReleaseId, ThreadId},
        paging::Page,
        time::Time,
    },
    word_enum,
};

word_enum! {
    /// Where a release stands.
    ReleaseStatus {
        Offered = "offered",
        Signed = "signed",
        Refused = "refused",
        Withdrawn = "withdrawn",
        Ended = "ended",
    }
}

word_enum! {
    /// What can be done with a release.
    ReleaseStep { Sign = "sign", Refuse = "refuse", Withdraw = "withdraw", End = "end" }
}

impl ReleaseStatus {
    /// What a list shows under a tab.
    pub fn under(tab: Tab) -> &'static [ReleaseStatus] {
        match tab {
            Tab::Waiting => &[ReleaseStatus::Offered],
            Tab::Active => &[ReleaseStatus::Signed],
            Tab::Ended => &[ReleaseStatus::Refused, ReleaseStatus::Withdrawn, ReleaseStatus::Ended],
        }
    }
}

/// A release as an item of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseCard {
    pub id: ReleaseId,
    pub status: ReleaseStatus,
    pub pitch_id: PitchId,
    pub pitch_title: String,
    pub pitch_slug: String,
    /// Which side the viewer is on.
    pub side: Side,
    /// Who offers it, for which company.
    pub company: Party,
    /// Unnamed to the company, where the owner keeps the name behind the NDA, until they sign.
    pub owner: Option<Party>,
    /// The owner keeps their name behind the NDA and has not given it by signing.
    #[serde(skip)]
    pub owner_keeps_name: bool,
    pub note: String,
    /// Of refusing or ending it.
    pub reason: String,
    /// Who ended it; `None`: nobody, or the system.
    pub ended_by: Option<Side>,
    pub offered_at: Time,
    pub signed_at: Option<Time>,
    pub ended_at: Option<Time>,
    /// The conversation that the signature opened, if the viewer is in it.
    pub thread: Option<ThreadId>,
}

/// How many of the viewer's releases stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub offered: i64,
    pub signed: i64,
    pub ended: i64,
}

impl Counts {
    /// How many a tab holds.
    pub fn of(&self, tab: Tab) -> i64 {
        match tab {
            Tab::Waiting => self.offered,
            Tab::Active => self.signed,
            Tab::Ended => self.ended,
        }
    }
}

/// One tab of the viewer's releases, with the counts of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReleaseList {
    pub counts: Counts,
    pub page: Page<ReleaseCard>,
}

/// A release on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseView {
    pub card: ReleaseCard,
    /// The steps that are open to this person now.
    pub can: Vec<ReleaseStep>,
    pub text: Text,
    /// What may be seen of the signatures: all of both, once both have signed; until then only one's own side's.
    pub signatures: Vec<Signature>,
    pub openings: Vec<Opening>,
    /// The paper, once it is made.
    pub sealed: Option<Sealed>,
    /// The pitch can still be opened by this person.
    pub pitch_readable: bool,
}

/// How the last release of this company for this pitch ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRelease {
    pub release: ReleaseId,
    pub status: ReleaseStatus,
    pub reason: String,
}

/// What the pitch page offers its viewer about releases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReleasePanel {
    /// Releases are none of this person's, or not now.
    Nothing,
    /// The viewer's own pitch, or their organisation's; with what waits for an answer, oldest first.
    Own {
        waiting: Vec<ReleaseCard>,
    },
    /// May offer now; with the text, and how the last one ended.
    MayOffer {
        organisation: String,
        offer: Offer,
        last: Option<LastRelease>,
    },
    /// A seat that reads along cannot offer.
    ReadsAlong {
        organisation: String,
    },
    /// The last one ended a moment ago; may offer again then.
    NotYet {
        last: LastRelease,
        again_at: Time,
    },
    Waiting {
        release: ReleaseId,
        since: Time,
    },
    Signed {
        release: ReleaseId,
        organisation: String,
        thread: Option<ThreadId>,
        materials: Vec<ReadableMaterial>,
    },
}
