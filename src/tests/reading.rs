//! Reading documents page by page: who gets which page, what hostile documents do, and what the owner learns.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{
    app::{Answer, Browser, TestApp},
    files::{pdf_of, upload},
    people,
    pitches::{creator, json_of, published, sign},
};
use crate::{
    media::pages::samples,
    shared::ids::{FileId, PitchId},
};

/// A page as bytes.
async fn picture(browser: &Browser<'_>, at: &str) -> (StatusCode, axum::body::Bytes) {
    let answer = browser.send(Request::get(at).header(header::ACCEPT, "image/webp"), Body::empty()).await;
    (answer.status, answer.bytes)
}

/// Uploads `bytes` as the pitch's script and says its file.
async fn script(browser: &Browser<'_>, pitch: PitchId, bytes: &[u8]) -> String {
    let answer = upload(browser, &pitch.to_string(), "script", "script.pdf", bytes).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    json_of(&answer)["file_id"].as_str().unwrap().to_string()
}

async fn words(browser: &Browser<'_>, file: &str, page: i32) -> Answer {
    browser.read(&format!("/api/reading/words?file_id={file}&page={page}")).await
}

async fn beat(browser: &Browser<'_>, file: &str, page: i32, milliseconds: i64) -> Answer {
    let (page, milliseconds) = (page.to_string(), milliseconds.to_string());
    let fields = [("file_id", file), ("page", page.as_str()), ("milliseconds", milliseconds.as_str())];
    browser.post("/api/reading/beat", &fields).await
}

