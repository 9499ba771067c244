//! The mails about factors. Each change is told to its person, who may not be the one who made it.

use crate::{
    platform::{Platform, mail::Letter},
    shared::time::{self, Time},
};

const NOT_YOU: &str = "If it was not you, somebody else is in your account: set a new password at once, then look at your security settings.";

/// Something changed: "Your authenticator app was removed."
pub fn changed(platform: &Platform, to: &str, what: &str) -> Letter {
    let link = ("Look at your security settings", platform.link("/settings/security"));
    Letter::new(to, "Your Pitchey sign-in was changed", &[what, NOT_YOU], Some(link))
}

pub fn recovery_code_used(platform: &Platform, to: &str, left: i64) -> Letter {
    let left = match left {
        0 => "It was the last one. Make new ones as soon as you can.".to_string(),
        1 => "One is left.".to_string(),
        n => format!("{n} are left."),
    };
    let text = format!("One of your recovery codes was used to prove that it is you. {left}");
    let link = ("Look at your security settings", platform.link("/settings/security"));
    Letter::new(to, "A recovery code was used", &[&text, NOT_YOU], Some(link))
}

pub fn wrong_codes(platform: &Platform, to: &str) -> Letter {
    Letter::new(
        to,
        "Somebody has your Pitchey password",
        &[
            "Somebody signed in with your password and then had no right code, five times. They did not get in.",
            "If it was you, try again or use a recovery code. If it was not you, set a new password now: your present one is known to somebody.",
        ],
        Some(("Set a new password", platform.link("/forgot-password"))),
    )
}

/// All factors are said to be lost: at the start and daily, with the way to stop it.
pub fn lost(platform: &Platform, to: &str, due: Time, token: &str) -> Letter {
    let when = format!(
        "Somebody who has your password says that all your second factors are lost. On {} we will remove them: then the password alone signs in.",
        time::exact(due)
    );
    Letter::new(
        to,
        "Your second factors will be removed",
        &[
            &when,
            "If it was you, you need do nothing but wait. If it was not you, stop it with the link below, and set a new password: somebody has yours. Signing in as usual stops it, too.",
        ],
        Some(("Stop it", platform.link(&format!("/login/keep-factors?token={token}")))),
    )
}

pub fn kept(platform: &Platform, to: &str) -> Letter {
    Letter::new(
        to,
        "Your second factors stay",
        &["The request to remove your second factors was stopped. Nothing was changed.", NOT_YOU],
        Some(("Set a new password", platform.link("/forgot-password"))),
    )
}

pub fn dropped(platform: &Platform, to: &str) -> Letter {
    Letter::new(
        to,
        "Your second factors were removed",
        &[
            "As was asked for, your authenticator app, passkeys and recovery codes were removed, and every session was signed out.",
            "Sign in with your password and set up a new one.",
        ],
        Some(("Sign in", platform.link("/login?next=/settings/security"))),
    )
}
