//! What may happen to an NDA, by whom and when, decided without I/O. The pages ask the same functions which buttons to show.

use chrono::TimeDelta;

use super::model::{NdaStatus, Side, Step};
use crate::{
    accounts::model::Viewer,
    shared::{
        error::{AppError, FieldError, Result},
        ids::{AccountId, OrganisationId},
        text,
        time::{self, Time},
    },
};

/// The terms an owner may give, in days.
pub const TERMS: std::ops::RangeInclusive<i32> = 30..=1_095;
/// The term when the owner names none.
pub const DEFAULT_TERM: i32 = 365;
/// Requests per organisation, or person, in 24 hours.
pub const REQUESTS_PER_DAY: usize = 10;
/// How long an approved NDA waits for its signature.
const LAPSES_AFTER: TimeDelta = TimeDelta::days(14);
/// How long nobody asks again after a no.
const REST: TimeDelta = TimeDelta::hours(24);

/// The status after `step`; a conflict when the step does not follow from `from`.
pub fn transition(from: NdaStatus, step: Step) -> Result<NdaStatus> {
    use NdaStatus::*;
    match (from, step) {
        (Requested, Step::Approve) => Ok(Approved),
        (Requested, Step::Decline) => Ok(Declined),
        (Requested | Approved, Step::Withdraw) => Ok(Withdrawn),
        (Approved, Step::Sign) => Ok(Signed),
        (Approved | Signed, Step::Revoke) => Ok(Revoked),
        (Approved, Step::Lapse) => Ok(Lapsed),
        (Signed, Step::Expire) => Ok(Expired),
        _ => Err(AppError::conflict(format!("{} That step is no longer possible.", now_it_is(from)))),
    }
}

fn now_it_is(status: NdaStatus) -> &'static str {
    match status {
        NdaStatus::Requested => "This NDA has not been approved yet.",
        NdaStatus::Approved => "This NDA has been approved and waits for the signature.",
        NdaStatus::Signed => "This NDA is signed.",
        NdaStatus::Declined => "This request has been declined.",
        NdaStatus::Withdrawn => "This request has been withdrawn.",
        NdaStatus::Lapsed => "This NDA was not signed in time.",
        NdaStatus::Revoked => "This NDA has been revoked.",
        NdaStatus::Expired => "This NDA has expired.",
    }
}

/// Whose step it is; `None`: nobody's, time does it.
pub fn whose(step: Step) -> Option<Side> {
    match step {
        Step::Approve | Step::Decline | Step::Revoke => Some(Side::Owner),
        Step::Withdraw | Step::Sign => Some(Side::Requester),
        Step::Lapse | Step::Expire => None,
    }
}

/// The steps open to `side`.
pub fn steps(status: NdaStatus, side: Side) -> Vec<Step> {
    let open = |step: &Step| whose(*step) == Some(side) && transition(status, *step).is_ok();
    Step::ALL.iter().copied().filter(open).collect()
}

/// What time has done to a status, whether or not the job that records it has come by.
pub fn due(status: NdaStatus, lapses_at: Option<Time>, expires_at: Option<Time>, now: Time) -> Option<Step> {
    match status {
        NdaStatus::Approved if lapses_at.is_some_and(|at| at <= now) => Some(Step::Lapse),
        NdaStatus::Signed if expires_at.is_some_and(|at| at <= now) => Some(Step::Expire),
        _ => None,
    }
}

/// Where an NDA stands at `now`.
pub fn standing(status: NdaStatus, lapses_at: Option<Time>, expires_at: Option<Time>, now: Time) -> NdaStatus {
    match due(status, lapses_at, expires_at, now) {
        Some(step) => transition(status, step).unwrap_or(status),
        None => status,
    }
}

/// When an NDA approved at `now` lapses unsigned.
pub fn lapses_at(now: Time) -> Time {
    now + LAPSES_AFTER
}

/// When access ends that was signed for at `now`.
pub fn expires_at(now: Time, term_days: i32) -> Time {
    now + TimeDelta::days(term_days.into())
}

/// From when the same person may ask again; `None` while the NDA is open or in force.
pub fn again_at(status: NdaStatus, ended_at: Time) -> Option<Time> {
    use NdaStatus::*;
    match status {
        Requested | Approved | Signed => None,
        Declined | Withdrawn | Revoked => Some(ended_at + REST),
        Lapsed | Expired => Some(ended_at),
    }
}

