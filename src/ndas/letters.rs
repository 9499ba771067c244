//! The mails of NDAs: what happened, to which project, and where to go on. No pitch text beyond the public title.

use super::{
    seals::Signed,
    store::{NdaRow, Person},
};
use crate::{
    platform::{Platform, mail::Letter},
    shared::{
        ids::{FileId, NdaId, ThreadId},
        time,
    },
};

/// Asks the owner to decide; `outdated`, though they signed in advance.
pub fn requested(
    platform: &Platform,
    to: &Person,
    (title, requester): (&str, &str),
    nda: NdaId,
    outdated: bool,
) -> Letter {
    let about = format!("{requester} asks to read what is behind the NDA of “{title}”.");
    let decide = "You decide: approve it, which is your signature, or decline it with a reason.";
    let outdated = outdated.then_some(
        "It was not approved automatically: what Pitchey adds to your text has changed since you signed in advance. You can \
         sign anew on the project's page.",
    );
    let paragraphs: Vec<&str> = [about.as_str(), decide].into_iter().chain(outdated).collect();
    letter(
        to,
        format!("{requester} asks for an NDA for “{title}”"),
        &paragraphs,
        ("See the request", platform.link(&format!("/ndas/{nda}"))),
    )
}

/// Reminds the owner of a request that waits.
pub fn reminder(platform: &Platform, to: &Person, nda: &NdaRow, requester: &str) -> Letter {
    let about = format!(
        "{requester} asked for an NDA for “{}” on {} and still waits for your answer.",
        nda.pitch_title,
        time::date(nda.requested_at)
    );
    letter(
        to,
        format!("{requester} still waits for your answer about “{}”", nda.pitch_title),
        &[&about, "Approve it or decline it with a reason; either way they know."],
        ("See the request", address(platform, nda)),
    )
}

/// Tells the requester that the text is ready to sign.
pub fn approved(platform: &Platform, to: &Person, nda: &NdaRow, lapses_at: time::Time) -> Letter {
    let about = format!("The owner of “{}” approved your request and signed the NDA.", nda.pitch_title);
    let until = format!("It waits for your signature until {}.", time::exact(lapses_at));
    letter(
        to,
        format!("Your NDA for “{}” is ready to sign", nda.pitch_title),
        &[&about, &until],
        ("Read and sign", address(platform, nda)),
    )
}

/// Tells the owner that what they signed in advance has answered a request.
pub fn approved_in_advance(platform: &Platform, to: &Person, nda: &NdaRow, requester: &str) -> Letter {
    let about = format!(
        "{requester} asked to read what is behind the NDA of “{}” and was approved with the signature given in advance.",
        nda.pitch_title
    );
    letter(
        to,
        format!("{requester} was approved automatically for “{}”", nda.pitch_title),
        &[&about, "They still have to sign. You can revoke it, and end automatic approval on the project's page."],
        ("See the NDA", address(platform, nda)),
    )
}

/// Tells the requester that it is a no.
pub fn declined(platform: &Platform, to: &Person, nda: &NdaRow, reason: &str) -> Letter {
    let about = format!("Your request for an NDA for “{}” was declined.", nda.pitch_title);
    letter(
        to,
        format!("Your request for “{}” was declined", nda.pitch_title),
        &[&about, &format!("The reason given: {reason}")],
        ("See the request", address(platform, nda)),
    )
}

/// Tells one of the two that both have signed, and where their copy is.
pub fn signed(platform: &Platform, to: &Person, nda: &Signed, thread: Option<ThreadId>, paper: FileId) -> Letter {
    let title = &nda.pitch_title;
    let about = format!(
        "The NDA for “{title}” is signed by both sides. Access lasts until {}; the duty of confidence goes on after that.",
        time::exact(nda.expires_at)
    );
    let copy = format!(
        "Your copy, sealed and with what was recorded of each signature, is here for you at any time: {}",
        platform.link(&format!("/files/{paper}"))
    );
    let talk =
        thread.map(|thread| format!("The two of you can talk here: {}", platform.link(&format!("/messages/{thread}"))));
    let paragraphs: Vec<&str> = [&about, &copy].into_iter().chain(&talk).map(String::as_str).collect();
    letter(
        to,
        format!("The NDA for “{title}” is signed"),
        &paragraphs,
        ("See the signed NDA", platform.link(&format!("/ndas/{}", nda.nda))),
    )
}

/// Tells the requester that access has ended.
pub fn revoked(platform: &Platform, to: &Person, nda: &NdaRow, reason: &str) -> Letter {
    let about = format!(
        "The owner of “{}” revoked your NDA. You can no longer open what is behind it; if you have signed, your duty of \
        confidence goes on.",
        nda.pitch_title
    );
    letter(
        to,
        format!("Your NDA for “{}” was revoked", nda.pitch_title),
        &[&about, &format!("The reason given: {reason}")],
        ("See the NDA", address(platform, nda)),
    )
}

fn address(platform: &Platform, nda: &NdaRow) -> String {
    platform.link(&format!("/ndas/{}", nda.id))
}

fn letter(to: &Person, subject: String, paragraphs: &[&str], link: (&str, String)) -> Letter {
    Letter::to_person((&to.name, &to.email), subject, paragraphs, link)
}
