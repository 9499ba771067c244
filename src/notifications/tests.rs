//! From events to notices over a real database.

use sqlx::PgPool;

use super::{jobs, service};
use crate::{
    accounts::door::Caller,
    ndas,
    platform::{
        Platform,
        outbox::{self, Event},
    },
    shared::ids::EventId,
    tests::{people, projects},
};

/// Announces every event so far, as the worker does.
async fn announce(platform: &Platform) {
    let ids: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from events order by id").fetch_all(&platform.db).await.unwrap();
    for id in ids {
        let mut tx = platform.begin().await.unwrap();
        let event = outbox::load(&mut tx, EventId(id)).await.unwrap();
        jobs::on_event(&mut tx, platform, &event).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn titles(caller: &Caller) -> Vec<String> {
    service::list(caller, None).await.unwrap().items.into_iter().map(|item| item.title).collect()
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_event_is_told_once_to_the_right_people(db: PgPool) {
    let platform = people::platform(db).await;
    let (stella, sarah) = (people::production(&platform, "stella").await, people::investor(&platform, "sarah").await);
    sqlx::query("delete from events").execute(&platform.db).await.unwrap();
    let pitch = projects::published(&stella, "Glass").await;
    let nda = ndas::service::request(&sarah, pitch, "To read it.", "").await.unwrap().nda;
    announce(&platform).await;
    announce(&platform).await;
    assert_eq!(titles(&stella).await, ["sarah Tester asks for an NDA for “Glass”"]);
    assert_eq!(titles(&sarah).await, Vec::<String>::new(), "who did it is not told");
    ndas::service::decline(&stella, nda, "No.").await.unwrap();
    announce(&platform).await;
    assert_eq!(titles(&sarah).await, ["Your request for “Glass” was declined"]);
    let item = service::recent(&sarah).await.unwrap().remove(0);
    assert_eq!((item.link, item.read), (format!("/ndas/{nda}"), false));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn notices_are_marked_read_by_their_own_only(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, sarah) = (people::creator(&platform, "alex").await, people::investor(&platform, "sarah").await);
    sqlx::query("delete from events").execute(&platform.db).await.unwrap();
    for title in ["Salt", "Glass", "Ash"] {
        let pitch = projects::published(&alex, title).await;
        ndas::service::request(&sarah, pitch, "To read it.", "").await.unwrap();
    }
    announce(&platform).await;
    let news = |caller: &Caller| {
        let visitor = caller.visitor();
        async move { service::news(&visitor).await.unwrap().notifications }
    };
    assert_eq!(news(&alex).await, 3);
    let one = service::recent(&alex).await.unwrap()[1].id;
    assert_eq!(service::mark_read(&sarah, Some(one)).await.unwrap_err().refusal.status(), 404);
    service::mark_read(&alex, Some(one)).await.unwrap();
    service::mark_read(&alex, Some(one)).await.unwrap();
    assert_eq!(news(&alex).await, 2);
    service::mark_read(&alex, None).await.unwrap();
    assert_eq!(news(&alex).await, 0);
    assert_eq!(service::news(&people::guest(&platform)).await, Ok(Default::default()));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn signers_are_told_of_new_material_and_buyers_of_their_verification(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, sarah) = (people::creator(&platform, "alex").await, people::investor(&platform, "sarah").await);
    announce(&platform).await;
    assert_eq!(titles(&sarah).await, ["You are verified: you can ask for NDAs now"]);
    let pitch = projects::published(&alex, "Salt").await;
    let tell = || async {
        let event = Event::new(platform.now(), Some(alex.viewer.id), pitch.0, "pitch.file_added", ()).unwrap();
        let mut tx = platform.begin().await.unwrap();
        outbox::record(&mut tx, event.clone()).await.unwrap();
        jobs::on_event(&mut tx, &platform, &event).await.unwrap();
        tx.commit().await.unwrap();
    };
    tell().await;
    assert_eq!(titles(&sarah).await.len(), 1, "nothing is told of what one may not read");
    let nda = ndas::service::request(&sarah, pitch, "To read it.", "").await.unwrap().nda;
    let form = ndas::service::ApproveForm { full_legal_name: "Alex".into(), ..Default::default() };
    ndas::service::approve(&alex, nda, &form).await.unwrap();
    let view = ndas::reads::one(&sarah, nda, None).await.unwrap();
    let form = ndas::service::SignForm {
        agree_electronic: true,
        full_legal_name: "Sarah".into(),
        document_sha256: view.text.sha256.unwrap(),
        password: None,
    };
    ndas::service::sign(&sarah, nda, &form).await.unwrap();
    tell().await;
    assert_eq!(titles(&sarah).await[0], "There is something new to read in “Salt”");
}
