//! The paper of a signed NDA: made once, for both, to the last byte.

use axum::http::{Request, StatusCode, header};
use futures::TryStreamExt;
use sqlx::PgPool;

use super::{
    app::{Answer, Browser, TestApp},
    files::multipart,
    people, projects,
};
use crate::{
    accounts::door::Caller,
    ndas::{
        reads, sealing,
        service::{self, ApproveForm, SignForm},
    },
    pitches,
    platform::{Platform, mail::shelf},
    shared::ids::{NdaId, PitchId},
};

/// Alex's project "Salt", for which Sarah has signed; the paper is not made yet.
struct Signed {
    alex: Caller,
    sarah: Caller,
    nda: NdaId,
    pitch: PitchId,
}

async fn signed(platform: &Platform) -> Signed {
    let alex = people::creator(platform, "alex").await;
    let sarah = people::investor(platform, "sarah").await;
    let pitch = projects::published(&alex, "Salt").await;
    let nda = service::request(&sarah, pitch, "To read the script.", "").await.unwrap().nda;
    let approval = ApproveForm { full_legal_name: "Alexandra Moreno".into(), ..ApproveForm::default() };
    service::approve(&alex, nda, &approval).await.unwrap();
    let shown = reads::one(&sarah, nda, None).await.unwrap().text.sha256.unwrap();
    let form = SignForm {
        agree_electronic: true,
        full_legal_name: "Sarah Chen".into(),
        document_sha256: shown,
        password: None,
    };
    service::sign(&sarah, nda, &form).await.unwrap();
    Signed { alex, sarah, nda, pitch }
}

async fn letters(platform: &Platform) -> Vec<String> {
    let all = shelf::list(platform.mail.folder().unwrap(), None).await.unwrap();
    let mut to: Vec<String> = all.into_iter().filter(|l| l.subject.ends_with("is signed")).map(|l| l.to).collect();
    to.sort();
    to
}

