//! What the browser may know of NDAs, too.

use serde::{Deserialize, Serialize};

use super::owner_model::Offer;
use crate::{
    accounts::model::Kind,
    shared::{
        ids::{FileId, NdaId, PitchId, ReleaseId, ThreadId},
        paging::Page,
        time::Time,
    },
    word_enum,
};

word_enum! {
    /// Where an NDA stands.
    NdaStatus {
        Requested = "requested",
        Approved = "approved",
        Signed = "signed",
        Declined = "declined",
        Withdrawn = "withdrawn",
        Lapsed = "lapsed",
        Revoked = "revoked",
        Expired = "expired",
    }
}

word_enum! {
    /// What can be done with an NDA.
    Step {
        Approve = "approve",
        Decline = "decline",
        Withdraw = "withdraw",
        Sign = "sign",
        Revoke = "revoke",
        Lapse = "lapse",
        Expire = "expire",
    }
}

word_enum! {
    /// Who is on which side of an NDA.
    Side { Owner = "owner", Requester = "requester" }
}

word_enum! {
    /// How a list of NDAs is cut: what waits for a decision or a signature, what is in force, what is over.
    Tab { Waiting = "waiting", Active = "active", Ended = "ended" }
}

impl Tab {
    /// What a list of `side` shows under this tab.
    pub fn statuses(self, side: Side) -> &'static [NdaStatus] {
        use NdaStatus::*;
        match (self, side) {
            (Tab::Waiting, Side::Owner) => &[Requested],
            (Tab::Waiting, Side::Requester) => &[Requested, Approved],
            (Tab::Active, Side::Owner) => &[Approved, Signed],
            (Tab::Active, Side::Requester) => &[Signed],
            (Tab::Ended, _) => &[Declined, Withdrawn, Lapsed, Revoked, Expired],
        }
    }
}

/// When and how staff verified a buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    pub method: String,
    pub at: Time,
}

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub name: String,
    pub handle: String,
    pub kind: Kind,
    pub organisation: Option<String>,
    /// Of a buyer, by staff.
    pub verified: Option<Verified>,
}

/// An NDA as an item of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NdaCard {
    pub id: NdaId,
    pub status: NdaStatus,
    pub pitch_id: PitchId,
    pub pitch_title: String,
    pub pitch_slug: String,
    /// Unnamed to who asks, where the owner keeps the name behind the NDA, until they approve.
    pub owner: Option<Party>,
    /// The owner keeps their name behind the NDA and has not given it in an approval.
    #[serde(skip)]
    pub owner_keeps_name: bool,
    pub requester: Party,
    pub purpose: String,
    pub note: String,
    /// Of declining or revoking.
    pub reason: String,
    pub term_days: Option<i32>,
    pub requested_at: Time,
    pub decided_at: Option<Time>,
    pub lapses_at: Option<Time>,
    pub signed_at: Option<Time>,
    pub expires_at: Option<Time>,
    pub ended_at: Option<Time>,
    /// The conversation that the signature opened.
    pub thread: Option<ThreadId>,
}

/// How many NDAs stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub requested: i64,
    pub approved: i64,
    pub signed: i64,
    pub ended: i64,
}

impl Counts {
    /// How many a tab of `side`'s list holds.
    pub fn of(&self, tab: Tab, side: Side) -> i64 {
        match (tab, side) {
            (Tab::Waiting, Side::Owner) => self.requested,
            (Tab::Waiting, Side::Requester) => self.requested + self.approved,
            (Tab::Active, Side::Owner) => self.approved + self.signed,
            (Tab::Active, Side::Requester) => self.signed,
            (Tab::Ended, _) => self.ended,
        }
    }
}

/// The NDAs of the viewer's two sides: those asked of them and those they asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    pub received: Counts,
    pub sent: Counts,
}

/// One tab of a list of NDAs, with the counts of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NdaList {
    pub counts: Counts,
    pub page: Page<NdaCard>,
    /// What an owner signs by approving; `None` where nothing is to be decided, or not by this person.
    pub offer: Option<Offer>,
}

/// What waits for the viewer: requests to decide, oldest first, and approved NDAs to sign, the one that lapses first first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub to_decide: Vec<NdaCard>,
    pub to_sign: Vec<NdaCard>,
}

/// What was recorded with one party's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub party: Side,
    /// Of the account and the organisation, as they were called then.
    pub account: String,
    pub organisation: Option<String>,
    pub legal_name: String,
    pub email: String,
    pub consent_version: String,
    pub at: Time,
    /// The owner's was given in advance: then, from this address.
    pub given_at: Option<Time>,
    pub address: String,
    pub user_agent: String,
}

