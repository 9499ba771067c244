//! The mails of releases: what happened, to which project, and where to go on. No pitch text beyond the public title.

use super::{model::ReleaseStatus, seals::Signed, store::ReleaseRow};
use crate::{
    ndas::store::Person,
    platform::{Platform, mail::Letter},
    shared::ids::{ReleaseId, ThreadId},
};

/// Tells the owner that a company offers its release.
pub fn offered(platform: &Platform, to: &Person, title: &str, company: &str, release: ReleaseId) -> Letter {
    let about = format!(
        "{company} would like to read what is behind the NDA of “{title}”, on the terms of its submission release."
    );
    letter(
        to,
        format!("{company} offers its submission release for “{title}”"),
        &[
            &about,
            "The company has signed it. Read the whole text first: you decide whether you sign or refuse it, and nothing opens before you sign.",
        ],
        ("Read the release", address(platform, release)),
    )
}

/// Tells one side what the other, or the system, did.
pub fn ended(platform: &Platform, to: &Person, release: &ReleaseRow, now: ReleaseStatus, reason: &str) -> Letter {
    let (title, company) = (&release.pitch_title, &release.company_name);
    let (subject, about) = match now {
        ReleaseStatus::Refused => (
            format!("Your release for “{title}” was refused"),
            format!("The owner of “{title}” does not sign the submission release of {company}."),
        ),
        ReleaseStatus::Withdrawn => (
            format!("The release for “{title}” was withdrawn"),
            format!("The submission release of {company} for “{title}” is not offered any more."),
        ),
        _ => (
            format!("The release for “{title}” has ended"),
            format!(
                "The submission release of {company} for “{title}” was ended. Its people can no longer open what is behind the \
                 NDA by it; the duties about what was shown before go on."
            ),
        ),
    };
    let reason = (!reason.is_empty()).then(|| format!("The reason given: {reason}"));
    let paragraphs: Vec<&str> = [&about].into_iter().chain(&reason).map(String::as_str).collect();
    letter(to, subject, &paragraphs, ("See the release", address(platform, release.id)))
}

/// Tells one of the two that both have signed, and where their copy is.
pub fn signed(platform: &Platform, to: &Person, signed: &Signed, thread: Option<ThreadId>) -> Letter {
    let title = &signed.pitch_title;
    let about = format!(
        "The submission release for “{title}” is signed by both sides. The company's people can read what is behind the NDA \
         until either side ends it."
    );
    let copy = format!(
        "Your copy, sealed and with what was recorded of each signature, is here for you at any time: {}",
        platform.link(&format!("/files/{}", signed.release))
    );
    let talk =
        thread.map(|thread| format!("The two of you can talk here: {}", platform.link(&format!("/messages/{thread}"))));
    let paragraphs: Vec<&str> = [&about, &copy].into_iter().chain(&talk).map(String::as_str).collect();
    letter(
        to,
        format!("The submission release for “{title}” is signed"),
        &paragraphs,
        ("See the signed release", address(platform, signed.release)),
    )
}

fn address(platform: &Platform, release: ReleaseId) -> String {
    platform.link(&format!("/releases/{release}"))
}

fn letter(to: &Person, subject: String, paragraphs: &[&str], link: (&str, String)) -> Letter {
    Letter::to_person((&to.name, &to.email), subject, paragraphs, link)
}
