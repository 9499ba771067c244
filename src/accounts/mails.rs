//! The mails of accounts: what each says. A link opens a page; only the page's button uses it up.

use crate::platform::{Platform, mail::Letter};

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
