//! Accounts over HTTP.

use axum::http::StatusCode;
use chrono::TimeDelta;
use sqlx::PgPool;

use super::{
    app::TestApp,
    people::{self, PASSWORD},
};

const REGISTRATION: [(&str, &str); 5] = [
    ("account_type", "creator"),
    ("full_name", "Alex Writer"),
    ("email", "alex@writer.test"),
    ("password", "a long enough password"),
    ("agree_terms", "true"),
];

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn registering_mails_a_link_that_only_a_post_uses_up(db: PgPool) {
    let app = TestApp::new(db).await;
    let alex = app.browser();
    let answer = alex.submit("/register", "/api/auth/register", &REGISTRATION).await;
    assert_eq!(
        (answer.status, answer.location.as_deref()),
        (StatusCode::SEE_OTHER, Some("/verify-email")),
        "{}",
        answer.body
    );
    people::work(&app.platform).await;
    let mail = people::latest_mail(&app.platform, "alex@writer.test").await;
    let token = mail.split("token=").nth(1).unwrap().chars().take_while(|c| c.is_ascii_hexdigit()).collect::<String>();

    let page = format!("/verify-email?token={token}");
    for _ in 0..2 {
        assert_eq!(alex.get(&page).await.status, StatusCode::OK);
    }
    let answer = alex.submit(&page, "/api/auth/verify-email", &[("token", &token)]).await;
    assert_eq!(answer.location.as_deref(), Some("/login?verified=true"));
    let again = alex.post("/api/auth/verify-email", &[("token", &token)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_known_address_gets_the_same_answer_and_another_mail(db: PgPool) {
    let app = TestApp::new(db).await;
    let first = app.browser().post("/api/auth/register", &REGISTRATION).await;
    let second = app.browser().post("/api/auth/register", &REGISTRATION).await;
    assert_eq!((first.status, &first.body, &first.location), (second.status, &second.body, &second.location));
    let accounts =
        sqlx::query_scalar::<_, i64>("select count(*) from accounts").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!(accounts, 1);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_refused_registration_comes_back_with_what_was_typed_but_never_the_password(db: PgPool) {
    let app = TestApp::new(db).await;
    let alex = app.browser();
    let typed = [
        ("account_type", "pirate"),
        ("full_name", "Alex \u{1F3AC}"),
        ("email", "nonsense"),
        ("password", "sesame-123"),
    ];
    let answer = alex.submit("/register", "/api/auth/register", &typed).await;
    assert_eq!((answer.status, answer.location.as_deref()), (StatusCode::SEE_OTHER, Some("/register")));
    let page = alex.get("/register").await.body;
    assert!(page.contains("does not look like an email address"), "{page}");
    assert!(page.contains("Alex \u{1F3AC}") && page.contains("value=\"nonsense\""));
    assert!(!page.contains("sesame-123"));
    assert!(!alex.get("/register").await.body.contains("nonsense"), "shown once");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn unknown_email_and_wrong_password_answer_alike(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let wrong = app.browser().post("/api/auth/sign-in", &[("email", "alex@creator.test"), ("password", "wrong")]).await;
    let unknown = app.browser().post("/api/auth/sign-in", &[("email", "no@one.test"), ("password", "wrong")]).await;
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_eleventh_wrong_password_waits_and_the_right_one_works_from_elsewhere(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let attacker = app.browser();
    let guess = [("email", "alex@creator.test"), ("password", "wrong")];
    for _ in 0..10 {
        assert_eq!(attacker.post("/api/auth/sign-in", &guess).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let refused = attacker.post("/api/auth/sign-in", &guess).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.contains_key("retry-after"));
    let mut alex = app.browser();
    alex.address = ([198, 51, 100, 1], 4000).into();
    let answer = alex.post("/api/auth/sign-in", &[("email", "alex@creator.test"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    app.platform.clock.advance(TimeDelta::minutes(16));
    assert_eq!(attacker.post("/api/auth/sign-in", &guess).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_copied_cookie_is_dead_after_sign_out_and_the_token_changes_at_sign_in(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.browser();
    alex.submit("/login", "/api/auth/sign-in", &[("email", "x"), ("password", "y")]).await;
    let before = alex.cookie().expect("the flash has a session");
    alex.get("/login").await;
    alex.post("/api/auth/sign-in", &[("email", "alex@creator.test"), ("password", PASSWORD)]).await;
    let copied = alex.cookie().expect("a session");
    assert_ne!(before, copied);
    assert_eq!(alex.get("/settings/profile").await.status, StatusCode::OK);
    let out = alex.submit("/settings/profile", "/api/auth/sign-out", &[]).await;
    let forgotten = out.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()).any(|cookie| {
        cookie.starts_with("__Host-session=;") && cookie.contains("Secure") && cookie.contains("Max-Age=0")
    });
    assert!(forgotten, "browsers only forget a __Host- cookie that is named with Secure: {:?}", out.headers);
    let thief = app.browser();
    thief.set_cookie(Some(copied));
    assert_eq!(thief.get("/settings/profile").await.location.as_deref(), Some("/login?next=/settings/profile"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_reset_link_works_once_for_an_hour_and_ends_every_session(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let elsewhere = app.signed_in("alex@creator.test").await;
    let ask = async || {
        app.browser().post("/api/auth/forgot-password", &[("email", "alex@creator.test")]).await;
        people::work(&app.platform).await;
        let mail = people::latest_mail(&app.platform, "alex@creator.test").await;
        mail.split("token=").nth(1).unwrap().chars().take_while(|c| c.is_ascii_hexdigit()).collect::<String>()
    };
    let late = ask().await;
    app.platform.clock.advance(TimeDelta::minutes(61));
    let late =
        app.browser().post("/api/auth/reset-password", &[("token", &late), ("new_password", "another password")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);

    let token = ask().await;
    let set = [("token", token.as_str()), ("new_password", "another password")];
    assert_eq!(app.browser().post("/api/auth/reset-password", &set).await.status, StatusCode::OK);
    assert_eq!(app.browser().post("/api/auth/reset-password", &set).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(elsewhere.get("/settings/profile").await.status, StatusCode::SEE_OTHER);
    let old = app.browser().post("/api/auth/sign-in", &[("email", "alex@creator.test"), ("password", PASSWORD)]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_session_ends_after_a_day_unseen_and_after_thirty_days_seen(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.signed_in("alex@creator.test").await;
    for _ in 0..31 {
        if alex.get("/settings/profile").await.status != StatusCode::OK {
            panic!("a session that is used daily lives on");
        }
        app.platform.clock.advance(TimeDelta::hours(23));
    }
    app.platform.clock.advance(TimeDelta::hours(8));
    assert_eq!(alex.get("/settings/profile").await.status, StatusCode::SEE_OTHER, "thirty days are the end");
    let idle = app.signed_in("alex@creator.test").await;
    app.platform.clock.advance(TimeDelta::hours(25));
    assert_eq!(idle.get("/settings/profile").await.status, StatusCode::SEE_OTHER, "a day unseen");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_post_from_another_site_is_refused(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.signed_in("alex@creator.test").await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.test"), ("origin", "null")] {
        let request = axum::http::Request::post("/api/auth/sign-out").header(name, value);
        assert_eq!(alex.send(request, axum::body::Body::empty()).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(alex.get("/settings/profile").await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_ten_megabyte_form_is_413_and_nothing_else(db: PgPool) {
    let app = TestApp::new(db).await;
    let huge = "x".repeat(10 << 20);
    let answer = app.browser().submit("/register", "/api/auth/register", &[("full_name", &huge)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn sign_in_goes_only_to_pages_of_ours(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    for (next, goes_to) in
        [("/messages?a=b", "/messages?a=b"), ("//evil.test", "/creator"), ("https://evil.test", "/creator")]
    {
        let fields = [("email", "alex@creator.test"), ("password", PASSWORD), ("next", next)];
        let answer = app.browser().submit("/login", "/api/auth/sign-in", &fields).await;
        assert_eq!(answer.location.as_deref(), Some(goes_to));
    }
}
