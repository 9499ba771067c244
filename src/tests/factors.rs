//! Second factors over HTTP: setting them up, signing in with them, losing them, and getting around them.

use axum::http::StatusCode;
use chrono::TimeDelta;
use sqlx::PgPool;
use totp_rs::Secret;

use super::{
    app::{Answer, Browser, TestApp},
    people::{self, PASSWORD},
};
use crate::{accounts::factors::rules, platform::mail::shelf};

const ALEX: &str = "alex@creator.test";

/// Somebody's phone.
struct Phone {
    secret: Vec<u8>,
}

impl Phone {
    /// The code that it shows now.
    fn code(&self, app: &TestApp) -> String {
        let now = app.platform.now().timestamp();
        rules::app(&self.secret, ALEX).unwrap().generate(now as u64).to_string()
    }

    /// The next one.
    fn next(&self, app: &TestApp) -> String {
        app.platform.clock.advance(TimeDelta::seconds(30));
        self.code(app)
    }
}

async fn mine(browser: &Browser<'_>) -> serde_json::Value {
    let answer = browser.read("/api/factors/mine").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// Begins to set up an app and reads its secret, as people type it into their phone.
async fn begin(browser: &Browser<'_>) -> Phone {
    let begun = browser.post("/api/factors/begin-app", &[]).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
    let text = mine(browser).await["setup"]["secret"].as_str().unwrap().replace(' ', "");
    Phone { secret: Secret::try_from_base32(text).unwrap().as_bytes().to_vec() }
}

/// Sets an app up to its end: the phone, and the recovery codes.
async fn set_up(app: &TestApp, browser: &Browser<'_>) -> (Phone, Vec<String>) {
    let phone = begin(browser).await;
    let confirmed = browser.post("/api/factors/confirm-app", &[("code", &phone.code(app))]).await;
    assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.body);
    let codes = serde_json::from_value(mine(browser).await["new_codes"].clone()).unwrap();
    (phone, codes)
}

/// Somebody who has typed the right password.
async fn half<'a>(app: &'a TestApp, email: &str) -> Browser<'a> {
    let browser = app.browser();
    let answer = browser.post("/api/auth/sign-in", &[("email", email), ("password", PASSWORD)]).await;
    assert_eq!(answer.location.as_deref(), Some("/login/factor"), "{}", answer.body);
    browser
}

async fn enter(browser: &Browser<'_>, code: &str) -> Answer {
    browser.post("/api/auth/enter-code", &[("code", code)]).await
}

async fn is_in(browser: &Browser<'_>) -> bool {
    browser.read("/api/accounts/profile").await.status == StatusCode::OK
}

