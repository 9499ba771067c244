//! The virus scanner, a real one: clamd with a signature of our own for the harmless file that all scanners take for a virus.

use std::{path::Path, process::Child, time::Duration};

use axum::http::StatusCode;
use sqlx::PgPool;

use super::{
    app::TestApp,
    files::{png, upload},
    people,
    pitches::{creator, json_of, published},
    uploads::{begin, finish_upload, id_of, send, state, stored},
};
use crate::{
    media::{inspect::tests::pdf, watch::tests::mp4},
    platform::storage::PART,
    shared::ids::FileId,
};

/// In two pieces, so that this file is none itself.
const EICAR: [&str; 2] = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];

fn eicar() -> Vec<u8> {
    EICAR.concat().into_bytes()
}

/// clamd, stopped when it is dropped.
struct Clamd(Child);

impl Clamd {
    /// Starts one that keeps its things in `folder` and listens at `socket` in it.
    async fn start(folder: &Path) -> Self {
        let signature = format!("Eicar-Test:0:*:{}\n", hex::encode(eicar()));
        std::fs::create_dir_all(folder.join("signatures")).unwrap();
        std::fs::write(folder.join("signatures/eicar.ndb"), signature).unwrap();
        let at = folder.display();
        let settings = format!(
            "DatabaseDirectory {at}/signatures\nLocalSocket {at}/socket\nForeground yes\nStreamMaxLength 600M\n\
             MaxFileSize 600M\nMaxScanSize 600M\nLogFile {at}/log\n"
        );
        std::fs::write(folder.join("clamd.conf"), settings).unwrap();
        // Not everybody's PATH has the programs of the system.
        let program = ["/usr/sbin/clamd"].into_iter().find(|at| Path::new(at).exists()).unwrap_or("clamd");
        let mut clamd = std::process::Command::new(program);
        clamd.arg(format!("--config-file={at}/clamd.conf")).stdout(std::process::Stdio::null());
        let started = Self(clamd.spawn().expect("clamd is needed: bin/setup installs it (Debian's clamav-daemon)"));
        for _ in 0..300 {
            if tokio::net::UnixStream::connect(folder.join("socket")).await.is_ok() {
                return started;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("clamd does not listen: {}", std::fs::read_to_string(folder.join("log")).unwrap_or_default());
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_infected_file_is_kept_apart_and_nothing_passes_while_the_scanner_is_away(db: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket").display().to_string();
    let mut app = TestApp::new(db).await;
    app.set(|config| config.clamav_addr = Some(socket));
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let id = pitch.to_string();
    let mut infected = pdf(2);
    infected.extend(b"% ");
    infected.extend(eicar());
    infected.extend(b"\nstartxref\n9\n%%EOF\n");

    // Not yet there: nothing passes, nothing is kept, and it is said.
    let away = upload(&browser, &id, "script", "clean.pdf", &pdf(2)).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(json_of(&away)["message"].as_str().unwrap().contains("cannot check files for viruses"), "{}", away.body);
    let film = mp4(PART + 10);
    let trailer = id_of(&begin(&browser, pitch, "trailer", "tram.mp4", film.len()).await);
    for number in [0, 1] {
        send(&browser, &trailer, &film, number).await;
    }
    finish_upload(&browser, &trailer).await;
    people::work(&app.platform).await;
    let waiting = state(&browser, &trailer).await;
    assert_eq!(waiting["status"], "checking");
    assert!(waiting["note"].as_str().unwrap().contains("tried again by itself"), "{waiting}");
    assert_eq!(browser.get(&format!("/files/{trailer}")).await.status, StatusCode::NOT_FOUND);

    let clamd = Clamd::start(folder.path()).await;
    crate::pitches::uploads::take_in(&app.platform, trailer.parse::<FileId>().unwrap()).await.unwrap();
    assert_eq!(state(&browser, &trailer).await["status"], "done");
    for (kind, bytes) in [("script", pdf(2)), ("poster", png(40, 60))] {
        assert_eq!(upload(&browser, &id, kind, "clean", &bytes).await.status, StatusCode::OK);
    }
    // Infected, by the form and in parts: refused by its field, kept where nothing serves it, and told.
    let refused = upload(&browser, &id, "deck", "infected.pdf", &infected).await;
    assert_eq!((refused.status.as_u16(), json_of(&refused)["fields"][0]["field"].as_str()), (422, Some("deck")));
    assert!(json_of(&refused)["message"].as_str().unwrap().contains("Eicar-Test"), "{}", refused.body);
    let mut film = mp4(PART + 200);
    film[PART + 20..PART + 20 + 68].copy_from_slice(&eicar());
    let parts = id_of(&begin(&browser, pitch, "trailer", "bad.mp4", film.len()).await);
    for number in [0, 1] {
        send(&browser, &parts, &film, number).await;
    }
    finish_upload(&browser, &parts).await;
    people::work(&app.platform).await;
    let seen = state(&browser, &parts).await;
    assert!(seen["status"] == "refused" && seen["note"].as_str().unwrap().contains("Eicar-Test"), "{seen}");
    let apart: Vec<String> =
        sqlx::query_scalar("select key from quarantine order by id").fetch_all(&app.platform.db).await.unwrap();
    assert_eq!(apart.len(), 2);
    for key in &apart {
        assert!(stored(&app).await.contains(key), "kept");
        assert_eq!(browser.get(&format!("/{key}")).await.status, StatusCode::NOT_FOUND, "not served, to nobody");
    }
    // What was told of by the job itself.
    people::work(&app.platform).await;
    let told = browser.read("/api/notifications/recent").await.body;
    for name in ["infected.pdf", "bad.mp4"] {
        assert!(told.contains(name), "{told}");
    }
    drop(clamd);
    assert_eq!(upload(&browser, &id, "deck", "clean.pdf", &pdf(2)).await.status, StatusCode::SERVICE_UNAVAILABLE);
    // After a month they go.
    app.platform.clock.advance(chrono::TimeDelta::days(31));
    crate::media::uploads::sweep(&app.platform).await.unwrap();
    assert!(stored(&app).await.iter().all(|key| !apart.contains(key)));
}
