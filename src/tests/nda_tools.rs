//! The owner's tools: several decisions at once, approval in advance, figures; and that evidence outlives the pitch.

use axum::http::StatusCode;
use chrono::TimeDelta;
use sqlx::PgPool;

use super::{
    app::TestApp,
    nda_templates::{ask, form, sign, text},
    people, projects,
};
use crate::{
    accounts::door::Caller,
    ndas::{
        advances, bulk, figures,
        model::{NdaStatus, Side, Step, Tab},
        own_templates,
        owner_model::{Figures, Month},
        reads,
        service::{self, ApproveForm},
    },
    platform::{Platform, mail::shelf},
    shared::{
        error::{AppError, Refusal},
        ids::{NdaId, PitchId},
    },
};

fn refused<T: std::fmt::Debug>(result: Result<T, AppError>) -> Refusal {
    result.unwrap_err().refusal
}

async fn status(platform: &Platform, nda: NdaId) -> NdaStatus {
    let word: String =
        sqlx::query_scalar("select status from ndas where id = $1").bind(nda.0).fetch_one(&platform.db).await.unwrap();
    word.parse().unwrap()
}

async fn count(platform: &Platform, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&platform.db).await.unwrap()
}

/// An owner's form for any of the requests that wait for them.
async fn for_all(owner: &Caller) -> ApproveForm {
    let offer = reads::received(owner, Tab::Waiting, None, None).await.unwrap().offer.unwrap();
    ApproveForm { full_legal_name: "Alexandra Moreno".into(), template_shown: offer.shown(), ..ApproveForm::default() }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn several_requests_are_decided_together_each_by_itself(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let carol = people::creator(&platform, "carol").await;
    let (salt, glass) = (projects::published(&alex, "Salt").await, projects::published(&alex, "Glass").await);
    let hers = projects::published(&carol, "Hers").await;
    let (sarah, eve) = (people::investor(&platform, "sarah").await, people::investor(&platform, "eve").await);
    let (one, two, gone) = (ask(&sarah, salt).await, ask(&sarah, glass).await, ask(&eve, salt).await);
    let foreign = ask(&eve, hers).await;
    service::withdraw(&eve, gone).await.unwrap();

    let form = for_all(&alex).await;
    let nothing = bulk::approve(&alex, &[foreign], &ApproveForm::default()).await;
    assert_eq!(refused(nothing), Refusal::NotFound, "somebody else's, before anything typed is looked at");
    let unnamed = bulk::approve(&alex, &[one, two], &ApproveForm::default()).await.unwrap_err();
    assert!(unnamed.on_field("full_legal_name").is_some());
    let mut stale = alex.clone();
    stale.viewer.fresh = false;
    assert!(bulk::approve(&stale, &[one, two], &form).await.unwrap_err().on_field("password").is_some());
    assert_eq!(count(&platform, "select count(*) from nda_signatures").await, 0);

    let outcome = bulk::approve(&alex, &[one, two, gone, foreign], &form).await.unwrap();
    assert_eq!(outcome.done, [one, two]);
    let why: Vec<_> = outcome.not_done.iter().map(|(id, error)| (*id, error.refusal)).collect();
    assert_eq!(why, [(gone, Refusal::Conflict), (foreign, Refusal::NotFound)]);
    assert_eq!(count(&platform, "select count(*) from nda_signatures where party = 'owner'").await, 2);
    assert_eq!(count(&platform, "select count(*) from events where kind = 'nda.approved'").await, 2);
    sign(&sarah, one).await;

    let ids = [one, two, gone, foreign].map(|id| id.to_string()).join(",");
    let told = bulk::decided(&alex, Step::Approve, &ids).await.unwrap();
    assert_eq!((told.done, told.not_done.len()), (2, 1), "and nothing of what is not theirs");
    assert!(told.not_done[0].why.contains("withdrawn"), "{:?}", told.not_done);
    let others = bulk::decided(&carol, Step::Approve, &ids).await.unwrap();
    assert_eq!((others.done, others.not_done.len()), (0, 1), "her own one, which she did not decide");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn requests_are_ticked_and_declined_without_a_script(db: PgPool) {
    let app = TestApp::new(db).await;
    let platform = &app.platform;
    let alex = people::creator(platform, "alex").await;
    let pitch = projects::published(&alex, "Salt").await;
    let mut ndas = Vec::new();
    for name in ["sarah", "eve", "fay"] {
        ndas.push(ask(&people::investor(platform, name).await, pitch).await);
    }
    let browser = app.signed_in("alex@creator.test").await;
    let page = "/creator/ndas";
    let inbox = browser.get(page).await.body;
    assert!(inbox.contains("Decide several at once") && !inbox.contains(" checked"), "nothing is ticked before");

    let answer = browser.submit(page, "/api/ndas/decline-many", &[("reason", "It is sold.")]).await;
    assert_eq!(answer.location.as_deref(), Some(page));
    assert!(browser.get(page).await.body.contains("Please tick the requests"));

    let (first, second) = (format!("nda_{}", ndas[0]), format!("nda_{}", ndas[1]));
    let ticked = [(first.as_str(), "true"), (second.as_str(), "true")];
    let answer = browser.submit(page, "/api/ndas/decline-many", &ticked).await;
    assert_eq!(answer.location.as_deref(), Some(page));
    let again = browser.get(page).await.body;
    assert!(
        again.contains("Please give a reason") && again.matches(" checked").count() == 2,
        "ticks are kept: {again}"
    );

    let with_reason = [ticked[0], ticked[1], ("reason", "It is sold.")];
    let answer = browser.submit(page, "/api/ndas/decline-many", &with_reason).await;
    let told = answer.location.unwrap();
    assert!(told.starts_with("/creator/ndas?tab=waiting&decline="), "{told}");
    assert!(browser.get(&told).await.body.contains("2 requests were declined."));
    assert_eq!(status(platform, ndas[0]).await, NdaStatus::Declined);
    assert_eq!(status(platform, ndas[2]).await, NdaStatus::Requested);

    // All of the page, without a tick for each.
    let dan = people::investor(platform, "dan").await;
    let late = ask(&dan, pitch).await;
    let listed = format!("{},{late}", ndas[2]);
    let shown = for_all(&alex).await.template_shown;
    let all = [
        ("all_on_this_page", "true"),
        ("listed", listed.as_str()),
        ("full_legal_name", "Alexandra Moreno"),
        ("template_shown", &shown),
    ];
    let answer = browser.submit(page, "/api/ndas/approve-many", &all).await;
    assert!(browser.get(&answer.location.unwrap()).await.body.contains("2 requests were approved."));
    assert_eq!(status(platform, late).await, NdaStatus::Approved);
}

/// The form by which an owner signs in advance, as the page of `pitch` gives it.
async fn in_advance(owner: &Caller, pitch: PitchId) -> ApproveForm {
    let offer = advances::of_pitch(owner, pitch, None).await.unwrap().offer;
    ApproveForm {
        full_legal_name: "Alexandra Moreno".into(),
        term_in_days: "90".into(),
        extra_terms: "No screenings.".into(),
        template_shown: offer.shown(),
        ..ApproveForm::default()
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_signature_given_in_advance_answers_verified_buyers_until_it_is_ended(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, sarah) = (people::creator(&platform, "alex").await, people::investor(&platform, "sarah").await);
    let eve = people::investor(&platform, "eve").await;
    let pitch = projects::published(&alex, "Salt").await;
    let waiting = ask(&eve, pitch).await;
    advances::give(&alex, pitch, &in_advance(&alex, pitch).await, true).await.unwrap();
    assert_eq!(status(&platform, waiting).await, NdaStatus::Requested, "who asked before waits for a decision");
    let given = advances::of_pitch(&alex, pitch, None).await.unwrap().advance.unwrap();
    assert_eq!(
        (given.legal_name.as_str(), given.term_days, given.used, given.works),
        ("Alexandra Moreno", 90, 0, true)
    );

    platform.clock.advance(TimeDelta::days(3));
    let mut elsewhere = sarah.clone();
    elsewhere.client.address = "198.51.100.9".into();
    let nda = ask(&elsewhere, pitch).await;
    assert_eq!(status(&platform, nda).await, NdaStatus::Approved);
    let view = reads::one(&sarah, nda, None).await.unwrap();
    for said in ["90 days", "> No screenings.", "Alexandra Moreno", "by a signature given in advance on", "alex Tester"]
    {
        assert!(view.text.body.contains(said), "{said}");
    }
    sign(&sarah, nda).await;
    let view = reads::one(&sarah, nda, None).await.unwrap();
    let owner = view.signatures.iter().find(|s| s.party == Side::Owner).unwrap();
    assert_eq!(owner.given_at, Some(given.at));
    assert_eq!((owner.address.as_str(), owner.email.as_str()), ("203.0.113.7", "alex@creator.test"));
    assert!(view.signatures.iter().find(|s| s.party == Side::Requester).unwrap().given_at.is_none());

    people::work(&platform).await;
    assert!(reads::one(&alex, nda, None).await.unwrap().sealed.is_some());
    let folder = platform.mail.folder().unwrap();
    let letters = shelf::list(folder, Some("alex@creator.test")).await.unwrap();
    let of_sarah: Vec<_> = letters.iter().map(|l| l.subject.as_str()).filter(|s| s.contains("sarah")).collect();
    assert_eq!(of_sarah, ["sarah Tester was approved automatically for “Salt”"]);
    let notices: Vec<String> = sqlx::query_scalar(
        "select title from notifications where account_id = $1 and title like 'sarah%' order by title",
    )
    .bind(alex.viewer.id.0)
    .fetch_all(&platform.db)
    .await
    .unwrap();
    assert_eq!(
        notices,
        ["sarah Tester asked for “Salt” and was approved automatically", "sarah Tester signed the NDA for “Salt”"]
    );

    advances::end(&alex, pitch).await.unwrap();
    assert_eq!(refused(advances::end(&alex, pitch).await), Refusal::Conflict);
    let fay = people::investor(&platform, "fay").await;
    let late = ask(&fay, pitch).await;
    assert_eq!(status(&platform, late).await, NdaStatus::Requested);
    let kept = "select count(*) from events where kind in ('nda_advance.given', 'nda_advance.ended')";
    assert_eq!(count(&platform, kept).await, 2);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_signature_in_advance_needs_consent_a_name_the_text_and_who_it_is(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, carol) = (people::creator(&platform, "alex").await, people::creator(&platform, "carol").await);
    let pitch = projects::published(&alex, "Salt").await;
    let template = own_templates::create(&alex, "Mine", &text("First.")).await.unwrap();
    advances::set_template(&alex, pitch, &template.to_string()).await.unwrap();
    let form = in_advance(&alex, pitch).await;
    assert_eq!(refused(advances::give(&carol, pitch, &form, true).await), Refusal::NotFound);
    assert_eq!(refused(advances::end(&carol, pitch).await), Refusal::NotFound);
    assert_eq!(refused(advances::of_pitch(&carol, pitch, None).await), Refusal::NotFound);
    let error = advances::give(&alex, pitch, &ApproveForm::default(), false).await.unwrap_err();
    assert!(error.on_field("agree_electronic").is_some() && error.on_field("full_legal_name").is_some());
    let mut stale = alex.clone();
    stale.viewer.fresh = false;
    assert!(advances::give(&stale, pitch, &form, true).await.unwrap_err().on_field("password").is_some());
    let mut unverified = alex.clone();
    unverified.viewer.email_verified = false;
    assert_eq!(refused(advances::give(&unverified, pitch, &form, true).await), Refusal::Forbidden);
    own_templates::edit(&alex, template, 1, "Mine", &text("Second.")).await.unwrap();
    assert_eq!(refused(advances::give(&alex, pitch, &form, true).await), Refusal::Conflict, "another text");
    assert_eq!(count(&platform, "select count(*) from nda_advances").await, 0);

    advances::give(&alex, pitch, &in_advance(&alex, pitch).await, true).await.unwrap();
    own_templates::edit(&alex, template, 2, "Mine", &text("Third.")).await.unwrap();
    let standing = advances::of_pitch(&alex, pitch, None).await.unwrap().advance.unwrap();
    assert_eq!((standing.template.version, standing.newer_version), (2, Some(3)));
    let sarah = people::investor(&platform, "sarah").await;
    let nda = ask(&sarah, pitch).await;
    assert!(
        reads::one(&sarah, nda, None).await.unwrap().text.body.contains("Second."),
        "what was signed, not what came after"
    );
    own_templates::archive(&alex, template).await.unwrap();
    assert!(advances::of_pitch(&alex, pitch, None).await.unwrap().advance.is_none(), "put away with its template");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_signature_in_advance_answers_nothing_once_the_platforms_own_words_are_others(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let pitch = projects::published(&alex, "Salt").await;
    advances::give(&alex, pitch, &in_advance(&alex, pitch).await, true).await.unwrap();
    assert!(!advances::of_pitch(&alex, pitch, None).await.unwrap().advance.unwrap().outdated);
    // As if it had been given before the closing words or the clause on the law were changed; or before they were recorded.
    for words in ["sha256('other words')", "null"] {
        let change = format!("update nda_advances set text_sha256 = {words}");
        sqlx::query(sqlx::AssertSqlSafe(change)).execute(&platform.db).await.unwrap();
        assert!(advances::of_pitch(&alex, pitch, None).await.unwrap().advance.unwrap().outdated);
        let buyer = people::investor(&platform, &format!("buyer{}", words.len())).await;
        let nda = ask(&buyer, pitch).await;
        assert_eq!(status(&platform, nda).await, NdaStatus::Requested, "{words}");
        people::work(&platform).await;
        assert!(
            people::latest_mail(&platform, "alex@creator.test").await.contains("sign anew"),
            "and the owner is told"
        );
    }
    advances::end(&alex, pitch).await.unwrap();
    advances::give(&alex, pitch, &in_advance(&alex, pitch).await, true).await.unwrap();
    let nda = ask(&people::investor(&platform, "sarah").await, pitch).await;
    assert_eq!(status(&platform, nda).await, NdaStatus::Approved, "until it is given again");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn many_requests_are_folded_and_one_stays_open_after_a_refusal(db: PgPool) {
    let app = TestApp::new(db).await;
    let alex = people::creator(&app.platform, "alex").await;
    let pitch = projects::published(&alex, "Salt").await;
    let mut ndas = Vec::new();
    let browser = app.signed_in("alex@creator.test").await;
    let page = "/creator/ndas";
    let folded = |body: &str| body.matches("<details class=\"nda-decide\">").count();
    for (name, expected) in [("sarah", 0), ("eve", 0), ("tom", 0), ("ann", 4)] {
        ndas.push(ask(&people::investor(&app.platform, name).await, pitch).await.to_string());
        assert_eq!(folded(&browser.get(page).await.body), expected);
    }
    let fields = [("nda_id", ndas[0].as_str()), ("extra_terms", "No screenings."), ("term_in_days", "5")];
    browser.submit(page, "/api/ndas/approve", &fields).await;
    let again = browser.get(page).await.body;
    assert_eq!(folded(&again), 3, "{again}");
    assert!(again.contains("No screenings.") && again.contains("from 30 to 1095"), "{again}");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn nobody_unverified_nothing_unpublished_and_no_seat_that_was_lost_is_answered_in_advance(db: PgPool) {
    let platform = people::platform(db).await;
    let stella = people::production(&platform, "stella").await;
    let pitch = projects::published(&stella, "Glass").await;
    advances::give(&stella, pitch, &in_advance(&stella, pitch).await, true).await.unwrap();
    let mut unverified = people::investor(&platform, "eve").await;
    unverified.viewer.buyer_verified = false;
    let asked = service::request(&unverified, pitch, "To read.", "").await;
    assert_eq!(refused(asked), Refusal::Forbidden);
    let sarah = people::investor(&platform, "sarah").await;
    projects::set_status(&stella, pitch, "draft").await;
    assert_eq!(refused(service::request(&sarah, pitch, "To read.", "").await), Refusal::NotFound);
    projects::set_status(&stella, pitch, "published").await;
    let nda = ask(&sarah, pitch).await;
    assert_eq!(status(&platform, nda).await, NdaStatus::Approved);
    let text = reads::one(&sarah, nda, None).await.unwrap().text.body;
    assert!(text.contains("stella Pictures, represented by stella Tester"), "{text}");

    for sql in ["update seats set role = 'viewer'", "delete from seats"] {
        sqlx::query(sql).execute(&platform.db).await.unwrap();
        let buyer = people::investor(&platform, &format!("buyer{}", sql.len())).await;
        let late = ask(&buyer, pitch).await;
        assert_eq!(status(&platform, late).await, NdaStatus::Requested, "{sql}");
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_request_and_the_end_of_automatic_approval_at_once_leave_no_half_state(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, sarah) = (people::creator(&platform, "alex").await, people::investor(&platform, "sarah").await);
    let pitch = projects::published(&alex, "Salt").await;
    let form = in_advance(&alex, pitch).await;
    let (one, two) = tokio::join!(advances::give(&alex, pitch, &form, true), advances::give(&alex, pitch, &form, true));
    assert!(one.is_ok() || two.is_ok());
    assert_eq!(count(&platform, "select count(*) from nda_advances where ended_at is null").await, 1);
    let (asked, ended) = tokio::join!(service::request(&sarah, pitch, "To read.", ""), advances::end(&alex, pitch));
    ended.unwrap();
    let nda = asked.unwrap().nda;
    let signatures = count(&platform, "select count(*) from nda_signatures").await;
    let approved = status(&platform, nda).await == NdaStatus::Approved;
    assert_eq!(signatures, i64::from(approved));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn automatic_approval_is_turned_on_and_off_on_the_projects_page_without_a_script(db: PgPool) {
    let app = TestApp::new(db).await;
    let alex = people::creator(&app.platform, "alex").await;
    let (pitch, _) = super::pitches::published(&alex, "Salt").await;
    let browser = app.signed_in("alex@creator.test").await;
    let (page, id) = (format!("/creator/pitches/{pitch}"), pitch.to_string());
    let shown = browser.get(&page).await.body;
    assert!(shown.contains("Approve verified buyers automatically") && !shown.contains("Turn off"), "{shown}");
    let form = in_advance(&alex, pitch).await;
    let fields = [
        ("pitch_id", id.as_str()),
        ("full_legal_name", "Alexandra Moreno"),
        ("template_shown", &form.template_shown),
        ("agree_electronic", "true"),
    ];
    let unticked = browser.submit(&page, "/api/ndas/approve-in-advance", &fields[..3]).await;
    assert_eq!(unticked.location.as_deref(), Some(page.as_str()));
    assert!(browser.get(&page).await.body.contains("Please tick this to sign electronically"));
    browser.submit(&page, "/api/ndas/approve-in-advance", &fields).await;
    let on = browser.get(&page).await.body;
    assert!(on.contains("Turn off") && on.contains("Alexandra Moreno"), "{on}");
    browser.submit(&page, "/api/ndas/end-advance", &[("pitch_id", &id)]).await;
    assert!(!browser.get(&page).await.body.contains("Turn off"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn figures_count_what_happened_to_ones_own_and_nothing_else(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, carol) = (people::creator(&platform, "alex").await, people::creator(&platform, "carol").await);
    assert_eq!(figures::of_owner(&alex).await.unwrap().overall.requests, 0);
    let (salt, glass) = (projects::published(&alex, "Salt").await, projects::published(&alex, "Glass").await);
    let hers = projects::published(&carol, "Hers").await;
    let buyer = async |name: &str| people::investor(&platform, name).await;
    let (a, b, c, d) = (buyer("ann").await, buyer("bea").await, buyer("cat").await, buyer("dee").await);
    let (signed, declined, lapsed, open) =
        (ask(&a, salt).await, ask(&b, salt).await, ask(&c, salt).await, ask(&d, glass).await);
    ask(&d, hers).await;
    platform.clock.advance(TimeDelta::hours(2));
    service::approve(&alex, signed, &form(&alex, signed, None).await).await.unwrap();
    platform.clock.advance(TimeDelta::hours(2));
    service::decline(&alex, declined, "No.").await.unwrap();
    sign(&a, signed).await;
    platform.clock.advance(TimeDelta::hours(2));
    service::approve(&alex, lapsed, &form(&alex, lapsed, None).await).await.unwrap();
    platform.clock.advance(TimeDelta::days(15));
    service::lapse_and_expire(&platform).await.unwrap();

    let Figures { overall, pitches } = figures::of_owner(&alex).await.unwrap();
    assert_eq!((overall.requests, overall.decided, overall.approved), (4, 3, 2));
    assert_eq!((overall.to_decision, overall.to_signature), (Some(4 * 3_600), Some(2 * 3_600)), "medians");
    assert_eq!(overall.months.len(), 12);
    let sums = |count: fn(&Month) -> i64| overall.months.iter().map(count).sum::<i64>();
    assert_eq!([sums(|m| m.signed), sums(|m| m.declined), sums(|m| m.lapsed), sums(|m| m.revoked)], [1, 1, 1, 0]);
    let by_pitch: Vec<_> = pitches.iter().map(|(title, s)| (title.as_str(), s.requests, s.approved)).collect();
    assert_eq!(by_pitch, [("Salt", 3, 2), ("Glass", 1, 0)]);
    assert!(pitches[1].1.months.iter().all(|m| *m == Month { name: m.name.clone(), ..Month::default() }));
    assert_eq!(figures::of_owner(&carol).await.unwrap().overall.requests, 1);
    assert_eq!(status(&platform, open).await, NdaStatus::Requested);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_next_request_waits_a_day_after_a_no_and_not_at_all_after_a_lapse_or_an_expiry(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, sarah) = (people::creator(&platform, "alex").await, people::investor(&platform, "sarah").await);
    for end in [NdaStatus::Declined, NdaStatus::Withdrawn, NdaStatus::Revoked, NdaStatus::Lapsed, NdaStatus::Expired] {
        // Ten a day are enough; these are days apart.
        platform.clock.advance(TimeDelta::days(2));
        let pitch = projects::published(&alex, &format!("Salt {end}")).await;
        let nda = ask(&sarah, pitch).await;
        if !matches!(end, NdaStatus::Declined | NdaStatus::Withdrawn) {
            service::approve(&alex, nda, &form(&alex, nda, None).await).await.unwrap();
        }
        match end {
            NdaStatus::Declined => service::decline(&alex, nda, "No.").await.unwrap(),
            NdaStatus::Withdrawn => service::withdraw(&sarah, nda).await.unwrap(),
            NdaStatus::Lapsed => platform.clock.advance(TimeDelta::days(14)),
            NdaStatus::Expired => {
                sign(&sarah, nda).await;
                platform.clock.advance(TimeDelta::days(365));
            }
            _ => {
                sign(&sarah, nda).await;
                service::revoke(&alex, nda, "It is sold.").await.unwrap();
            }
        }
        let at_once = service::request(&sarah, pitch, "Again.", "").await;
        let rests = matches!(end, NdaStatus::Declined | NdaStatus::Withdrawn | NdaStatus::Revoked);
        assert_eq!(at_once.is_err(), rests, "{end}");
        if rests {
            platform.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
            assert_eq!(refused(service::request(&sarah, pitch, "Again.", "").await), Refusal::Conflict, "{end}");
            platform.clock.advance(TimeDelta::seconds(1));
            ask(&sarah, pitch).await;
        }
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn both_sides_open_their_nda_after_the_pitch_was_deleted(db: PgPool) {
    let app = TestApp::new(db).await;
    let platform = &app.platform;
    let (alex, sarah) = (people::creator(platform, "alex").await, people::investor(platform, "sarah").await);
    let (pitch, slug) = super::pitches::published(&alex, "Salt").await;
    let nda = ask(&sarah, pitch).await;
    service::approve(&alex, nda, &form(&alex, nda, None).await).await.unwrap();
    sign(&sarah, nda).await;
    people::work(platform).await;
    crate::pitches::service::delete(&alex, pitch, "Salt").await.unwrap();
    people::work(platform).await;

    assert_eq!(status(platform, nda).await, NdaStatus::Signed);
    let evidence = reads::one(&sarah, nda, None).await.unwrap();
    assert_eq!(evidence.signatures.len(), 2);
    for (email, reader) in [("alex@creator.test", &alex), ("sarah@investor.test", &sarah)] {
        let browser = app.signed_in(email).await;
        let page = browser.get(&format!("/ndas/{nda}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Alexandra Moreno") && page.body.contains("Download the PDF"));
        assert!(!page.body.contains(&format!("href=\"/pitch/{slug}")), "no link to what is not there");
        let paper = evidence.sealed.as_ref().unwrap().file;
        assert_eq!(browser.get(&format!("/files/{paper}")).await.status, StatusCode::OK, "{email}");
        assert!(!reads::one(reader, nda, None).await.unwrap().pitch_readable);
    }
    assert!(matches!(reads::panel(&sarah.visitor(), pitch).await, Err(e) if e.refusal == Refusal::NotFound));
    assert_eq!(reads::received(&alex, Tab::Active, None, None).await.unwrap().page.items.len(), 1);
}
