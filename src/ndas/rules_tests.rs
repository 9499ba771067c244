//! Every rule at its edges.

use super::*;
use crate::accounts::model::{Kind, Seat, SeatRole};

fn at(hours: i64) -> Time {
    chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::hours(hours)
}

/// Every pair of status and step that leads somewhere; all others are refused.
const WAYS: &[(NdaStatus, Step, NdaStatus)] = &[
    (NdaStatus::Requested, Step::Approve, NdaStatus::Approved),
    (NdaStatus::Requested, Step::Decline, NdaStatus::Declined),
    (NdaStatus::Requested, Step::Withdraw, NdaStatus::Withdrawn),
    (NdaStatus::Approved, Step::Withdraw, NdaStatus::Withdrawn),
    (NdaStatus::Approved, Step::Sign, NdaStatus::Signed),
    (NdaStatus::Approved, Step::Revoke, NdaStatus::Revoked),
    (NdaStatus::Approved, Step::Lapse, NdaStatus::Lapsed),
    (NdaStatus::Signed, Step::Revoke, NdaStatus::Revoked),
    (NdaStatus::Signed, Step::Expire, NdaStatus::Expired),
];

#[test]
fn every_pair_of_status_and_step_leads_where_the_product_says_or_is_a_conflict() {
    for from in NdaStatus::ALL {
        for step in Step::ALL {
            let expected = WAYS.iter().find(|(f, s, _)| f == from && s == step).map(|(_, _, to)| *to);
            let found = transition(*from, *step);
            match expected {
                Some(to) => assert_eq!(found, Ok(to), "{from} {step}"),
                None => assert_eq!(found.unwrap_err().refusal.status(), 409, "{from} {step}"),
            }
        }
    }
}

#[test]
fn each_side_is_offered_its_own_steps_only() {
    assert_eq!(steps(NdaStatus::Requested, Side::Owner), [Step::Approve, Step::Decline]);
    assert_eq!(steps(NdaStatus::Requested, Side::Requester), [Step::Withdraw]);
    assert_eq!(steps(NdaStatus::Approved, Side::Owner), [Step::Revoke]);
    assert_eq!(steps(NdaStatus::Approved, Side::Requester), [Step::Withdraw, Step::Sign]);
    assert_eq!(steps(NdaStatus::Signed, Side::Owner), [Step::Revoke]);
    assert_eq!(steps(NdaStatus::Signed, Side::Requester), []);
    for over in [NdaStatus::Declined, NdaStatus::Withdrawn, NdaStatus::Lapsed, NdaStatus::Revoked, NdaStatus::Expired] {
        assert!(steps(over, Side::Owner).is_empty() && steps(over, Side::Requester).is_empty());
    }
    assert_eq!(whose(Step::Lapse), None);
    assert_eq!(whose(Step::Expire), None);
}

#[test]
fn an_approval_lapses_after_fourteen_days_and_a_signature_expires_after_its_term() {
    let lapses = Some(lapses_at(at(0)));
    let tick = TimeDelta::microseconds(1);
    let day14 = at(14 * 24);
    assert_eq!(standing(NdaStatus::Approved, lapses, None, day14 - tick), NdaStatus::Approved);
    assert_eq!(standing(NdaStatus::Approved, lapses, None, day14), NdaStatus::Lapsed);
    let expires = Some(expires_at(at(0), 30));
    assert_eq!(standing(NdaStatus::Signed, lapses, expires, at(30 * 24) - tick), NdaStatus::Signed);
    assert_eq!(standing(NdaStatus::Signed, lapses, expires, at(30 * 24)), NdaStatus::Expired);
    assert_eq!(standing(NdaStatus::Revoked, lapses, expires, at(999_999)), NdaStatus::Revoked);
}

