//! Files of pitches: who opens which, what is refused, what is cleared away.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use futures::TryStreamExt;
use serde_json::json;
use sqlx::PgPool;

use super::{
    app::{Answer, Browser, TestApp},
    people,
    pitches::{creator, form, json_of, published, sign},
    projects,
};
use crate::{
    media::{
        inspect::tests::pdf,
        jobs,
        model::{Accept, PDF_BYTES},
        service as media,
    },
    pitches::{files, service, words::MaterialKind},
    shared::ids::{AccountId, FileId},
};

/// A multipart body as a browser makes it.
pub fn multipart(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file =
            file.map(|f| format!("; filename=\"{f}\"\r\nContent-Type: application/octet-stream")).unwrap_or_default();
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    body
}

pub async fn upload(browser: &Browser<'_>, pitch: &str, kind: &str, name: &str, bytes: &[u8]) -> Answer {
    let body = multipart(&[("pitch_id", None, pitch.as_bytes()), (kind, Some(name), bytes)]);
    send(browser, body).await
}

async fn send(browser: &Browser<'_>, body: Vec<u8>) -> Answer {
    let request = Request::post("/api/files/upload")
        .header(header::ACCEPT, "application/json")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
    browser.send(request, Body::from(body)).await
}

/// A PDF of so many empty pages.
pub fn pdf_of(pages: usize) -> Vec<u8> {
    pdf(pages)
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]))
        .write_to(&mut out, image::ImageFormat::Png)
        .unwrap();
    out.into_inner()
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_script_opens_for_those_who_signed_and_every_opening_is_written_down(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let script = pdf(12);
    let answer = upload(&browser, &pitch.to_string(), "script", "Tram \u{2013} draft 3.pdf", &script).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let file = json_of(&answer)["file_id"].as_str().unwrap().to_string();
    let at = format!("/files/{file}");

    let sarah = people::investor(&app.platform, "sarah").await;
    people::creator(&app.platform, "eve").await;
    people::investor(&app.platform, "tom").await;
    let reader = app.signed_in("sarah@investor.test").await;
    let nothing = app.browser().get("/files/0198c1de-0000-7000-8000-000000000000").await;
    for other in [app.browser(), app.signed_in("eve@creator.test").await, app.signed_in("tom@investor.test").await] {
        let answer = other.get(&at).await;
        assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &nothing.body));
    }
    assert_eq!(reader.get(&at).await.status, StatusCode::NOT_FOUND);
    let nda = sign(&sarah, pitch).await;
    let page = format!("/read/{file}/page/1");
    assert_eq!(reader.get(&page).await.status, StatusCode::OK);
    assert_eq!(reader.get(&at).await.status, StatusCode::NOT_FOUND, "its pages, not the file");
    let read = browser.get(&at).await;
    assert_eq!(read.status, StatusCode::OK, "its owner");
    let said = |name: &str| read.headers.get(name).map(|v| v.to_str().unwrap().to_string()).unwrap_or_default();
    assert_eq!(said("content-type"), "application/pdf");
    assert_eq!(said("cache-control"), "private, no-store");
    assert_eq!(said("x-content-type-options"), "nosniff");
    assert_eq!(said("content-length"), script.len().to_string());
    assert!(said("content-security-policy").contains("frame-ancestors 'self'"));
    assert!(said("content-disposition").contains("filename*=UTF-8''Tram%20%E2%80%93%20draft%203.pdf"));
    let part = browser.send(Request::get(&at).header(header::RANGE, "bytes=5-9"), Body::empty()).await;
    assert_eq!((part.status, part.body.as_bytes()), (StatusCode::PARTIAL_CONTENT, &script[5..10]));
    let beyond = browser.send(Request::get(&at).header(header::RANGE, "bytes=999999-"), Body::empty()).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(reader.get(&page).await.status, StatusCode::OK, "again");
    let views: Vec<(AccountId, Option<uuid::Uuid>, String)> =
        sqlx::query_as("select account_id, nda_id, address from file_views").fetch_all(&app.platform.db).await.unwrap();
    assert_eq!(
        views,
        [(sarah.viewer.id, Some(nda.0), "203.0.113.7".to_string())],
        "one opening, not the owner's, not the second page"
    );

    app.platform.clock.advance(TimeDelta::hours(1));
    for _ in 0..2 {
        reader.get(&format!("/read/{file}/page/2?w=800")).await;
    }
    let count = "select count(*) from file_views";
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&app.platform.db).await.unwrap(), 2);

    // A new version takes the old one from readers, not from the owner.
    let newer = upload(&browser, &pitch.to_string(), "script", "draft 4.pdf", &pdf(13)).await;
    assert_eq!(json_of(&newer)["number"], json!(2));
    assert_eq!(reader.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&page).await.status, StatusCode::OK);
    let newest = format!("/read/{}/page/13", json_of(&newer)["file_id"].as_str().unwrap());
    assert_eq!(reader.get(&newest).await.status, StatusCode::OK);
    // Unpublished, signers still read; the NDA over, nobody does.
    service::unpublish(&alex, pitch).await.unwrap();
    assert_eq!(reader.get(&newest).await.status, StatusCode::OK);
    sqlx::query("update ndas set status = 'revoked'").execute(&app.platform.db).await.unwrap();
    assert_eq!(reader.get(&newest).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_poster_is_made_smaller_and_served_so_that_it_can_be_narrowed(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let answer = upload(&browser, &pitch.to_string(), "poster", "poster.png", &png(700, 1050)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let material = json_of(&answer)["material_id"].as_str().unwrap().to_string();
    let at = format!("/files/{}", json_of(&answer)["file_id"].as_str().unwrap());
    let guest = app.browser();
    for (asked, width) in [("?w=100", 160), ("?w=320", 320), ("?w=9999", 640), ("", 640)] {
        let answer = guest.send(Request::get(format!("{at}{asked}")), Body::empty()).await;
        assert_eq!(answer.headers["content-type"], "image/webp", "{asked}");
        assert!(answer.headers["etag"].to_str().unwrap().ends_with(&format!("-{width}\"")), "{asked}");
        assert_eq!(answer.headers["cache-control"], "no-cache");
    }
    let etag = guest.get(&at).await.headers["etag"].to_str().unwrap().to_string();
    let again = guest.send(Request::get(&at).header(header::IF_NONE_MATCH, &etag), Body::empty()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let wall = app.browser().read("/api/pitches/front-page").await;
    assert_eq!(json_of(&wall).as_array().unwrap().len(), 1);
    // Narrowed: gone for guests at once, from the wall too.
    let set = browser.post("/api/pitches/set-visibility", &[("material_id", &material), ("visibility", "nda")]).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    assert_eq!(
        guest.send(Request::get(&at).header(header::IF_NONE_MATCH, &etag), Body::empty()).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(json_of(&app.browser().read("/api/pitches/front-page").await), json!([]));
    let wrong = browser.post("/api/pitches/set-visibility", &[("material_id", &material), ("visibility", "all")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert_eq!(browser.post("/api/files/delete", &[("material_id", &material)]).await.status, StatusCode::OK);
    assert_eq!(browser.get(&at).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_is_no_good_file_is_refused_and_leaves_nothing(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let id = service::create(&alex, form(&[("title", "Files")])).await.unwrap().pitch_id.to_string();
    let whole = pdf(5);
    let mut large = pdf(3);
    large.resize(PDF_BYTES as usize + 1, b' ');
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let mut big_image = png(10, 10);
    big_image.resize(10 * 1024 * 1024 + 1, 0);
    let cut_image = &png(200, 200)[..400];
    let long_image = png(4, 16_384);
    let cases: [(&str, &str, &[u8], u16); 12] = [
        ("script", "virus.pdf", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff", 422),
        ("script", "cut.pdf", &whole[..whole.len() - 40], 422),
        ("script", "large.pdf", &large, 413),
        ("script", "", b"", 422),
        ("poster", "vector.svg", svg, 422),
        ("poster", "page.png", b"<!DOCTYPE html><script>alert(1)</script>", 422),
        ("poster", "script.pdf", &whole, 422),
        ("poster", "huge.png", &big_image, 413),
        ("poster", "cut.png", cut_image, 422),
        ("poster", "long.png", &long_image, 422),
        ("trailer", "film.mp4", b"\0\0\0\x18ftypmp42", 422),
        ("script", "scripts.zip", b"PK\x03\x04\x14\0\0\0\x08\0", 422),
    ];
    for (kind, name, bytes, status) in cases {
        let answer = upload(&browser, &id, kind, name, bytes).await;
        assert_eq!(
            (answer.status.as_u16(), json_of(&answer)["fields"][0]["field"].as_str()),
            (status, Some(kind)),
            "{name}: {}",
            answer.body
        );
    }
    let file: &[u8] = &whole;
    let odd = [
        multipart(&[("script", Some("a.pdf"), file), ("pitch_id", None, id.as_bytes())]),
        multipart(&[("pitch_id", None, id.as_bytes()), ("owner_id", Some("a.pdf"), file)]),
        multipart(&[("pitch_id", None, id.as_bytes())]),
        multipart(&[("pitch_id", None, b"\0\xff")]),
        b"--XX\r\nContent-Dispo".to_vec(),
        Vec::new(),
    ];
    for body in odd {
        let answer = send(&browser, body).await;
        assert_eq!(answer.status.as_u16(), 422, "{}", answer.body);
    }
    let files: i64 = sqlx::query_scalar("select count(*) from files").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!(files, 0);
    people::creator(&app.platform, "eve").await;
    let eve = app.signed_in("eve@creator.test").await;
    assert_eq!(upload(&eve, &id, "script", "a.pdf", &whole).await.status, StatusCode::NOT_FOUND);
    assert_eq!(upload(&app.browser(), &id, "script", "a.pdf", &whole).await.status, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn files_that_nothing_refers_to_go_after_a_day(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let body = || futures::stream::iter([Ok(bytes::Bytes::from(pdf(2)))]);
    let kept = files::add_material(&alex, pitch, MaterialKind::Deck, Accept::Pdf, "deck.pdf", body()).await.unwrap();
    let orphan = media::receive(&platform, alex.viewer.id, ("deck", "x.pdf"), Accept::Pdf, body()).await.unwrap();
    let mut tx = platform.begin().await.unwrap();
    media::keep(&mut tx, &orphan).await.unwrap();
    tx.commit().await.unwrap();
    jobs::sweep(&platform).await.unwrap();
    assert!(platform.storage.bytes(&orphan.key).await.is_ok(), "not yet a day");
    platform.clock.advance(TimeDelta::hours(25));
    jobs::sweep(&platform).await.unwrap();
    assert!(platform.storage.bytes(&orphan.key).await.is_err());
    let left: Vec<uuid::Uuid> = sqlx::query_scalar("select id from files").fetch_all(&platform.db).await.unwrap();
    assert_eq!(left.into_iter().map(FileId).collect::<Vec<_>>(), [kept.file_id]);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn nobody_but_its_owner_gets_a_picture_as_it_was_uploaded(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let answer = upload(&browser, &pitch.to_string(), "poster", "tiny.png", &png(40, 60)).await;
    let at = format!("/files/{}", json_of(&answer)["file_id"].as_str().unwrap());
    assert_eq!(browser.get(&at).await.headers["content-type"], "image/png");
    assert_eq!(app.browser().get(&at).await.headers["content-type"], "image/webp");
    // A row from before its smaller pictures were made with it.
    sqlx::query("update files set variants = '{}'").execute(&app.platform.db).await.unwrap();
    for asked in [at.clone(), format!("{at}?w=160")] {
        assert_eq!(app.browser().get(&asked).await.status, StatusCode::NOT_FOUND);
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn bytes_that_no_row_knows_go_and_all_others_stay(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let take = async |bytes: Vec<u8>, accept| {
        let body = futures::stream::iter([Ok(bytes::Bytes::from(bytes))]);
        media::receive(&platform, alex.viewer.id, ("other", "a"), accept, body).await.unwrap()
    };
    let (kept, lost) = (take(png(200, 300), Accept::Image).await, take(png(400, 300), Accept::Image).await);
    let mut tx = platform.begin().await.unwrap();
    media::keep(&mut tx, &kept).await.unwrap();
    tx.commit().await.unwrap();
    // The commit that would have kept it was never answered: its bytes are not touched.
    let unanswered = Err::<(), _>(crate::shared::error::AppError::unavailable("gone"));
    assert!(media::settle(&platform, &lost, unanswered).await.is_err());
    let stored = async || {
        let mut keys: Vec<String> = platform.storage.list("files").map_ok(|o| o.key).try_collect().await.unwrap();
        keys.sort();
        keys
    };
    let (of_kept, of_lost) = ([kept.key.clone(), format!("{}-160.webp", kept.key)], 3);
    assert_eq!(stored().await.len(), of_kept.len() + of_lost);
    let now = platform.now();
    jobs::sweep_store(&platform, now - TimeDelta::days(1)).await.unwrap();
    assert_eq!(stored().await.len(), of_kept.len() + of_lost, "younger than the sweep looks");
    jobs::sweep_store(&platform, now + TimeDelta::days(1)).await.unwrap();
    assert_eq!(stored().await, of_kept);
    // Many unknown files are no broken uploads but a database that lost its rows: none is touched.
    let mut many = Vec::new();
    for _ in 0..21 {
        many.push(take(pdf(1), Accept::Pdf).await);
    }
    jobs::sweep_store(&platform, now + TimeDelta::days(1)).await.unwrap();
    assert_eq!(stored().await.len(), of_kept.len() + many.len());
    for file in many {
        platform.storage.delete(&file.key).await.unwrap();
    }
    // What is refused leaves nothing.
    let refused = take(png(200, 300), Accept::Image).await;
    let no = Err::<(), _>(crate::shared::error::AppError::not_found());
    assert!(media::settle(&platform, &refused, no).await.is_err());
    assert_eq!(stored().await, of_kept);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_was_taken_down_or_is_in_review_is_its_owners_alone(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, slug) = published(&alex, "The Last Tram").await;
    let answer = upload(&browser, &pitch.to_string(), "script", "a.pdf", &pdf(2)).await;
    let file = format!("/read/{}/page/1", json_of(&answer)["file_id"].as_str().unwrap());
    let sarah = people::investor(&app.platform, "sarah").await;
    sign(&sarah, pitch).await;
    let signer = app.signed_in("sarah@investor.test").await;
    let page = format!("/pitch/{slug}");
    for (status, theirs) in
        [("published", StatusCode::OK), ("taken-down", StatusCode::NOT_FOUND), ("in-review", StatusCode::NOT_FOUND)]
    {
        projects::set_status(&alex, pitch, status).await;
        assert_eq!([signer.get(&page).await.status, signer.get(&file).await.status], [theirs; 2], "{status}");
        assert_eq!([browser.get(&page).await.status, browser.get(&file).await.status], [StatusCode::OK; 2], "{status}");
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_field_beside_a_file_that_never_ends_is_refused(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, browser) = creator(&app).await;
    let endless = vec![b'1'; 4 << 20];
    let answer = send(&browser, multipart(&[("pitch_id", None, &endless), ("script", Some("a.pdf"), &pdf(1))])).await;
    assert_eq!(answer.status.as_u16(), 422, "{}", answer.body);
    assert!(answer.body.len() < 1_000);
}
