//! What holds of links: what may be typed, who is let in, how long. Pure.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::model::ShareState;
use crate::{
    accounts,
    shared::{
        error::{FieldError, Result},
        ids::MaterialId,
        text::{self, Complaints},
        time::Time,
    },
};

/// The fewest, the most and the usual days a link works.
pub const DAYS: (i64, i64, i64) = (1, 90, 14);
/// Live links of one pitch.
pub const LIVE: i64 = 25;
/// Who else may be let in: entries, and characters of a note.
const ALSO: usize = 20;
const NOTE: usize = 500;
/// Characters of a passcode.
const PASSCODE: (usize, usize) = (6, 64);

/// A code works for so long, and is dead after so many wrong ones.
pub const CODE_MINUTES: i64 = 10;
pub const WRONG_CODES: i32 = 5;
/// Codes that are sent to one address in an hour and for one link in a day, and wrong ones typed for it in a day: after that
/// none is sent, so that guessing leads nowhere.
pub const CODES_TO_ONE_PER_HOUR: i64 = 5;
pub const CODES_PER_DAY: i64 = 60;
pub const WRONG_PER_DAY: i64 = 40;
/// Whoever is in proves themself again after so many hours.
pub const IN_HOURS: i64 = 24;

/// The version of the statement below; it is recorded with each agreement.
pub const PROMISE_VERSION: &str = "2026-11-24";
/// What who comes in agrees to.
pub const PROMISE: &str = "I keep this confidential";
pub const PROMISE_DETAILS: &str = "I do not pass on what I read here. I know that it is recorded when I read, which pages and for how \
     long, and that every page carries my email address.";

/// Domains where everybody has an address: letting all of them in would be letting in anyone.
const EVERYBODYS: [&str; 20] = [
    "aol.com",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "web.de",
    "yahoo.com",
    "yandex.com",
];

/// A link as its form was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewShare {
    pub name: String,
    pub email: String,
    pub also: Vec<String>,
    pub days: i64,
    pub passcode: Option<String>,
    pub note: String,
    pub documents: Vec<MaterialId>,
}

/// Reads the form, whose documents are ticked as `material_{id}`; says all that is wrong with it.
pub fn new_share(fields: &BTreeMap<String, String>) -> Result<NewShare> {
    let typed = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let mut complaints = Complaints::default();
    let name = complaints.take(accounts::rules::person_name("recipient_name", typed("recipient_name")));
    let email = complaints.take(accounts::rules::email(typed("email")));
    let also = complaints.take(also(typed("also")));
    let days = complaints.take(days(typed("days")));
    let passcode = complaints.take(passcode(typed("passcode")));
    let note = text::prose(typed("note"));
    let documents = ticked(fields);
    complaints.unless(text::chars(&note) <= NOTE, "note", format!("A note has at most {NOTE} characters.")).unless(
        !documents.is_empty(),
        "documents",
        "Tick at least one document.",
    );
    complaints.done()?;
    Ok(NewShare {
        name: name.unwrap_or_default(),
        email: email.unwrap_or_default(),
        also: also.unwrap_or_default(),
        days: days.unwrap_or(DAYS.2),
        passcode: passcode.unwrap_or_default(),
        note,
        documents,
    })
}

fn ticked(fields: &BTreeMap<String, String>) -> Vec<MaterialId> {
    let on = fields.iter().filter(|(_, value)| *value == "true");
    on.filter_map(|(name, _)| name.strip_prefix("material_")?.parse().ok()).collect()
}

fn complaint<T>(field: &str, message: String) -> Result<T, FieldError> {
    Err(FieldError { field: field.into(), message })
}

/// Addresses, and domains written `@company.com`, between spaces, commas or lines.
fn also(typed: &str) -> Result<Vec<String>, FieldError> {
    let mut entries = Vec::new();
    for entry in typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|entry| !entry.is_empty()) {
        let entry = entry.to_lowercase();
        match entry.strip_prefix('@') {
            Some(domain) if EVERYBODYS.contains(&domain) => {
                return complaint(
                    "also",
                    format!("Anyone can have an address at {domain}; name the people one by one."),
                );
            }
            Some(_) if accounts::rules::email(&format!("a{entry}")).is_err() => {
                return complaint("also", format!("{entry} is not a domain; it should be like @company.com."));
            }
            None if accounts::rules::email(&entry).is_err() => {
                return complaint(
                    "also",
                    format!("{entry} is neither an email address nor a domain like @company.com."),
                );
            }
            _ if !entries.contains(&entry) => entries.push(entry),
            _ => {}
        }
    }
    if entries.len() > ALSO {
        return complaint("also", format!("At most {ALSO} addresses and domains."));
    }
    Ok(entries)
}

fn days(typed: &str) -> Result<i64, FieldError> {
    let (least, most, usual) = DAYS;
    match typed.trim() {
        "" => Ok(usual),
        typed => match typed.parse() {
            Ok(days) if (least..=most).contains(&days) => Ok(days),
            _ => complaint("days", format!("A link works for {least} to {most} days.")),
        },
    }
}