/// The stored bytes of an NDA's paper.
async fn paper(platform: &Platform, nda: NdaId) -> Vec<u8> {
    let (body, _) = platform.storage.get(&format!("files/{nda}"), None).await.unwrap();
    body.try_fold(Vec::new(), |mut all, chunk| async move {
        all.extend_from_slice(&chunk);
        Ok(all)
    })
    .await
    .unwrap()
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_last_signature_makes_one_paper_and_writes_to_each_side_once(db: PgPool) {
    let platform = people::platform(db).await;
    let Signed { alex, sarah, nda, .. } = signed(&platform).await;
    assert!(reads::one(&sarah, nda, None).await.unwrap().sealed.is_none());
    people::work(&platform).await;
    let sealed = reads::one(&sarah, nda, None).await.unwrap().sealed.unwrap();
    assert_eq!(reads::one(&alex, nda, None).await.unwrap().sealed, Some(sealed.clone()));
    let bytes = paper(&platform, nda).await;
    assert_eq!(hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&bytes)), sealed.sha256);
    assert_eq!(letters(&platform).await, ["alex@creator.test", "sarah@investor.test"]);

    // Again, and two at once: nothing more comes of it.
    let (first, second) = tokio::join!(sealing::seal(&platform, nda), sealing::seal(&platform, nda));
    first.and(second).unwrap();
    people::work(&platform).await;
    assert_eq!(letters(&platform).await.len(), 2);
    assert_eq!(paper(&platform, nda).await, bytes);
    let events: i64 = sqlx::query_scalar("select count(*) from events where kind = 'nda.sealed'")
        .fetch_one(&platform.db)
        .await
        .unwrap();
    assert_eq!(events, 1);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_paper_whose_job_was_killed_between_its_bytes_and_its_row_is_the_same_when_made_again(db: PgPool) {
    let platform = people::platform(db).await;
    let Signed { nda, .. } = signed(&platform).await;
    people::work(&platform).await;
    let bytes = paper(&platform, nda).await;
    // What a kill before the commit leaves: the bytes, and neither row nor letters.
    for undo in ["delete from nda_seals", "delete from files where media_type = 'application/pdf'"] {
        sqlx::query(undo).execute(&platform.db).await.unwrap();
    }
    sealing::seal(&platform, nda).await.unwrap();
    assert_eq!(paper(&platform, nda).await, bytes);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_paper_names_its_parties_as_they_were_called_when_they_signed(db: PgPool) {
    let platform = people::platform(db).await;
    let Signed { sarah, nda, .. } = signed(&platform).await;
    sqlx::query("update accounts set name = 'Somebody Else'").execute(&platform.db).await.unwrap();
    people::work(&platform).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, paper(&platform, nda).await).unwrap();
    let read = std::process::Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output().unwrap();
    let read = String::from_utf8_lossy(&read.stdout).into_owned();
    let certificate = read.split_once("Certificate").unwrap().1;
    assert!(certificate.contains("alex Tester") && certificate.contains("sarah Tester"), "{certificate}");
    assert!(!certificate.contains("Somebody Else"), "{certificate}");
    let shown = reads::one(&sarah, nda, None).await.unwrap().signatures;
    assert!(shown.iter().all(|signature| signature.account.ends_with("Tester")));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_paper_that_was_forgotten_is_made_a_quarter_of_an_hour_later(db: PgPool) {
    let platform = people::platform(db).await;
    let Signed { nda, sarah, .. } = signed(&platform).await;
    sqlx::query("delete from graphile_worker._private_jobs").execute(&platform.db).await.unwrap();
    assert_eq!(sealing::look_after(&platform).await.unwrap(), 0, "not overdue yet");
    platform.clock.advance(chrono::TimeDelta::minutes(16));
    assert_eq!(sealing::look_after(&platform).await.unwrap(), 1);
    assert_eq!(sealing::look_after(&platform).await.unwrap(), 0);
    assert!(reads::one(&sarah, nda, None).await.unwrap().sealed.is_some());
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn both_sides_fetch_the_paper_whatever_became_of_it_and_nobody_else_does(db: PgPool) {
    let app = TestApp::new(db).await;
    let Signed { alex, nda, pitch, .. } = signed(&app.platform).await;
    people::work(&app.platform).await;
    people::investor(&app.platform, "eve").await;
    people::creator(&app.platform, "mallory").await;
    let at = format!("/files/{nda}");
    let (owner, signer) = (app.signed_in("alex@creator.test").await, app.signed_in("sarah@investor.test").await);

    let strangers =
        [app.browser(), app.signed_in("eve@investor.test").await, app.signed_in("mallory@creator.test").await];
    for stranger in &strangers {
        assert_eq!(stranger.get(&at).await.status, StatusCode::NOT_FOUND);
    }
    service::revoke(&alex, nda, "We changed our minds.").await.unwrap();
    pitches::service::delete(&alex, pitch, "Untitled").await.unwrap();
    people::work(&app.platform).await;
    app.platform.clock.advance(chrono::TimeDelta::days(2));
    crate::media::jobs::sweep(&app.platform).await.unwrap();
    let (owner_again, signer_again) =
        (app.signed_in("alex@creator.test").await, app.signed_in("sarah@investor.test").await);
    drop((owner, signer));
    for party in [&owner_again, &signer_again] {
        let answer = party.get(&at).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/pdf");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "private, no-store");
        assert!(answer.body.starts_with("%PDF-"));
        assert_eq!(party.get(&format!("/ndas/{nda}")).await.status, StatusCode::OK, "and its page");
    }
}

/// Posts `file` to be checked, and opens what that leads to.
async fn check(browser: &Browser<'_>, file: &[u8]) -> Answer {
    browser.get(&found(browser, file).await).await
}

/// Posts `file` to be checked; says where that leads.
async fn found(browser: &Browser<'_>, file: &[u8]) -> String {
    let request = Request::post("/api/ndas/verify")
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
    let answer = browser.send(request, multipart(&[("file", Some("a.pdf"), file)]).into()).await;
    answer.location.clone().unwrap_or_else(|| panic!("{answer:?}"))
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn anyone_learns_whether_a_file_is_ours_and_only_its_parties_what_it_says(db: PgPool) {
    let app = TestApp::new(db).await;
    let Signed { nda, .. } = signed(&app.platform).await;
    people::work(&app.platform).await;
    people::investor(&app.platform, "eve").await;
    let bytes = paper(&app.platform, nda).await;
    let secrets = ["Salt", "Alexandra Moreno", "sarah@investor.test"];

    for outsider in [app.browser(), app.signed_in("eve@investor.test").await] {
        let page = check(&outsider, &bytes).await;
        assert!(page.body.contains("Valid"), "{}", page.body);
        for secret in secrets {
            assert!(!page.body.contains(secret), "{secret}");
        }
    }
    let party = app.signed_in("sarah@investor.test").await;
    let page = check(&party, &bytes).await;
    for said in secrets {
        assert!(page.body.contains(said), "{said}");
    }

    // Any one byte: in the text, in the signature, in what says which NDA it is, in the last line.
    let signature = memchr::memmem::find(&bytes, b"/Contents<30").or(memchr::memmem::find(&bytes, b"/Contents <30"));
    let mark = memchr::memmem::find(&bytes, b"pitchey:").unwrap();
    for place in [20, bytes.len() / 3, signature.unwrap() + 40, mark + 3, mark + 20, bytes.len() - 3] {
        let mut altered = bytes.clone();
        altered[place] ^= 1;
        let page = check(&party, &altered).await;
        assert!(page.body.contains("Altered") && !page.body.contains(">Valid<"), "byte {place}");
    }
    let mut longer = bytes.clone();
    longer.push(b'\n');
    assert!(check(&party, &longer).await.body.contains("Altered"));
    assert!(check(&party, b"%PDF-1.7 something else").await.body.contains("Unknown"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_was_found_is_told_to_the_browser_that_sent_the_file_and_to_no_other(db: PgPool) {
    let app = TestApp::new(db).await;
    let Signed { nda, .. } = signed(&app.platform).await;
    people::work(&app.platform).await;
    let bytes = paper(&app.platform, nda).await;
    let sender = app.browser();
    let link = found(&sender, &bytes).await;
    assert!(sender.get(&link).await.body.contains("Valid"));
    assert!(sender.get(&link).await.body.contains("Valid"), "loaded again, too");
    let other = app.browser();
    let page = other.get(&link).await;
    assert!(!page.body.contains("Valid") && page.body.contains("Choose the file"), "{}", page.body);
    let theirs = found(&other, b"%PDF-1.7 something else").await;
    assert!(!other.get(&link).await.body.contains("Valid"), "nor after another file");
    assert!(other.get(&theirs).await.body.contains("Unknown"));
    assert!(!sender.get(&theirs).await.body.contains("Unknown"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_is_no_file_or_too_large_a_file_is_a_sentence_by_its_field(db: PgPool) {
    let app = TestApp::new(db).await;
    let post = async |parts: &[(&str, Option<&str>, &[u8])]| {
        let request = Request::post("/api/ndas/verify")
            .header(header::ACCEPT, "application/json")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
        app.browser().send(request, multipart(parts).into()).await
    };
    for parts in [&[("file", Some(""), &b""[..])][..], &[("other", Some("a.pdf"), b"x")], &[]] {
        let answer = post(parts).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
        assert!(answer.body.contains("choose a file"), "{}", answer.body);
    }
    let answer = post(&[("file", Some("a.pdf"), &vec![0; 20 * 1024 * 1024 + 1])]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.body);
    for mangled in ["", "zz", "7b7d", "0123456789abcdef"] {
        assert_eq!(app.browser().get(&format!("/verify?found={mangled}")).await.status, StatusCode::OK);
    }
}
