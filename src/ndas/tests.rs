//! The whole life of an NDA over a real database.

use chrono::TimeDelta;
use sqlx::PgPool;

use super::{
    jobs,
    model::{NdaStatus, NdaView, Panel, Side, Step, Tab},
    reads,
    service::{self, ApproveForm, SignForm},
};
use crate::{
    accounts::{
        door::Caller,
        model::{Seat, SeatRole},
    },
    platform::{mail::shelf, outbox::Event},
    shared::{
        error::{AppError, Refusal},
        ids::{NdaId, PitchId, ThreadId},
    },
    tests::{app::TestApp, people, projects},
};

/// A creator with a published pitch and an investor who wants to read it.
struct Stage {
    alex: Caller,
    sarah: Caller,
    pitch: PitchId,
}

async fn stage(db: PgPool) -> Stage {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let sarah = people::investor(&platform, "sarah").await;
    let pitch = projects::published(&alex, "Salt").await;
    Stage { alex, sarah, pitch }
}

async fn ask(caller: &Caller, pitch: PitchId) -> Result<NdaId, AppError> {
    service::request(caller, pitch, "To read the script.", "").await.map(|asked| asked.nda)
}

async fn approve(caller: &Caller, nda: NdaId) -> Result<(), AppError> {
    let form = ApproveForm { full_legal_name: "Alexandra Moreno".into(), ..ApproveForm::default() };
    service::approve(caller, nda, &form).await
}

/// Opens the page, then signs what it shows.
async fn sign(caller: &Caller, nda: NdaId) -> Result<ThreadId, AppError> {
    let view = reads::one(caller, nda, None).await?;
    service::sign(caller, nda, &signature(&view)).await
}

fn signature(view: &NdaView) -> SignForm {
    SignForm {
        agree_electronic: true,
        full_legal_name: "Sarah Chen".into(),
        document_sha256: view.text.sha256.clone().unwrap_or_default(),
        password: None,
    }
}

async fn signed(stage: &Stage) -> NdaId {
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    approve(&stage.alex, nda).await.unwrap();
    sign(&stage.sarah, nda).await.unwrap();
    nda
}

async fn status(caller: &Caller, nda: NdaId) -> NdaStatus {
    let word: String = sqlx::query_scalar("select status from ndas where id = $1")
        .bind(nda.0)
        .fetch_one(&caller.platform.db)
        .await
        .unwrap();
    word.parse().unwrap()
}

async fn count(caller: &Caller, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&caller.platform.db).await.unwrap()
}

