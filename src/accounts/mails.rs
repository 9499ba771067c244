//! The mails of accounts: what each says. A link opens a page; only the page's button uses it up.

use crate::{
    platform::{Platform, mail::Letter},
    shared::time::{self, Time},
};

pub fn verify_email(platform: &Platform, to: &str, token: &str) -> Letter {
    Letter::new(
        to,
        "Verify your email for Pitchey",
        &[
            "Welcome to Pitchey. Please confirm that this is your address: publishing, signing and writing to people need it.",
            "The link works for three days. If you did not register, you need do nothing.",
        ],
        Some(("Verify email", platform.link(&format!("/verify-email?token={token}")))),
    )
}

pub fn already_registered(platform: &Platform, to: &str) -> Letter {
    Letter::new(
        to,
        "You already have a Pitchey account",
        &[
            "Someone, probably you, registered with this address, which has an account already. Nothing was changed.",
            "If you forgot the password, you can set a new one.",
        ],
        Some(("Set a new password", platform.link("/forgot-password"))),
    )
}

pub fn reset_password(platform: &Platform, to: &str, token: &str) -> Letter {
    Letter::new(
        to,
        "Set a new password for Pitchey",
        &[
            "Someone, probably you, asked for a new password for this address.",
            "The link works for one hour and once. If it was not you, you need do nothing: your password stays.",
        ],
        Some(("Set new password", platform.link(&format!("/reset-password?token={token}")))),
    )
}

pub fn sign_in_link(platform: &Platform, to: &str, token: &str) -> Letter {
    Letter::new(
        to,
        "Sign in to Pitchey",
        &[
            "Someone, probably you, asked for a link to sign in with. It works for 15 minutes and once, in any browser.",
            "If it was not you, you need do nothing. Give the link to nobody.",
        ],
        Some(("Sign in", platform.link(&format!("/login/link?token={token}")))),
    )
}

pub fn password_was_set(platform: &Platform, to: &str) -> Letter {
    Letter::new(
        to,
        "Your Pitchey password was changed",
        &[
            "Your password was changed and every other session was signed out.",
            "If it was not you, set a new password at once.",
        ],
        Some(("Set a new password", platform.link("/forgot-password"))),
    )
}

/// Somebody signed in from a browser that was not seen before.
pub fn new_device(platform: &Platform, to: &str, device: &str, address: &str, at: Time) -> Letter {
    let what = format!(
        "Your account was signed in to from a browser that we have not seen before: {device}, from {address}, on {}.",
        time::exact(at)
    );
    Letter::new(
        to,
        "A new sign-in to Pitchey",
        &[&what, "If it was you, you need do nothing. If not, set a new password at once: that signs everybody out."],
        Some(("Look at where you are signed in", platform.link("/settings/security"))),
    )
}
