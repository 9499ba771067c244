//! Conversations over a real database.

use chrono::TimeDelta;
use sqlx::PgPool;
use uuid::Uuid;

use super::service;
use crate::{
    accounts::door::Caller,
    shared::{
        error::{AppError, Refusal},
        ids::ThreadId,
    },
    tests::{people, projects},
};

/// Two people with an open conversation.
async fn stage(db: PgPool) -> (Caller, Caller, ThreadId) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let sarah = people::investor(&platform, "sarah").await;
    let pitch = projects::published(&alex, "Salt").await;
    let mut tx = platform.begin().await.unwrap();
    let thread =
        service::open(&mut tx, pitch, alex.viewer.id, sarah.viewer.id, "Hello.", platform.now()).await.unwrap();
    tx.commit().await.unwrap();
    (alex, sarah, thread)
}

fn refused<T: std::fmt::Debug>(result: Result<T, AppError>) -> Refusal {
    result.unwrap_err().refusal
}

async fn unread(caller: &Caller) -> i64 {
    service::threads(caller, None).await.unwrap().items[0].unread
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_two_talk_and_see_what_is_unread(db: PgPool) {
    let (alex, sarah, thread) = stage(db).await;
    assert_eq!((unread(&alex).await, unread(&sarah).await), (0, 0), "the system's first message waits for nobody");
    service::send(&alex, thread, "Hello\r\nSarah \u{1F3AC}", None).await.unwrap();
    service::send(&alex, thread, "Are you there?", None).await.unwrap();
    assert_eq!((unread(&alex).await, unread(&sarah).await), (0, 2));
    let seen = service::thread(&sarah, thread, None).await.unwrap();
    assert_eq!(unread(&sarah).await, 2, "looking writes nothing");
    assert_eq!(seen.messages[1].body, "Hello\nSarah \u{1F3AC}");
    assert!(!seen.messages[1].mine && seen.messages[1].author.as_deref() == Some("alex Tester"));
    service::mark_read(&sarah, thread, Some(seen.messages[1].id)).await.unwrap();
    assert_eq!(unread(&sarah).await, 1);
    service::mark_read(&sarah, thread, None).await.unwrap();
    assert_eq!(unread(&sarah).await, 0);
    service::mark_read(&sarah, thread, Some(seen.messages[0].id)).await.unwrap();
    assert_eq!(unread(&sarah).await, 0, "never moves back");
    service::send(&alex, thread, "One more.", None).await.unwrap();
    service::send(&sarah, thread, "Yes!", None).await.unwrap();
    assert_eq!((unread(&alex).await, unread(&sarah).await), (1, 0), "answering is having read");
    let card = &service::recent(&alex).await.unwrap()[0];
    assert_eq!((card.last.as_str(), card.last_is_mine, card.with.name.as_str()), ("Yes!", false, "sarah Tester"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_replayed_form_writes_nothing_twice(db: PgPool) {
    let (alex, sarah, thread) = stage(db).await;
    let key = Uuid::new_v4().to_string();
    let twin = alex.clone();
    let (one, two) =
        tokio::join!(service::send(&alex, thread, "Hi", Some(&key)), service::send(&twin, thread, "Hi", Some(&key)));
    assert_eq!((one, two), (Ok(()), Ok(())));
    service::send(&alex, thread, "Hi", Some(&key)).await.unwrap();
    assert_eq!(service::thread(&sarah, thread, None).await.unwrap().messages.len(), 2);
    assert_eq!(refused(service::send(&sarah, thread, "Hi", Some(&key)).await), Refusal::Conflict);
    assert_eq!(refused(service::send(&alex, thread, "Hi", Some("nonsense")).await), Refusal::Invalid);
    let told: i64 = sqlx::query_scalar("select count(*) from events where kind = 'message.sent'")
        .fetch_one(&alex.platform.db)
        .await
        .unwrap();
    assert_eq!(told, 1);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn nobody_else_reads_or_writes(db: PgPool) {
    let (alex, mut sarah, thread) = stage(db).await;
    let eve = people::investor(&alex.platform, "eve").await;
    assert_eq!(refused(service::thread(&eve, thread, None).await), Refusal::NotFound);
    assert_eq!(refused(service::send(&eve, thread, "Hi", None).await), Refusal::NotFound);
    assert_eq!(refused(service::mark_read(&eve, thread, None).await), Refusal::NotFound);
    assert!(service::threads(&eve, None).await.unwrap().is_empty());
    assert_eq!(refused(service::send(&alex, thread, " \0 ", None).await), Refusal::Invalid);
    sarah.viewer.email_verified = false;
    assert_eq!(refused(service::send(&sarah, thread, "Hi", None).await), Refusal::Forbidden);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_long_conversation_is_read_backwards(db: PgPool) {
    let (alex, _, thread) = stage(db).await;
    for n in 0..60 {
        service::send(&alex, thread, &format!("Message {n}"), None).await.unwrap();
        alex.platform.clock.advance(TimeDelta::seconds(3));
    }
    let newest = service::thread(&alex, thread, None).await.unwrap();
    assert_eq!((newest.messages.len(), newest.messages.last().unwrap().body.as_str()), (50, "Message 59"));
    let earlier = service::thread(&alex, thread, newest.earlier.as_deref()).await.unwrap();
    assert_eq!((earlier.messages.len(), earlier.earlier, earlier.newest_shown), (11, None, false));
    assert_eq!(earlier.messages.last().unwrap().body, "Message 9");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn too_many_messages_in_a_minute_wait(db: PgPool) {
    let (alex, _, thread) = stage(db).await;
    for _ in 0..30 {
        service::send(&alex, thread, "Hi", None).await.unwrap();
    }
    assert_eq!(refused(service::send(&alex, thread, "Hi", None).await), Refusal::TooMany);
    alex.platform.clock.advance(TimeDelta::seconds(61));
    service::send(&alex, thread, "Hi", None).await.unwrap();
}
