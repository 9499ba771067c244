//! The record over a real database: written with what happens, found out when it is tampered with.

use sqlx::PgPool;

use super::{chain::Broken, service};
use crate::{
    ndas::service as ndas,
    platform::Platform,
    shared::ids::EventId,
    tests::{people, projects},
};

/// Somebody asks for an NDA and takes the request back.
async fn something_happens(db: PgPool) -> Platform {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let sarah = people::investor(&platform, "sarah").await;
    let pitch = projects::published(&alex, "Salt").await;
    let nda = ndas::request(&sarah, pitch, "To read the script.", "").await.unwrap().nda;
    ndas::withdraw(&sarah, nda).await.unwrap();
    people::work(&platform).await;
    platform
}

async fn tamper(platform: &Platform, sql: &'static str) {
    // Whoever owns the database can switch the trigger off; the chain tells all the same.
    let mut tx = platform.begin().await.unwrap();
    sqlx::query("set local session_replication_role = replica").execute(&mut *tx).await.unwrap();
    sqlx::query(sql).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn every_event_is_one_row_of_a_chain_that_holds(db: PgPool) {
    let platform = something_happens(db).await;
    let events: Vec<EventId> = sqlx::query_scalar("select id from events").fetch_all(&platform.db).await.unwrap();
    let head = service::verify(&platform).await.unwrap().unwrap();
    assert_eq!(head.seq, events.len() as i64);
    for id in events {
        let mut tx = platform.begin().await.unwrap();
        let event = crate::platform::outbox::load(&mut tx, id).await.unwrap();
        super::jobs::on_event(&mut tx, &event).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(service::verify(&platform).await.unwrap(), Ok(head), "hearing of an event twice adds nothing");

    let mut csv = Vec::new();
    assert_eq!(service::export(&platform, &mut csv).await.unwrap(), head.seq);
    let csv = String::from_utf8(csv).unwrap();
    assert_eq!(csv.lines().count() as i64, head.seq + 1);
    assert!(csv.contains("nda.requested") && csv.contains(&hex::encode(head.hash)), "{csv}");
    struct Gone;
    impl std::io::Write for Gone {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert!(service::export(&platform, Gone).await.is_ok(), "as `audit export | head` does");
    assert!(!csv.contains("sarah") && !csv.contains("To read the script"), "ids only: {csv}");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_record_cannot_be_changed_and_a_change_by_force_is_named(db: PgPool) {
    let platform = something_happens(db).await;
    for sql in [
        "update audit_entries set kind = 'nda.signed' where seq = 2",
        "delete from audit_entries where seq = 2",
        "truncate audit_entries",
    ] {
        assert!(sqlx::query(sql).execute(&platform.db).await.unwrap_err().to_string().contains("append-only"), "{sql}");
    }
    let verdict = async || service::verify(&platform).await.unwrap().map(|head| head.seq);
    let rows = verdict().await.unwrap();
    tamper(&platform, "update audit_entries set payload = '{\"pitch_id\": 1}' where seq = 3").await;
    assert_eq!(verdict().await, Err(Broken::Changed(3)));
    tamper(&platform, "delete from audit_entries where seq = 2").await;
    assert_eq!(verdict().await, Err(Broken::Missing(2)));
    tamper(&platform, "update audit_entries set seq = 2 where seq = 3").await;
    assert_eq!(verdict().await, Err(Broken::Changed(2)), "closing the gap does not help");
    assert!(rows > 3);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn many_at_once_make_one_chain(db: PgPool) {
    let platform = people::platform(db).await;
    let (_a, _b, _c) = tokio::join!(
        people::creator(&platform, "ann"),
        people::investor(&platform, "bob"),
        people::production(&platform, "cy")
    );
    let ids: Vec<EventId> = sqlx::query_scalar("select id from events").fetch_all(&platform.db).await.unwrap();
    let write = |id: EventId| {
        let platform = &platform;
        async move {
            let mut tx = platform.begin().await.unwrap();
            let event = crate::platform::outbox::load(&mut tx, id).await.unwrap();
            super::jobs::on_event(&mut tx, &event).await.unwrap();
            tx.commit().await.unwrap();
        }
    };
    futures::future::join_all(ids.iter().chain(&ids).map(|id| write(*id))).await;
    assert_eq!(service::verify(&platform).await.unwrap().unwrap().seq, ids.len() as i64);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_was_not_announced_is_written_down_all_the_same(db: PgPool) {
    let platform = people::platform(db).await;
    people::creator(&platform, "alex").await;
    let rows = async || service::verify(&platform).await.unwrap().unwrap().seq;
    super::jobs::catch_up(&platform).await.unwrap();
    assert_eq!(rows().await, 0, "its announcement is on the way");
    platform.clock.advance(chrono::TimeDelta::minutes(11));
    super::jobs::catch_up(&platform).await.unwrap();
    let written = rows().await;
    assert!(written > 0);
    people::work(&platform).await;
    assert_eq!(rows().await, written, "the late announcement adds nothing");
}
