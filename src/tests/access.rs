//! Who may open what: every server function and every page has a rule in here, and a story's ids and addresses are
//! replayed by everybody whom they are not for.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode, header};
use leptos::server_fn::axum::server_fn_paths;
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    app::{Answer, Browser, TestApp},
    people,
};
use crate::{
    app::App,
    shared::ids::{FileId, MaterialId, NdaId, PitchId, ThreadId},
};

/// Who gets past a server function's door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// Anyone; what comes back depends on who asks.
    Anyone,
    /// Who is signed in.
    SignedIn,
    /// Creators and production companies.
    Publisher,
    /// Investors and production companies.
    Buyer,
    /// Production companies alone.
    Company,
}

const DOORS: &[(&str, Door)] = &[
    ("accounts/avatar", Door::SignedIn),
    ("accounts/change-email", Door::SignedIn),
    ("accounts/change-password", Door::SignedIn),
    ("accounts/person", Door::Anyone),
    ("accounts/profile", Door::SignedIn),
    ("accounts/remove-avatar", Door::SignedIn),
    ("accounts/save-profile", Door::SignedIn),
    ("accounts/waiting-email", Door::SignedIn),
    ("auth/ask-passkey", Door::Anyone),
    ("auth/confirm-email", Door::Anyone),
    ("auth/enter-code", Door::Anyone),
    ("auth/enter-passkey", Door::Anyone),
    ("auth/enter-recovery-code", Door::Anyone),
    ("auth/factor-choices", Door::Anyone),
    ("auth/forgot-password", Door::Anyone),
    ("auth/keep-email", Door::Anyone),
    ("auth/keep-factors", Door::Anyone),
    ("auth/mail-link", Door::Anyone),
    ("auth/register", Door::Anyone),
    ("auth/resend-verification", Door::Anyone),
    ("auth/reset-password", Door::Anyone),
    ("auth/sign-in", Door::Anyone),
    ("auth/sign-out", Door::Anyone),
    ("auth/step-up", Door::SignedIn),
    ("auth/tell-loss", Door::Anyone),
    ("auth/use-link", Door::Anyone),
    ("auth/verify-email", Door::Anyone),
    ("factors/add-passkey", Door::SignedIn),
    ("factors/ask-new-passkey", Door::SignedIn),
    ("factors/begin-app", Door::SignedIn),
    ("factors/cancel-app", Door::SignedIn),
    ("factors/codes-kept", Door::SignedIn),
    ("factors/confirm-app", Door::SignedIn),
    ("factors/keep", Door::SignedIn),
    ("factors/make-codes", Door::SignedIn),
    ("factors/mine", Door::SignedIn),
    ("factors/remove-app", Door::SignedIn),
    ("factors/remove-passkey", Door::SignedIn),
    ("files/begin-upload", Door::Publisher),
    ("files/cancel-upload", Door::Publisher),
    ("files/delete", Door::Publisher),
    ("files/finish-upload", Door::Publisher),
    ("files/upload", Door::Publisher),
    ("files/upload-state", Door::Publisher),
    ("messages/mark-read", Door::SignedIn),
    ("messages/recent", Door::SignedIn),
    ("messages/send", Door::SignedIn),
    ("messages/thread", Door::SignedIn),
    ("messages/threads", Door::SignedIn),
    ("ndas/approve", Door::Publisher),
    ("ndas/approve-in-advance", Door::Publisher),
    ("ndas/approve-many", Door::Publisher),
    ("ndas/archive-template", Door::Publisher),
    ("ndas/create-template", Door::Publisher),
    ("ndas/decided", Door::Publisher),
    ("ndas/decline", Door::Publisher),
    ("ndas/decline-many", Door::Publisher),
    ("ndas/delete-template", Door::Publisher),
    ("ndas/edit-template", Door::Publisher),
    ("ndas/end-advance", Door::Publisher),
    ("ndas/figures", Door::Publisher),
    ("ndas/for-pitch", Door::Anyone),
    ("ndas/numbers", Door::SignedIn),
    ("ndas/of-pitch", Door::Publisher),
    ("ndas/one", Door::SignedIn),
    ("ndas/read-to-end", Door::SignedIn),
    ("ndas/received", Door::Publisher),
    ("ndas/request", Door::Buyer),
    ("ndas/restore-template", Door::Publisher),
    ("ndas/revoke", Door::Publisher),
    ("ndas/sent", Door::Buyer),
    ("ndas/set-pitch-template", Door::Publisher),
    ("ndas/sign", Door::Buyer),
    ("ndas/template", Door::Publisher),
    ("ndas/templates", Door::Publisher),
    ("ndas/upload-template", Door::Publisher),
    ("ndas/verdict", Door::Anyone),
    ("ndas/verify", Door::Anyone),
    ("ndas/waiting", Door::SignedIn),
    ("ndas/withdraw", Door::Buyer),
    ("notifications/counts", Door::Anyone),
    ("notifications/list", Door::SignedIn),
    ("notifications/mark-read", Door::SignedIn),
    ("notifications/recent", Door::SignedIn),
    ("pitches/archive", Door::Publisher),
    ("pitches/browse", Door::Anyone),
    ("pitches/create", Door::Publisher),
    ("pitches/delete", Door::Publisher),
    ("pitches/edit-page", Door::Publisher),
    ("pitches/front-page", Door::Anyone),
    ("pitches/of-person", Door::Anyone),
    ("pitches/mine", Door::Publisher),
    ("pitches/overview", Door::Publisher),
    ("pitches/page", Door::Anyone),
    ("pitches/publish", Door::Publisher),
    ("pitches/save", Door::Publisher),
    ("pitches/set-download", Door::Publisher),
    ("pitches/set-visibility", Door::Publisher),
    ("pitches/unpublish", Door::Publisher),
    ("questions/answer", Door::Publisher),
    ("questions/ask", Door::Buyer),
    ("questions/of-pitch", Door::Anyone),
    ("questions/waiting", Door::Publisher),
    ("questions/withdraw", Door::Buyer),
    ("reading/beat", Door::SignedIn),
    ("reading/document", Door::SignedIn),
    ("reading/readers", Door::Publisher),
    ("reading/words", Door::SignedIn),
    ("releases/end", Door::Publisher),
    ("releases/for-pitch", Door::Anyone),
    ("releases/list", Door::Publisher),
    ("releases/offer", Door::Company),
    ("releases/one", Door::SignedIn),
    ("releases/read-to-end", Door::SignedIn),
    ("releases/refuse", Door::Publisher),
    ("releases/sign", Door::Publisher),
    ("releases/waiting", Door::SignedIn),
    ("releases/withdraw", Door::Company),
    ("sessions/end", Door::SignedIn),
    ("sessions/end-others", Door::SignedIn),
    ("sessions/mine", Door::SignedIn),
    // What a link opens, only the key in a cookie decides: `sharing` tries.
    ("sharing/ask-code", Door::Anyone),
    ("sharing/beat", Door::Anyone),
    ("sharing/document", Door::Anyone),
    ("sharing/enter", Door::Anyone),
    ("sharing/link", Door::Anyone),
    ("sharing/make", Door::Publisher),
    ("sharing/of-pitch", Door::Publisher),
    ("sharing/revoke", Door::Publisher),
    ("sharing/send-again", Door::Publisher),
    ("sharing/words", Door::Anyone),
];

