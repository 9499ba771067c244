//! What the browser may know of accounts, too.

use serde::{Deserialize, Serialize};

use crate::{
    shared::{
        ids::{AccountId, FileId, OrganisationId},
        time::Time,
    },
    word_enum,
};

word_enum! {
    /// What an account is; it has exactly one kind, for good.
    Kind { Creator = "creator", Investor = "investor", Production = "production", Admin = "admin" }
}

word_enum! {
    /// What a seat in an organisation allows.
    SeatRole { Owner = "owner", Editor = "editor", Viewer = "viewer" }
}

impl Kind {
    /// The kinds a person can register as.
    pub const REGISTERED: [Kind; 3] = [Kind::Creator, Kind::Investor, Kind::Production];

    /// The address of this kind's own dashboard.
    pub fn home(self) -> &'static str {
        match self {
            Kind::Creator => "/creator",
            Kind::Investor => "/investor",
            Kind::Production => "/production",
            Kind::Admin => "/browse",
        }
    }

    /// Investors and production companies: verified by staff before they may ask for an NDA.
    pub fn is_buyer(self) -> bool {
        matches!(self, Kind::Investor | Kind::Production)
    }

    /// Creators and production companies publish pitches.
    pub fn publishes(self) -> bool {
        matches!(self, Kind::Creator | Kind::Production)
    }
}

/// A seat in an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub role: SeatRole,
}

/// The person who is signed in, as every page knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub id: AccountId,
    pub kind: Kind,
    pub name: String,
    pub email: String,
    pub handle: String,
    pub avatar: Option<FileId>,
    pub email_verified: bool,
    /// Staff verified this buyer; always false for creators.
    pub buyer_verified: bool,
    pub seat: Option<Seat>,
    /// Proved who they are within the last ten minutes; otherwise legal acts ask for the password again.
    pub fresh: bool,
    /// A demo account; said so on screen.
    pub demo: bool,
}

impl Viewer {
    /// Whether this person acts for `organisation` with a seat that may change things.
    pub fn edits_for(&self, organisation: OrganisationId) -> bool {
        self.seat.as_ref().is_some_and(|s| s.organisation == organisation && s.role != SeatRole::Viewer)
    }

    /// Whether this person has any seat in `organisation`.
    pub fn sits_in(&self, organisation: OrganisationId) -> bool {
        self.seat.as_ref().is_some_and(|s| s.organisation == organisation)
    }

    /// The organisation this person acts for, if any.
    pub fn organisation(&self) -> Option<OrganisationId> {
        self.seat.as_ref().map(|s| s.organisation)
    }
}

/// A person's public page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublicProfile {
    pub id: AccountId,
    pub kind: Kind,
    pub name: String,
    pub handle: String,
    pub headline: String,
    pub bio: String,
    pub website: String,
    pub location: String,
    pub avatar: Option<FileId>,
    pub organisation: Option<String>,
    /// How staff verified this buyer, and when.
    pub verified_method: Option<String>,
    pub verified_at: Option<Time>,
}

/// One's own profile, to edit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    pub handle: String,
    pub headline: String,
    pub bio: String,
    pub website: String,
    pub location: String,
    pub avatar: Option<FileId>,
}
