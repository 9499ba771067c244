//! Submission releases: who offers, signs, reads and ends; and that two at once are one.

use axum::http::StatusCode;
use futures::TryStreamExt;
use sqlx::PgPool;

use super::{
    app::{Answer, Browser, TestApp},
    files, people, projects,
};
use crate::{
    accounts::door::Caller,
    audit,
    ndas::{
        self,
        model::{Side, Tab},
        own_templates,
        owner_model::TemplateKind,
        service::SignForm,
    },
    pitches,
    platform::{Platform, mail::shelf},
    releases::{
        model::{ReleasePanel, ReleaseStatus, ReleaseStep},
        reads, sealing,
        service::{self, OfferForm},
    },
    shared::{
        error::{AppError, Refusal},
        ids::{PitchId, ReleaseId, TemplateId},
    },
};

fn refused<T: std::fmt::Debug>(result: Result<T, AppError>) -> Refusal {
    result.unwrap_err().refusal
}

fn ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

/// What a company types, having seen the text of `template`, or the standard one.
async fn form(company: &Caller, pitch: PitchId, template: Option<TemplateId>) -> OfferForm {
    let panel = reads::panel(&company.visitor(), pitch, template).await.unwrap();
    let ReleasePanel::MayOffer { offer, .. } = panel else { panic!("{panel:?}") };
    let signs = offer.signs(Some(pitch));
    OfferForm {
        full_legal_name: "Stella Maria Tester".into(),
        extra_terms: "No screenings.".into(),
        message_with_the_offer: "We loved the logline.".into(),
        template_id: signs.template_id,
        template_shown: signs.template_shown,
        password: None,
    }
}

async fn offer(company: &Caller, pitch: PitchId) -> ReleaseId {
    let form = form(company, pitch, None).await;
    service::offer(company, pitch, &form).await.unwrap()
}

/// Opens the page, and types what signs the text on it.
async fn signature(owner: &Caller, release: ReleaseId) -> SignForm {
    SignForm {
        agree_electronic: true,
        full_legal_name: "Alexandra Moreno".into(),
        document_sha256: reads::one(owner, release).await.unwrap().text.sha256.unwrap(),
        password: None,
    }
}

async fn sign(owner: &Caller, release: ReleaseId) {
    service::sign(owner, release, &signature(owner, release).await).await.unwrap();
}

async fn status(platform: &Platform, release: ReleaseId) -> ReleaseStatus {
    let word: String = sqlx::query_scalar("select status from releases where id = $1")
        .bind(release.0)
        .fetch_one(&platform.db)
        .await
        .unwrap();
    word.parse().unwrap()
}

async fn count(platform: &Platform, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&platform.db).await.unwrap()
}

/// Gives `person` a seat in the company of `owner`, as of their next request.
async fn seated(person: &Caller, owner: &Caller, role: &str) -> Caller {
    sqlx::query("update seats set organisation_id = $1, role = $2 where account_id = $3")
        .bind(owner.viewer.organisation().unwrap().0)
        .bind(role)
        .bind(person.viewer.id.0)
        .execute(&person.platform.db)
        .await
        .unwrap();
    people::caller(&person.platform, person.viewer.id).await
}

/// Alex's project "Salt" and Stella's company, which would like to read it.
struct Stage {
    platform: Platform,
    alex: Caller,
    stella: Caller,
    pitch: PitchId,
}

