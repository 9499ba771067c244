//! A template that is an uploaded PDF: what is signed is that file to the last byte, its pages are its parties' alone.

use std::{path::Path, process::Command};

use axum::http::{Request, StatusCode, header};
use sqlx::PgPool;

use super::{
    app::{Answer, Browser, TestApp},
    files::multipart,
    nda_templates::{ask, form, sign, text},
    people, projects,
};
use crate::{
    media::pages::samples,
    ndas::{
        advances, bulk,
        model::{NdaStatus, Tab},
        own_templates, reads,
        service::{self, ApproveForm},
    },
    platform::Platform,
    shared::{
        error::Refusal,
        ids::{NdaId, TemplateId},
    },
};

const UPLOAD: &str = "/api/ndas/upload-template";

/// Posts a PDF as the plain form on `on` does.
async fn post(browser: &Browser<'_>, on: &str, fields: &[(&str, &str)], pdf: &[u8]) -> Answer {
    let mut parts: Vec<(&str, Option<&str>, &[u8])> = fields.iter().map(|(n, v)| (*n, None, v.as_bytes())).collect();
    parts.push(("pdf", Some("agreement.pdf"), pdf));
    let request = Request::post(UPLOAD)
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, format!("http://pitchey.test{on}"))
        .header(header::ORIGIN, "http://pitchey.test")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
    browser.send(request, multipart(&parts).into()).await
}

const NEW: &str = "/settings/templates/new?pdf=true";

/// Uploads a new template; says which it is.
async fn upload(browser: &Browser<'_>, name: &str, pdf: &[u8]) -> TemplateId {
    let answer = post(browser, NEW, &[("name", name)], pdf).await;
    let at = answer.location.unwrap_or_default();
    at.strip_prefix("/settings/templates/").and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("led to {at}"))
}

/// The addresses of the pages that a page shows.
fn pictures(body: &str) -> Vec<String> {
    let ends = |part: &str| format!("/files/{}", part.split(['?', '"']).next().unwrap());
    body.split("src=\"/files/").skip(1).map(ends).filter(|at| at.contains("/page/")).collect()
}

async fn paper(platform: &Platform, nda: NdaId) -> Vec<u8> {
    platform.storage.bytes(&format!("files/{nda}")).await.unwrap().to_vec()
}

