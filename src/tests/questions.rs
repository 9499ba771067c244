//! Questions of those who signed: who sees what, and who is told.

use axum::http::StatusCode;
use sqlx::PgPool;

use super::{
    app::{Answer, Browser, TestApp},
    people, projects,
};
use crate::{
    accounts::door::Caller,
    ndas::{
        reads,
        service::{self, ApproveForm, SignForm},
    },
    platform::mail::shelf,
    shared::ids::{NdaId, PitchId},
};

async fn sign(owner: &Caller, signer: &Caller, pitch: PitchId) -> NdaId {
    let nda = service::request(signer, pitch, "To read the script.", "").await.unwrap().nda;
    let approval = ApproveForm { full_legal_name: "Alexandra Moreno".into(), ..ApproveForm::default() };
    service::approve(owner, nda, &approval).await.unwrap();
    let document_sha256 = reads::one(signer, nda, None).await.unwrap().text.sha256.unwrap();
    let form =
        SignForm { agree_electronic: true, full_legal_name: "Some Body".into(), document_sha256, password: None };
    service::sign(signer, nda, &form).await.unwrap();
    nda
}

/// Alex's project, for which Sarah and Dan have signed; Eve has not.
struct Stage {
    app: TestApp,
    alex: Caller,
    pitch: PitchId,
    sarahs: NdaId,
}

async fn stage(db: PgPool) -> Stage {
    let app = TestApp::new(db).await;
    let alex = people::creator(&app.platform, "alex").await;
    let pitch = projects::published(&alex, "Salt").await;
    people::investor(&app.platform, "eve").await;
    let dan = people::production(&app.platform, "dan").await;
    let sarah = people::investor(&app.platform, "sarah").await;
    sign(&alex, &dan, pitch).await;
    let sarahs = sign(&alex, &sarah, pitch).await;
    Stage { app, alex, pitch, sarahs }
}

async fn ask(browser: &Browser<'_>, pitch: PitchId, question: &str) -> Answer {
    browser.post("/api/questions/ask", &[("pitch_id", &pitch.to_string()), ("question", question)]).await
}

