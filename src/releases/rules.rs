//! What may happen to a release, by whom and when, decided without I/O. The pages ask the same functions which buttons to show.

use chrono::TimeDelta;

use super::model::{ReleaseStatus, ReleaseStep};
use crate::{
    accounts::{
        model::{Kind, Viewer},
        rules::needs_verified_email,
    },
    ndas::{model::Side, rules::owns},
    shared::{
        error::{AppError, Result},
        ids::{AccountId, OrganisationId},
        time::{self, Time},
    },
};

/// Offers per company in 24 hours.
pub const OFFERS_PER_DAY: usize = 10;
/// How long nobody offers again after a no.
const REST: TimeDelta = TimeDelta::hours(24);

/// The status after `step`; a conflict when the step does not follow from `from`.
pub fn transition(from: ReleaseStatus, step: ReleaseStep) -> Result<ReleaseStatus> {
    use ReleaseStatus::*;
    match (from, step) {
        (Offered, ReleaseStep::Sign) => Ok(Signed),
        (Offered, ReleaseStep::Refuse) => Ok(Refused),
        (Offered, ReleaseStep::Withdraw) => Ok(Withdrawn),
        (Signed, ReleaseStep::End) => Ok(Ended),
        _ => Err(AppError::conflict(format!("{} That step is no longer possible.", now_it_is(from)))),
    }
}

fn now_it_is(status: ReleaseStatus) -> &'static str {
    match status {
        ReleaseStatus::Offered => "This release waits for the owner's signature.",
        ReleaseStatus::Signed => "This release is signed.",
        ReleaseStatus::Refused => "This release was refused.",
        ReleaseStatus::Withdrawn => "This release was withdrawn.",
        ReleaseStatus::Ended => "This release has ended.",
    }
}

/// Whether `step` is for `side` to take. Either may end what both have signed.
pub fn is_of(step: ReleaseStep, side: Side) -> bool {
    match step {
        ReleaseStep::Sign | ReleaseStep::Refuse => side == Side::Owner,
        ReleaseStep::Withdraw => side == Side::Requester,
        ReleaseStep::End => true,
    }
}

/// The steps open to `side`.
pub fn steps(status: ReleaseStatus, side: Side) -> Vec<ReleaseStep> {
    let open = |step: &ReleaseStep| is_of(*step, side) && transition(status, *step).is_ok();
    ReleaseStep::ALL.iter().copied().filter(open).collect()
}

/// From when the same company may offer again; `None` while one is open or in force. A no is left to rest for a day.
pub fn again_at(status: ReleaseStatus, ended_at: Time) -> Option<Time> {
    use ReleaseStatus::*;
    match status {
        Offered | Signed => None,
        Refused | Ended => Some(ended_at + REST),
        Withdrawn => Some(ended_at),
    }
}

/// Whether an offer may follow the last release of the same company and pitch.
pub fn may_offer_again(status: ReleaseStatus, ended_at: Time, now: Time) -> Result<()> {
    match again_at(status, ended_at) {
        None => Err(AppError::conflict(format!("Your company has offered its release already. {}", now_it_is(status)))),
        Some(again) if again > now => {
            Err(AppError::conflict(format!("{} You can offer again from {}.", now_it_is(status), time::exact(again))))
        }
        Some(_) => Ok(()),
    }
}

