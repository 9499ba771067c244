//! Large files over HTTP: parts in any order, cut connections, restarts, and what is refused.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use bytes::Bytes;
use chrono::TimeDelta;
use futures::TryStreamExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use super::{
    app::{Answer, Browser, TestApp},
    files::upload,
    people,
    pitches::{creator, json_of, published, sign},
};
use crate::{
    media::{
        inspect::tests::pdf,
        jobs::{forget_views, sweep},
        uploads,
        watch::tests::mp4,
    },
    pitches::jobs::forget_removed,
    platform::{
        config::Config,
        storage::{PART, Storage},
    },
    shared::ids::PitchId,
};

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

pub async fn begin(browser: &Browser<'_>, pitch: PitchId, kind: &str, name: &str, size: usize) -> Answer {
    let (pitch, size) = (pitch.to_string(), size.to_string());
    let fields = [("pitch_id", pitch.as_str()), ("kind", kind), ("name", name), ("size", &size)];
    browser.post("/api/files/begin-upload", &fields).await
}

pub fn id_of(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    json_of(answer)["id"].as_str().unwrap().to_string()
}

/// Sends `body` as part `number`, said to be `told`.
async fn put(browser: &Browser<'_>, id: &str, number: usize, told: &str, body: Body) -> Answer {
    let request = Request::put(format!("/api/files/part/{id}/{number}"))
        .header("sec-fetch-site", "same-origin")
        .header("x-part-sha256", told);
    browser.send(request, body).await
}

pub async fn send(browser: &Browser<'_>, id: &str, whole: &[u8], number: usize) -> Answer {
    let part = whole.chunks(PART).nth(number).unwrap().to_vec();
    put(browser, id, number, &sha256(&part), Body::from(part)).await
}

pub async fn state(browser: &Browser<'_>, id: &str) -> Value {
    json_of(&browser.read(&format!("/api/files/upload-state?upload_id={id}")).await)
}

pub async fn stored(app: &TestApp) -> Vec<String> {
    let all: Vec<_> = app.platform.storage.list("").map_ok(|o| o.key).try_collect().await.unwrap();
    all
}

pub async fn finish_upload(browser: &Browser<'_>, id: &str) -> Answer {
    browser.post("/api/files/finish-upload", &[("upload_id", id)]).await
}

