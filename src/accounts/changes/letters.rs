//! The mails about a change of address.

use crate::platform::{Platform, mail::Letter};

const LASTS: &str = "The link works for a day. If you did not ask for this, you need do nothing.";

pub fn confirm(platform: &Platform, to: &str, token: &str) -> Letter {
    Letter::new(
        to,
        "Confirm your new address for Pitchey",
        &["Somebody, probably you, wants to sign in to Pitchey with this address from now on.", LASTS],
        Some(("Confirm the address", platform.link(&format!("/confirm-email?token={token}")))),
    )
}

/// The address is somebody's already. Who asked is told nothing of it.
pub fn taken(platform: &Platform, to: &str) -> Letter {
    Letter::new(
        to,
        "You have a Pitchey account already",
        &["Somebody, probably you, wants to use this address for another account. It has one, so nothing was changed."],
        Some(("Sign in", platform.link("/login"))),
    )
}

pub fn asked(platform: &Platform, to: &str, new: &str, token: &str) -> Letter {
    let what = format!("Somebody who is signed in to your account asked to change its address to {new}.");
    Letter::new(
        to,
        "Your Pitchey address is about to change",
        &[&what, "If it was not you, stop it with the link below, and set a new password."],
        Some(("Stop it", platform.link(&format!("/keep-email?token={token}")))),
    )
}

/// With a `token`, the old address may take it back.
pub fn changed(platform: &Platform, to: &str, new: &str, token: Option<&str>) -> Letter {
    const SUBJECT: &str = "Your Pitchey address was changed";
    let what = format!("The address of your account is {new} now; mail comes here no more.");
    let Some(token) = token else { return Letter::new(to, SUBJECT, &[&what], None) };
    Letter::new(
        to,
        SUBJECT,
        &[
            &what,
            "If it was not you, take it back with the link below. For three days it puts this address back, signs everybody out, and removes the password and what was added meanwhile to sign in with.",
        ],
        Some(("Take it back", platform.link(&format!("/keep-email?token={token}")))),
    )
}

pub fn welcome(platform: &Platform, to: &str) -> Letter {
    Letter::new(
        to,
        "This is your address for Pitchey now",
        &["You sign in with this address from now on. Your earlier one was told."],
        Some(("Look at your security settings", platform.link("/settings/security"))),
    )
}

pub fn kept(platform: &Platform, to: &str) -> Letter {
    Letter::new(
        to,
        "Your Pitchey address stays",
        &[
            "The change of your address was stopped, and every session was signed out.",
            "Somebody may know your password: set a new one.",
        ],
        Some(("Set a new password", platform.link("/forgot-password"))),
    )
}

/// As `kept`, and the password is gone.
pub fn taken_back(platform: &Platform, to: &str) -> Letter {
    Letter::new(
        to,
        "Your Pitchey address is yours again",
        &[
            "The account has this address, and every session was signed out.",
            "Somebody else may have known its password, so it was removed, and so was what they may have added to sign in with. Set a new password with the link below.",
        ],
        Some(("Set a new password", platform.link("/forgot-password"))),
    )
}