/// The pages: for anyone, for who is signed in, or for one portal.
const PAGES: &[(&str, &[&str])] = &[
    (
        "anyone",
        &[
            "/",
            "/about",
            "/browse",
            "/confirm-email",
            "/contact",
            "/forgot-password",
            "/how-it-works",
            "/keep-email",
            "/login",
            "/login/factor",
            "/login/keep-factors",
            "/login/link",
            "/people/{handle}",
            "/pitch/{slug}",
            "/privacy",
            "/register",
            "/reset-password",
            "/s/{token}",
            "/s/{token}/{file}",
            "/terms",
            "/verify",
            "/verify-email",
        ],
    ),
    (
        "signed in",
        &[
            "/messages",
            "/messages/{id}",
            "/ndas/{id}",
            "/notifications",
            "/read/{id}",
            "/releases/{id}",
            "/settings/profile",
            "/settings/security",
            "/settings/templates",
            "/settings/templates/new",
            "/settings/templates/{id}",
        ],
    ),
    (
        "creator",
        &[
            "/creator",
            "/creator/ndas",
            "/creator/pitches",
            "/creator/pitches/new",
            "/creator/pitches/{id}",
            "/creator/pitches/{id}/edit",
        ],
    ),
    ("investor", &["/investor", "/investor/ndas"]),
    (
        "production",
        &[
            "/production",
            "/production/ndas",
            "/production/pitches",
            "/production/pitches/new",
            "/production/pitches/{id}",
            "/production/pitches/{id}/edit",
        ],
    ),
];