/// What another program says of a file.
fn told(program: &str, arguments: &[&str], file: &Path) -> String {
    let said = Command::new(program).args(arguments).arg(file).output().expect("poppler-utils");
    String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr)
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_pdf_is_approved_with_signed_page_by_page_and_sealed_to_the_last_byte(db: PgPool) {
    let app = TestApp::new(db).await;
    let platform = &app.platform;
    let (alex, sarah) = (people::creator(platform, "alex").await, people::investor(platform, "sarah").await);
    people::investor(platform, "eve").await;
    let pitch = projects::published(&alex, "Salt").await;
    let browser = app.signed_in("alex@creator.test").await;
    let first = samples::script(3);
    let template = upload(&browser, "House agreement", &first).await;
    let page = format!("/settings/templates/{template}");
    let shown = browser.get(&page).await.body;
    assert!(shown.contains("This is page 2.") && shown.contains("Page 3 of 3"), "{shown}");
    assert_eq!(pictures(&shown).len(), 3);
    for at in pictures(&shown) {
        let picture = browser.get(&at).await;
        assert_eq!((picture.status, &picture.bytes[8..12]), (StatusCode::OK, &b"WEBP"[..]));
    }

    let nda = ask(&sarah, pitch).await;
    service::approve(&alex, nda, &form(&alex, nda, Some(template)).await).await.unwrap();
    // A new version changes nothing of what was approved.
    let fields = [("template_id", template.to_string()), ("version", "1".into()), ("name", "House agreement 2".into())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(post(&browser, &page, &fields, &samples::script(2)).await.location.as_deref(), Some(page.as_str()));
    assert!(browser.get(&page).await.body.contains("Page 2 of 2"));

    let (signer, stranger) = (app.signed_in("sarah@investor.test").await, app.signed_in("eve@investor.test").await);
    let shown = signer.get(&format!("/ndas/{nda}")).await.body;
    let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&first));
    for said in [&sha256, "This is page 1.", "This is page 3.", "To read the script.", "not legal advice", "365 days"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let pages = pictures(&shown);
    assert_eq!(pages.len(), 3);
    let original = pages[0].trim_end_matches("/page/1").to_string();
    for at in pages.iter().chain([&original]) {
        assert_eq!(signer.get(at).await.status, StatusCode::OK, "{at}");
        for other in [&stranger, &app.browser()] {
            assert_eq!(other.get(at).await.status, StatusCode::NOT_FOUND, "{at}");
        }
    }
    assert_eq!(signer.get(&original).await.bytes, first, "to keep, as it is");
    assert_eq!(signer.get(&pages[0].replace("/page/1", "/page/4")).await.status, StatusCode::NOT_FOUND);

    sign(&sarah, nda).await;
    own_templates::delete(&alex, template, "House agreement 2").await.unwrap();
    people::work(platform).await;
    assert_eq!(signer.get(&pages[0]).await.status, StatusCode::OK, "whatever becomes of the template");
    let view = reads::one(&sarah, nda, None).await.unwrap();
    assert!(view.sealed.is_some() && view.text.body.contains(&sha256) && view.text.body.contains("version 1"));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, paper(platform, nda).await).unwrap();
    let read = told("pdftotext", &["-layout"], &file);
    assert!(read.is_empty(), "{read}");
    let read = std::fs::read_to_string(folder.path().join("paper.txt")).unwrap();
    for said in ["This is page 1.", "This is page 2.", "This is page 3.", "Certificate", "Salt", &sha256[..20]] {
        assert!(read.contains(said), "{said}: {read}");
    }
    assert!(told("pdfsig", &["-nocert"], &file).contains("Signature is Valid"), "{}", told("pdfsig", &[], &file));
    let attached = told("pdfdetach", &["-list"], &file);
    assert!(attached.contains("agreement.pdf") && attached.contains("agreement.txt"), "{attached}");
    Command::new("pdfdetach").arg("-saveall").arg(&file).current_dir(folder.path()).status().unwrap();
    assert_eq!(std::fs::read(folder.path().join("agreement.pdf")).unwrap(), first);
    assert_eq!(std::fs::read_to_string(folder.path().join("agreement.txt")).unwrap(), view.text.body);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_pdf_that_was_replaced_is_a_conflict_and_several_and_advance_work_as_with_texts(db: PgPool) {
    let app = TestApp::new(db).await;
    let platform = &app.platform;
    let (alex, sarah) = (people::creator(platform, "alex").await, people::investor(platform, "sarah").await);
    let eve = people::investor(platform, "eve").await;
    let pitch = projects::published(&alex, "Salt").await;
    let browser = app.signed_in("alex@creator.test").await;
    let template = upload(&browser, "Mine", &samples::script(2)).await;
    advances::set_template(&alex, pitch, &template.to_string()).await.unwrap();
    let (one, two) = (ask(&sarah, pitch).await, ask(&eve, pitch).await);
    let before = app.signed_in("sarah@investor.test").await.get(&format!("/ndas/{one}")).await.body;
    let buyer = app.signed_in("sarah@investor.test").await;
    assert_eq!(buyer.get(&pictures(&before)[0]).await.status, StatusCode::OK, "how it will read");

    let seen = form(&alex, one, None).await;
    let id = template.to_string();
    let next = |version: &'static str| [("template_id", id.as_str()), ("version", version), ("name", "Mine")];
    post(&browser, "/settings/templates", &next("1"), &samples::script(3)).await;
    assert_eq!(service::approve(&alex, one, &seen).await.unwrap_err().refusal, Refusal::Conflict);
    assert_eq!(buyer.get(&pictures(&before)[0]).await.status, StatusCode::NOT_FOUND, "no party of the old one");
    let stale = post(&browser, "/settings/templates", &next("1"), &samples::script(4)).await;
    assert_eq!(stale.location.as_deref(), Some("/settings/templates"));
    let versions = own_templates::one(&alex, template).await.unwrap();
    assert_eq!((versions.version, versions.pages.unwrap().words.len()), (2, 3), "of two who replace it, one does");

    let offer = reads::received(&alex, Tab::Waiting, None, None).await.unwrap().offer.unwrap();
    let all =
        ApproveForm { full_legal_name: "Alexandra Moreno".into(), template_shown: offer.shown(), ..Default::default() };
    assert_eq!(bulk::approve(&alex, &[one, two], &all).await.unwrap().done.len(), 2);
    let offer = advances::of_pitch(&alex, pitch, None).await.unwrap().offer;
    let in_advance = ApproveForm { template_shown: offer.shown(), ..all };
    advances::give(&alex, pitch, &in_advance, true).await.unwrap();
    let late = ask(&people::investor(platform, "fay").await, pitch).await;
    let view = reads::one(&alex, late, None).await.unwrap();
    assert_eq!((view.card.status, view.text.pages.unwrap().words.len()), (NdaStatus::Approved, 3));
    sign(&sarah, one).await;
    people::work(platform).await;
    assert!(reads::one(&sarah, one, None).await.unwrap().sealed.is_some());

    // A text does not become a PDF, nor a PDF a text; and a name is only a name.
    let written = own_templates::create(&alex, "Written", &text("First.")).await.unwrap();
    let fields = [("template_id", written.to_string()), ("version", "1".into()), ("name", "Written".into())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    post(&browser, "/settings/templates", &fields, &samples::script(2)).await;
    assert!(browser.get("/settings/templates").await.body.contains("This template is a text."));
    own_templates::edit(&alex, template, 2, "Renamed", "Some text.").await.unwrap();
    let renamed = own_templates::one(&alex, template).await.unwrap();
    assert_eq!((renamed.name.as_str(), renamed.version), ("Renamed", 2));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_pdf_that_cannot_be_signed_by_everybody_is_refused_with_a_sentence(db: PgPool) {
    let app = TestApp::new(db).await;
    let platform = &app.platform;
    people::creator(platform, "alex").await;
    let carol = people::creator(platform, "carol").await;
    people::investor(platform, "sarah").await;
    let browser = app.signed_in("alex@creator.test").await;
    let note = samples::script(2);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("no PDF", b"Between you and me.".to_vec(), "not a PDF document"),
        ("empty", Vec::new(), "choose a file first"),
        ("cut off", note[..note.len() / 2].to_vec(), "damaged or cut off"),
        ("locked", samples::locked(), "locked with a password"),
        ("scripted", samples::scripted(), "JavaScript"),
        ("looped", samples::looped_pages(), "no pages"),
        ("huge page", samples::huge_page(), "no size that can be shown"),
        ("too long", samples::script(41), "up to 40"),
        ("pictures only", crate::media::inspect::tests::pdf(2), "Page 1 of this PDF has no text"),
        ("a word", samples::fontless(), "at least 200 characters"),
        ("form fields", samples::with_a_field(), "form fields, notes or layers"),
        ("too large", [note.clone(), vec![b' '; 9 << 20]].concat(), "larger than 8 MB"),
    ];
    for (what, pdf, sentence) in cases {
        let answer = post(&browser, NEW, &[("name", "Mine")], &pdf).await;
        assert_eq!(answer.location.as_deref(), Some(NEW), "{what}");
        let again = browser.get(NEW).await.body;
        assert!(again.contains(sentence), "{what}: {again}");
    }
    let unnamed = post(&browser, NEW, &[], &note).await;
    assert_eq!(unnamed.location.as_deref(), Some(NEW));
    assert!(browser.get(NEW).await.body.contains("1 to 100 characters"));
    let kept: i64 = sqlx::query_scalar("select count(*) from files").fetch_one(&platform.db).await.unwrap();
    assert_eq!(kept, 0, "nothing of them stays");

    let template = upload(&browser, "Mine", &note).await;
    let other = app.signed_in("carol@creator.test").await;
    let fields = [("template_id", template.to_string()), ("version", "1".into()), ("name", "Hers".into())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    post(&other, "/settings/templates", &fields, &samples::script(3)).await;
    assert!(own_templates::one(&carol, template).await.is_err());
    let versions: i64 = sqlx::query_scalar("select count(*) from nda_template_versions where file_id is not null")
        .fetch_one(&platform.db)
        .await
        .unwrap();
    assert_eq!(versions, 1, "a stranger adds none");
}