fn passcode(typed: &str) -> Result<Option<String>, FieldError> {
    let (least, most) = PASSCODE;
    match text::chars(typed.trim()) {
        0 => Ok(None),
        n if (least..=most).contains(&n) => Ok(Some(typed.trim().to_owned())),
        _ => complaint("passcode", format!("A passcode has {least} to {most} characters.")),
    }
}

/// Whether `email` (lower case) is on the list of a link that was sent to `named`.
pub fn lets_in(named: &str, also: &[String], email: &str) -> bool {
    let at_domain =
        |entry: &String| entry.starts_with('@') && email.rsplit_once('@').is_some_and(|(_, d)| d == &entry[1..]);
    named.to_lowercase() == email || also.iter().any(|entry| entry == email || at_domain(entry))
}

/// What was asked and typed at a link lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lately {
    /// Codes sent to this address in the last hour, and to all in the last day.
    pub to_one: i64,
    pub to_all: i64,
    /// Wrong codes in the last day.
    pub wrong: i64,
}

impl Lately {
    /// Whether one more code may be sent.
    pub fn leaves_room(self) -> bool {
        self.to_one < CODES_TO_ONE_PER_HOUR && self.to_all < CODES_PER_DAY && self.wrong < WRONG_PER_DAY
    }
}

/// Where a link stands at `now`.
pub fn state(expires_at: Time, revoked_at: Option<Time>, now: Time) -> ShareState {
    match revoked_at {
        Some(_) => ShareState::Revoked,
        None if now >= expires_at => ShareState::Expired,
        None => ShareState::Live,
    }
}

/// Until when somebody is in who came in at `now`: never longer than the link.
pub fn in_until(now: Time, link: Time) -> Time {
    link.min(now + TimeDelta::hours(IN_HOURS))
}

/// The digits of a code as it was typed: "123 456" is one, too.
pub fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(change: &[(&str, &str)]) -> BTreeMap<String, String> {
        let id = uuid::Uuid::from_u128(7);
        let usual = [
            ("recipient_name".to_string(), "Dana Reyes".to_string()),
            ("email".into(), "Dana@North.test".into()),
            (format!("material_{id}"), "true".into()),
        ];
        let changed = change.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        usual.into_iter().chain(changed).collect()
    }

    fn complains(change: &[(&str, &str)]) -> String {
        new_share(&form(change)).unwrap_err().fields.into_iter().map(|f| f.field).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_link_is_for_somebody_and_opens_something_for_a_while() {
        let share = new_share(&form(&[])).unwrap();
        assert_eq!((share.days, share.passcode, share.documents.len()), (14, None, 1));
        assert_eq!(
            new_share(&form(&[("days", "90"), ("passcode", " open sesame ")])).unwrap().passcode.unwrap(),
            "open sesame"
        );
        for (field, value) in
            [("email", "dana"), ("recipient_name", "D"), ("days", "91"), ("days", "0"), ("passcode", "1234")]
        {
            assert_eq!(complains(&[(field, value)]), field, "{value}");
        }
        let id = uuid::Uuid::from_u128(7);
        assert_eq!(complains(&[(&format!("material_{id}"), "")]), "documents");
        assert_eq!(complains(&[("note", &"a".repeat(501))]), "note");
    }

    #[test]
    fn further_addresses_and_domains_are_let_in_but_not_anyone() {
        let share = new_share(&form(&[("also", "ben@north.test, @South.test\n@south.test; eve@east.test")])).unwrap();
        assert_eq!(share.also, ["ben@north.test", "@south.test", "eve@east.test"]);
        for also in ["@gmail.com", "@nowhere", "ben", "@", "a@b@c.test"] {
            assert_eq!(complains(&[("also", also)]), "also", "{also}");
        }
        let lets_in = |email| lets_in(&share.email, &share.also, email);
        assert!(lets_in("dana@north.test") && lets_in("ben@north.test") && lets_in("anna@south.test"));
        assert!(!lets_in("carl@north.test") && !lets_in("anna@deep.south.test") && !lets_in("anna@notsouth.test"));
        assert!(!lets_in("@south.test@evil.test") && !lets_in(""));
    }

    #[test]
    fn a_link_ends_by_its_time_or_by_its_owner() {
        let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let later = |hours| now + TimeDelta::hours(hours);
        assert_eq!(state(later(1), None, now), ShareState::Live);
        assert_eq!(state(now, None, now), ShareState::Expired);
        assert_eq!(state(later(1), Some(now), now), ShareState::Revoked);
        assert_eq!((in_until(now, later(3)), in_until(now, later(300))), (later(3), later(24)));
    }

    #[test]
    fn guessing_ends_before_it_leads_anywhere() {
        let quiet = Lately { to_one: 4, to_all: 59, wrong: 39 };
        assert!(quiet.leaves_room());
        for busy in [Lately { to_one: 5, ..quiet }, Lately { to_all: 60, ..quiet }, Lately { wrong: 40, ..quiet }] {
            assert!(!busy.leaves_room(), "{busy:?}");
        }
    }

    #[test]
    fn a_code_is_its_digits() {
        assert_eq!([digits(" 123 456 "), digits("123-456"), digits("")], ["123456", "123456", ""]);
    }
}