fn refused<T: std::fmt::Debug>(result: Result<T, AppError>) -> Refusal {
    result.unwrap_err().refusal
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_nda_is_asked_for_approved_and_signed_and_everything_is_recorded(db: PgPool) {
    let stage = stage(db).await;
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    assert_eq!(status(&stage.sarah, nda).await, NdaStatus::Requested);
    approve(&stage.alex, nda).await.unwrap();
    let view = reads::one(&stage.sarah, nda, None).await.unwrap();
    assert_eq!(view.can, [Step::Withdraw, Step::Sign]);
    for said in ["\"Salt\"", "> To read the script.", "365 days", "Alexandra Moreno", "sarah Tester", "alex Tester"] {
        assert!(view.text.body.contains(said), "{said}");
    }
    assert!(view.signatures.is_empty(), "the owner's email and address are not shown before both have signed");
    let sha256 = view.text.sha256.clone().unwrap();
    service::read_to_end(&stage.sarah, nda, &sha256).await.unwrap();
    let thread = service::sign(&stage.sarah, nda, &signature(&view)).await.unwrap();

    let after = reads::one(&stage.sarah, nda, None).await.unwrap();
    assert_eq!((after.card.status, after.card.thread), (NdaStatus::Signed, Some(thread)));
    assert_eq!(after.text, view.text, "what was signed is what was shown");
    assert_eq!(after.card.expires_at, Some(after.card.signed_at.unwrap() + TimeDelta::days(365)));
    let parties: Vec<_> = after.signatures.iter().map(|s| (s.party, s.legal_name.as_str(), s.email.as_str())).collect();
    assert_eq!(
        parties,
        [
            (Side::Owner, "Alexandra Moreno", "alex@creator.test"),
            (Side::Requester, "Sarah Chen", "sarah@investor.test")
        ]
    );
    assert!(after.signatures.iter().all(|s| s.address == "203.0.113.7" && s.user_agent == "tests"));
    assert!(after.signatures.iter().all(|s| s.consent_version == super::consent::VERSION));
    let read = after.openings.iter().find(|o| o.party == Side::Requester).unwrap();
    assert!(read.read_to_end_at.is_some());
    assert!(after.openings.iter().all(|o| o.party == Side::Requester), "only what happened is recorded");

    let events: Vec<String> = sqlx::query_scalar("select kind from events where subject_id = $1 order by id")
        .bind(nda.0)
        .fetch_all(&stage.alex.platform.db)
        .await
        .unwrap();
    assert_eq!(events, ["nda.requested", "nda.approved", "nda.signed"]);
    let open = crate::messages::service::thread(&stage.alex, thread, None).await.unwrap();
    assert_eq!((open.messages.len(), open.messages[0].author.as_deref()), (1, None));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn strangers_find_nothing_and_the_other_side_is_refused(db: PgPool) {
    let stage = stage(db).await;
    let platform = &stage.alex.platform;
    let (mallory, eve) = (people::creator(platform, "mallory").await, people::investor(platform, "eve").await);
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    assert_eq!(refused(approve(&mallory, nda).await), Refusal::NotFound);
    assert_eq!(refused(service::decline(&mallory, nda, "").await), Refusal::NotFound);
    assert_eq!(refused(service::revoke(&mallory, nda, "No").await), Refusal::NotFound);
    assert_eq!(refused(service::withdraw(&eve, nda).await), Refusal::NotFound);
    assert_eq!(refused(reads::one(&eve, nda, None).await), Refusal::NotFound);
    assert_eq!(refused(service::sign(&eve, nda, &SignForm::default()).await), Refusal::NotFound);
    assert_eq!(refused(service::read_to_end(&eve, nda, "").await), Refusal::NotFound);
    assert_eq!(refused(approve(&stage.sarah, nda).await), Refusal::Forbidden);
    assert_eq!(refused(service::sign(&stage.alex, nda, &SignForm::default()).await), Refusal::Forbidden);
    assert_eq!(status(&stage.sarah, nda).await, NdaStatus::Requested);
    assert_eq!(refused(ask(&eve, PitchId::new()).await), Refusal::NotFound);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn steps_are_not_skipped_and_not_taken_twice(db: PgPool) {
    let stage = stage(db).await;
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    assert_eq!(refused(sign(&stage.sarah, nda).await), Refusal::Conflict, "not approved yet");
    assert_eq!(refused(ask(&stage.sarah, stage.pitch).await), Refusal::Conflict, "asked already");
    assert_eq!(refused(service::revoke(&stage.alex, nda, "No").await), Refusal::Conflict, "nothing to revoke");
    approve(&stage.alex, nda).await.unwrap();
    assert_eq!(refused(approve(&stage.alex, nda).await), Refusal::Conflict);
    assert_eq!(refused(service::decline(&stage.alex, nda, "No").await), Refusal::Conflict);
    sign(&stage.sarah, nda).await.unwrap();
    assert_eq!(refused(sign(&stage.sarah, nda).await), Refusal::Conflict);
    assert_eq!(refused(service::withdraw(&stage.sarah, nda).await), Refusal::Conflict);
    service::revoke(&stage.alex, nda, "It is sold.").await.unwrap();
    assert_eq!(status(&stage.alex, nda).await, NdaStatus::Revoked);
    assert_eq!(refused(service::revoke(&stage.alex, nda, "Again").await), Refusal::Conflict);
    assert_eq!(count(&stage.alex, "select count(*) from nda_signatures").await, 2, "evidence stays");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_signature_needs_consent_a_name_the_same_text_and_that_it_was_opened(db: PgPool) {
    let stage = stage(db).await;
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    approve(&stage.alex, nda).await.unwrap();
    let owner_view = reads::one(&stage.alex, nda, None).await.unwrap();
    let form = signature(&owner_view);
    assert_eq!(refused(service::sign(&stage.sarah, nda, &form).await), Refusal::Conflict, "never opened");
    let view = reads::one(&stage.sarah, nda, None).await.unwrap();
    let form = signature(&view);
    let error = service::sign(&stage.sarah, nda, &SignForm::default()).await.unwrap_err();
    assert!(error.on_field("agree_electronic").is_some() && error.on_field("full_legal_name").is_some());
    let other = SignForm { document_sha256: "00".repeat(32), ..form.clone() };
    assert_eq!(refused(service::sign(&stage.sarah, nda, &other).await), Refusal::Conflict, "another text");
    let mut stale = stage.sarah.clone();
    stale.viewer.fresh = false;
    assert!(service::sign(&stale, nda, &form).await.unwrap_err().on_field("password").is_some());
    let mut unverified = stage.sarah.clone();
    unverified.viewer.email_verified = false;
    assert_eq!(refused(service::sign(&unverified, nda, &form).await), Refusal::Forbidden);
    assert_eq!(count(&stage.sarah, "select count(*) from nda_signatures where party = 'requester'").await, 0);
    service::sign(&stage.sarah, nda, &form).await.unwrap();
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn of_two_who_sign_at_once_one_wins_and_one_conversation_opens(db: PgPool) {
    let stage = stage(db).await;
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    approve(&stage.alex, nda).await.unwrap();
    let form = signature(&reads::one(&stage.sarah, nda, None).await.unwrap());
    let twin = stage.sarah.clone();
    let (one, two) = tokio::join!(service::sign(&stage.sarah, nda, &form), service::sign(&twin, nda, &form));
    let loser = if one.is_ok() { two } else { one };
    assert_eq!(refused(loser), Refusal::Conflict);
    for sql in [
        "select count(*) from nda_signatures where party = 'requester'",
        "select count(*) from threads",
        "select count(*) from messages",
    ] {
        assert_eq!(count(&stage.sarah, sql).await, 1, "{sql}");
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn of_two_who_approve_at_once_or_approve_and_withdraw_one_wins(db: PgPool) {
    let stage = stage(db).await;
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    let twin = stage.alex.clone();
    let (one, two) = tokio::join!(approve(&stage.alex, nda), approve(&twin, nda));
    assert_eq!(refused(if one.is_ok() { two } else { one }), Refusal::Conflict);
    assert_eq!(count(&stage.alex, "select count(*) from nda_signatures").await, 1);

    let eve = people::investor(&stage.alex.platform, "eve").await;
    let nda = ask(&eve, stage.pitch).await.unwrap();
    let (approved, declined) = tokio::join!(approve(&stage.alex, nda), service::decline(&twin, nda, "No"));
    assert_ne!(approved.is_ok(), declined.is_ok());
    let found = status(&eve, nda).await;
    assert_eq!(found, if approved.is_ok() { NdaStatus::Approved } else { NdaStatus::Declined });
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn two_requests_at_once_are_one(db: PgPool) {
    let stage = stage(db).await;
    let twin = stage.sarah.clone();
    let (one, two) = tokio::join!(ask(&stage.sarah, stage.pitch), ask(&twin, stage.pitch));
    assert_eq!(refused(if one.is_ok() { two } else { one }), Refusal::Conflict);
    assert_eq!(count(&stage.sarah, "select count(*) from ndas").await, 1);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_approval_lapses_unsigned_and_a_new_request_follows_at_once(db: PgPool) {
    let stage = stage(db).await;
    let platform = &stage.alex.platform;
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    approve(&stage.alex, nda).await.unwrap();
    let form = signature(&reads::one(&stage.sarah, nda, None).await.unwrap());
    platform.clock.advance(TimeDelta::days(14) - TimeDelta::minutes(1));
    assert_eq!(service::lapse_and_expire(platform).await, Ok(0));
    platform.clock.advance(TimeDelta::minutes(2));
    assert_eq!(
        refused(service::sign(&stage.sarah, nda, &form).await),
        Refusal::Conflict,
        "even before the job came by"
    );
    assert_eq!(reads::one(&stage.sarah, nda, None).await.unwrap().card.status, NdaStatus::Lapsed);
    assert_eq!(service::lapse_and_expire(platform).await, Ok(1));
    assert_eq!(service::lapse_and_expire(platform).await, Ok(0), "once");
    assert_eq!(status(&stage.sarah, nda).await, NdaStatus::Lapsed);
    assert_eq!(
        count(&stage.sarah, "select count(*) from events where kind = 'nda.lapsed' and actor_id is null").await,
        1
    );
    ask(&stage.sarah, stage.pitch).await.unwrap();
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn access_expires_after_the_term_the_owner_gave(db: PgPool) {
    let stage = stage(db).await;
    let platform = &stage.alex.platform;
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    let form = ApproveForm { full_legal_name: "Al".into(), term_in_days: "30".into(), ..ApproveForm::default() };
    service::approve(&stage.alex, nda, &form).await.unwrap();
    sign(&stage.sarah, nda).await.unwrap();
    platform.clock.advance(TimeDelta::days(30) - TimeDelta::minutes(1));
    assert!(matches!(panel(&stage.sarah, stage.pitch).await, Panel::Signed { .. }));
    platform.clock.advance(TimeDelta::minutes(2));
    assert!(matches!(panel(&stage.sarah, stage.pitch).await, Panel::MayRequest { last: Some(_), .. }));
    // Asking again records the expiry that the job has not come by to record.
    ask(&stage.sarah, stage.pitch).await.unwrap();
    assert_eq!(status(&stage.sarah, nda).await, NdaStatus::Expired);
    assert_eq!(service::lapse_and_expire(platform).await, Ok(0));
}

async fn panel(caller: &Caller, pitch: PitchId) -> Panel {
    reads::panel(&caller.visitor(), pitch).await.unwrap()
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn after_a_no_a_day_passes_before_the_next_request(db: PgPool) {
    let stage = stage(db).await;
    let clock = &stage.alex.platform.clock;
    for round in 0..3 {
        let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
        match round {
            0 => service::decline(&stage.alex, nda, "Not now.").await.unwrap(),
            1 => service::withdraw(&stage.sarah, nda).await.unwrap(),
            _ => {
                approve(&stage.alex, nda).await.unwrap();
                service::revoke(&stage.alex, nda, "Sold.").await.unwrap();
            }
        }
        clock.advance(TimeDelta::hours(23));
        assert!(matches!(panel(&stage.sarah, stage.pitch).await, Panel::NotYet { .. }));
        assert_eq!(refused(ask(&stage.sarah, stage.pitch).await), Refusal::Conflict);
        clock.advance(TimeDelta::hours(1) + TimeDelta::seconds(1));
    }
    ask(&stage.sarah, stage.pitch).await.unwrap();
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn ten_requests_in_a_day_are_enough(db: PgPool) {
    let stage = stage(db).await;
    for n in 0..10 {
        let pitch = projects::published(&stage.alex, &format!("Salt {n}")).await;
        ask(&stage.sarah, pitch).await.unwrap();
    }
    let error = ask(&stage.sarah, stage.pitch).await.unwrap_err();
    assert_eq!(error.refusal, Refusal::TooMany);
    assert!(error.retry_after.is_some_and(|s| (86_000..=86_400).contains(&s)));
    stage.alex.platform.clock.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
    ask(&stage.sarah, stage.pitch).await.unwrap();
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_pitch_that_goes_offline_declines_what_is_open_and_leaves_what_is_signed(db: PgPool) {
    let stage = stage(db).await;
    let platform = &stage.alex.platform;
    let kept = signed(&stage).await;
    let (eve, dan) = (people::investor(platform, "eve").await, people::production(platform, "dan").await);
    let asked = ask(&eve, stage.pitch).await.unwrap();
    let approved = ask(&dan, stage.pitch).await.unwrap();
    approve(&stage.alex, approved).await.unwrap();
    let form = signature(&reads::one(&dan, approved, None).await.unwrap());
    projects::set_status(&stage.alex, stage.pitch, "draft").await;
    assert_eq!(
        refused(service::sign(&dan, approved, &form).await),
        Refusal::Conflict,
        "even before the event was heard"
    );
    assert_eq!(refused(ask(&people::investor(platform, "fay").await, stage.pitch).await), Refusal::NotFound);
    let event = Event::new(platform.now(), None, stage.pitch.0, "pitch.unpublished", ()).unwrap();
    for _ in 0..2 {
        let mut tx = platform.begin().await.unwrap();
        jobs::on_event(&mut tx, platform, &event).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(status(&eve, asked).await, NdaStatus::Declined);
    assert_eq!(status(&dan, approved).await, NdaStatus::Revoked);
    assert_eq!(status(&stage.sarah, kept).await, NdaStatus::Signed);
    assert_eq!(count(&eve, "select count(*) from events where kind in ('nda.declined', 'nda.revoked')").await, 2);
    assert!(matches!(panel(&stage.sarah, stage.pitch).await, Panel::Signed { .. }), "signers still read it");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn news_of_going_offline_that_comes_late_closes_nothing_that_was_asked_since(db: PgPool) {
    let stage = stage(db).await;
    let platform = &stage.alex.platform;
    let event = Event::new(platform.now(), None, stage.pitch.0, "pitch.unpublished", ()).unwrap();
    // Published again before the news was heard, and asked for after that.
    platform.clock.advance(TimeDelta::seconds(1));
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    let mut tx = platform.begin().await.unwrap();
    jobs::on_event(&mut tx, platform, &event).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(status(&stage.sarah, nda).await, NdaStatus::Requested);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_owner_who_keeps_their_name_is_named_by_approving_and_not_before(db: PgPool) {
    let stage = stage(db).await;
    sqlx::query("update pitch_versions set content = $2 where pitch_id = $1")
        .bind(stage.pitch.0)
        .bind(serde_json::json!({ "title": "Salt", "visibility": { "owner": "nda" } }))
        .execute(&stage.alex.platform.db)
        .await
        .unwrap();
    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    let seen = async || {
        let view = serde_json::to_string(&reads::one(&stage.sarah, nda, None).await.unwrap()).unwrap();
        view + &serde_json::to_string(&reads::sent(&stage.sarah, Tab::Waiting, None).await.unwrap()).unwrap()
    };
    let before = seen().await;
    assert!(!before.contains("alex"), "{before}");
    assert!(reads::one(&stage.alex, nda, None).await.unwrap().card.owner.is_some(), "to themself they are");
    approve(&stage.alex, nda).await.unwrap();
    assert!(seen().await.contains("alex Tester"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_companys_pitch_is_decided_by_any_of_its_editors_and_never_asked_for_by_its_own(db: PgPool) {
    let platform = people::platform(db).await;
    let (stella, sarah) = (people::production(&platform, "stella").await, people::investor(&platform, "sarah").await);
    let seat = |role| Seat { role, ..stella.viewer.seat.clone().unwrap() };
    let mut editor = people::production(&platform, "ed").await;
    editor.viewer.seat = Some(seat(SeatRole::Editor));
    let mut viewer = people::production(&platform, "vi").await;
    viewer.viewer.seat = Some(seat(SeatRole::Viewer));
    let pitch = projects::published(&stella, "Glass").await;
    assert_eq!(refused(ask(&stella, pitch).await), Refusal::Forbidden);
    assert_eq!(refused(ask(&viewer, pitch).await), Refusal::Forbidden);
    let nda = ask(&sarah, pitch).await.unwrap();
    assert_eq!(refused(approve(&viewer, nda).await), Refusal::Forbidden);
    assert!(reads::one(&viewer, nda, None).await.unwrap().can.is_empty());
    approve(&editor, nda).await.unwrap();
    let thread = sign(&sarah, nda).await.unwrap();
    // The conversation belongs to who approved.
    assert!(crate::messages::service::thread(&editor, thread, None).await.is_ok());
    assert_eq!(refused(crate::messages::service::thread(&stella, thread, None).await), Refusal::NotFound);
    let view = reads::one(&stella, nda, None).await.unwrap();
    assert_eq!(view.signatures[0].organisation.as_deref(), Some("stella Pictures"));
    assert!(view.text.body.contains("stella Pictures, represented by ed Tester"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn who_left_the_company_named_in_the_text_cannot_sign_for_it(db: PgPool) {
    let stage = stage(db).await;
    let dan = people::production(&stage.alex.platform, "dan").await;
    let nda = ask(&dan, stage.pitch).await.unwrap();
    approve(&stage.alex, nda).await.unwrap();
    let form = signature(&reads::one(&dan, nda, None).await.unwrap());
    let mut left = dan.clone();
    left.viewer.seat = None;
    assert_eq!(refused(service::sign(&left, nda, &form).await), Refusal::Forbidden);
    service::sign(&dan, nda, &form).await.unwrap();
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_panel_and_the_lists_say_what_comes_next(db: PgPool) {
    let stage = stage(db).await;
    let guest = people::guest(&stage.alex.platform);
    assert!(matches!(reads::panel(&guest, stage.pitch).await.unwrap(), Panel::Guest { .. }));
    assert!(matches!(panel(&stage.sarah, stage.pitch).await, Panel::MayRequest { last: None, .. }));
    let mallory = people::creator(&stage.alex.platform, "mallory").await;
    assert_eq!(panel(&mallory, stage.pitch).await, Panel::NotABuyer);
    let mut fresh = people::investor(&stage.alex.platform, "eve").await;
    fresh.viewer.buyer_verified = false;
    assert_eq!(panel(&fresh, stage.pitch).await, Panel::Unverified { email_missing: false, staff_missing: true });

    let nda = ask(&stage.sarah, stage.pitch).await.unwrap();
    assert!(matches!(panel(&stage.sarah, stage.pitch).await, Panel::Waiting { .. }));
    assert_eq!(panel(&stage.alex, stage.pitch).await, Panel::Own { waiting: 1 });
    let inbox = reads::received(&stage.alex, Tab::Waiting, None, None).await.unwrap();
    assert_eq!((inbox.counts.requested, inbox.page.items[0].id), (1, nda));
    assert!(inbox.offer.unwrap().texts[0].body.contains("Non-disclosure agreement"));
    assert!(reads::received(&mallory, Tab::Waiting, None, None).await.unwrap().page.is_empty());
    assert_eq!(reads::waiting(&stage.alex).await.unwrap().to_decide.len(), 1);

    approve(&stage.alex, nda).await.unwrap();
    assert!(matches!(panel(&stage.sarah, stage.pitch).await, Panel::ToSign { .. }));
    assert_eq!(reads::waiting(&stage.sarah).await.unwrap().to_sign.len(), 1);
    let sent = reads::sent(&stage.sarah, Tab::Waiting, None).await.unwrap();
    assert_eq!((sent.counts.approved, sent.page.items.len()), (1, 1));
    sign(&stage.sarah, nda).await.unwrap();
    assert_eq!(reads::numbers(&stage.sarah).await.unwrap().sent.signed, 1);
    assert_eq!(reads::numbers(&stage.alex).await.unwrap().received.signed, 1);
    assert_eq!(reads::received(&stage.alex, Tab::Active, None, None).await.unwrap().page.items.len(), 1);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn lists_go_on_where_they_stopped(db: PgPool) {
    let stage = stage(db).await;
    for n in 0..23 {
        let pitch = projects::published(&stage.alex, &format!("Salt {n}")).await;
        let asker =
            if n < 10 { &stage.sarah } else { &people::investor(&stage.alex.platform, &format!("eve{n}")).await };
        ask(asker, pitch).await.unwrap();
    }
    let first = reads::received(&stage.alex, Tab::Waiting, None, None).await.unwrap().page;
    let second = reads::received(&stage.alex, Tab::Waiting, first.next.as_deref(), None).await.unwrap().page;
    assert_eq!((first.items.len(), second.items.len(), second.next), (20, 3, None));
    assert!(first.items[0].requested_at <= first.items[1].requested_at, "oldest first");
    assert!(second.items.iter().all(|late| !first.items.contains(late)));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_standard_template_is_installed_once_per_text(db: PgPool) {
    let platform = people::platform(db).await;
    let twice =
        tokio::join!(service::install_standard_template(&platform), service::install_standard_template(&platform));
    assert_eq!(twice, (Ok(()), Ok(())));
    service::install_standard_template(&platform).await.unwrap();
    let versions =
        || sqlx::query_scalar::<_, i64>("select count(*) from nda_template_versions").fetch_one(&platform.db);
    assert_eq!(versions().await.unwrap(), 2, "one of each kind");
    sqlx::query("update nda_template_versions set body = 'An older text.'").execute(&platform.db).await.unwrap();
    service::install_standard_template(&platform).await.unwrap();
    assert_eq!(versions().await.unwrap(), 4);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn each_turn_is_told_by_mail(db: PgPool) {
    let stage = stage(db).await;
    let nda = signed(&stage).await;
    service::revoke(&stage.alex, nda, "It is <sold>.").await.unwrap();
    people::work(&stage.alex.platform).await;
    let folder = stage.alex.platform.mail.folder().unwrap();
    let subjects = |letters: Vec<shelf::Shelved>| letters.into_iter().map(|l| l.subject).collect::<Vec<_>>();
    let mut sarah = subjects(shelf::list(folder, Some("sarah@investor.test")).await.unwrap());
    sarah.sort();
    assert_eq!(
        sarah,
        ["The NDA for “Salt” is signed", "Your NDA for “Salt” is ready to sign", "Your NDA for “Salt” was revoked"]
    );
    let mut alex = subjects(shelf::list(folder, Some("alex@creator.test")).await.unwrap());
    alex.sort();
    assert_eq!(alex, ["The NDA for “Salt” is signed", "sarah Tester asks for an NDA for “Salt”"]);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_step_that_cannot_be_taken_is_refused_before_its_fields_are_looked_at(db: PgPool) {
    let stage = stage(db).await;
    let nda = signed(&stage).await;
    assert_eq!(refused(service::approve(&stage.alex, nda, &ApproveForm::default()).await), Refusal::Conflict);
    assert_eq!(refused(service::decline(&stage.alex, nda, "").await), Refusal::Conflict);
    assert_eq!(refused(service::sign(&stage.sarah, nda, &SignForm::default()).await), Refusal::Conflict);
    assert_eq!(refused(service::revoke(&stage.alex, nda, "").await), Refusal::Invalid, "this one can");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_form_asks_for_the_password_as_its_own_and_never_finds_consent_given(db: PgPool) {
    let app = TestApp::new(db).await;
    let platform = &app.platform;
    let (alex, sarah) = (people::creator(platform, "alex").await, people::investor(platform, "sarah").await);
    let pitch = projects::published(&alex, "Salt").await;
    let nda = ask(&sarah, pitch).await.unwrap();
    let (owner, buyer) = (app.signed_in("alex@creator.test").await, app.signed_in("sarah@investor.test").await);
    platform.clock.advance(TimeDelta::minutes(11));
    let own_id = |form: &str| format!("id=\"ndas-{form}-{nda}-password\"");
    let inbox = owner.get("/creator/ndas").await.body;
    assert!(inbox.contains(&own_id("approve")) && !inbox.contains(&own_id("decline")), "{inbox}");
    let page = format!("/ndas/{nda}");
    let id = nda.to_string();
    let wrong = [("nda_id", id.as_str()), ("full_legal_name", "Alexandra Moreno"), ("password", "wrong")];
    owner.submit(&page, "/api/ndas/approve", &wrong).await;
    let again = owner.get(&page).await.body;
    let problem = again.split(&format!("id=\"ndas-approve-{nda}-password-problem\"")).nth(1).unwrap();
    assert!(problem.chars().take(80).collect::<String>().contains("That is not your password."), "{problem}");

    approve(&alex, nda).await.unwrap();
    let typed = [
        ("nda_id", id.as_str()),
        ("agree_electronic", "true"),
        ("full_legal_name", "Sarah Chen"),
        ("document_sha256", "00"),
    ];
    buyer.submit(&page, "/api/ndas/sign", &typed).await;
    let again = buyer.get(&page).await.body;
    assert!(again.contains("Sarah Chen") && !again.contains("checked"), "{again}");

    // A company asks for somebody else's pitch, from a page that is not named: back to that pitch.
    let dan = people::production(platform, "dan").await;
    let company = app.signed_in("dan@production.test").await;
    let slug: String = sqlx::query_scalar("select slug from pitches").fetch_one(&platform.db).await.unwrap();
    let request = axum::http::Request::post("/api/ndas/request")
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = company.send(request, format!("pitch_id={pitch}&purpose=To+read").into()).await;
    assert_eq!(answer.location, Some(format!("/pitch/{slug}")));
    assert_eq!(reads::sent(&dan, Tab::Waiting, None).await.unwrap().page.items.len(), 1);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_owner_is_reminded_three_times_and_never_after_an_answer(db: PgPool) {
    let stage = stage(db).await;
    let platform = &stage.alex.platform;
    let other = people::investor(platform, "eve").await;
    ask(&stage.sarah, stage.pitch).await.unwrap();
    let answered = ask(&other, stage.pitch).await.unwrap();
    let mut reminded = Vec::new();
    for day in 1..=20 {
        platform.clock.advance(TimeDelta::days(1));
        if day == 6 {
            service::decline(&stage.alex, answered, "Not this year.").await.unwrap();
        }
        let (one, two) = tokio::join!(service::remind(platform), service::remind(platform));
        let sent = one.unwrap() + two.unwrap();
        if sent > 0 {
            reminded.push((day, sent));
        }
    }
    assert_eq!(reminded, [(5, 2), (7, 1), (9, 1)]);
    people::work(platform).await;
    let folder = platform.mail.folder().unwrap();
    let letters = shelf::list(folder, Some("alex@creator.test")).await.unwrap();
    let of = |name: &str| {
        letters.iter().filter(|l| l.subject.contains("still waits") && l.subject.starts_with(name)).count()
    };
    assert_eq!((of("sarah"), of("eve")), (3, 1));
}
