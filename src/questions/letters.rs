//! The mails of questions. Neither question nor answer is in them: both may say what is behind the NDA.

use crate::{
    ndas::store::Person,
    platform::{Platform, mail::Letter},
};

/// Tells who decides for the owner that somebody asks.
pub fn asked(platform: &Platform, to: &Person, title: &str, slug: &str, asker: &str) -> Letter {
    Letter::to_person(
        (&to.name, &to.email),
        format!("{asker} has a question about “{title}”"),
        &[
            &format!("{asker}, who may read what is behind the NDA, asks something about “{title}”."),
            "You answer to them alone, or to everyone who has signed; then without their name.",
        ],
        ("See the question", address(platform, slug)),
    )
}

/// Tells who asked that there is an answer.
pub fn answered(platform: &Platform, to: &Person, title: &str, slug: &str) -> Letter {
    Letter::to_person(
        (&to.name, &to.email),
        format!("Your question about “{title}” was answered"),
        &["The owner answered. For as long as you may read what is behind the NDA, it is on the project's page."],
        ("See the answer", address(platform, slug)),
    )
}

fn address(platform: &Platform, slug: &str) -> String {
    platform.link(&format!("/pitch/{slug}#questions"))
}