async fn stage(platform: &Platform) -> Stage {
    let alex = people::creator(platform, "alex").await;
    let stella = people::production(platform, "stella").await;
    let pitch = projects::published(&alex, "Salt").await;
    Stage { platform: platform.clone(), alex, stella, pitch }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_release_is_offered_signed_and_ended_and_everything_is_recorded(db: PgPool) {
    let Stage { platform, alex, stella, pitch } = stage(&people::platform(db).await).await;
    let release = offer(&stella, pitch).await;
    let view = reads::one(&alex, release).await.unwrap();
    assert_eq!((view.card.side, view.can.as_slice()), (Side::Owner, &[ReleaseStep::Sign, ReleaseStep::Refuse][..]));
    for said in ["\"Salt\"", "stella Pictures", "Stella Maria Tester", "alex Tester", "> No screenings."] {
        assert!(view.text.body.contains(said), "{said}");
    }
    assert!(!view.text.body.contains("loved the logline"), "the note is no part of it");
    assert!(view.signatures.is_empty(), "the company's email and address are shown once both have signed");
    let sha256 = view.text.sha256.clone().unwrap();
    service::read_to_end(&alex, release, &sha256).await.unwrap();
    sign(&alex, release).await;

    let after = reads::one(&alex, release).await.unwrap();
    assert_eq!(after.text, view.text, "what was signed is what was shown");
    assert_eq!((after.card.status, after.can.as_slice()), (ReleaseStatus::Signed, &[ReleaseStep::End][..]));
    let parties: Vec<_> = after.signatures.iter().map(|s| (s.party, s.legal_name.as_str(), s.email.as_str())).collect();
    let company = (Side::Requester, "Stella Maria Tester", "stella@production.test");
    assert_eq!(parties, [company, (Side::Owner, "Alexandra Moreno", "alex@creator.test")]);
    assert!(after.openings.iter().all(|o| o.party == Side::Owner && o.read_to_end_at.is_some()));
    assert!(after.card.thread.is_some(), "a conversation between the two is open");

    people::work(&platform).await;
    service::end(&stella, release, "We passed.").await.unwrap();
    people::work(&platform).await;
    let ended = reads::one(&alex, release).await.unwrap();
    assert_eq!((ended.card.status, ended.card.ended_by), (ReleaseStatus::Ended, Some(Side::Requester)));
    assert!(ended.can.is_empty() && ended.sealed.is_some(), "its paper stays");
    let kinds: Vec<String> = sqlx::query_scalar("select kind from audit_entries where subject_id = $1 order by seq")
        .bind(release.0)
        .fetch_all(&platform.db)
        .await
        .unwrap();
    assert_eq!(kinds, ["release.offered", "release.signed", "release.sealed", "release.ended"]);
    audit::service::verify(&platform).await.unwrap().unwrap();
    let letter = people::latest_mail(&platform, "alex@creator.test").await;
    assert!(
        letter.contains("We passed.") && letter.contains("the duties about what was shown before go on"),
        "{letter}"
    );
    let told: Vec<String> = sqlx::query_scalar("select title from notifications where account_id = $1 order by id")
        .bind(alex.viewer.id.0)
        .fetch_all(&platform.db)
        .await
        .unwrap();
    let ended = "The submission release of stella Pictures for “Salt” has ended";
    assert_eq!(told, ["stella Pictures offers its submission release for “Salt”", ended]);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn only_a_verified_companys_owner_or_editor_offers_and_only_on_projects_of_others(db: PgPool) {
    let app = TestApp::new(db).await;
    let Stage { platform, alex, stella, pitch } = stage(&app.platform).await;
    people::investor(&platform, "sarah").await;
    let fields = [("pitch_id", &*pitch.to_string()), ("full_legal_name", "Some Body")];
    for (who, status) in [("sarah@investor.test", StatusCode::FORBIDDEN), ("alex@creator.test", StatusCode::FORBIDDEN)]
    {
        let answer = app.signed_in(who).await.post("/api/releases/offer", &fields).await;
        assert_eq!(answer.status, status, "{who}: {}", answer.body);
    }
    let typed = form(&stella, pitch, None).await;
    let vi = seated(&people::production(&platform, "vi").await, &stella, "viewer").await;
    assert_eq!(refused(service::offer(&vi, pitch, &typed).await), Refusal::Forbidden);
    let panel = reads::panel(&vi.visitor(), pitch, None).await.unwrap();
    assert!(matches!(panel, ReleasePanel::ReadsAlong { .. }), "{panel:?}");
    let own = projects::published(&stella, "Glass").await;
    assert_eq!(refused(service::offer(&stella, own, &typed).await), Refusal::Forbidden);
    let mut unverified = stella.clone();
    unverified.viewer.buyer_verified = false;
    assert_eq!(refused(service::offer(&unverified, pitch, &typed).await), Refusal::Forbidden);

    let nameless = OfferForm { full_legal_name: " ".into(), ..typed.clone() };
    assert!(service::offer(&stella, pitch, &nameless).await.unwrap_err().on_field("full_legal_name").is_some());
    let mut stale = stella.clone();
    stale.viewer.fresh = false;
    assert!(service::offer(&stale, pitch, &typed).await.unwrap_err().on_field("password").is_some());
    projects::set_status(&alex, pitch, "draft").await;
    assert_eq!(refused(service::offer(&stella, pitch, &typed).await), Refusal::NotFound);
    projects::set_status(&alex, pitch, "published").await;
    assert_eq!(count(&platform, "select count(*) from releases").await, 0);

    let ed = seated(&people::production(&platform, "ed").await, &stella, "editor").await;
    let release = offer(&ed, pitch).await;
    assert_eq!(refused(service::offer(&stella, pitch, &typed).await), Refusal::Conflict, "one per company");
    service::withdraw(&stella, release).await.unwrap();
    assert_eq!(status(&platform, release).await, ReleaseStatus::Withdrawn);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn each_step_is_for_its_own_side_and_a_strangers_answer_is_not_there(db: PgPool) {
    let Stage { platform, alex, stella, pitch } = stage(&people::platform(db).await).await;
    let (dan, carol) = (people::production(&platform, "dan").await, people::creator(&platform, "carol").await);
    let sarah = people::investor(&platform, "sarah").await;
    let release = offer(&stella, pitch).await;
    for stranger in [&dan, &carol, &sarah] {
        assert_eq!(refused(reads::one(stranger, release).await), Refusal::NotFound);
        assert_eq!(refused(service::sign(stranger, release, &SignForm::default()).await), Refusal::NotFound);
        assert_eq!(refused(service::refuse(stranger, release, "").await), Refusal::NotFound);
        assert_eq!(refused(service::withdraw(stranger, release).await), Refusal::NotFound);
        assert_eq!(refused(service::end(stranger, release, "").await), Refusal::NotFound);
        assert_eq!(refused(service::read_to_end(stranger, release, "").await), Refusal::NotFound);
    }
    assert_eq!(refused(service::sign(&stella, release, &SignForm::default()).await), Refusal::Forbidden);
    assert_eq!(refused(service::refuse(&stella, release, "No.").await), Refusal::Forbidden);
    assert_eq!(refused(service::withdraw(&alex, release).await), Refusal::Forbidden);
    assert_eq!(refused(service::end(&alex, release, "No.").await), Refusal::Conflict, "not signed yet");

    // A seat that reads along sees it and moves nothing; who lost the seat sees nothing.
    let vi = seated(&people::production(&platform, "vi").await, &stella, "viewer").await;
    assert!(reads::one(&vi, release).await.unwrap().can.is_empty());
    assert_eq!(refused(service::withdraw(&vi, release).await), Refusal::Forbidden);
    let gone = seated(&vi, &dan, "viewer").await;
    assert_eq!(refused(reads::one(&gone, release).await), Refusal::NotFound);

    assert!(service::refuse(&alex, release, " ").await.unwrap_err().on_field("reason").is_some());
    service::refuse(&alex, release, "Not on these terms.").await.unwrap();
    for late in [
        service::sign(&alex, release, &signature(&alex, release).await).await.map(drop),
        service::withdraw(&stella, release).await,
        service::end(&stella, release, "No.").await,
    ] {
        assert_eq!(refused(late), Refusal::Conflict);
    }
    let typed = OfferForm { full_legal_name: "Stella Tester".into(), ..OfferForm::default() };
    assert_eq!(refused(service::offer(&stella, pitch, &typed).await), Refusal::Conflict, "a no rests for a day");
    platform.clock.advance(chrono::TimeDelta::hours(25));
    offer(&stella, pitch).await;
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_owner_signs_only_the_text_that_was_on_the_screen(db: PgPool) {
    let Stage { platform, alex, stella, pitch } = stage(&people::platform(db).await).await;
    let nowhere = ReleaseId::new();
    assert_eq!(
        refused(service::sign(&alex, nowhere, &SignForm::default()).await),
        Refusal::NotFound,
        "nothing offered"
    );
    let release = offer(&stella, pitch).await;
    let sha256 = reads::one(&stella, release).await.unwrap().text.sha256.unwrap();
    let whole = SignForm {
        agree_electronic: true,
        full_legal_name: "Alexandra Moreno".into(),
        document_sha256: sha256,
        password: None,
    };
    assert_eq!(refused(service::sign(&alex, release, &whole).await), Refusal::Conflict, "never opened");
    reads::one(&alex, release).await.unwrap();
    let other = SignForm { document_sha256: "00".repeat(32), ..whole.clone() };
    assert_eq!(refused(service::sign(&alex, release, &other).await), Refusal::Conflict, "another text");
    let unticked = SignForm { agree_electronic: false, ..whole.clone() };
    assert!(service::sign(&alex, release, &unticked).await.unwrap_err().on_field("agree_electronic").is_some());
    let mut stale = alex.clone();
    stale.viewer.fresh = false;
    assert!(service::sign(&stale, release, &whole).await.unwrap_err().on_field("password").is_some());
    assert_eq!(count(&platform, "select count(*) from release_signatures").await, 1);

    // Two at once: one signs.
    let (one, two) = tokio::join!(service::sign(&alex, release, &whole), service::sign(&alex, release, &whole));
    let won = [&one, &two].iter().filter(|r| r.is_ok()).count();
    let lost = [one, two].into_iter().filter_map(Result::err).map(|e| e.refusal).collect::<Vec<_>>();
    assert_eq!((won, lost), (1, vec![Refusal::Conflict]));
    assert_eq!(count(&platform, "select count(*) from release_signatures").await, 2);
    assert_eq!(count(&platform, "select count(*) from messages where author_id is null").await, 1);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn two_offers_of_one_company_at_once_are_one_and_ten_are_enough_for_a_day(db: PgPool) {
    let Stage { platform, alex, stella, pitch } = stage(&people::platform(db).await).await;
    let ed = seated(&people::production(&platform, "ed").await, &stella, "editor").await;
    let typed = form(&stella, pitch, None).await;
    let (one, two) = tokio::join!(service::offer(&stella, pitch, &typed), service::offer(&ed, pitch, &typed));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    for n in 1..10 {
        let next = projects::published(&alex, &format!("Project {n}")).await;
        service::offer(&ed, next, &typed).await.unwrap();
    }
    let eleventh = projects::published(&alex, "Another").await;
    assert_eq!(refused(service::offer(&stella, eleventh, &typed).await), Refusal::TooMany);
    let first = reads::list(&alex, Tab::Waiting, None).await.unwrap();
    assert_eq!((first.counts.offered, first.page.items.len()), (10, 10));
    assert_eq!(reads::waiting(&alex).await.unwrap()[0].pitch_title, "Salt", "oldest first");
    assert!(reads::waiting(&stella).await.unwrap().is_empty(), "it is the owner's turn");
}

const SECRET: &str = "the lighthouse keeper did it";

/// A published pitch of Alex's with a secret and a script behind its NDA; its slug, id and the script's address.
async fn with_script(alex: &Browser<'_>) -> (String, PitchId, String) {
    let text = "A lighthouse, a storm, and somebody who should not be there, told over one long night.";
    let fields = [
        ("title", "Salt"),
        ("logline", "A lighthouse and a storm."),
        ("genre", "drama"),
        ("format", "feature-film"),
        ("budget", "1m-5m"),
        ("stage", "script"),
        ("short_synopsis", text),
        ("long_synopsis", SECRET),
    ];
    let created = json(&alex.post("/api/pitches/create", &fields).await);
    let pitch = created["pitch_id"].as_str().unwrap();
    let uploaded = json(&files::upload(alex, pitch, "script", "salt.pdf", &crate::media::inspect::tests::pdf(3)).await);
    ok(&alex.post("/api/pitches/publish", &[("pitch_id", pitch)]).await);
    let script = format!("/read/{}/page/1", uploaded["file_id"].as_str().unwrap());
    (format!("/pitch/{}", created["slug"].as_str().unwrap()), pitch.parse().unwrap(), script)
}

fn json(answer: &Answer) -> serde_json::Value {
    ok(answer);
    serde_json::from_str(&answer.body).unwrap()
}

/// Whether this person reads what is behind the NDA, on the page and in the file.
async fn reads_it(browser: &Browser<'_>, page: &str, script: &str) -> bool {
    let in_page = browser.get(page).await.body.contains(SECRET);
    let in_file = browser.get(script).await.status == StatusCode::OK;
    assert_eq!(in_page, in_file, "page and file agree");
    in_page
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_signed_release_opens_the_nda_layer_to_the_companys_seats_until_it_ends(db: PgPool) {
    let app = TestApp::new(db).await;
    let platform = &app.platform;
    people::creator(platform, "alex").await;
    let stella = people::production(platform, "stella").await;
    let vi = seated(&people::production(platform, "vi").await, &stella, "viewer").await;
    people::production(platform, "dan").await;
    people::investor(platform, "sarah").await;
    let alex = app.signed_in("alex@creator.test").await;
    let (page, pitch, script) = with_script(&alex).await;
    let (company, seat) = (app.signed_in("stella@production.test").await, app.signed_in("vi@production.test").await);
    let others =
        [app.signed_in("dan@production.test").await, app.signed_in("sarah@investor.test").await, app.browser()];

    // Offered over HTTP, without a script: the page has the form, the answer leads to the release.
    let shown = company.get(&page).await.body;
    assert!(shown.contains("Offer your submission release") && shown.contains("Offer release"), "{shown}");
    for other in &others[1..] {
        assert!(!other.get(&page).await.body.contains("ubmission release"), "none of their business");
    }
    let named = [("pitch_id", &*pitch.to_string()), ("full_legal_name", "Stella Maria Tester")];
    let answer = company.submit(&page, "/api/releases/offer", &named).await;
    let release = answer.location.unwrap();
    let id = release.strip_prefix("/releases/").unwrap().to_string();
    for browser in [&company, &seat, &alex] {
        assert_eq!(browser.get(&release).await.status, StatusCode::OK);
        assert!(browser.get(&page).await.body.contains(&release), "the next act is on the project's page");
    }
    for other in &others {
        assert_ne!(other.get(&release).await.status, StatusCode::OK);
    }
    assert!(!reads_it(&company, &page, &script).await, "an offer opens nothing");

    let view = json(&alex.read(&format!("/api/releases/one?release_id={id}")).await);
    let signature = [
        ("release_id", id.as_str()),
        ("agree_electronic", "true"),
        ("full_legal_name", "Alexandra Moreno"),
        ("document_sha256", view["text"]["sha256"].as_str().unwrap()),
    ];
    let answer = alex.submit(&release, "/api/releases/sign", &signature).await;
    assert_eq!(answer.location.as_deref(), Some(release.as_str()));
    for browser in [&company, &seat] {
        assert!(reads_it(browser, &page, &script).await, "every seat reads");
    }
    for other in &others {
        assert!(!reads_it(other, &page, &script).await);
    }
    let asked = [("pitch_id", &*pitch.to_string()), ("question", "Is the keeper alive?")];
    ok(&seat.post("/api/questions/ask", &asked).await);
    // The owner is told by name who read, and by which right.
    ok(&seat.read(&format!("/api/reading/words?file_id={}&page=1", &script[6..42])).await);
    let readers = alex.read(&format!("/api/reading/readers?pitch_id={pitch}")).await.body;
    assert!(readers.contains("vi Tester") && readers.contains("stella Pictures"), "{readers}");
    assert!(
        count(platform, "select count(*) from file_views where release_id is not null and nda_id is null").await > 0
    );

    // A seat that is taken away, and everybody when it ends: with the next request.
    let dan = people::caller(platform, vi.viewer.id).await;
    sqlx::query("delete from seats where account_id = $1").bind(dan.viewer.id.0).execute(&platform.db).await.unwrap();
    assert!(!reads_it(&seat, &page, &script).await);
    assert!(reads_it(&company, &page, &script).await);
    let ending = [("release_id", id.as_str()), ("reason", "We changed our minds.")];
    ok(&alex.post("/api/releases/end", &ending).await);
    assert!(!reads_it(&company, &page, &script).await);
    let answer = company.post("/api/questions/ask", &asked).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
}

/// The stored bytes of a release's paper.
async fn paper(platform: &Platform, release: ReleaseId) -> Vec<u8> {
    let (body, _) = platform.storage.get(&format!("files/{release}"), None).await.unwrap();
    body.try_fold(Vec::new(), |mut all, chunk| async move {
        all.extend_from_slice(&chunk);
        Ok(all)
    })
    .await
    .unwrap()
}

async fn letters(platform: &Platform) -> Vec<String> {
    let all = shelf::list(platform.mail.folder().unwrap(), None).await.unwrap();
    let mut to: Vec<String> = all.into_iter().filter(|l| l.subject.ends_with("is signed")).map(|l| l.to).collect();
    to.sort();
    to
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_last_signature_makes_one_paper_for_both_sides_and_nobody_else(db: PgPool) {
    let app = TestApp::new(db).await;
    let Stage { platform, alex, stella, pitch } = stage(&app.platform).await;
    people::production(&platform, "dan").await;
    let release = offer(&stella, pitch).await;
    sign(&alex, release).await;
    sqlx::query("delete from graphile_worker._private_jobs").execute(&platform.db).await.unwrap();
    assert_eq!(sealing::look_after(&platform).await.unwrap(), 0, "not overdue yet");
    platform.clock.advance(chrono::TimeDelta::minutes(16));
    assert_eq!(sealing::look_after(&platform).await.unwrap(), 1, "a job that died is made up for");
    let bytes = paper(&platform, release).await;
    people::work(&platform).await;
    assert_eq!(letters(&platform).await, ["alex@creator.test", "stella@production.test"]);
    let (first, second) = tokio::join!(sealing::seal(&platform, release), sealing::seal(&platform, release));
    first.and(second).unwrap();
    people::work(&platform).await;
    assert_eq!(letters(&platform).await.len(), 2);

    // What a kill between the bytes and the commit leaves is made again, to the byte.
    for undo in ["delete from release_seals", "delete from files where media_type = 'application/pdf'"] {
        sqlx::query(undo).execute(&platform.db).await.unwrap();
    }
    sealing::seal(&platform, release).await.unwrap();
    assert_eq!(paper(&platform, release).await, bytes);

    // It outlives the release and the project, and /verify knows it.
    service::end(&alex, release, "Over.").await.unwrap();
    pitches::service::delete(&alex, pitch, "Untitled").await.unwrap();
    people::work(&platform).await;
    platform.clock.advance(chrono::TimeDelta::days(2));
    crate::media::jobs::sweep(&platform).await.unwrap();
    for party in ["alex@creator.test", "stella@production.test"] {
        let browser = app.signed_in(party).await;
        let answer = browser.get(&format!("/files/{release}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{party}");
        assert!(answer.body.starts_with("%PDF-"));
        assert_eq!(browser.get(&format!("/releases/{release}")).await.status, StatusCode::OK, "and its page");
        let page = check(&browser, &bytes).await.body;
        assert!(page.contains("Valid") && page.contains("Alexandra Moreno") && page.contains("The company"), "{page}");
    }
    for stranger in [app.browser(), app.signed_in("dan@production.test").await] {
        assert_eq!(stranger.get(&format!("/files/{release}")).await.status, StatusCode::NOT_FOUND);
        let page = check(&stranger, &bytes).await.body;
        assert!(page.contains("Valid") && !page.contains("Alexandra Moreno"), "{page}");
    }
    let mut altered = bytes.clone();
    altered[bytes.len() / 2] ^= 1;
    assert!(check(&app.browser(), &altered).await.body.contains("Altered"));
}

/// Posts `file` to be checked, and opens what that leads to.
async fn check(browser: &Browser<'_>, file: &[u8]) -> Answer {
    let request = axum::http::Request::post("/api/ndas/verify")
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=XX");
    let answer = browser.send(request, files::multipart(&[("file", Some("a.pdf"), file)]).into()).await;
    browser.get(answer.location.as_deref().unwrap_or_else(|| panic!("{answer:?}"))).await
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_project_that_goes_offline_takes_its_offers_along_and_leaves_what_is_signed(db: PgPool) {
    let Stage { platform, alex, stella, pitch } = stage(&people::platform(db).await).await;
    let dan = people::production(&platform, "dan").await;
    let (signed, open) = (offer(&stella, pitch).await, offer(&dan, pitch).await);
    sign(&alex, signed).await;
    let shown = signature(&alex, open).await;
    pitches::service::unpublish(&alex, pitch).await.unwrap();
    assert_eq!(refused(service::sign(&alex, open, &shown).await), Refusal::Conflict, "before the job has come by");
    people::work(&platform).await;
    assert_eq!(status(&platform, signed).await, ReleaseStatus::Signed);
    let over = reads::one(&dan, open).await.unwrap().card;
    assert_eq!((over.status, over.ended_by), (ReleaseStatus::Withdrawn, None));
    assert_eq!(over.reason, "The project is not published any more.");
    assert!(people::latest_mail(&platform, "dan@production.test").await.contains("not published any more"));
    let panel = reads::panel(&stella.visitor(), pitch, None).await.unwrap();
    assert!(matches!(panel, ReleasePanel::Signed { .. }), "{panel:?}");
    assert_eq!(reads::panel(&dan.visitor(), pitch, None).await.unwrap(), ReleasePanel::Nothing);
    // The page of the project is still there for those whom it opens to, and for nobody else.
    let closed = ndas::reads::panel(&stella.visitor(), pitch).await;
    assert!(matches!(closed, Ok(ndas::model::Panel::Closed)), "{closed:?}");
    assert_eq!(refused(ndas::reads::panel(&dan.visitor(), pitch).await), Refusal::NotFound);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_owner_who_keeps_their_name_behind_the_nda_is_named_by_signing(db: PgPool) {
    let Stage { platform, alex, stella, pitch } = stage(&people::platform(db).await).await;
    sqlx::query("update pitch_versions set content = content || '{\"visibility\": {\"owner\": \"nda\"}}'")
        .execute(&platform.db)
        .await
        .unwrap();
    let release = offer(&stella, pitch).await;
    let before = reads::one(&stella, release).await.unwrap();
    assert!(before.card.owner.is_none() && !before.text.body.contains("alex"), "{}", before.text.body);
    sign(&alex, release).await;
    let after = reads::one(&stella, release).await.unwrap();
    assert_eq!(after.card.owner.unwrap().name, "alex Tester");
}

/// A text of a release that is taken.
fn own_text(mark: &str) -> String {
    format!(
        "# Our release\n\nBetween {{{{company_party}}}} and {{{{owner_party}}}} about {{{{project_title}}}}.\n\n{mark} {}",
        "We read what we are shown. ".repeat(10).trim_end()
    )
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_company_offers_its_own_text_in_the_version_that_was_on_the_screen(db: PgPool) {
    let app = TestApp::new(db).await;
    let Stage { platform, alex, stella, pitch } = stage(&app.platform).await;
    let kind = TemplateKind::Release;
    let not_theirs = own_templates::create_for(&alex, kind, "Mine", &own_text("First.")).await;
    assert_eq!(refused(not_theirs), Refusal::Forbidden, "creators offer no releases");
    let wrong = own_templates::create_for(&stella, kind, "Ours", &super::nda_templates::text("First.")).await;
    assert!(wrong.unwrap_err().on_field("text").is_some(), "the variables of an NDA are not those of a release");
    let template = own_templates::create_for(&stella, kind, "Ours", &own_text("First.")).await.unwrap();
    let read = own_templates::one(&stella, template).await.unwrap();
    assert!(read.preview.contains("[the title of the project]") && read.preview.contains("not legal advice"));

    let stale = form(&stella, pitch, Some(template)).await;
    own_templates::edit(&stella, template, 1, "Ours", &own_text("Second.")).await.unwrap();
    assert_eq!(refused(service::offer(&stella, pitch, &stale).await), Refusal::Conflict);
    let unseen = OfferForm { template_shown: String::new(), ..stale };
    assert_eq!(refused(service::offer(&stella, pitch, &unseen).await), Refusal::Conflict, "an own text is seen first");
    let nda = own_templates::create(&stella, "An NDA", &super::nda_templates::text("First.")).await.unwrap();
    let panel = reads::panel(&stella.visitor(), pitch, Some(nda)).await.unwrap();
    let ReleasePanel::MayOffer { offer: choice, .. } = panel else { panic!("{panel:?}") };
    let names: Vec<_> = choice.choices.iter().map(|c| c.name.as_str()).collect();
    assert_eq!((names, choice.chosen), (vec!["Standard submission release", "Ours"], None), "NDAs are no choice");

    let typed = form(&stella, pitch, Some(template)).await;
    let release = service::offer(&stella, pitch, &typed).await.unwrap();
    own_templates::delete(&stella, template, "Ours").await.unwrap();
    sign(&alex, release).await;
    people::work(&platform).await;
    let view = reads::one(&alex, release).await.unwrap();
    assert!(view.text.body.contains("Second.") && view.text.body.contains("> No screenings."));
    assert!(view.sealed.is_some(), "a deleted template leaves what was made from it");

    // Both kinds are written on the same page, and each says what it is.
    let browser = app.signed_in("stella@production.test").await;
    let page = "/settings/templates/new?kind=release";
    let shown = browser.get(page).await.body;
    assert!(shown.contains("company_party") && !shown.contains("requester_party"), "{shown}");
    let fields = [("kind", "release"), ("name", "Theirs"), ("text", &own_text("Third."))];
    let made = browser.submit(page, "/api/ndas/create-template", &fields).await.location.unwrap();
    assert!(browser.get(&made).await.body.contains("Submission release, version 1"));
    assert!(browser.get("/settings/templates").await.body.contains("Submission release, version 1"));
    assert!(
        !app.signed_in("alex@creator.test").await.get("/settings/templates").await.body.contains("release template")
    );
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_companys_project_is_signed_for_by_its_owner_or_editor(db: PgPool) {
    let app = TestApp::new(db).await;
    let Stage { platform, stella, .. } = stage(&app.platform).await;
    let glass = projects::published(&stella, "Glass").await;
    let dan = people::production(&platform, "dan").await;
    let ed = seated(&people::production(&platform, "ed").await, &stella, "editor").await;
    let vi = seated(&people::production(&platform, "vi").await, &stella, "viewer").await;
    let release = offer(&dan, glass).await;
    assert_eq!(refused(service::sign(&vi, release, &signature(&vi, release).await).await), Refusal::Forbidden);
    sign(&ed, release).await;
    let view = reads::one(&dan, release).await.unwrap();
    assert_eq!((view.card.owner.unwrap().name, view.can), ("ed Tester".to_string(), vec![ReleaseStep::End]));

    // The lists of both sides, each at its own address.
    for (who, words) in [("dan@production.test", "Read the project"), ("vi@production.test", "See the release")] {
        let page = app.signed_in(who).await.get("/production/ndas?side=releases&tab=active").await.body;
        assert!(page.contains("Glass") && page.contains(words), "{who}: {page}");
        assert!(page.contains("Received") && page.contains("Sent"));
    }
}