fn method_of(path: &str) -> Method {
    server_fn_paths().find(|(known, _)| *known == path).map(|(_, method)| method).unwrap()
}

/// Calls a server function with an id for everything it may ask for.
async fn call(browser: &Browser<'_>, function: &str, ids: &[(&str, &str)]) -> Answer {
    let path = format!("/api/{function}");
    if method_of(&path) == Method::GET {
        browser.read(&format!("{path}?{}", serde_urlencoded::to_string(ids).unwrap())).await
    } else if matches!(function, "files/upload" | "accounts/avatar" | "ndas/upload-template" | "ndas/verify") {
        let request = axum::http::Request::post(&path)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=X");
        let pitch = ids.iter().find(|(name, _)| *name == "pitch_id").map_or("", |(_, id)| id);
        let body = format!(
            "--X\r\nContent-Disposition: form-data; name=\"pitch_id\"\r\n\r\n{pitch}\r\n--X\r\nContent-Disposition: form-data; \
             name=\"deck\"; filename=\"d.pdf\"\r\n\r\n%PDF-\r\n--X--\r\n"
        );
        browser.send(request, body.into()).await
    } else {
        browser.post(&path, ids).await
    }
}

fn somebodys_ids() -> Vec<(&'static str, String)> {
    [
        "pitch_id",
        "nda_id",
        "thread_id",
        "material_id",
        "file_id",
        "upload_id",
        "key",
        "notification_id",
        "seen_to",
        "question_id",
        "template_id",
        "share_id",
        "release_id",
        "passkey_id",
        "challenge_id",
    ]
    .map(|name| (name, Uuid::now_v7().to_string()))
    .into_iter()
    .chain([
        ("revision", "1".into()),
        ("version", "1".into()),
        ("visibility", "public".into()),
        ("slug", "nowhere".into()),
        ("handle", "nobody".into()),
        ("message", "Hello".into()),
        ("kind", "trailer".into()),
        ("name", "film.mp4".into()),
        ("size", "100".into()),
    ])
    .collect()
}

fn borrowed<'a>(ids: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    ids.iter().map(|(name, id)| (*name, id.as_str())).collect()
}

#[test]
fn every_server_function_has_a_rule() {
    let known: BTreeSet<String> =
        server_fn_paths().map(|(path, _)| path.trim_start_matches("/api/").to_string()).collect();
    let ruled: BTreeSet<String> = DOORS.iter().map(|(path, _)| path.to_string()).collect();
    assert_eq!(known, ruled);
}