/// A body that breaks off in the middle, as a dropped connection leaves it.
fn cut(part: &[u8]) -> Body {
    let half = Bytes::copy_from_slice(&part[..part.len() / 2]);
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    Body::from_stream(futures::stream::iter([Ok(half), Err(broken)]))
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_trailer_arrives_over_a_connection_that_was_cut_twice_and_a_restart(db: PgPool) {
    let first = TestApp::new(db.clone()).await;
    let (alex, browser) = creator(&first).await;
    let (pitch, slug) = published(&alex, "The Last Tram").await;
    let film = mp4(40 * 1024 * 1024 + 123);
    let count = film.len().div_ceil(PART);
    let id = id_of(&begin(&browser, pitch, "trailer", "tram.mp4", film.len()).await);
    // Out of order, as parts do that are sent side by side; and twice the line drops in the middle of one.
    for number in [2, 0, 1] {
        assert_eq!(send(&browser, &id, &film, number).await.status, StatusCode::NO_CONTENT);
    }
    for _ in 0..2 {
        let part = &film[3 * PART..4 * PART];
        let broken = put(&browser, &id, 3, &sha256(part), cut(part)).await;
        assert_eq!(broken.status, StatusCode::CONFLICT, "{}", broken.body);
    }
    let early = finish_upload(&browser, &id).await;
    assert_eq!(
        (early.status, json_of(&early)["message"].as_str()),
        (StatusCode::CONFLICT, Some("6 parts are still missing."))
    );

    // The server is started again, on the same database and store; the page is opened again, the same file chosen.
    let app = first.restarted();
    let browser = app.signed_in("alex@creator.test").await;
    let again = begin(&browser, pitch, "trailer", "tram.mp4", film.len()).await;
    assert_eq!(id_of(&again), id);
    let here: Vec<(u64, String)> = json_of(&again)["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["number"].as_u64().unwrap(), p["sha256"].as_str().unwrap().to_string()))
        .collect();
    let expected: Vec<_> = (0..3).map(|n| (n as u64, sha256(&film[n * PART..(n + 1) * PART]))).collect();
    assert_eq!(here, expected);
    for number in 3..count {
        assert_eq!(send(&browser, &id, &film, number).await.status, StatusCode::NO_CONTENT);
    }
    let other = app.browser();
    assert_eq!(other.get(&format!("/files/{id}")).await.status, StatusCode::NOT_FOUND);
    let finished = finish_upload(&browser, &id).await;
    assert_eq!(json_of(&finished)["status"], "checking");
    assert_eq!(browser.get(&format!("/files/{id}")).await.status, StatusCode::NOT_FOUND, "not before it was checked");
    finish_upload(&browser, &id).await;
    people::work(&app.platform).await;

    assert_eq!(state(&browser, &id).await["status"], "done");
    let hash: Vec<u8> = sqlx::query_scalar("select sha256 from files").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!(hex::encode(hash), sha256(&film));
    let range = Request::get(format!("/files/{id}")).header(header::RANGE, "bytes=5242870-5242889");
    let part = browser.send(range, Body::empty()).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!((part.headers["content-type"].to_str().unwrap(), part.body.len()), ("video/mp4", 20));
    assert_eq!(stored(&app).await, [format!("files/{id}")], "no part is left");
    // Members see a trailer, guests do not.
    people::investor(&app.platform, "sarah").await;
    let sarah = app.signed_in("sarah@investor.test").await;
    let page = sarah.get(&format!("/pitch/{slug}")).await.body;
    assert!(page.contains("<video") && page.contains(&format!("/files/{id}")), "it plays on the page");
    assert!(!app.browser().get(&format!("/pitch/{slug}")).await.body.contains(&id));
    assert_eq!(app.browser().get(&format!("/files/{id}")).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_film_that_runs_stops_once_it_is_not_theirs_any_more(db: PgPool) {
    let mut app = TestApp::new(db).await;
    // A store that hands a film out piece by piece.
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data_dir: folder.path().into(), ..(*app.platform.config).clone() };
    app.platform.storage = Storage::open(&config).unwrap();
    let app = app.restarted();
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let film = mp4(24 * 1024 * 1024);
    let id = id_of(&begin(&browser, pitch, "trailer", "tram.mp4", film.len()).await);
    for number in 0..film.len().div_ceil(PART) {
        send(&browser, &id, &film, number).await;
    }
    finish_upload(&browser, &id).await;
    people::work(&app.platform).await;
    for (name, signs_out) in [("sarah", false), ("tom", true)] {
        people::investor(&app.platform, name).await;
        let reader = app.signed_in(&format!("{name}@investor.test")).await;
        let request = Request::get(format!("/files/{id}"));
        let answer = reader.ask(request, Body::empty()).await;
        assert_eq!(answer.status(), StatusCode::OK, "{name}");
        let mut running = answer.into_body().into_data_stream();
        let mut seen = running.try_next().await.unwrap().unwrap().len();
        app.platform.clock.advance(TimeDelta::seconds(31));
        seen += running.try_next().await.unwrap().expect("asked again, and it is still theirs").len();
        if signs_out {
            reader.post("/api/auth/sign-out", &[]).await;
        } else {
            let material: uuid::Uuid =
                sqlx::query_scalar("select id from materials").fetch_one(&app.platform.db).await.unwrap();
            let fields = [("material_id", material.to_string()), ("visibility", "nda".into())];
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(browser.post("/api/pitches/set-visibility", &fields).await.status, StatusCode::OK);
        }
        app.platform.clock.advance(TimeDelta::seconds(31));
        let rest: Result<Vec<Bytes>, _> = running.try_collect().await;
        assert!(rest.is_err() && seen < film.len() / 2, "{name} saw {seen} bytes and then {rest:?}");
        sqlx::query("update materials set visibility = 'members'").execute(&app.platform.db).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_upload_is_its_senders_alone(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let film = mp4(PART + 10);
    let id = id_of(&begin(&browser, pitch, "trailer", "tram.mp4", film.len()).await);
    people::creator(&app.platform, "eve").await;
    people::investor(&app.platform, "sarah").await;
    let (eve, sarah) = (app.signed_in("eve@creator.test").await, app.signed_in("sarah@investor.test").await);
    for (who, status) in [(app.browser(), 401), (sarah, 403), (eve, 404)] {
        assert_eq!(begin(&who, pitch, "trailer", "tram.mp4", 10).await.status.as_u16(), status);
        assert_eq!(send(&who, &id, &film, 0).await.status.as_u16(), status);
        for door in ["finish-upload", "cancel-upload"] {
            assert_eq!(who.post(&format!("/api/files/{door}"), &[("upload_id", &id)]).await.status.as_u16(), status);
        }
        let read = who.read(&format!("/api/files/upload-state?upload_id={id}")).await;
        assert_eq!(read.status.as_u16(), status);
    }
    let foreign = Request::put(format!("/api/files/part/{id}/0")).header("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(foreign, Body::from("x")).await.status, StatusCode::FORBIDDEN);
    for odd in [format!("{id}/99"), format!("{id}/x"), "nothing/0".into(), format!("{id}/-1")] {
        let request = Request::put(format!("/api/files/part/{odd}")).header("x-part-sha256", sha256(b"x"));
        assert_eq!(browser.send(request, Body::from("x")).await.status, StatusCode::NOT_FOUND, "{odd}");
    }
    assert_eq!(state(&browser, &id).await["parts"], json!([]));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_does_not_hold_is_refused_with_a_sentence_and_leaves_nothing(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let too_large = begin(&browser, pitch, "trailer", "tram.mp4", 500 * 1024 * 1024 + 1).await;
    assert_eq!((too_large.status.as_u16(), json_of(&too_large)["fields"][0]["field"].as_str()), (413, Some("trailer")));
    assert_eq!(begin(&browser, pitch, "script", "s.pdf", 50 * 1024 * 1024 + 1).await.status.as_u16(), 413);
    for (kind, size) in [("trailer", 0), ("poster", 10), ("novel", 10)] {
        assert_eq!(begin(&browser, pitch, kind, "a", size).await.status.as_u16(), 422, "{kind}");
    }
    // A part that is not what it was said to be is asked for again.
    let film = mp4(PART + 10);
    let id = id_of(&begin(&browser, pitch, "trailer", "tram.mp4", film.len()).await);
    for (told, body) in [(sha256(b"other"), film[..PART].to_vec()), (sha256(&film[..9]), film[..9].to_vec())] {
        assert_eq!(put(&browser, &id, 0, &told, Body::from(body)).await.status, StatusCode::CONFLICT);
    }
    let longer = film[..PART + 1].to_vec();
    assert_eq!(put(&browser, &id, 0, &sha256(&longer), Body::from(longer)).await.status, StatusCode::CONFLICT);
    // The first part tells what it is.
    let mut zip = b"PK\x03\x04".to_vec();
    zip.resize(PART, 0);
    let refused = put(&browser, &id, 0, &sha256(&zip), Body::from(zip)).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(json_of(&refused)["message"].as_str().unwrap().contains("archive"), "{}", refused.body);
    assert_eq!(browser.read(&format!("/api/files/upload-state?upload_id={id}")).await.status, StatusCode::NOT_FOUND);

    // A film that is cut off is refused when the whole is read.
    let cut = [&film[..PART], b"a box that is none".as_slice()].concat();
    let id = id_of(&begin(&browser, pitch, "trailer", "cut.mp4", cut.len()).await);
    for number in [0, 1] {
        assert_eq!(send(&browser, &id, &cut, number).await.status, StatusCode::NO_CONTENT);
    }
    finish_upload(&browser, &id).await;
    people::work(&app.platform).await;
    let refused = state(&browser, &id).await;
    assert_eq!(refused["status"], "refused");
    assert!(refused["note"].as_str().unwrap().contains("damaged or cut off"), "{refused}");
    let page = browser.get(&format!("/creator/pitches/{pitch}/edit")).await.body;
    assert!(page.contains("damaged or cut off"), "its owner is told when they come back");
    assert_eq!(browser.post("/api/files/cancel-upload", &[("upload_id", &id)]).await.status, StatusCode::OK);
    assert_eq!(stored(&app).await, Vec::<String>::new());
    let rows: i64 = sqlx::query_scalar("select count(*) from uploads").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!(rows, 0);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_large_script_goes_the_same_way_and_has_its_pages_counted(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let mut script = b"%PDF-1.4\n%".to_vec();
    script.resize(PART + 1_000, b' ');
    script.push(b'\n');
    script.extend(&pdf(12)[9..]);
    let id = id_of(&begin(&browser, pitch, "script", "tram.pdf", script.len()).await);
    for number in [1, 0] {
        assert_eq!(send(&browser, &id, &script, number).await.status, StatusCode::NO_CONTENT);
    }
    finish_upload(&browser, &id).await;
    people::work(&app.platform).await;
    assert_eq!(state(&browser, &id).await["status"], "done");
    let pages: Option<i32> = sqlx::query_scalar("select pages from files").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!(pages, Some(12));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn nobody_stores_more_than_their_room(db: PgPool) {
    let mut app = TestApp::new(db).await;
    app.set(|config| config.limits.stored_mb = 8);
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let megabyte = 1024 * 1024;
    let one = id_of(&begin(&browser, pitch, "trailer", "a.mp4", 6 * megabyte).await);
    let two = begin(&browser, pitch, "script", "b.pdf", 3 * megabyte).await;
    assert_eq!(two.status.as_u16(), 413);
    assert_eq!(
        json_of(&two)["message"],
        "There is no room for this: your files take 6.0 MB of 8.0 MB, and it has 3.0 MB. Remove something first."
    );
    let mut large = pdf(2);
    let tail = large.split_off(large.len() - 60);
    large.resize(3 * megabyte, b' ');
    large.extend(tail);
    let by_form = upload(&browser, &pitch.to_string(), "script", "b.pdf", &large).await;
    assert_eq!((by_form.status.as_u16(), json_of(&by_form)["fields"][0]["field"].as_str()), (413, Some("script")));
    let page = browser.get(&format!("/creator/pitches/{pitch}/edit")).await.body;
    assert!(page.contains("6.0 MB") && page.contains("8.0 MB"), "the room is shown where files are sent");
    browser.post("/api/files/cancel-upload", &[("upload_id", &one)]).await;
    assert_eq!(upload(&browser, &pitch.to_string(), "script", "b.pdf", &large).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_upload_that_nobody_goes_on_with_is_gone_after_a_day(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let film = mp4(2 * PART);
    let id = id_of(&begin(&browser, pitch, "trailer", "tram.mp4", film.len()).await);
    send(&browser, &id, &film, 0).await;
    app.platform.clock.advance(TimeDelta::hours(20));
    let browser = app.signed_in("alex@creator.test").await;
    send(&browser, &id, &film, 1).await;
    app.platform.clock.advance(TimeDelta::hours(20));
    uploads::sweep(&app.platform).await.unwrap();
    assert_eq!(stored(&app).await.len(), 2, "something arrived twenty hours ago");
    app.platform.clock.advance(TimeDelta::hours(5));
    // A part that came after its upload had ended.
    app.platform.storage.put("parts/files/0198c1de-0000-7000-8000-000000000000/00000", Bytes::from("x")).await.unwrap();
    uploads::sweep(&app.platform).await.unwrap();
    assert_eq!(stored(&app).await, Vec::<String>::new());
    let rows: i64 = sqlx::query_scalar("select count(*) from uploads").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!(rows, 0);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_upload_that_could_not_be_checked_says_so_for_a_day(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let film = mp4(100_000);
    let id = id_of(&begin(&browser, pitch, "trailer", "tram.mp4", film.len()).await);
    send(&browser, &id, &film, 0).await;
    finish_upload(&browser, &id).await;
    app.platform.clock.advance(TimeDelta::hours(73));
    uploads::sweep(&app.platform).await.unwrap();
    assert_eq!(stored(&app).await, Vec::<String>::new());
    let browser = app.signed_in("alex@creator.test").await;
    let refused = state(&browser, &id).await;
    assert_eq!(refused["status"], "refused");
    assert!(refused["note"].as_str().unwrap().contains("could not check this file"), "{refused}");
    app.platform.clock.advance(TimeDelta::hours(25));
    uploads::sweep(&app.platform).await.unwrap();
    let browser = app.signed_in("alex@creator.test").await;
    assert_eq!(browser.read(&format!("/api/files/upload-state?upload_id={id}")).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn where_a_document_was_opened_is_forgotten_and_later_that_it_was(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let sarah = people::investor(&app.platform, "sarah").await;
    sign(&sarah, pitch).await;
    let script = json_of(&upload(&browser, &pitch.to_string(), "script", "a.pdf", &pdf(3)).await);
    let reader = app.signed_in("sarah@investor.test").await;
    reader.get(&format!("/read/{}/page/1", script["file_id"].as_str().unwrap())).await;
    for (days, expected) in [(89, Some("203.0.113.7")), (2, Some("")), (305, None)] {
        app.platform.clock.advance(TimeDelta::days(days));
        forget_views(&app.platform).await.unwrap();
        let from: Option<String> =
            sqlx::query_scalar("select address from file_views").fetch_optional(&app.platform.db).await.unwrap();
        assert_eq!(from.as_deref(), expected);
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_upload_has_a_receipt_for_its_owner(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let script = pdf(3);
    let answer = upload(&browser, &pitch.to_string(), "script", "Tram \u{2013} draft.pdf", &script).await;
    let at = format!("/files/{}/receipt", json_of(&answer)["file_id"].as_str().unwrap());
    assert!(browser.get(&at).await.body.contains("not entered yet"));
    people::work(&app.platform).await;
    let receipt = browser.get(&at).await;
    assert_eq!(receipt.status, StatusCode::OK);
    let said = |name: &str| receipt.headers[name].to_str().unwrap();
    assert!(said("content-disposition").starts_with("attachment;") && said("cache-control") == "private, no-store");
    let hash: Vec<u8> = sqlx::query_scalar("select hash from audit_entries where kind = 'pitch.file_added'")
        .fetch_one(&app.platform.db)
        .await
        .unwrap();
    let size = format!("{} bytes", script.len());
    for fact in
        [sha256(&script).as_str(), "Tram \u{2013} draft.pdf", &size, "Script, version 1", &hex::encode(hash), " UTC"]
    {
        assert!(receipt.body.contains(fact), "{fact}: {}", receipt.body);
    }
    let sarah = people::investor(&app.platform, "sarah").await;
    sign(&sarah, pitch).await;
    let reader = app.signed_in("sarah@investor.test").await;
    for other in [app.browser(), reader] {
        assert_eq!(other.get(&at).await.status, StatusCode::NOT_FOUND);
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_was_removed_a_month_ago_goes_unless_somebody_read_it(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let sarah = people::investor(&app.platform, "sarah").await;
    sign(&sarah, pitch).await;
    let reader = app.signed_in("sarah@investor.test").await;
    let mut files = Vec::new();
    for kind in ["script", "deck"] {
        let answer = json_of(&upload(&browser, &pitch.to_string(), kind, "a.pdf", &pdf(3)).await);
        files.push(answer["file_id"].as_str().unwrap().to_string());
        if kind == "script" {
            let page = reader.get(&format!("/read/{}/page/1", files[0])).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        }
        let removed =
            browser.post("/api/files/delete", &[("material_id", answer["material_id"].as_str().unwrap())]).await;
        assert_eq!(removed.status, StatusCode::OK);
    }
    app.platform.clock.advance(TimeDelta::days(29));
    for days in [0, 2] {
        app.platform.clock.advance(TimeDelta::days(days));
        forget_removed(&app.platform).await.unwrap();
        sweep(&app.platform).await.unwrap();
        let left: Vec<String> = stored(&app).await.into_iter().filter(|key| !key.contains("-pages/")).collect();
        assert_eq!(left.len(), if days == 0 { 2 } else { 1 });
        assert!(left.contains(&format!("files/{}", files[0])));
    }
}
