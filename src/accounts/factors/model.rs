//! What the browser may know of second factors.

use serde::{Deserialize, Serialize};

use crate::shared::{
    ids::{ChallengeId, PasskeyId},
    time::Time,
};

/// Everything `/settings/security` says of one's factors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    /// The authenticator app that counts.
    pub app: Option<Used>,
    /// One that is being set up.
    pub setup: Option<Setup>,
    pub passkeys: Vec<Passkey>,
    /// Passkeys belong to a name; a site that is opened by its number has none.
    pub passkeys_possible: bool,
    pub recovery_codes_left: i64,
    /// Recovery codes that were made just now, until the person says that they have them.
    pub new_codes: Vec<String>,
    /// Somebody who has the password says that all factors are lost: when they will be dropped.
    pub dropped_at: Option<Time>,
    /// Staff go on only with a factor.
    pub required: bool,
}

impl Factors {
    /// Whether signing in asks for more than the password.
    pub fn on(&self) -> bool {
        self.app.is_some() || !self.passkeys.is_empty()
    }
}

/// Since when something is there, and when it was last of use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Used {
    pub since: Time,
    pub last: Option<Time>,
}

/// An authenticator app to be set up: the same secret to scan and to type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    pub secret: String,
    pub qr: Qr,
}

/// A QR code: `size` modules a side, the dark ones as the path of an SVG.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Qr {
    pub size: u32,
    pub path: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passkey {
    pub id: PasskeyId,
    pub name: String,
    pub used: Used,
}

/// What somebody may still prove themself with, whose password or mailed link was right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choices {
    pub app: bool,
    pub passkeys: bool,
    pub recovery_codes: bool,
    /// When the factors will be dropped, if that was asked for.
    pub dropped_at: Option<Time>,
    /// Staff ask other staff.
    pub staff: bool,
    /// They came by the password; a mailed link alone does not have the factors dropped.
    pub by_password: bool,
}

/// What a passkey is asked: WebAuthn's options as JSON, and the id to answer to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    pub id: ChallengeId,
    pub options: String,
}