/// The owner is reminded of a request after so many days, then every so many, so many times at most.
pub const FIRST_REMINDER_DAYS: i64 = 5;
pub const NEXT_REMINDER_DAYS: i64 = 2;
pub const REMINDERS: i16 = 3;

/// Whether a request may follow the last NDA of the same person and pitch.
pub fn may_ask_again(status: NdaStatus, ended_at: Time, now: Time) -> Result<()> {
    match again_at(status, ended_at) {
        None => Err(AppError::conflict(format!("You have asked already. {}", now_it_is(status)))),
        Some(again) if again > now => {
            Err(AppError::conflict(format!("{} You can ask again from {}.", now_it_is(status), time::exact(again))))
        }
        Some(_) => Ok(()),
    }
}

/// Whether `viewer` owns the pitch: themself, or by a seat in the organisation it belongs to.
pub fn owns(viewer: &Viewer, owner: AccountId, organisation: Option<OrganisationId>) -> bool {
    match organisation {
        Some(organisation) => viewer.sits_in(organisation),
        None => viewer.id == owner,
    }
}

/// Whether `viewer` decides for the owner: themself, or by an owner's or editor's seat.
pub fn decides(viewer: &Viewer, owner: AccountId, organisation: Option<OrganisationId>) -> bool {
    match organisation {
        Some(organisation) => viewer.edits_for(organisation),
        None => viewer.id == owner,
    }
}

/// Whether `viewer` is someone who may ask for an NDA on a pitch of that owner.
pub fn may_request(viewer: &Viewer, owner: AccountId, organisation: Option<OrganisationId>) -> Result<()> {
    if owns(viewer, owner, organisation) || viewer.id == owner {
        return Err(AppError::forbidden("This is your own project: you read all of it without an NDA."));
    }
    if !viewer.kind.is_buyer() {
        return Err(AppError::forbidden("NDAs are for investors and production companies."));
    }
    crate::accounts::rules::needs_verified_email(viewer)?;
    if !viewer.buyer_verified {
        return Err(AppError::forbidden("Before you can ask for an NDA, our staff verify who you are."));
    }
    Ok(())
}

/// The purpose of a request: 1 to 1 000 characters.
pub fn purpose(typed: &str) -> Result<String, FieldError> {
    prose("purpose", typed, 1, 1_000, "Please say in a sentence what you want to read it for.")
}

/// Words to the owner in `field`: up to 2 000 characters, may be empty.
pub fn note(field: &str, typed: &str) -> Result<String, FieldError> {
    prose(field, typed, 0, 2_000, "")
}

/// Extra terms: up to 5 000 characters, may be empty.
pub fn extra_terms(typed: &str) -> Result<String, FieldError> {
    prose("extra_terms", typed, 0, 5_000, "")
}

/// Why the owner declines or revokes: 1 to 1 000 characters.
pub fn reason(typed: &str) -> Result<String, FieldError> {
    prose("reason", typed, 1, 1_000, "Please give a reason: the other side is told it.")
}

fn prose(field: &str, typed: &str, least: usize, most: usize, missing: &str) -> Result<String, FieldError> {
    let words = text::prose(typed).trim().to_string();
    let complaint = |message: String| Err(FieldError { field: field.into(), message });
    match text::chars(&words) {
        n if n < least => complaint(missing.into()),
        n if n > most => complaint(format!("This holds up to {most} characters; there are {n}.")),
        _ => Ok(words),
    }
}

/// A legal name as typed for a signature: 2 to 100 characters; deliberately not compared with the account's name.
pub fn legal_name(typed: &str) -> Result<String, FieldError> {
    let name = text::line(typed);
    match text::chars(&name) {
        2..=100 if name.chars().any(char::is_alphanumeric) => Ok(name),
        _ => Err(FieldError {
            field: "full_legal_name".into(),
            message: "Please type your full legal name, 2 to 100 characters.".into(),
        }),
    }
}

/// The term of access in days; an empty field is the default.
pub fn term(typed: &str) -> Result<i32, FieldError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(DEFAULT_TERM);
    }
    typed.parse().ok().filter(|days| TERMS.contains(days)).ok_or_else(|| FieldError {
        field: "term_in_days".into(),
        message: "The term is a whole number of days from 30 to 1095.".into(),
    })
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