/// Alex with an authenticator app.
async fn alex(app: &TestApp) -> (Browser<'_>, Phone, Vec<String>) {
    people::creator(&app.platform, "alex").await;
    let browser = app.signed_in(ALEX).await;
    let (phone, codes) = set_up(app, &browser).await;
    (browser, phone, codes)
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn with_a_factor_on_the_password_is_half_a_sign_in_that_opens_nothing(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, phone, codes) = alex(&app).await;
    assert_eq!(codes.len(), 10);
    people::work(&app.platform).await;
    assert!(people::latest_mail(&app.platform, ALEX).await.contains("An authenticator app was added"));

    let browser = app.browser();
    let typed = [("email", ALEX), ("password", PASSWORD), ("next", "/creator/ndas")];
    let answer = browser.submit("/login", "/api/auth/sign-in", &typed).await;
    assert_eq!(answer.location.as_deref(), Some("/login/factor"));
    let stolen = browser.cookie();
    for page in ["/creator", "/settings/security", "/settings/profile", "/messages"] {
        assert!(browser.get(page).await.location.unwrap().starts_with("/login?next="), "{page}");
    }
    for function in ["factors/mine", "accounts/profile", "messages/recent", "ndas/waiting"] {
        assert_eq!(browser.read(&format!("/api/{function}")).await.status, StatusCode::UNAUTHORIZED, "{function}");
    }
    for function in ["factors/remove-app", "factors/make-codes", "factors/begin-app", "auth/step-up", "factors/keep"] {
        let answer = browser.post(&format!("/api/{function}"), &[("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{function}");
    }
    let page = browser.get("/login/factor").await.body;
    assert!(page.contains("authenticator app") && page.contains("recovery code"), "{page}");

    let code = phone.next(&app);
    let refused = browser.submit("/login/factor", "/api/auth/enter-code", &[("code", "000000")]).await;
    assert_eq!(refused.location.as_deref(), Some("/login/factor"));
    let page = browser.get("/login/factor").await.body;
    assert!(page.contains("not the code of this moment") && !page.contains("000000"), "{page}");
    let answer = browser.submit("/login/factor", "/api/auth/enter-code", &[("code", &code)]).await;
    assert_eq!(answer.location.as_deref(), Some("/creator/ndas"), "to where they were going");
    assert!(is_in(&browser).await);
    let thief = app.browser();
    thief.set_cookie(stolen);
    assert!(!is_in(&thief).await, "the token from before the factor is dead");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_code_goes_in_once(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, phone, _) = alex(&app).await;
    let (one, two) = (half(&app, ALEX).await, half(&app, ALEX).await);
    assert_eq!(enter(&one, &phone.code(&app)).await.status, StatusCode::UNPROCESSABLE_ENTITY, "used in setting up");
    let code = phone.next(&app);
    let (a, b) = tokio::join!(enter(&one, &code), enter(&two, &code));
    let both = [a.status, b.status];
    assert!(both.contains(&StatusCode::OK) && both.contains(&StatusCode::UNPROCESSABLE_ENTITY), "{both:?}");
    assert!(is_in(&one).await != is_in(&two).await);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn of_many_that_show_one_recovery_code_at_once_one_goes_in(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, _, codes) = alex(&app).await;
    let shown = codes[3].to_uppercase();
    let mut browsers = Vec::new();
    for _ in 0..8 {
        browsers.push(half(&app, ALEX).await);
    }
    let typed = [("recovery_code", shown.as_str())];
    let all = browsers.iter().map(|b| b.post("/api/auth/enter-recovery-code", &typed));
    let answers = futures::future::join_all(all).await;
    assert_eq!(answers.iter().filter(|a| a.status == StatusCode::OK).count(), 1);
    assert_eq!(mine(&alex).await["recovery_codes_left"], 9);
    people::work(&app.platform).await;
    let letters = shelf::list(app.platform.mail.folder().unwrap(), Some(ALEX)).await.unwrap();
    assert!(letters.iter().any(|letter| letter.text.contains("9 are left")));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn five_wrong_codes_end_the_sign_in_however_many_come_at_once(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, phone, codes) = alex(&app).await;
    let attacker = half(&app, ALEX).await;
    let guesses: Vec<String> = (0..30).map(|n| format!("{:06}", n * 7_919)).collect();
    let answers = futures::future::join_all(guesses.iter().map(|guess| enter(&attacker, guess))).await;
    let looked_at = answers.iter().filter(|a| a.status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert!(looked_at <= 5, "{looked_at}");
    assert_eq!(enter(&attacker, &phone.next(&app)).await.status, StatusCode::CONFLICT, "not with the right one either");
    let recovery = [("recovery_code", codes[0].as_str())];
    assert_eq!(attacker.post("/api/auth/enter-recovery-code", &recovery).await.status, StatusCode::CONFLICT);
    assert!(attacker.get("/login/factor").await.body.contains("Sign in again"));
    people::work(&app.platform).await;
    assert!(people::latest_mail(&app.platform, ALEX).await.contains("Somebody signed in with your password"));
    assert_eq!(enter(&half(&app, ALEX).await, &phone.next(&app)).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn guesses_spread_over_addresses_are_few_and_keep_nobody_out_for_good(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, phone, _) = alex(&app).await;
    let mut looked_at = 0;
    for n in 0..10_u8 {
        let mut attacker = app.browser();
        attacker.address = ([198, 51, 100, n], 4000).into();
        attacker.post("/api/auth/sign-in", &[("email", ALEX), ("password", PASSWORD)]).await;
        for guess in ["000001", "000002", "000003", "000004", "000005"] {
            match enter(&attacker, guess).await {
                a if a.status == StatusCode::TOO_MANY_REQUESTS => assert!(a.headers.contains_key("retry-after")),
                _ => looked_at += 1,
            }
        }
    }
    assert_eq!(looked_at, 20);
    assert_eq!(enter(&half(&app, ALEX).await, &phone.next(&app)).await.status, StatusCode::TOO_MANY_REQUESTS);
    app.platform.clock.advance(TimeDelta::minutes(61));
    assert_eq!(enter(&half(&app, ALEX).await, &phone.next(&app)).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn half_a_sign_in_waits_five_minutes(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, phone, _) = alex(&app).await;
    let browser = half(&app, ALEX).await;
    app.platform.clock.advance(TimeDelta::minutes(6));
    assert_eq!(enter(&browser, &phone.code(&app)).await.status, StatusCode::CONFLICT);
    assert_eq!(enter(&app.browser(), &phone.code(&app)).await.status, StatusCode::CONFLICT, "and nobody else's counts");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_new_password_by_mail_does_not_skip_the_factor(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, phone, _) = alex(&app).await;
    let before = half(&app, ALEX).await;
    app.browser().post("/api/auth/forgot-password", &[("email", ALEX)]).await;
    people::work(&app.platform).await;
    let mail = people::latest_mail(&app.platform, ALEX).await;
    let token: String = mail.split("token=").nth(1).unwrap().chars().take_while(|c| c.is_ascii_hexdigit()).collect();
    let browser = app.browser();
    let new = [("token", token.as_str()), ("new_password", "another horse battery")];
    assert_eq!(browser.post("/api/auth/reset-password", &new).await.status, StatusCode::OK);
    assert!(!is_in(&browser).await);
    let answer = browser.post("/api/auth/sign-in", &[("email", ALEX), ("password", "another horse battery")]).await;
    assert_eq!(answer.location.as_deref(), Some("/login/factor"));
    assert!(!is_in(&browser).await);
    let code = phone.next(&app);
    assert_eq!(enter(&before, &code).await.status, StatusCode::CONFLICT, "what was begun with the old one has ended");
    assert_eq!(enter(&browser, &code).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_change_of_factors_asks_who_it_is_and_a_code_will_do(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, phone, _) = alex(&app).await;
    app.platform.clock.advance(TimeDelta::minutes(11));
    for (function, more) in [
        ("begin-app", ("x", "")),
        ("remove-app", ("x", "")),
        ("make-codes", ("x", "")),
        ("ask-new-passkey", ("name", "my laptop")),
        ("confirm-app", ("code", "123456")),
        ("remove-passkey", ("passkey_id", "0198c1de-0000-7000-8000-000000000000")),
    ] {
        let answer = alex.post(&format!("/api/factors/{function}"), &[more]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{function}");
        assert!(answer.body.contains("\"password\""), "{function}: {}", answer.body);
        let wrong = alex.post(&format!("/api/factors/{function}"), &[more, ("password", "wrong")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{function}");
    }
    let before = alex.cookie();
    let wrong = alex.post("/api/factors/make-codes", &[("password", "000000")]).await;
    assert!(wrong.body.contains("not the code of this moment"), "{}", wrong.body);
    let code = phone.code(&app);
    assert_eq!(alex.post("/api/factors/make-codes", &[("password", &code)]).await.status, StatusCode::OK);
    assert_ne!(alex.cookie(), before, "a new token");
    assert_eq!(mine(&alex).await["new_codes"].as_array().unwrap().len(), 10);
    alex.post("/api/factors/codes-kept", &[]).await;
    assert!(mine(&alex).await["new_codes"].as_array().unwrap().is_empty(), "shown once");
    assert_eq!(alex.post("/api/factors/remove-app", &[]).await.status, StatusCode::OK);
    app.signed_in(ALEX).await;
    assert_eq!(mine(&alex).await["recovery_codes_left"], 0, "nothing is left to recover");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn old_recovery_codes_stop_working_when_new_ones_are_made(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, _, old) = alex(&app).await;
    alex.post("/api/factors/make-codes", &[]).await;
    let new: Vec<String> = serde_json::from_value(mine(&alex).await["new_codes"].clone()).unwrap();
    let browser = half(&app, ALEX).await;
    let enter =
        async |code: &str| browser.post("/api/auth/enter-recovery-code", &[("recovery_code", code)]).await.status;
    assert_eq!(enter(&old[0]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(enter(&new[0]).await, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_key_of_an_app_is_kept_sealed_and_shown_only_to_who_proved_it(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.signed_in(ALEX).await;
    let phone = begin(&alex).await;
    let kept: Vec<u8> =
        sqlx::query_scalar("select secret from totp_factors").fetch_one(&app.platform.db).await.unwrap();
    assert!(!kept.windows(phone.secret.len()).any(|part| part == phone.secret));
    app.platform.clock.advance(TimeDelta::minutes(11));
    assert!(mine(&alex).await["setup"].is_null());
    app.platform.clock.advance(TimeDelta::minutes(5));
    let late = [("code", phone.code(&app)), ("password", PASSWORD.into())];
    let late = late.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(alex.post("/api/factors/confirm-app", &late).await.status, StatusCode::CONFLICT);
    app.signed_in(ALEX).await;
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn nobody_touches_the_factors_of_another(db: PgPool) {
    let app = TestApp::new(db).await;
    let alex = people::creator(&app.platform, "alex").await;
    people::creator(&app.platform, "beth").await;
    let passkey = uuid::Uuid::now_v7();
    sqlx::query("insert into passkeys (id, account_id, name, credential_id, credential, created_at) values ($1, $2, 'key', 'x', '{}', now())")
        .bind(passkey)
        .bind(alex.viewer.id.0)
        .execute(&app.platform.db)
        .await
        .unwrap();
    let beth = app.signed_in("beth@creator.test").await;
    let answer = beth.post("/api/factors/remove-passkey", &[("passkey_id", &passkey.to_string())]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(mine(&beth).await["passkeys"].as_array().unwrap().len(), 0);
    let owner = half(&app, ALEX).await;
    assert!(owner.read("/api/auth/factor-choices").await.body.contains("\"passkeys\":true"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_a_passkey_was_asked_is_answered_once_and_by_nobody_else(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    people::creator(&app.platform, "beth").await;
    let (alex, beth) = (app.signed_in(ALEX).await, app.signed_in("beth@creator.test").await);
    let ask = async |browser: &Browser<'_>, function: &str| {
        let answer = browser.post(&format!("/api/{function}"), &[("name", "my laptop")]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        serde_json::from_str::<serde_json::Value>(&answer.body).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let left = async || {
        sqlx::query_scalar::<_, i64>("select count(*) from passkey_challenges")
            .fetch_one(&app.platform.db)
            .await
            .unwrap()
    };
    let made =
        r#"{"id":"AA","rawId":"AA","type":"public-key","response":{"attestationObject":"AA","clientDataJSON":"AA"}}"#;
    let signed = r#"{"id":"AA","rawId":"AA","type":"public-key","response":{"authenticatorData":"AA","clientDataJSON":"AA","signature":"AA"}}"#;
    let id = ask(&alex, "factors/ask-new-passkey").await;
    let answer = [("challenge_id", id.as_str()), ("credential", made)];
    assert_eq!(beth.post("/api/factors/add-passkey", &answer).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(left().await, 1, "Beth has not used it up");
    assert_eq!(alex.post("/api/factors/add-passkey", &answer).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(left().await, 0);

    let guest = app.browser();
    let id = ask(&guest, "auth/ask-passkey").await;
    let answer = [("challenge_id", id.as_str()), ("credential", signed)];
    assert_eq!(guest.post("/api/auth/enter-passkey", &answer).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!is_in(&guest).await);
    assert_eq!(left().await, 0);
    assert_eq!(alex.post("/api/auth/ask-passkey", &[]).await.status, StatusCode::CONFLICT, "there is none");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn staff_set_up_a_factor_before_anything_else_and_keep_one(db: PgPool) {
    let app = TestApp::new(db).await;
    people::admin(&app.platform, "robin").await;
    let robin = app.signed_in("robin@admin.test").await;
    for page in ["/", "/browse", "/settings/profile", "/messages"] {
        assert_eq!(robin.get(page).await.location.as_deref(), Some("/settings/security"), "{page}");
    }
    assert_eq!(robin.read("/api/accounts/profile").await.status, StatusCode::FORBIDDEN);
    let page = robin.get("/settings/security").await;
    assert!(page.status == StatusCode::OK && page.body.contains("Staff need a second factor"), "{}", page.body);
    set_up(&app, &robin).await;
    assert_eq!(robin.get("/settings/profile").await.status, StatusCode::OK);
    assert_eq!(robin.post("/api/factors/remove-app", &[]).await.status, StatusCode::CONFLICT);
    let other = half(&app, "robin@admin.test").await;
    assert_eq!(other.post("/api/auth/tell-loss", &[]).await.status, StatusCode::FORBIDDEN);
    crate::accounts::factors::lost::drop_now(&app.platform, "robin@admin.test").await.unwrap();
    assert!(!is_in(&robin).await);
    app.signed_in("robin@admin.test").await;
}

async fn count(app: &TestApp, what: &str) -> i64 {
    let sql = format!("select count(*) from {what}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&app.platform.db).await.unwrap()
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn who_lost_everything_waits_three_days_and_is_mailed_every_day(db: PgPool) {
    use crate::accounts::factors::lost;
    let app = TestApp::new(db).await;
    let (alex, _, _) = alex(&app).await;
    assert_eq!(app.browser().post("/api/auth/tell-loss", &[]).await.status, StatusCode::UNAUTHORIZED);
    let lost_all = half(&app, ALEX).await;
    assert_eq!(lost_all.post("/api/auth/tell-loss", &[]).await.status, StatusCode::OK);
    assert_eq!(half(&app, ALEX).await.post("/api/auth/tell-loss", &[]).await.status, StatusCode::CONFLICT, "once");
    assert!(lost_all.get("/login/factor").await.body.contains("we remove your second factors"));
    assert!(alex.get("/settings/security").await.body.contains("all your factors are lost"));
    let mails = async || {
        people::work(&app.platform).await;
        let folder = app.platform.mail.folder().unwrap();
        let all = shelf::list(folder, Some(ALEX)).await.unwrap();
        all.iter().filter(|mail| mail.subject.contains("will be removed")).count()
    };
    assert_eq!(mails().await, 1);
    assert!(alex.get("/notifications").await.body.contains("says that your second factors are lost"));
    for (hours, told) in [(23, 1), (2, 2), (1, 2), (23, 3)] {
        app.platform.clock.advance(TimeDelta::hours(hours));
        lost::go_on(&app.platform).await.unwrap();
        assert_eq!(mails().await, told, "after {hours} more hours");
    }
    assert_eq!(count(&app, "totp_factors").await, 1, "not yet");
    let alex = half(&app, ALEX).await;
    app.platform.clock.advance(TimeDelta::hours(24));
    lost::go_on(&app.platform).await.unwrap();
    people::work(&app.platform).await;
    assert!(people::latest_mail(&app.platform, ALEX).await.contains("were removed"));
    for gone in ["totp_factors", "recovery_codes", "half_sign_ins", "sessions where account_id is not null"] {
        assert_eq!(count(&app, gone).await, 0, "{gone}");
    }
    assert_eq!(count(&app, "events where kind = 'account.factors_dropped'").await, 1);
    assert!(!is_in(&alex).await);
    app.signed_in(ALEX).await;
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_loss_that_is_none_is_stopped_by_one_button_by_signing_in_and_by_a_new_password(db: PgPool) {
    use crate::accounts::factors::lost;
    let app = TestApp::new(db).await;
    let (alex, phone, _) = alex(&app).await;
    let tell = async || {
        assert_eq!(half(&app, ALEX).await.post("/api/auth/tell-loss", &[]).await.status, StatusCode::OK);
        people::work(&app.platform).await;
        let letters = shelf::list(app.platform.mail.folder().unwrap(), Some(ALEX)).await.unwrap();
        letters.into_iter().find(|letter| letter.subject.contains("will be removed")).unwrap().text
    };
    let open = async || count(&app, "factor_resets where cancelled_at is null").await;

    let mail = tell().await;
    let token = mail.split("token=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let guest = app.browser();
    let page = format!("/login/keep-factors?token={token}");
    assert!(guest.get(&page).await.body.contains("Keep my second factors"));
    assert_eq!(open().await, 1, "opening the page does nothing");
    let forged = format!("{}.{}", token.split('.').next().unwrap(), "0".repeat(64));
    for bad in ["", "x", forged.as_str()] {
        let answer = guest.post("/api/auth/keep-factors", &[("token", bad)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let answer = guest.submit(&page, "/api/auth/keep-factors", &[("token", &token)]).await;
    assert_eq!(answer.location.as_deref(), Some("/login/keep-factors?kept=true"));
    assert_eq!(open().await, 0);

    tell().await;
    assert_eq!(enter(&half(&app, ALEX).await, &phone.next(&app)).await.status, StatusCode::OK);
    assert_eq!(open().await, 0);

    tell().await;
    assert_eq!(alex.post("/api/factors/keep", &[]).await.status, StatusCode::OK);
    assert_eq!(open().await, 0);
    app.platform.clock.advance(TimeDelta::hours(80));
    lost::go_on(&app.platform).await.unwrap();
    assert_eq!(count(&app, "totp_factors").await, 1);
}

async fn told(app: &TestApp) {
    assert_eq!(half(app, ALEX).await.post("/api/auth/tell-loss", &[]).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_loss_that_is_none_is_stopped_by_whatever_proves_a_factor_or_sets_a_password(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, phone, _) = alex(&app).await;
    let open = async || count(&app, "factor_resets where cancelled_at is null").await;
    told(&app).await;
    app.platform.clock.advance(TimeDelta::minutes(11));
    let code = phone.code(&app);
    assert_eq!(alex.post("/api/auth/step-up", &[("password", &code)]).await.status, StatusCode::OK);
    assert_eq!(open().await, 0, "a code to prove who it is");
    told(&app).await;
    set_up(&app, &alex).await;
    assert_eq!(open().await, 0, "a new app");
    told(&app).await;
    assert_eq!(alex.post("/api/accounts/change-password", &[("new_password", PASSWORD)]).await.status, StatusCode::OK);
    assert_eq!(open().await, 0, "a password set in the settings");
    told(&app).await;
    assert_eq!(alex.post("/api/factors/remove-app", &[]).await.status, StatusCode::OK);
    assert_eq!(open().await, 0, "a factor removed");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_mailbox_alone_does_not_have_the_factors_dropped(db: PgPool) {
    let app = TestApp::new(db).await;
    alex(&app).await;
    let mailed = async || {
        people::work(&app.platform).await;
        let mail = people::latest_mail(&app.platform, ALEX).await;
        mail.split("token=").nth(1).unwrap().chars().take_while(|c| c.is_ascii_hexdigit()).collect::<String>()
    };
    let thief = app.browser();
    thief.post("/api/auth/mail-link", &[("email", ALEX)]).await;
    let answer = thief.post("/api/auth/use-link", &[("token", &mailed().await)]).await;
    assert_eq!(answer.location.as_deref(), Some("/login/factor"));
    let refused = thief.post("/api/auth/tell-loss", &[]).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.body.contains("needs your password"), "{}", refused.body);
    let page = thief.get("/login/factor").await.body;
    assert!(page.contains("Your link is right") && !page.contains("Ask to remove my factors"), "{page}");

    thief.post("/api/auth/forgot-password", &[("email", ALEX)]).await;
    let token = mailed().await;
    let reset = [("token", token.as_str()), ("new_password", PASSWORD)];
    assert_eq!(thief.post("/api/auth/reset-password", &reset).await.status, StatusCode::OK);
    let refused = half(&app, ALEX).await.post("/api/auth/tell-loss", &[]).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.body.contains("set by mail"), "{}", refused.body);
    assert_eq!(count(&app, "factor_resets").await, 0);
    app.platform.clock.advance(TimeDelta::hours(73));
    told(&app).await;
}