/// When a party opened the text that was signed, and read it to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub party: Side,
    pub opened_at: Time,
    pub read_to_end_at: Option<Time>,
}

/// The pages of an agreement that is an uploaded PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    pub file: FileId,
    /// What each page says, for who does not see it.
    pub words: Vec<String>,
}

/// The text of an NDA.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub body: String,
    /// What stands before the text, which names it by its checksum.
    pub pages: Option<Pages>,
    /// Of the fixed document, in hexadecimal; `None`: a preview, nobody has signed it.
    pub sha256: Option<String>,
}

/// What two sides have signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Agreement {
    Nda(NdaId),
    /// The other way round: the company's, signed by the owner.
    Release(ReleaseId),
}

impl Agreement {
    pub fn id(self) -> uuid::Uuid {
        match self {
            Agreement::Nda(id) => id.0,
            Agreement::Release(id) => id.0,
        }
    }

    /// As people call it in a word.
    pub fn word(self) -> &'static str {
        match self {
            Agreement::Nda(_) => "NDA",
            Agreement::Release(_) => "Release",
        }
    }

    /// As its paper is headed.
    pub fn title(self) -> &'static str {
        match self {
            Agreement::Nda(_) => "Non-disclosure agreement",
            Agreement::Release(_) => "Submission release",
        }
    }

    /// Where its parties see it.
    pub fn address(self) -> String {
        match self {
            Agreement::Nda(id) => format!("/ndas/{id}"),
            Agreement::Release(id) => format!("/releases/{id}"),
        }
    }

    /// Whom a side is called in it.
    pub fn role(self, side: Side) -> &'static str {
        match (self, side) {
            (_, Side::Owner) => "The owner",
            (Agreement::Nda(_), Side::Requester) => "The reader",
            (Agreement::Release(_), Side::Requester) => "The company",
        }
    }
}

/// The finished paper of an agreement: a sealed PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    pub file: FileId,
    pub size: i64,
    /// Of the file, in hexadecimal.
    pub sha256: String,
    pub at: Time,
}

/// Whether a file is the sealed paper of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// To the last byte.
    Valid { sealed_at: Time },
    /// It was one, or says so, and is not the same any more.
    Altered,
    /// Not of ours.
    Unknown,
}

/// What the certificate of a paper says, for its parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperFacts {
    pub of: Agreement,
    pub pitch_title: String,
    pub signatures: Vec<Signature>,
}

/// What is to be said of a file that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub sha256: String,
    pub verdict: Verdict,
    pub facts: Option<PaperFacts>,
}

/// An NDA on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NdaView {
    pub card: NdaCard,
    pub side: Side,
    /// The steps that are open to this person now.
    pub can: Vec<Step>,
    /// What this person can approve it with.
    pub offer: Option<Offer>,
    pub text: Text,
    /// What may be seen of the signatures: all of both, once both have signed; until then only one's own.
    pub signatures: Vec<Signature>,
    pub openings: Vec<Opening>,
    /// The paper, once it is made; a matter of seconds after the last signature.
    pub sealed: Option<Sealed>,
    /// The pitch can still be opened by this person.
    pub pitch_readable: bool,
}

/// A material that a signer reads in the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadableMaterial {
    pub file: FileId,
    pub label: String,
    pub pages: Option<i32>,
}

/// What the pitch page offers its viewer about the NDA.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Panel {
    /// Nobody is signed in.
    Guest {
        slug: String,
    },
    /// The viewer's own pitch, or their organisation's; with what waits for a decision.
    Own {
        waiting: i64,
    },
    /// Creators and staff do not ask for NDAs.
    NotABuyer,
    /// A buyer, but something is missing.
    Unverified {
        email_missing: bool,
        staff_missing: bool,
    },
    /// May ask now; with how the last one ended.
    MayRequest {
        organisation: Option<String>,
        last: Option<LastNda>,
    },
    Waiting {
        nda: NdaId,
        since: Time,
    },
    ToSign {
        nda: NdaId,
        until: Option<Time>,
    },
    Signed {
        nda: NdaId,
        until: Option<Time>,
        thread: Option<ThreadId>,
        materials: Vec<ReadableMaterial>,
    },
    /// The last one ended a moment ago; may ask again then.
    NotYet {
        last: LastNda,
        again_at: Time,
    },
    /// Not published: no new requests.
    Closed,
}

/// How the last NDA of this person for this pitch ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastNda {
    pub nda: NdaId,
    pub status: NdaStatus,
    pub reason: String,
}