#[test]
fn after_a_no_a_day_passes_and_after_time_ran_out_none() {
    for no in [NdaStatus::Declined, NdaStatus::Withdrawn, NdaStatus::Revoked] {
        assert_eq!(may_ask_again(no, at(0), at(23)).unwrap_err().refusal.status(), 409, "{no}");
        assert_eq!(may_ask_again(no, at(0), at(24)), Ok(()), "{no}");
    }
    for over in [NdaStatus::Lapsed, NdaStatus::Expired] {
        assert_eq!(may_ask_again(over, at(0), at(0)), Ok(()), "{over}");
    }
    for open in [NdaStatus::Requested, NdaStatus::Approved, NdaStatus::Signed] {
        assert_eq!(may_ask_again(open, at(0), at(9_999)).unwrap_err().refusal.status(), 409, "{open}");
    }
}

fn viewer(kind: Kind, seat: Option<(OrganisationId, SeatRole)>) -> Viewer {
    Viewer {
        id: AccountId::new(),
        kind,
        name: "Sarah Chen".into(),
        email: "sarah@example.test".into(),
        handle: "sarah-chen".into(),
        avatar: None,
        email_verified: true,
        buyer_verified: kind.is_buyer(),
        seat: seat.map(|(organisation, role)| Seat { organisation, organisation_name: "Chen".into(), role }),
        fresh: true,
        demo: false,
    }
}

#[test]
fn only_verified_buyers_who_are_not_the_owners_ask() {
    let (owner, organisation) = (AccountId::new(), OrganisationId::new());
    let status =
        |viewer: &Viewer, organisation| may_request(viewer, owner, organisation).map_err(|e| e.refusal.status());
    assert_eq!(status(&viewer(Kind::Investor, None), None), Ok(()));
    assert_eq!(status(&viewer(Kind::Production, None), Some(organisation)), Ok(()));
    assert_eq!(status(&viewer(Kind::Creator, None), None), Err(403));
    assert_eq!(status(&viewer(Kind::Admin, None), None), Err(403));
    assert_eq!(status(&Viewer { id: owner, ..viewer(Kind::Production, None) }, Some(organisation)), Err(403));
    let colleague = viewer(Kind::Production, Some((organisation, SeatRole::Viewer)));
    assert_eq!(status(&colleague, Some(organisation)), Err(403));
    assert_eq!(status(&Viewer { buyer_verified: false, ..viewer(Kind::Investor, None) }, None), Err(403));
    assert_eq!(status(&Viewer { email_verified: false, ..viewer(Kind::Investor, None) }, None), Err(403));
}

#[test]
fn an_organisations_pitch_is_decided_by_its_owners_and_editors() {
    let (founder, organisation) = (AccountId::new(), OrganisationId::new());
    let seat = |role| viewer(Kind::Production, Some((organisation, role)));
    assert!(decides(&seat(SeatRole::Owner), founder, Some(organisation)));
    assert!(decides(&seat(SeatRole::Editor), founder, Some(organisation)));
    assert!(!decides(&seat(SeatRole::Viewer), founder, Some(organisation)));
    assert!(owns(&seat(SeatRole::Viewer), founder, Some(organisation)));
    // Who made it and left the organisation has no say any more.
    assert!(!decides(&Viewer { id: founder, ..viewer(Kind::Production, None) }, founder, Some(organisation)));
    assert!(decides(&Viewer { id: founder, ..viewer(Kind::Creator, None) }, founder, None));
}

#[test]
fn terms_names_and_reasons_hold_at_their_edges() {
    assert_eq!(term(""), Ok(365));
    assert_eq!(term(" 30 "), Ok(30));
    assert_eq!(term("1095"), Ok(1_095));
    for bad in ["29", "1096", "-1", "1e3", "ninety", "99999999999", "30.5"] {
        assert!(term(bad).is_err(), "{bad}");
    }
    assert!(legal_name("A").is_err());
    assert_eq!(legal_name(" Bo\u{0}  Li ").as_deref(), Ok("Bo Li"));
    assert!(legal_name(&"é".repeat(100)).is_ok());
    assert!(legal_name(&"é".repeat(101)).is_err());
    assert!(purpose(" \n").is_err());
    assert!(purpose(&"a".repeat(1_001)).is_err());
    assert_eq!(note("note_to_the_owner", "").as_deref(), Ok(""));
    assert!(reason("\0").is_err());
}