async fn readers(browser: &Browser<'_>, pitch: PitchId) -> Value {
    let answer = browser.read(&format!("/api/reading/readers?pitch_id={pitch}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    json_of(&answer)
}

/// Whole seconds by page: the clock of a test goes on by itself, too.
fn seconds(visit: &Value) -> Vec<(i64, i64)> {
    let times = visit["times"].as_array().unwrap().iter();
    times.map(|time| (time["page"].as_i64().unwrap(), time["milliseconds"].as_i64().unwrap() / 1_000)).collect()
}

/// Tries every way to a document and expects none of it.
async fn reads_nothing(who: &str, browser: &Browser<'_>, file: &str) {
    for at in [format!("/read/{file}/page/1"), format!("/read/{file}/page/1?w=800"), format!("/files/{file}")] {
        let (status, body) = picture(browser, &at).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{who} at {at}");
        assert!(body.len() < 200, "{who} at {at}");
    }
    let document = browser.read(&format!("/api/reading/document?file_id={file}")).await;
    for answer in [document, words(browser, file, 1).await, beat(browser, file, 1, 1_000).await] {
        let refused = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED);
        assert!(refused && !answer.body.contains("night"), "{who}: {} {}", answer.status, answer.body);
    }
    let page = browser.get(&format!("/read/{file}?page=1")).await;
    let elsewhere = matches!(page.status, StatusCode::NOT_FOUND | StatusCode::SEE_OTHER);
    assert!(elsewhere && !page.body.contains("said at night"), "{who}: {}", page.status);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn pages_and_their_words_are_for_those_who_signed_and_only_while_they_may(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let (other, _) = published(&alex, "The First Tram").await;
    let file = script(&browser, pitch, &samples::script(3)).await;
    let sarah = people::investor(&app.platform, "sarah").await;
    let tom = people::investor(&app.platform, "tom").await;
    people::production(&app.platform, "stella").await;
    people::creator(&app.platform, "carol").await;
    sign(&sarah, pitch).await;
    sign(&tom, other).await;

    let reader = app.signed_in("sarah@investor.test").await;
    for (who, browser) in [
        ("a guest", app.browser()),
        ("an unsigned buyer", app.signed_in("stella@production.test").await),
        ("a signed buyer of another pitch", app.signed_in("tom@investor.test").await),
        ("another creator", app.signed_in("carol@creator.test").await),
    ] {
        reads_nothing(who, &browser, &file).await;
    }

    let (status, webp) = picture(&reader, &format!("/read/{file}/page/2")).await;
    assert_eq!((status, &webp[8..12]), (StatusCode::OK, b"WEBP".as_slice()));
    let answer = reader.get(&format!("/read/{file}/page/2?w=800")).await;
    assert_eq!(answer.headers["cache-control"], "private, no-store");
    assert_eq!(answer.headers["content-type"], "image/webp");
    let said = words(&reader, &file, 2).await;
    assert!(json_of(&said)["text"].as_str().unwrap().starts_with("This is page 2.\nLine 0 of what is said at night."));
    for page in [0, -1, 4, i32::MAX] {
        assert_eq!(words(&reader, &file, page).await.status, StatusCode::NOT_FOUND, "page {page}");
        assert_eq!(
            picture(&reader, &format!("/read/{file}/page/{page}")).await.0,
            StatusCode::NOT_FOUND,
            "page {page}"
        );
    }
    let page = reader.get(&format!("/read/{file}?page=3")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("This is page 3.") && page.body.contains(&format!("/read/{file}/page/3?w=1600")));
    assert_eq!(reader.get(&format!("/files/{file}")).await.status, StatusCode::NOT_FOUND, "not the document itself");
    let (status, _) = picture(&browser, &format!("/read/{file}/page/1")).await;
    assert_eq!(status, StatusCode::OK, "its owner");

    // Expired, then revoked: every old link is dead with the next request.
    let kept = "select expires_at from ndas where requester_id = $1";
    let until: crate::shared::time::Time =
        sqlx::query_scalar(kept).bind(sarah.viewer.id).fetch_one(&app.platform.db).await.unwrap();
    let set = "update ndas set expires_at = $1, status = $2 where requester_id = $3";
    for (at, status) in [(app.platform.now(), "signed"), (until, "revoked")] {
        sqlx::query(set).bind(at).bind(status).bind(sarah.viewer.id).execute(&app.platform.db).await.unwrap();
        reads_nothing(status, &reader, &file).await;
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_page_is_drawn_once_and_marked_for_each_reader(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let file = script(&browser, pitch, &samples::script(6)).await;
    people::work(&app.platform).await;
    let key = format!("files/{file}");
    let stored = |name: &str| format!("{key}-pages/{name}");
    for page in 1..=4 {
        for name in [format!("{page}-800.webp"), format!("{page}-1600.webp"), format!("{page}.txt")] {
            assert!(app.platform.storage.bytes(&stored(&name)).await.is_ok(), "{name} is drawn after the upload");
        }
    }
    assert!(app.platform.storage.bytes(&stored("5-800.webp")).await.is_err());
    let at = format!("/read/{file}/page/5?w=800");
    let (_, own) = picture(&browser, &at).await;
    let bare = app.platform.storage.bytes(&stored("5-800.webp")).await.unwrap();
    assert_ne!(own, bare, "what goes out is marked");
    let sarah = people::investor(&app.platform, "sarah").await;
    sign(&sarah, pitch).await;
    let (_, hers) = picture(&app.signed_in("sarah@investor.test").await, &at).await;
    assert_ne!(own, hers, "with whose it is");
    // The mark is on all of the page: at the foot, and across it.
    let decode = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().to_luma8();
    let (bare, hers) = (decode(&bare), decode(&hers));
    let differs = |from: u32, to: u32| {
        let rows = (from * bare.height() / 100)..(to * bare.height() / 100);
        rows.flat_map(|y| (0..bare.width()).map(move |x| (x, y)))
            .filter(|(x, y)| bare.get_pixel(*x, *y)[0].abs_diff(hers.get_pixel(*x, *y)[0]) > 12)
            .count()
    };
    for (from, to) in [(0, 33), (33, 66), (66, 96), (98, 100)] {
        assert!(differs(from, to) > 500, "{from} to {to}: {}", differs(from, to));
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_is_drawn_goes_with_its_file(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let file = script(&browser, pitch, &samples::script(2)).await;
    people::work(&app.platform).await;
    sqlx::query("delete from material_versions").execute(&app.platform.db).await.unwrap();
    app.platform.clock.advance(TimeDelta::hours(25));
    crate::media::jobs::sweep(&app.platform).await.unwrap();
    let left: Vec<_> = futures::TryStreamExt::try_collect(app.platform.storage.list("files")).await.unwrap();
    assert_eq!(left, [], "of {file}");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_hostile_document_is_a_clear_sentence_and_the_server_goes_on(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let id = pitch.to_string();
    let good = samples::script(2);
    let refused: [(&str, &[u8], &str); 9] = [
        ("encrypted", &samples::locked(), "locked with a password"),
        ("truncated", &good[..good.len() / 2], "cut off"),
        ("looped pages", &samples::looped_pages(), "no pages"),
        ("a huge page", &samples::huge_page(), "no size that can be shown"),
        ("JavaScript", &samples::scripted(), "program inside"),
        ("10 000 pages", &pdf_of(10_000), "more than 3000 pages"),
        ("10 000 pages, packed", &samples::packed(10_000), "more than 3000 pages"),
        ("a wrong magic", b"MZ\x90\0\x03\0\0\0", "not a PDF"),
        ("a picture", &super::files::png(8, 8), "not a PDF"),
    ];
    for (what, bytes, sentence) in refused {
        let answer = upload(&browser, &id, "script", "script.pdf", bytes).await;
        assert_eq!(answer.status.as_u16(), 422, "{what}: {}", answer.body);
        assert!(
            json_of(&answer)["fields"][0]["message"].as_str().unwrap().contains(sentence),
            "{what}: {}",
            answer.body
        );
    }
    // What can be shown is shown.
    for (what, bytes, text) in [
        ("packed pages", samples::packed(40), ""),
        ("a drawing that draws itself", samples::looped_drawing(), "Still here."),
        ("missing fonts", samples::fontless(), "In any letters."),
        ("a long banner", samples::banner(), ""),
    ] {
        let file = script(&browser, pitch, &bytes).await;
        let said = words(&browser, &file, 1).await;
        assert_eq!(said.status, StatusCode::OK, "{what}: {}", said.body);
        assert!(json_of(&said)["text"].as_str().unwrap().contains(text), "{what}: {}", said.body);
        assert_eq!(picture(&browser, &format!("/read/{file}/page/1")).await.0, StatusCode::OK, "{what}");
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_document_that_explodes_when_it_is_opened_takes_nothing_with_it(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    // It came before it was looked into, or gets past the look.
    let file = script(&browser, pitch, &samples::script(2)).await;
    let key = format!("files/{file}");
    app.platform.storage.put(&key, samples::bomb().into()).await.unwrap();
    let said = words(&browser, &file, 1).await;
    assert_eq!(said.status.as_u16(), 422, "{}", said.body);
    assert!(said.body.contains("more time or memory"), "{}", said.body);
    let (status, body) = picture(&browser, &format!("/read/{file}/page/1")).await;
    assert_eq!(status.as_u16(), 422);
    assert!(String::from_utf8_lossy(&body).contains("more time or memory"));
    let page = browser.get(&format!("/read/{file}?page=1")).await;
    assert!(page.status == StatusCode::OK && page.body.contains("more time or memory"), "{}", page.status);
    // The job that draws ahead is done with it, too.
    people::work(&app.platform).await;
    let file = script(&browser, pitch, &samples::script(2)).await;
    assert_eq!(words(&browser, &file, 1).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_owner_sees_who_read_which_page_for_how_long(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let file = script(&browser, pitch, &samples::script(3)).await;
    let sarah = people::investor(&app.platform, "sarah").await;
    sign(&sarah, pitch).await;
    let reader = app.signed_in("sarah@investor.test").await;
    let second = |seconds| app.platform.clock.advance(TimeDelta::seconds(seconds));

    words(&reader, &file, 1).await;
    second(4);
    assert_eq!(beat(&reader, &file, 1, 4_000).await.status, StatusCode::OK);
    words(&reader, &file, 2).await;
    second(9);
    beat(&reader, &file, 2, 999_000).await;
    second(60);
    beat(&reader, &file, 3, 2_000).await;
    words(&browser, &file, 1).await;
    beat(&browser, &file, 1, 1_000).await;
    let seen = readers(&browser, pitch).await;
    let visit = &seen["visits"]["items"][0];
    assert_eq!(seen["visits"]["items"].as_array().unwrap().len(), 1, "one visit, and not the owner's: {seen}");
    assert_eq!(
        (&visit["reader"], &visit["label"], &visit["pages"]),
        (&json!("sarah Tester"), &json!("Script"), &json!(3))
    );
    assert_eq!(seconds(visit), [(1, 4), (2, 9), (3, 2)], "no more than what had passed");
    let page = browser.get(&format!("/creator/pitches/{pitch}")).await;
    for shown in ["sarah Tester", "15 s", "up to page 3", "Page <!>2<!>: <!>9 s"] {
        let plain = page.body.replace("<!---->", "").replace("<!>", "");
        assert!(plain.contains(&shown.replace("<!>", "")), "{shown}");
    }
    // After ten minutes it is another visit; the newest comes first.
    second(601);
    words(&reader, &file, 1).await;
    let seen = readers(&browser, pitch).await;
    assert_eq!(seen["visits"]["items"][0]["times"], json!([{"page": 1, "milliseconds": 0}]));
    assert_eq!(seconds(&seen["visits"]["items"][1]), [(1, 4), (2, 9), (3, 2)]);
    let again = json_of(&reader.read(&format!("/api/reading/document?file_id={file}")).await);
    assert_eq!((&again["told"], &again["stopped_at"]), (&json!("Name"), &json!(1)));
    // Nobody else sees it, and after 13 months nobody does.
    people::creator(&app.platform, "carol").await;
    let carol = app.signed_in("carol@creator.test").await;
    let asked = carol.read(&format!("/api/reading/readers?pitch_id={pitch}")).await;
    assert_eq!(asked.status, StatusCode::NOT_FOUND);
    app.platform.clock.advance(TimeDelta::days(396));
    crate::reading::service::sweep(&app.platform).await.unwrap();
    let left: i64 = sqlx::query_scalar("select count(*) from reading_pages").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn outside_the_nda_readers_are_counted_not_named_and_programs_neither(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let answer = upload(&browser, &pitch.to_string(), "deck", "deck.pdf", &samples::script(2)).await;
    let (file, material) = (json_of(&answer)["file_id"].clone(), json_of(&answer)["material_id"].clone());
    let (file, material) = (file.as_str().unwrap(), material.as_str().unwrap());
    let set =
        browser.post("/api/pitches/set-visibility", &[("material_id", material), ("visibility", "members")]).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    people::investor(&app.platform, "sarah").await;
    let reader = app.signed_in("sarah@investor.test").await;
    assert_eq!(words(&reader, file, 1).await.status, StatusCode::OK);
    app.platform.clock.advance(TimeDelta::seconds(5));
    beat(&reader, file, 1, 5_000).await;
    let bot = Request::get(format!("/api/reading/words?file_id={file}&page=2"))
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, "ExampleBot/1.0");
    assert_eq!(reader.send(bot, Body::empty()).await.status, StatusCode::OK);
    let seen = readers(&browser, pitch).await;
    assert_eq!(seen["visits"]["items"], json!([]));
    assert_eq!(seen["counts"], json!([{"label": "Deck", "role": "investor", "readers": 1, "milliseconds": 5000}]));
    assert!(!seen.to_string().contains("sarah"));
    let pages: i64 =
        sqlx::query_scalar("select count(*) from reading_pages").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!(pages, 1, "a program reads nothing");
    let opened: Vec<FileId> =
        sqlx::query_scalar("select file_id from file_views").fetch_all(&app.platform.db).await.unwrap();
    assert_eq!(opened.len(), 1, "who only fetches words has opened it, too, whatever program they say they are");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_document_is_taken_along_only_where_its_owner_lets_and_then_marked(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let original = samples::turned();
    let answer = upload(&browser, &pitch.to_string(), "script", "script.pdf", &original).await;
    let (file, material) = (json_of(&answer)["file_id"].clone(), json_of(&answer)["material_id"].clone());
    let (file, material) = (file.as_str().unwrap(), material.as_str().unwrap());
    let sarah = people::investor(&app.platform, "sarah").await;
    people::investor(&app.platform, "tom").await;
    sign(&sarah, pitch).await;
    let (reader, other) = (app.signed_in("sarah@investor.test").await, app.signed_in("tom@investor.test").await);
    let at = format!("/files/{file}");
    let allows = async |allowed: &str| {
        let fields = [("material_id", material), ("allow_download", allowed)];
        assert_eq!(browser.post("/api/pitches/set-download", &fields).await.status, StatusCode::OK);
    };
    assert_eq!(reader.get(&at).await.status, StatusCode::NOT_FOUND, "not unless it is allowed");
    allows("true").await;
    let copy = reader.get(&at).await;
    assert_eq!(copy.status, StatusCode::OK, "{}", copy.body);
    assert!(copy.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\"script.pdf\""));
    assert_eq!(copy.headers["cache-control"], "private, no-store");
    for (who, browser) in [("a guest", app.browser()), ("an unsigned buyer", other)] {
        assert_eq!(browser.get(&at).await.status, StatusCode::NOT_FOUND, "{who}");
    }
    assert_eq!(browser.get(&at).await.bytes, original, "the owner has it as it is");
    let kinds: Vec<String> = sqlx::query_scalar("select kind from events where subject_id = $1 order by kind")
        .bind(file.parse::<FileId>().unwrap())
        .fetch_all(&app.platform.db)
        .await
        .unwrap();
    assert_eq!(kinds, ["file.downloaded", "file.opened"]);
    // Read back as another document: every page says what it said, and who took it along.
    let again = script(&browser, pitch, &copy.bytes).await;
    for page in 1..=4 {
        let said = json_of(&words(&browser, &again, page).await)["text"].as_str().unwrap().to_string();
        assert!(said.contains(&format!("Turned {page}.")), "{said}");
        assert_eq!(said.matches("sarah@investor.test").count(), 4, "page {page}: {said}");
        assert!(said.contains("203.0.113.7"), "{said}");
    }
    allows("").await;
    assert_eq!(reader.get(&at).await.status, StatusCode::NOT_FOUND);
}