async fn seen(browser: &Browser<'_>, pitch: PitchId) -> serde_json::Value {
    let answer = browser.read(&format!("/api/questions/of-pitch?pitch_id={pitch}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn first_id(seen: &serde_json::Value) -> String {
    seen["page"]["items"][0]["id"].as_str().unwrap().to_string()
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_answer_is_for_the_asker_until_it_is_published_without_the_name(db: PgPool) {
    let Stage { app, pitch, .. } = stage(db).await;
    let (alex, sarah, dan) = (
        app.signed_in("alex@creator.test").await,
        app.signed_in("sarah@investor.test").await,
        app.signed_in("dan@production.test").await,
    );
    assert_eq!(ask(&sarah, pitch, "Is the keeper alive?").await.status, StatusCode::OK);
    assert_eq!(ask(&sarah, pitch, " Is the keeper alive?\n").await.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    let owners = seen(&alex, pitch).await;
    assert_eq!((owners["waiting"].as_i64(), owners["part"].as_str()), (Some(1), Some("Answers")));
    assert_eq!(owners["page"]["items"][0]["asker"]["name"], "sarah Tester");
    assert_eq!(seen(&dan, pitch).await["page"]["items"].as_array().unwrap().len(), 0);

    let id = first_id(&owners);
    let answer = [("question_id", id.as_str()), ("answer", "Read on.")];
    assert_eq!(alex.post("/api/questions/answer", &answer).await.status, StatusCode::OK);
    assert_eq!(seen(&sarah, pitch).await["page"]["items"][0]["answer"]["body"], "Read on.");
    assert_eq!(seen(&dan, pitch).await["page"]["items"].as_array().unwrap().len(), 0);

    let publish = [("question_id", id.as_str()), ("answer", "He is."), ("publish", "true")];
    assert_eq!(alex.post("/api/questions/answer", &publish).await.status, StatusCode::OK);
    let dans = seen(&dan, pitch).await.to_string();
    assert!(dans.contains("Is the keeper alive?") && dans.contains("He is.") && !dans.contains("sarah"), "{dans}");
    // Worded anew without the tick it stays published.
    assert_eq!(alex.post("/api/questions/answer", &answer).await.status, StatusCode::OK);
    assert!(seen(&dan, pitch).await.to_string().contains("Read on."));
    for reader in [&alex, &sarah, &dan] {
        let slug: String = sqlx::query_scalar("select slug from pitches").fetch_one(&app.platform.db).await.unwrap();
        assert!(reader.get(&format!("/pitch/{slug}")).await.body.contains("Is the keeper alive?"));
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn questions_are_not_there_for_who_has_not_signed_or_not_any_more(db: PgPool) {
    let Stage { app, alex, pitch, sarahs } = stage(db).await;
    let (owner, sarah, eve, dan) = (
        app.signed_in("alex@creator.test").await,
        app.signed_in("sarah@investor.test").await,
        app.signed_in("eve@investor.test").await,
        app.signed_in("dan@production.test").await,
    );
    ask(&sarah, pitch, "Is the keeper alive?").await;
    let id = first_id(&seen(&owner, pitch).await);
    for outsider in [&app.browser(), &eve] {
        assert!(seen(outsider, pitch).await.is_null());
    }
    assert_eq!(ask(&eve, pitch, "And for me?").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&dan, pitch, " \n").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Dan's kind answers questions, but not these.
    let answered = dan.post("/api/questions/answer", &[("question_id", &id), ("answer", "No.")]).await;
    assert_eq!(answered.status, StatusCode::NOT_FOUND);
    for other in [&dan, &eve] {
        assert_eq!(other.post("/api/questions/withdraw", &[("question_id", &id)]).await.status, StatusCode::NOT_FOUND);
    }
    service::revoke(&alex, sarahs, "We changed our minds.").await.unwrap();
    assert!(seen(&sarah, pitch).await.is_null());
    assert_eq!(ask(&sarah, pitch, "Why?").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_question_is_taken_back_until_it_is_answered(db: PgPool) {
    let Stage { app, pitch, .. } = stage(db).await;
    let (alex, sarah) = (app.signed_in("alex@creator.test").await, app.signed_in("sarah@investor.test").await);
    ask(&sarah, pitch, "One?").await;
    ask(&sarah, pitch, "Two?").await;
    let two = first_id(&seen(&sarah, pitch).await);
    assert_eq!(sarah.post("/api/questions/withdraw", &[("question_id", &two)]).await.status, StatusCode::OK);
    let left = seen(&sarah, pitch).await;
    assert_eq!(left["page"]["items"].as_array().unwrap().len(), 1);
    let one = first_id(&left);
    alex.post("/api/questions/answer", &[("question_id", &one), ("answer", "Yes.")]).await;
    assert_eq!(sarah.post("/api/questions/withdraw", &[("question_id", &one)]).await.status, StatusCode::CONFLICT);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn who_is_asked_and_who_asked_are_told_and_no_mail_says_what(db: PgPool) {
    let Stage { app, pitch, .. } = stage(db).await;
    let (alex, sarah) = (app.signed_in("alex@creator.test").await, app.signed_in("sarah@investor.test").await);
    ask(&sarah, pitch, "Is the lighthouse real?").await;
    let id = first_id(&seen(&alex, pitch).await);
    alex.post("/api/questions/answer", &[("question_id", &id), ("answer", "It is built."), ("publish", "true")]).await;
    people::work(&app.platform).await;
    let letters = shelf::list(app.platform.mail.folder().unwrap(), None).await.unwrap();
    for (to, subject) in [
        ("alex@creator.test", "sarah Tester has a question about “Salt”"),
        ("sarah@investor.test", "Your question about “Salt” was answered"),
    ] {
        assert!(letters.iter().any(|l| (l.to.as_str(), l.subject.as_str()) == (to, subject)), "{subject}");
    }
    for letter in letters {
        assert!(!letter.text.contains("lighthouse") && !letter.html.contains("built"), "{}", letter.subject);
    }
    let told: Vec<(String, String)> = sqlx::query_as(
        "select a.email, n.title from notifications n join accounts a on a.id = n.account_id
         where n.kind like 'question.%' order by n.at, a.email",
    )
    .fetch_all(&app.platform.db)
    .await
    .unwrap();
    let to: Vec<&str> = told.iter().map(|(email, _)| email.as_str()).collect();
    assert_eq!(to, ["alex@creator.test", "dan@production.test", "sarah@investor.test"]);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn those_that_wait_come_first_for_the_owner_and_a_long_list_goes_on(db: PgPool) {
    let Stage { app, pitch, .. } = stage(db).await;
    let (alex, sarah) = (app.signed_in("alex@creator.test").await, app.signed_in("sarah@investor.test").await);
    for n in 0..20 {
        assert_eq!(ask(&sarah, pitch, &format!("Number {n}?")).await.status, StatusCode::OK);
    }
    assert_eq!(ask(&sarah, pitch, "One more?").await.status, StatusCode::TOO_MANY_REQUESTS);
    let dan = app.signed_in("dan@production.test").await;
    ask(&dan, pitch, "From Dan?").await;
    let newest = first_id(&seen(&alex, pitch).await);
    alex.post("/api/questions/answer", &[("question_id", &newest), ("answer", "Yes.")]).await;
    let first = seen(&alex, pitch).await;
    assert_eq!(first["page"]["items"][0]["body"], "Number 19?");
    let next = first["page"]["next"].as_str().unwrap();
    let second = alex.read(&format!("/api/questions/of-pitch?pitch_id={pitch}&after={next}")).await;
    let second: serde_json::Value = serde_json::from_str(&second.body).unwrap();
    assert_eq!(second["page"]["items"].as_array().unwrap().len(), 1);
    assert_eq!(second["page"]["items"][0]["body"], "From Dan?");
    let waiting: serde_json::Value = serde_json::from_str(&alex.read("/api/questions/waiting").await.body).unwrap();
    assert_eq!((waiting[0]["count"].as_i64(), waiting[0]["title"].as_str()), (Some(20), Some("Salt")));
    for page in ["/creator".to_string(), format!("/creator/pitches/{pitch}")] {
        assert!(alex.get(&page).await.body.contains("20 questions wait for your answer"), "{page}");
    }
    assert_eq!(dan.read("/api/questions/waiting").await.body, "[]", "his own projects have none");
}
