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
    let odd = app.browser().post("/api/auth/sign-in", &[("email", "no\0@one.test"), ("password", "wrong")]).await;
    assert_eq!((odd.status, &odd.body), (unknown.status, &unknown.body));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn guessing_from_all_addresses_of_one_ipv6_network_is_guessing_from_one(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let mut attacker = app.browser();
    let mut statuses = Vec::new();
    for n in 1..=11 {
        attacker.address = ([0x2001, 0xdb8, 1, 2, 0, 0, 0, n], 4000).into();
        let guess = [("email", "alex@creator.test"), ("password", "wrong")];
        statuses.push(attacker.post("/api/auth/sign-in", &guess).await.status);
    }
    assert_eq!(statuses.pop(), Some(StatusCode::TOO_MANY_REQUESTS));
    assert!(statuses.iter().all(|status| *status == StatusCode::UNPROCESSABLE_ENTITY), "{statuses:?}");
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

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_was_typed_when_the_session_had_ended_waits_behind_the_sign_in(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.signed_in("alex@creator.test").await;
    app.platform.clock.advance(TimeDelta::hours(25));
    let typed = [("full_name", "Alex Typed"), ("handle", "alex-typed"), ("bio", "Long hours of work")];
    let out = alex.submit("/settings/profile", "/api/accounts/save-profile", &typed).await;
    let login = out.location.unwrap();
    assert_eq!(login, "/login?kept=true&next=/settings/profile");
    assert!(alex.get(&login).await.body.contains("what you typed is kept"));
    // A mistyped password is a refused form of its own and takes nothing away.
    let wrong = [("email", "alex@creator.test"), ("password", "mistyped"), ("next", "/settings/profile")];
    assert_eq!(alex.submit(&login, "/api/auth/sign-in", &wrong).await.location.as_deref(), Some(login.as_str()));
    assert!(alex.get(&login).await.body.contains("do not belong together"));
    let signing_in = [("email", "alex@creator.test"), ("password", PASSWORD), ("next", "/settings/profile")];
    let answer = alex.submit(&login, "/api/auth/sign-in", &signing_in).await;
    assert_eq!(answer.location.as_deref(), Some("/settings/profile"));
    let page = alex.get("/settings/profile").await.body;
    assert!(page.contains("Long hours of work") && page.contains("alex-typed"), "{page}");
    assert!(page.contains("You were signed out before"), "{page}");
    assert!(!alex.get("/settings/profile").await.body.contains("Long hours of work"), "shown once");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_refusal_is_told_even_where_its_form_is_gone_and_where_no_referer_says_the_page(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.signed_in("alex@creator.test").await;
    let plain = || {
        axum::http::Request::post("/api/pitches/unpublish")
            .header("accept", "text/html")
            .header("origin", "http://pitchey.test")
            .header("content-type", "application/x-www-form-urlencoded")
    };
    let gone = "pitch_id=0198c1de-0000-7000-8000-000000000000";
    let answer = alex.send(plain(), gone.into()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = alex.get(answer.location.as_deref().unwrap()).await.body;
    assert!(page.contains("We could not find that. It may have been removed"), "{page}");

    // Another page does not take the message of a page away, and an old one is dropped.
    alex.send(plain().header("referer", "http://pitchey.test/creator/pitches"), gone.into()).await;
    assert!(!alex.get("/creator").await.body.contains("refused-before"));
    assert!(alex.get("/creator/pitches").await.body.contains("refused-before"));
    alex.send(plain().header("referer", "http://pitchey.test/creator/pitches"), gone.into()).await;
    app.platform.clock.advance(TimeDelta::hours(2));
    assert!(!alex.get("/creator/pitches").await.body.contains("refused-before"));
}

/// The sessions in the database: hash, data and time of the last write.
async fn sessions(app: &TestApp) -> Vec<(Vec<u8>, serde_json::Value, chrono::DateTime<chrono::Utc>)> {
    let all = sqlx::query_as("select id_hash, data, seen_at from sessions order by id_hash");
    all.fetch_all(&app.platform.db).await.unwrap()
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_session_is_not_written_for_every_page(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.signed_in("alex@creator.test").await;
    let before = sessions(&app).await;
    app.platform.clock.advance(TimeDelta::minutes(9));
    alex.get("/settings/profile").await;
    assert_eq!(sessions(&app).await, before);
    app.platform.clock.advance(TimeDelta::minutes(2));
    alex.get("/settings/profile").await;
    assert_ne!(sessions(&app).await, before, "but seldom enough that it does not end under one's hands");
    app.browser().get("/browse").await;
    assert_eq!(sessions(&app).await.len(), 1, "a guest has none");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_session_that_ended_is_not_written_back_to_life(db: PgPool) {
    use tower_sessions::{SessionStore, session::Record};
    let app = TestApp::new(db).await;
    let store = crate::accounts::sessions::Sessions::new(app.platform.clone());
    let mut record = Record {
        id: Default::default(),
        data: Default::default(),
        expiry_date: time::OffsetDateTime::now_utc() + time::Duration::hours(1),
    };
    store.create(&mut record).await.unwrap();
    assert!(store.load(&record.id).await.unwrap().is_some());
    store.delete(&record.id).await.unwrap();
    store.save(&record).await.unwrap();
    assert!(store.load(&record.id).await.unwrap().is_none());
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn odd_bytes_in_a_refused_form_and_a_file_form_without_parts_are_no_crash(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let alex = app.signed_in("alex@creator.test").await;
    let typed = [("full_name", "A\0lex \u{1F3AC}"), ("handle", "!"), ("bio", "a\0b")];
    let answer = alex.submit("/settings/profile", "/api/accounts/save-profile", &typed).await;
    assert_eq!(answer.location.as_deref(), Some("/settings/profile"));
    assert!(alex.get("/settings/profile").await.body.contains("Alex \u{1F3AC}"));
    for door in ["/api/files/upload", "/api/accounts/avatar"] {
        for kind in ["multipart/form-data", "application/x-www-form-urlencoded"] {
            let request =
                axum::http::Request::post(door).header("accept", "application/json").header("content-type", kind);
            let answer = alex.send(request, "avatar=x".into()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{door} {kind}: {}", answer.body);
        }
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_reset_mail_goes_to_the_address_that_was_registered(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    // Typed in capitals, and with a letter that is another one in lower case: K is U+212A, the Kelvin sign.
    app.browser().post("/api/auth/forgot-password", &[("email", "ALEX@creator.TEST")]).await;
    people::work(&app.platform).await;
    assert!(people::latest_mail(&app.platform, "alex@creator.test").await.contains("token="));
    people::creator(&app.platform, "kim").await;
    app.browser().post("/api/auth/forgot-password", &[("email", "\u{212A}im@creator.test")]).await;
    people::work(&app.platform).await;
    let folder = app.platform.mail.folder().unwrap();
    let elsewhere = crate::platform::mail::shelf::list(folder, Some("\u{212A}im@creator.test")).await.unwrap();
    assert!(elsewhere.is_empty());
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn two_people_of_one_name_at_the_same_moment_both_get_a_handle(db: PgPool) {
    let app = TestApp::new(db).await;
    let register = |email: &'static str| {
        let browser = app.browser();
        async move {
            let mut fields = REGISTRATION;
            fields[2].1 = email;
            browser.post("/api/auth/register", &fields).await.status
        }
    };
    let (one, two, three) = tokio::join!(register("a@b.test"), register("c@d.test"), register("e@f.test"));
    assert_eq!([one, two, three], [StatusCode::OK; 3]);
    let handles: Vec<String> =
        sqlx::query_scalar("select distinct handle from accounts").fetch_all(&app.platform.db).await.unwrap();
    assert_eq!(handles.len(), 3);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn asking_for_mails_registering_and_signing_in_are_counted_apart(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    let ask = |n: usize| {
        let browser = app.browser();
        async move { browser.post("/api/auth/forgot-password", &[("email", &format!("p{n}@one.test"))]).await.status }
    };
    for n in 0..20 {
        assert_eq!(ask(n).await, StatusCode::OK);
    }
    assert_eq!(ask(20).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(app.browser().post("/api/auth/register", &REGISTRATION).await.status, StatusCode::OK);
    app.signed_in("alex@creator.test").await;
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_one_person_typed_is_handed_back_to_nobody_else(db: PgPool) {
    let app = TestApp::new(db).await;
    let alex = people::creator(&app.platform, "alex").await;
    people::creator(&app.platform, "beth").await;
    let shared = app.signed_in("alex@creator.test").await;
    app.platform.clock.advance(TimeDelta::hours(25));
    let id = alex.viewer.id.to_string();
    let typed = [("posted_by", id.as_str()), ("full_name", "Alex"), ("handle", "alex"), ("bio", "Of Alex alone")];
    shared.submit("/settings/profile", "/api/accounts/save-profile", &typed).await;
    let beth = [("email", "beth@creator.test"), ("password", PASSWORD), ("next", "/settings/profile")];
    shared.submit("/login", "/api/auth/sign-in", &beth).await;
    assert!(!shared.get("/settings/profile").await.body.contains("Of Alex alone"));
    // Nor to who takes over the browser without signing out first.
    let typed = [("full_name", "x".repeat(500)), ("handle", "beth".into()), ("bio", "Of Beth alone".into())];
    let typed = typed.each_ref().map(|(name, value)| (*name, value.as_str()));
    shared.submit("/settings/profile", "/api/accounts/save-profile", &typed).await;
    let alex = [("email", "alex@creator.test"), ("password", PASSWORD), ("next", "/settings/profile")];
    shared.submit("/login", "/api/auth/sign-in", &alex).await;
    assert!(!shared.get("/settings/profile").await.body.contains("Of Beth alone"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn nobody_is_kept_from_a_new_password_by_who_asks_for_other_mails(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    for n in 0..15_u8 {
        let mut attacker = app.browser();
        attacker.address = ([198, 51, 100, n], 4000).into();
        attacker.post("/api/auth/resend-verification", &[("email", "alex@creator.test")]).await;
    }
    let asked = app.browser().post("/api/auth/forgot-password", &[("email", "alex@creator.test")]).await;
    assert_eq!(asked.status, StatusCode::OK);
    people::work(&app.platform).await;
    assert!(people::latest_mail(&app.platform, "alex@creator.test").await.contains("token="));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_guests_page_with_what_they_typed_is_stored_by_nobody(db: PgPool) {
    let app = TestApp::new(db).await;
    let guest = app.browser();
    guest.submit("/register", "/api/auth/register", &[("full_name", "Alex"), ("email", "nonsense")]).await;
    assert_eq!(guest.get("/register").await.headers["cache-control"], "no-store");
    let lives: bool = sqlx::query_scalar("select max(expires_at) < now() + interval '3 hours' from sessions")
        .fetch_one(&app.platform.db)
        .await
        .unwrap();
    assert!(lives, "a guest's session is a short one");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn names_that_show_nothing_and_addresses_that_take_no_mail_are_refused(db: PgPool) {
    let app = TestApp::new(db).await;
    let register = async |field: usize, value: &'static str| {
        let mut fields = REGISTRATION;
        fields[field].1 = value;
        app.browser().post("/api/auth/register", &fields).await.status
    };
    for name in ["\u{200b}\u{2060}\u{200b}", "\u{202e}\u{202e}", "---"] {
        assert_eq!(register(1, name).await, StatusCode::UNPROCESSABLE_ENTITY, "{name:?}");
    }
    for email in ["a..b@writer.test", ".a@writer.test", "a.@writer.test", "a(b)@writer.test", "a@-writer.test"] {
        assert_eq!(register(2, email).await, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
    }
    let json = axum::http::Request::post("/api/auth/sign-in").header("content-type", "application/json");
    let answer = app.browser().send(json, r#"{"email":"a@b.test","password":"x"}"#.into()).await;
    assert!(answer.body.contains("as a form"), "{}", answer.body);
}