/// The company for which `viewer` may offer a release on a pitch of that owner.
pub fn may_offer(viewer: &Viewer, owner: AccountId, organisation: Option<OrganisationId>) -> Result<OrganisationId> {
    if owns(viewer, owner, organisation) || viewer.id == owner {
        return Err(AppError::forbidden("This is your own project: you read all of it without a release."));
    }
    let company = viewer.organisation().filter(|_| viewer.kind == Kind::Production);
    let company = company.ok_or_else(|| AppError::forbidden("Releases are offered by production companies."))?;
    if !viewer.edits_for(company) {
        return Err(AppError::forbidden(
            "Your seat reads along; an owner or editor of your company offers its release.",
        ));
    }
    needs_verified_email(viewer)?;
    if !viewer.buyer_verified {
        return Err(AppError::forbidden("Before you can offer a release, our staff verify who you are."));
    }
    Ok(company)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{
        accounts::model::{Seat, SeatRole},
        shared::error::Refusal,
    };

    #[test]
    fn a_release_moves_only_as_it_is_written() {
        use ReleaseStatus::*;
        for from in ReleaseStatus::ALL {
            for step in ReleaseStep::ALL {
                let to = match (from, step) {
                    (Offered, ReleaseStep::Sign) => Some(Signed),
                    (Offered, ReleaseStep::Refuse) => Some(Refused),
                    (Offered, ReleaseStep::Withdraw) => Some(Withdrawn),
                    (Signed, ReleaseStep::End) => Some(Ended),
                    _ => None,
                };
                match (transition(*from, *step), to) {
                    (Ok(is), Some(to)) => assert_eq!(is, to),
                    (Err(error), None) => assert_eq!(error.refusal, Refusal::Conflict, "{step} from {from}"),
                    (result, to) => panic!("{step} from {from}: {result:?}, not {to:?}"),
                }
            }
        }
    }

    #[test]
    fn each_side_has_its_own_steps() {
        use ReleaseStep::*;
        assert_eq!(steps(ReleaseStatus::Offered, Side::Owner), [Sign, Refuse]);
        assert_eq!(steps(ReleaseStatus::Offered, Side::Requester), [Withdraw]);
        assert_eq!(steps(ReleaseStatus::Signed, Side::Owner), [End]);
        assert_eq!(steps(ReleaseStatus::Signed, Side::Requester), [End]);
        for over in [ReleaseStatus::Refused, ReleaseStatus::Withdrawn, ReleaseStatus::Ended] {
            assert!(steps(over, Side::Owner).is_empty() && steps(over, Side::Requester).is_empty());
        }
    }

    #[test]
    fn after_a_no_a_company_rests_for_a_day_and_after_its_own_withdrawal_not() {
        let ended = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let day = TimeDelta::hours(24);
        for no in [ReleaseStatus::Refused, ReleaseStatus::Ended] {
            assert!(may_offer_again(no, ended, ended + day - TimeDelta::seconds(1)).is_err());
            assert!(may_offer_again(no, ended, ended + day).is_ok());
        }
        assert!(may_offer_again(ReleaseStatus::Withdrawn, ended, ended).is_ok());
        for open in [ReleaseStatus::Offered, ReleaseStatus::Signed] {
            assert!(may_offer_again(open, ended, ended + day * 400).is_err());
        }
    }

    fn viewer(kind: Kind, role: SeatRole) -> Viewer {
        let seat = Seat { organisation: OrganisationId::new(), organisation_name: "Stellar".into(), role };
        Viewer {
            id: AccountId::new(),
            kind,
            name: "Dana".into(),
            email: "dana@stellar.test".into(),
            handle: "dana".into(),
            avatar: None,
            email_verified: true,
            buyer_verified: true,
            seat: Some(seat),
            fresh: true,
            demo: false,
        }
    }

    #[test]
    fn a_verified_companys_owner_or_editor_offers_on_projects_of_others() {
        let offers = |viewer: &Viewer| may_offer(viewer, AccountId::new(), None);
        for role in [SeatRole::Owner, SeatRole::Editor] {
            let dana = viewer(Kind::Production, role);
            assert_eq!(offers(&dana).ok(), dana.organisation());
            assert!(may_offer(&dana, AccountId::new(), dana.organisation()).is_err(), "the company's own");
            assert!(may_offer(&dana, dana.id, None).is_err(), "her own");
        }
        let refused = |viewer: Viewer| offers(&viewer).unwrap_err().refusal == Refusal::Forbidden;
        let dana = viewer(Kind::Production, SeatRole::Owner);
        assert!(refused(viewer(Kind::Investor, SeatRole::Owner)));
        assert!(refused(viewer(Kind::Production, SeatRole::Viewer)));
        assert!(refused(Viewer { seat: None, ..dana.clone() }));
        assert!(refused(Viewer { buyer_verified: false, ..dana.clone() }));
        assert!(refused(Viewer { email_verified: false, ..dana }));
    }
}
