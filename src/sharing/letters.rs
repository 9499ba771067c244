//! The mails of links. No document is named in them.

use crate::platform::{Platform, mail::Letter};

/// What a link's mail tells.
pub struct Invitation<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub by: &'a str,
    pub title: &'a str,
    pub note: &'a str,
    pub documents: usize,
    pub passcode: bool,
    pub until: String,
    pub token: &'a str,
}

/// Brings a link to whom it is for.
pub fn invitation(platform: &Platform, told: &Invitation<'_>) -> Letter {
    let documents = if told.documents == 1 { "a document".to_owned() } else { format!("{} documents", told.documents) };
    let what = format!("{} shares {documents} of “{}” with you.", told.by, told.title);
    let passcode = if told.passcode { ", together with a passcode that you get from them by another way" } else { "" };
    let how = format!(
        "Open the link and type this email address{passcode}; we send you a code that lets you in. You need no account. \
         The link works until {}.",
        told.until
    );
    let note = format!("They write: {}", told.note);
    let recorded = "It is for you, and confidential. Who shared it sees when you read, which pages and for how long.";
    let mut paragraphs = vec![what.as_str(), how.as_str(), recorded];
    if !told.note.is_empty() {
        paragraphs.insert(1, &note);
    }
    let subject = format!("{} shares “{}” with you", told.by, told.title);
    let link = ("Open the link", platform.link(&format!("/s/{}", told.token)));
    Letter::to_person((told.name, told.email), subject, &paragraphs, link)
}

/// Brings a code. It opens nothing by itself, and no link is in it: mail scanners have nothing to follow.
pub fn code(email: &str, code: &str) -> Letter {
    let (first, last) = code.split_at(code.len() / 2);
    Letter::new(
        email,
        "Your code for a shared link",
        &[
            &format!("Your code: {first} {last}"),
            "Type it on the page that asked for it. It works once, for ten minutes.",
            "If you did not ask for it, you need do nothing: without the code nobody gets in.",
        ],
        None,
    )
}