#[test]
fn every_page_has_a_rule() {
    let known: BTreeSet<String> =
        leptos_axum::generate_route_list(App).iter().map(|route| route.path().to_string()).collect();
    let ruled: BTreeSet<String> = PAGES.iter().flat_map(|(_, pages)| pages.iter().map(|p| p.to_string())).collect();
    assert_eq!(known, ruled);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn every_door_keeps_out_whom_it_is_not_for(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    people::investor(&app.platform, "sarah").await;
    let (guest, creator, investor) =
        (app.browser(), app.signed_in("alex@creator.test").await, app.signed_in("sarah@investor.test").await);
    let ids = somebodys_ids();
    for (function, door) in DOORS {
        let asked = call(&guest, function, &borrowed(&ids)).await;
        if *door != Door::Anyone {
            assert_eq!(asked.status, StatusCode::UNAUTHORIZED, "a guest at {function}: {}", asked.body);
        }
        let others = match door {
            Door::Publisher => vec![&investor],
            Door::Buyer => vec![&creator],
            Door::Company => vec![&creator, &investor],
            Door::Anyone | Door::SignedIn => Vec::new(),
        };
        for other in others {
            let asked = call(other, function, &borrowed(&ids)).await;
            assert_eq!(asked.status, StatusCode::FORBIDDEN, "another portal's person at {function}: {}", asked.body);
        }
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn every_page_leads_elsewhere_whom_it_is_not_for(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    people::investor(&app.platform, "sarah").await;
    people::production(&app.platform, "stella").await;
    let guest = app.browser();
    let own = [
        ("creator", app.signed_in("alex@creator.test").await),
        ("investor", app.signed_in("sarah@investor.test").await),
        ("production", app.signed_in("stella@production.test").await),
    ];
    for (whose, pages) in PAGES {
        for page in *pages {
            let page = page
                .replace("{id}", &Uuid::now_v7().to_string())
                .replace("{slug}", "nowhere")
                .replace("{handle}", "nobody")
                .replace("{token}", "nothing")
                .replace("{file}", &Uuid::now_v7().to_string());
            let as_guest = guest.get(&page).await;
            let sent_to_sign_in = as_guest.location.as_deref().is_some_and(|l| l.starts_with("/login?next="));
            assert_eq!(sent_to_sign_in, *whose != "anyone", "a guest at {page}");
            for (kind, browser) in &own {
                let answer = browser.get(&page).await;
                let home = format!("/{kind}");
                let sent_home = answer.location.as_deref() == Some(home.as_str());
                let foreign = own.iter().any(|(portal, _)| portal == whose) && kind != whose;
                assert_eq!(sent_home, foreign, "{kind} at {page}: {}", answer.status);
            }
        }
    }
}

/// What a story leaves behind: the ids and addresses that others must not be able to use.
struct Story {
    pitch: PitchId,
    slug: String,
    nda: NdaId,
    thread: ThreadId,
    script: FileId,
    material: MaterialId,
}

const SECRET: &str = "the lighthouse keeper did it";

/// Alex publishes, Sarah asks, Alex approves, Sarah signs and they talk: all over HTTP.
async fn play(alex: &Browser<'_>, sarah: &Browser<'_>) -> Story {
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
    let pitch = created["pitch_id"].as_str().unwrap().to_string();
    let bytes = crate::media::inspect::tests::pdf(3);
    let mut body = format!(
        "--X\r\nContent-Disposition: form-data; name=\"pitch_id\"\r\n\r\n{pitch}\r\n--X\r\nContent-Disposition: form-data; \
         name=\"script\"; filename=\"salt.pdf\"\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(&bytes);
    body.extend_from_slice(b"\r\n--X--\r\n");
    let request = axum::http::Request::post("/api/files/upload")
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=X");
    let uploaded = json(&alex.send(request, body.into()).await);
    ok(&alex.post("/api/pitches/publish", &[("pitch_id", &pitch)]).await);

    ok(&sarah.post("/api/ndas/request", &[("pitch_id", &pitch), ("purpose", "To read the script.")]).await);
    let waiting = json(&alex.read("/api/ndas/waiting").await);
    let nda = waiting["to_decide"][0]["id"].as_str().unwrap().to_string();
    ok(&alex
        .post("/api/ndas/approve", &[("nda_id", &nda), ("full_legal_name", "Alex Moreno"), ("term_in_days", "365")])
        .await);
    let view = json(&sarah.read(&format!("/api/ndas/one?nda_id={nda}")).await);
    let sha = view["text"]["sha256"].as_str().unwrap();
    let signature = [
        ("nda_id", nda.as_str()),
        ("agree_electronic", "true"),
        ("full_legal_name", "Sarah Lane"),
        ("document_sha256", sha),
    ];
    ok(&sarah.post("/api/ndas/sign", &signature).await);
    let threads = json(&sarah.read("/api/messages/recent").await);
    let thread = threads[0]["id"].as_str().unwrap().to_string();
    Story {
        pitch: pitch.parse().unwrap(),
        slug: created["slug"].as_str().unwrap().into(),
        nda: nda.parse().unwrap(),
        thread: thread.parse().unwrap(),
        script: uploaded["file_id"].as_str().unwrap().parse().unwrap(),
        material: uploaded["material_id"].as_str().unwrap().parse().unwrap(),
    }
}

fn ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

fn json(answer: &Answer) -> serde_json::Value {
    ok(answer);
    serde_json::from_str(&answer.body).unwrap()
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_storys_ids_and_addresses_are_worth_nothing_to_others(db: PgPool) {
    let app = TestApp::new(db).await;
    for name in ["alex", "carol"] {
        people::creator(&app.platform, name).await;
    }
    for name in ["sarah", "ivan"] {
        people::investor(&app.platform, name).await;
    }
    people::production(&app.platform, "stella").await;
    let (alex, sarah) = (app.signed_in("alex@creator.test").await, app.signed_in("sarah@investor.test").await);
    let story = play(&alex, &sarah).await;
    assert!(sarah.get(&format!("/pitch/{}", story.slug)).await.body.contains(SECRET), "who signed reads it");
    ok(&sarah.get(&format!("/read/{}/page/1", story.script)).await);

    let others = [
        ("a guest", app.browser()),
        ("a second investor", app.signed_in("ivan@investor.test").await),
        ("a second creator", app.signed_in("carol@creator.test").await),
        ("another portal", app.signed_in("stella@production.test").await),
    ];
    let before = state(&app).await;
    for (who, browser) in &others {
        reads_nothing(who, browser, &story).await;
        changes_nothing(who, browser, &story).await;
    }
    assert_eq!(state(&app).await, before);
}

async fn reads_nothing(who: &str, browser: &Browser<'_>, story: &Story) {
    let page = browser.get(&format!("/pitch/{}", story.slug)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        !page.body.contains(SECRET)
            && !page.body.contains("salt.pdf")
            && !page.body.contains(&story.script.to_string()),
        "{who}"
    );
    let json = browser.read(&format!("/api/pitches/page?slug={}", story.slug)).await;
    assert!(!json.body.contains(SECRET) && !json.body.contains("salt.pdf"), "{who}: {}", json.body);
    assert!(
        !browser.get(&format!("/browse?q={}", SECRET.replace(' ', "+"))).await.body.contains("/pitch/salt"),
        "{who}"
    );
    for address in [
        format!("/files/{}", story.script),
        format!("/files/{}?w=320", story.script),
        format!("/read/{}/page/1", story.script),
        format!("/read/{}/page/1?w=800", story.script),
    ] {
        assert_eq!(browser.get(&address).await.status, StatusCode::NOT_FOUND, "{who} at {address}");
    }
    for page in
        [format!("/ndas/{}", story.nda), format!("/messages/{}", story.thread), format!("/read/{}", story.script)]
    {
        let answer = browser.get(&page).await;
        let nothing = answer.status == StatusCode::NOT_FOUND || answer.status == StatusCode::SEE_OTHER;
        assert!(nothing && !answer.body.contains("Sarah"), "{who} at {page}: {}", answer.status);
    }
    for (function, ids) in [
        ("ndas/one", format!("nda_id={}", story.nda)),
        ("reading/document", format!("file_id={}", story.script)),
        ("reading/words", format!("file_id={}&page=1", story.script)),
        ("reading/readers", format!("pitch_id={}", story.pitch)),
        ("sharing/of-pitch", format!("pitch_id={}", story.pitch)),
        ("messages/thread", format!("thread_id={}", story.thread)),
        ("ndas/of-pitch", format!("pitch_id={}", story.pitch)),
        ("pitches/overview", format!("pitch_id={}", story.pitch)),
        ("pitches/edit-page", format!("pitch_id={}", story.pitch)),
    ] {
        let answer = browser.read(&format!("/api/{function}?{ids}")).await;
        assert!(is_refusal(answer.status), "{who} at {function}: {} {}", answer.status, answer.body);
    }
}

async fn changes_nothing(who: &str, browser: &Browser<'_>, story: &Story) {
    let (pitch, nda) = (story.pitch.to_string(), story.nda.to_string());
    let file = story.script.to_string();
    let ticked = format!("nda_{nda}");
    let (thread, material, key) = (story.thread.to_string(), story.material.to_string(), Uuid::now_v7().to_string());
    let fields = [
        ("pitch_id", pitch.as_str()),
        ("nda_id", &nda),
        (&ticked, "true"),
        ("thread_id", &thread),
        ("material_id", &material),
        ("key", &key),
        ("visibility", "public"),
        ("message", "Hello"),
        ("reason", "No."),
        ("title", "Mine now"),
        ("revision", "1"),
        ("full_legal_name", "Mallory Mean"),
        ("confirm_title", "Salt"),
        ("agree_electronic", "true"),
        ("document_sha256", "00"),
        ("allow_download", "true"),
        ("file_id", &file),
        ("page", "1"),
        ("milliseconds", "1000"),
        ("kind", "trailer"),
        ("name", "film.mp4"),
        ("size", "100"),
    ];
    for function in [
        "pitches/save",
        "pitches/publish",
        "pitches/unpublish",
        "pitches/archive",
        "pitches/delete",
        "pitches/set-download",
        "pitches/set-visibility",
        "files/delete",
        "files/upload",
        "files/begin-upload",
        "ndas/approve",
        "ndas/approve-many",
        "ndas/approve-in-advance",
        "ndas/set-pitch-template",
        "ndas/end-advance",
        "ndas/decline",
        "ndas/decline-many",
        "ndas/withdraw",
        "ndas/sign",
        "ndas/revoke",
        "ndas/read-to-end",
        "messages/send",
        "messages/mark-read",
        "reading/beat",
        "sharing/make",
    ] {
        let answer = call(browser, function, &fields).await;
        assert!(is_refusal(answer.status), "{who} at {function}: {} {}", answer.status, answer.body);
    }
}

fn is_refusal(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)
}

/// Everything of the story that somebody could have changed.
async fn state(app: &TestApp) -> Vec<(String,)> {
    sqlx::query_as(
        "select (id, status, draft, revision, deleted_at)::text from pitches
         union all select (id, visibility, allow_download, removed_at)::text from materials
         union all select (id, status, signed_at, ended_at)::text from ndas
         union all select (id, ended_at)::text from nda_advances
         union all select (pitch_id, template_id)::text from nda_pitch_templates
         union all select (nda_id, account_id, read_to_end_at)::text from nda_openings
         union all select (visit_id, page, milliseconds)::text from reading_pages
         union all select (id, pitch_id)::text from shares
         union all select (id, body)::text from messages
         union all select (thread_id, account_id, read_to)::text from thread_reads order by 1",
    )
    .fetch_all(&app.platform.db)
    .await
    .unwrap()
}
