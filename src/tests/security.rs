//! Sessions, passwords and addresses over HTTP: what is listed, ended and changed, and who is told.

use axum::http::StatusCode;
use chrono::TimeDelta;
use sqlx::PgPool;

use super::{
    app::{Browser, TestApp},
    people::{self, PASSWORD},
};
use crate::platform::mail::shelf;

const ALEX: &str = "alex@creator.test";
const MALLORY: &str = "mallory@elsewhere.test";
const CONFIRM: &str = "Confirm your new address for Pitchey";
const NEW_PASSWORD: &str = "a boat on the lake";

async fn is_in(browser: &Browser<'_>) -> bool {
    browser.read("/api/accounts/profile").await.status == StatusCode::OK
}

async fn sessions(browser: &Browser<'_>) -> Vec<serde_json::Value> {
    serde_json::from_str(&browser.read("/api/sessions/mine").await.body).unwrap()
}

/// The subjects of the mails to `email`, the newest first.
async fn subjects(app: &TestApp, email: &str) -> Vec<String> {
    people::work(&app.platform).await;
    let letters = shelf::list(app.platform.mail.folder().unwrap(), Some(email)).await.unwrap();
    letters.into_iter().map(|letter| letter.subject).collect()
}

/// The token of the link in the newest mail to `email`.
async fn mailed_token(app: &TestApp, email: &str) -> String {
    people::work(&app.platform).await;
    let text = people::latest_mail(&app.platform, email).await;
    text.split("token=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

/// The token of the link in the mail to `email` with this subject.
async fn token_of(app: &TestApp, email: &str, subject: &str) -> String {
    people::work(&app.platform).await;
    let letters = shelf::list(app.platform.mail.folder().unwrap(), Some(email)).await.unwrap();
    let text = letters.into_iter().find(|letter| letter.subject == subject).unwrap().text;
    text.split("token=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned()
}

/// Mallory, who registered the address of somebody else and is signed in.
async fn mallory(app: &TestApp) -> Browser<'_> {
    let registration = [
        ("account_type", "creator"),
        ("full_name", "Mallory"),
        ("email", ALEX),
        ("password", PASSWORD),
        ("agree_terms", "true"),
    ];
    app.browser().post("/api/auth/register", &registration).await;
    app.signed_in(ALEX).await
}

/// Gives the account of `email` an authenticator app now.
async fn add_app(app: &TestApp, email: &str) {
    let mut db = app.platform.db.acquire().await.unwrap();
    let known = crate::accounts::store::credentials_by_email(&mut db, email).await.unwrap().unwrap();
    drop(db);
    crate::accounts::factors::service::install_app(&app.platform, known.id, &[7; 20]).await.unwrap();
}

async fn count(app: &TestApp, what: &str) -> i64 {
    let sql = format!("select count(*) from {what}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&app.platform.db).await.unwrap()
}

async fn signs_in(app: &TestApp, email: &str, password: &str) -> Option<String> {
    let fields = [("email", email), ("password", password)];
    app.browser().post("/api/auth/sign-in", &fields).await.location
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn sessions_are_listed_and_an_ended_one_opens_nothing(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    people::creator(&app.platform, "beth").await;
    let (desk, phone, third) = (app.signed_in(ALEX).await, app.signed_in(ALEX).await, app.signed_in(ALEX).await);
    let beth = app.signed_in("beth@creator.test").await;
    let listed = sessions(&desk).await;
    assert_eq!(listed.len(), 3);
    assert_eq!(listed.iter().filter(|session| session["here"] == true).count(), 1);
    assert!(listed.iter().all(|session| session["address"] == "203.0.113.7"));
    let here = sessions(&phone).await.into_iter().find(|session| session["here"] == true).unwrap();
    let id = [("session_id", here["id"].as_str().unwrap())];
    assert_eq!(beth.post("/api/sessions/end", &id).await.status, StatusCode::NOT_FOUND);
    assert_eq!(beth.post("/api/sessions/end", &[("session_id", "zz")]).await.status, StatusCode::NOT_FOUND);
    assert!(is_in(&phone).await);
    assert_eq!(desk.post("/api/sessions/end", &id).await.status, StatusCode::OK);
    assert!(!is_in(&phone).await, "on the next request");
    assert_eq!(desk.post("/api/sessions/end-others", &[]).await.status, StatusCode::OK);
    assert!(is_in(&desk).await && !is_in(&third).await && is_in(&beth).await);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_copied_cookie_is_dead_after_signing_out_and_after_proving_who_one_is(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let (alex, thief) = (app.signed_in(ALEX).await, app.browser());
    thief.set_cookie(alex.cookie());
    assert!(is_in(&thief).await);
    alex.post("/api/auth/step-up", &[("password", PASSWORD)]).await;
    assert!(is_in(&alex).await && !is_in(&thief).await);
    thief.set_cookie(alex.cookie());
    let out = alex.submit("/creator", "/api/auth/sign-out", &[]).await;
    assert_eq!(out.headers["clear-site-data"], "\"storage\"");
    assert!(!is_in(&thief).await);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn proving_who_one_is_makes_a_session_no_younger(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.signed_in(ALEX).await;
    for _ in 0..59 {
        app.platform.clock.advance(TimeDelta::hours(12));
        assert!(is_in(&alex).await);
    }
    assert_eq!(alex.post("/api/auth/step-up", &[("password", PASSWORD)]).await.status, StatusCode::OK);
    assert!(is_in(&alex).await);
    app.platform.clock.advance(TimeDelta::hours(13));
    assert!(!is_in(&alex).await, "thirty days after signing in");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_browser_that_was_not_seen_before_is_told_of_once(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let desk = app.browser();
    let sign_in = [("email", ALEX), ("password", PASSWORD)];
    let answer = desk.post("/api/auth/sign-in", &sign_in).await;
    let set: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect();
    let device = set.iter().find(|cookie| cookie.starts_with("__Host-device=")).unwrap();
    assert!(device.contains("Secure") && device.contains("HttpOnly") && device.contains("SameSite=Lax"), "{device}");
    assert!(subjects(&app, ALEX).await.is_empty(), "the first browser is no news");
    desk.post("/api/auth/sign-out", &[]).await;
    desk.post("/api/auth/sign-in", &sign_in).await;
    assert!(subjects(&app, ALEX).await.is_empty(), "nor is a known one");
    let phone = app.browser();
    phone.submit("/login", "/api/auth/sign-in", &sign_in).await;
    assert_eq!(subjects(&app, ALEX).await, ["A new sign-in to Pitchey"]);
    phone.submit("/login", "/api/auth/sign-in", &sign_in).await;
    assert_eq!(subjects(&app, ALEX).await.len(), 1);
    // A cookie that somebody made up is replaced.
    let forger = app.browser();
    *forger.device.lock().unwrap() = Some("__Host-device=1".into());
    forger.post("/api/auth/sign-in", &sign_in).await;
    assert_eq!(forger.device.lock().unwrap().as_ref().unwrap().len(), "__Host-device=".len() + 64);
    assert_eq!(subjects(&app, ALEX).await.len(), 2);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_changed_password_asks_for_the_old_one_and_ends_other_sessions(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let (alex, other) = (app.signed_in(ALEX).await, app.signed_in(ALEX).await);
    app.platform.clock.advance(TimeDelta::minutes(11));
    let new = ("new_password", "a boat on the lake");
    let change = async |more: &[(&str, &str)]| {
        let fields: Vec<_> = std::iter::once(new).chain(more.iter().copied()).collect();
        alex.post("/api/accounts/change-password", &fields).await
    };
    for wrong in [&[][..], &[("password", "wrong")]] {
        let answer = change(wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("\"password\""), "{}", answer.body);
    }
    let common = alex.post("/api/accounts/change-password", &[("new_password", "Password123")]).await;
    assert!(common.body.contains("Too many people"), "{}", common.body);
    let answer = change(&[("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(is_in(&alex).await && !is_in(&other).await);
    assert!(subjects(&app, ALEX).await.contains(&"Your Pitchey password was changed".to_string()));
    let old = app.browser().post("/api/auth/sign-in", &[("email", ALEX), ("password", PASSWORD)]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    let now = app.browser().post("/api/auth/sign-in", &[("email", ALEX), ("password", new.1)]).await;
    assert_eq!(now.status, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn common_passwords_are_refused_wherever_one_is_set(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let registration = [
        ("account_type", "creator"),
        ("full_name", "Alex Writer"),
        ("email", "alex@writer.test"),
        ("password", "Sunshine1"),
        ("agree_terms", "true"),
    ];
    let answer = app.browser().post("/api/auth/register", &registration).await;
    assert!(answer.body.contains("Too many people have this password"), "{}", answer.body);
    app.browser().post("/api/auth/forgot-password", &[("email", ALEX)]).await;
    let token = mailed_token(&app, ALEX).await;
    let reset = [("token", token.as_str()), ("new_password", "iloveyou")];
    let answer = app.browser().post("/api/auth/reset-password", &reset).await;
    assert!(answer.body.contains("Too many people have this password"), "{}", answer.body);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn another_address_counts_once_its_link_is_used_and_the_old_one_takes_it_back(db: PgPool) {
    const NEW: &str = "alex@elsewhere.test";
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.signed_in(ALEX).await;
    let sign_in = async |email: &str| {
        app.browser().post("/api/auth/sign-in", &[("email", email), ("password", PASSWORD)]).await.status
            == StatusCode::OK
    };
    app.platform.clock.advance(TimeDelta::minutes(11));
    let asked = alex.post("/api/accounts/change-email", &[("new_email", NEW)]).await;
    assert!(asked.body.contains("\"password\""), "{}", asked.body);
    let asked = alex.post("/api/accounts/change-email", &[("new_email", NEW), ("password", PASSWORD)]).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
    assert_eq!(subjects(&app, ALEX).await[0], "Your Pitchey address is about to change");
    let confirm = mailed_token(&app, NEW).await;
    let page = format!("/confirm-email?token={confirm}");
    assert!(app.browser().get(&page).await.body.contains("Confirm address"));
    assert!(sign_in(ALEX).await && !sign_in(NEW).await, "opening the page does nothing");
    assert!(alex.get("/settings/security").await.body.contains("We sent a link to alex@elsewhere.test"));
    let done = app.browser().submit(&page, "/api/auth/confirm-email", &[("token", &confirm)]).await;
    assert_eq!(done.location.as_deref(), Some("/confirm-email?done=true"));
    let again = app.browser().post("/api/auth/confirm-email", &[("token", &confirm)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    assert!(sign_in(NEW).await && !sign_in(ALEX).await);
    assert!(subjects(&app, NEW).await.contains(&"This is your address for Pitchey now".to_string()));

    // Nobody takes the old address away meanwhile.
    let registration = [
        ("account_type", "creator"),
        ("full_name", "Mallory"),
        ("email", ALEX),
        ("password", "a long enough password"),
        ("agree_terms", "true"),
    ];
    assert_eq!(app.browser().post("/api/auth/register", &registration).await.status, StatusCode::OK);
    assert!(!sign_in(ALEX).await);

    people::work(&app.platform).await;
    let letters = shelf::list(app.platform.mail.folder().unwrap(), Some(ALEX)).await.unwrap();
    let text = letters.iter().find(|letter| letter.subject == "Your Pitchey address was changed").unwrap().text.clone();
    let keep = text.split("token=").nth(1).unwrap().split_whitespace().next().unwrap();
    assert!(app.browser().get(&format!("/keep-email?token={keep}")).await.body.contains("Keep my address"));
    let kept = app.browser().post("/api/auth/keep-email", &[("token", keep)]).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
    assert!(!is_in(&alex).await, "everybody is signed out");
    assert!(!sign_in(ALEX).await && !sign_in(NEW).await, "whoever had the address may have the password");
    assert_eq!(count(&app, "accounts where email = 'alex@creator.test'").await, 1);
    assert_eq!(
        app.browser().post("/api/auth/keep-email", &[("token", keep)]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_address_of_another_and_links_that_are_none_change_nothing(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    people::creator(&app.platform, "beth").await;
    let alex = app.signed_in(ALEX).await;
    let ask = async |email: &str| alex.post("/api/accounts/change-email", &[("new_email", email)]).await;
    let (free, taken) = (ask("new@free.test").await, ask("beth@creator.test").await);
    assert_eq!((free.status, &free.body), (taken.status, &taken.body), "who has an account is not told");
    assert_eq!(subjects(&app, "beth@creator.test").await, ["You have a Pitchey account already"]);
    assert_eq!(ask("nonsense").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ask("ALEX@creator.test").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The earlier wish has ended with the later one, and a link works for a day.
    let first = mailed_token(&app, "new@free.test").await;
    let use_up = async |token: &str| app.browser().post("/api/auth/confirm-email", &[("token", token)]).await.status;
    assert_eq!(use_up(&first).await, StatusCode::UNPROCESSABLE_ENTITY);
    ask("other@free.test").await;
    let second = mailed_token(&app, "other@free.test").await;
    let forged = second.replace('a', "b");
    assert_eq!(use_up(&forged).await, StatusCode::UNPROCESSABLE_ENTITY);
    app.platform.clock.advance(TimeDelta::hours(25));
    assert_eq!(use_up(&second).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_mailed_link_signs_in_once_by_its_button_and_does_not_skip_the_factor(db: PgPool) {
    let app = TestApp::new(db).await;
    let alex = people::creator(&app.platform, "alex").await;
    let known = app.browser().post("/api/auth/mail-link", &[("email", ALEX)]).await;
    let unknown = app.browser().post("/api/auth/mail-link", &[("email", "no@one.test")]).await;
    assert_eq!((known.status, &known.body, &known.location), (unknown.status, &unknown.body, &unknown.location));
    let token = mailed_token(&app, ALEX).await;
    let page = format!("/login/link?token={token}");
    let browser = app.browser();
    assert!(browser.get(&page).await.body.contains("Press the button") && !is_in(&browser).await);
    let (other, typed) = (app.browser(), [("token", token.as_str())]);
    let (one, two) =
        tokio::join!(browser.submit(&page, "/api/auth/use-link", &typed), other.post("/api/auth/use-link", &typed));
    assert!(is_in(&browser).await != is_in(&other).await, "{one:?} {two:?}");

    app.browser().post("/api/auth/mail-link", &[("email", ALEX)]).await;
    let late = mailed_token(&app, ALEX).await;
    app.platform.clock.advance(TimeDelta::minutes(16));
    let answer = app.browser().post("/api/auth/use-link", &[("token", &late)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);

    crate::accounts::factors::service::install_app(&app.platform, alex.viewer.id, &[7; 20]).await.unwrap();
    app.browser().post("/api/auth/mail-link", &[("email", ALEX)]).await;
    let token = mailed_token(&app, ALEX).await;
    let browser = app.browser();
    let answer = browser.submit("/login/link", "/api/auth/use-link", &[("token", &token)]).await;
    assert_eq!(answer.location.as_deref(), Some("/login/factor"));
    assert!(!is_in(&browser).await);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn who_registered_somebody_elses_address_is_out_when_its_owner_comes(db: PgPool) {
    let app = TestApp::new(db).await;
    let registration = [
        ("account_type", "creator"),
        ("full_name", "Mallory"),
        ("email", ALEX),
        ("password", PASSWORD),
        ("agree_terms", "true"),
    ];
    app.browser().post("/api/auth/register", &registration).await;
    let mallory = app.signed_in(ALEX).await;
    app.browser().post("/api/auth/mail-link", &[("email", ALEX)]).await;
    people::work(&app.platform).await;
    let letters = shelf::list(app.platform.mail.folder().unwrap(), Some(ALEX)).await.unwrap();
    let text = letters.into_iter().find(|letter| letter.subject == "Sign in to Pitchey").unwrap().text;
    let token = text.split("token=").nth(1).unwrap().split_whitespace().next().unwrap();
    let alex = app.browser();
    assert_eq!(alex.post("/api/auth/use-link", &[("token", token)]).await.status, StatusCode::OK);
    assert!(is_in(&alex).await && !is_in(&mallory).await);
    let again = app.browser().post("/api/auth/sign-in", &[("email", ALEX), ("password", PASSWORD)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_new_password_by_mail_leaves_nothing_that_was_planted_before_the_address_was_verified(db: PgPool) {
    let app = TestApp::new(db).await;
    let mallory = mallory(&app).await;
    add_app(&app, ALEX).await;
    mallory.post("/api/accounts/change-email", &[("new_email", MALLORY)]).await;
    let confirm = token_of(&app, MALLORY, CONFIRM).await;
    app.browser().post("/api/auth/forgot-password", &[("email", ALEX)]).await;
    let token = token_of(&app, ALEX, "Set a new password for Pitchey").await;
    let reset = [("token", token.as_str()), ("new_password", NEW_PASSWORD)];
    assert_eq!(app.browser().post("/api/auth/reset-password", &reset).await.status, StatusCode::OK);
    for gone in ["totp_factors", "recovery_codes", "known_devices"] {
        assert_eq!(count(&app, gone).await, 0, "{gone}");
    }
    assert!(!is_in(&mallory).await);
    let late = app.browser().post("/api/auth/confirm-email", &[("token", &confirm)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(signs_in(&app, ALEX, NEW_PASSWORD).await.as_deref(), Some("/creator"), "and no factor is asked for");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_change_of_address_that_waits_ends_with_a_new_password_and_with_a_mailed_link(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.signed_in(ALEX).await;
    for way in ["link", "reset", "settings"] {
        // Whoever found a computer open asks.
        let thief = if way == "link" { &alex } else { &app.signed_in(ALEX).await };
        let new = format!("{way}@elsewhere.test");
        thief.post("/api/accounts/change-email", &[("new_email", &new)]).await;
        let confirm = token_of(&app, &new, CONFIRM).await;
        let done = match way {
            "link" => {
                app.browser().post("/api/auth/mail-link", &[("email", ALEX)]).await;
                let token = token_of(&app, ALEX, "Sign in to Pitchey").await;
                app.browser().post("/api/auth/use-link", &[("token", &token)]).await
            }
            "reset" => {
                app.browser().post("/api/auth/forgot-password", &[("email", ALEX)]).await;
                let token = token_of(&app, ALEX, "Set a new password for Pitchey").await;
                let fields = [("token", token.as_str()), ("new_password", PASSWORD)];
                app.browser().post("/api/auth/reset-password", &fields).await
            }
            _ => thief.post("/api/accounts/change-password", &[("new_password", NEW_PASSWORD)]).await,
        };
        assert_eq!(done.status, StatusCode::OK, "{way}: {}", done.body);
        let late = app.browser().post("/api/auth/confirm-email", &[("token", &confirm)]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{way}");
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_address_that_is_taken_back_leaves_no_way_in_to_who_took_it(db: PgPool) {
    let app = TestApp::new(db).await;
    let alex = people::creator(&app.platform, "alex").await.viewer.id;
    let thief = app.signed_in(ALEX).await;
    add_app(&app, ALEX).await;
    app.platform.clock.advance(TimeDelta::minutes(1));
    thief.post("/api/accounts/change-email", &[("new_email", MALLORY)]).await;
    let confirm = token_of(&app, MALLORY, CONFIRM).await;
    app.browser().post("/api/auth/confirm-email", &[("token", &confirm)]).await;
    assert_eq!(thief.post("/api/factors/make-codes", &[]).await.status, StatusCode::OK);
    sqlx::query("insert into passkeys (id, account_id, name, credential_id, credential, created_at) values ($1, $2, 'key', 'x', '{}', $3)")
        .bind(uuid::Uuid::now_v7())
        .bind(alex.0)
        .bind(app.platform.now())
        .execute(&app.platform.db)
        .await
        .unwrap();
    let keep = token_of(&app, ALEX, "Your Pitchey address was changed").await;
    assert_eq!(app.browser().post("/api/auth/keep-email", &[("token", &keep)]).await.status, StatusCode::OK);
    assert_eq!(count(&app, "accounts where password_hash is not null").await, 0);
    assert_eq!(signs_in(&app, ALEX, PASSWORD).await, None);
    for gone in ["passkeys", "recovery_codes"] {
        assert_eq!(count(&app, gone).await, 0, "{gone}");
    }
    assert_eq!(count(&app, "totp_factors").await, 1, "what was there before stays");
    people::work(&app.platform).await;
    assert!(people::latest_mail(&app.platform, ALEX).await.contains("so it was removed"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn who_stops_a_change_away_from_an_address_of_theirs_that_was_never_verified_gets_it_empty(db: PgPool) {
    let app = TestApp::new(db).await;
    let mallory = mallory(&app).await;
    add_app(&app, ALEX).await;
    mallory.post("/api/accounts/change-email", &[("new_email", MALLORY)]).await;
    let keep = token_of(&app, ALEX, "Your Pitchey address is about to change").await;
    assert_eq!(app.browser().post("/api/auth/keep-email", &[("token", &keep)]).await.status, StatusCode::OK);
    assert!(!is_in(&mallory).await);
    assert_eq!(count(&app, "totp_factors").await, 0);
    assert_eq!(signs_in(&app, ALEX, PASSWORD).await, None);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_address_that_was_never_verified_is_kept_from_nobody_and_takes_nothing_back(db: PgPool) {
    let app = TestApp::new(db).await;
    let mallory = mallory(&app).await;
    mallory.post("/api/accounts/change-email", &[("new_email", MALLORY)]).await;
    let keep = token_of(&app, ALEX, "Your Pitchey address is about to change").await;
    let confirm = token_of(&app, MALLORY, CONFIRM).await;
    assert_eq!(app.browser().post("/api/auth/confirm-email", &[("token", &confirm)]).await.status, StatusCode::OK);
    let late = app.browser().post("/api/auth/keep-email", &[("token", &keep)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    people::work(&app.platform).await;
    assert!(!people::latest_mail(&app.platform, ALEX).await.contains("token="));
    let registration = [
        ("account_type", "creator"),
        ("full_name", "Alex Writer"),
        ("email", ALEX),
        ("password", NEW_PASSWORD),
        ("agree_terms", "true"),
    ];
    app.browser().post("/api/auth/register", &registration).await;
    assert!(signs_in(&app, ALEX, NEW_PASSWORD).await.is_some());
}
