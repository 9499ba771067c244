//! People for tests: made through the product's own services, with everything verified.

use sqlx::PgPool;

use crate::{
    accounts::{
        door::{Caller, Client, Visitor},
        model::Kind,
        rules::NewAccount,
        service, store,
    },
    platform::{Platform, mail::shelf},
    server::worker,
    shared::ids::AccountId,
};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

/// A Platform on the test's own database, with the queue's schema, a folder for files and a folder for mail.
pub async fn platform(db: PgPool) -> Platform {
    let platform = Platform::for_tests(db).await.unwrap();
    worker::worker(&platform).await.unwrap();
    platform
}

/// Carries out the jobs that are queued, and those they queue, until there are none.
pub async fn work(platform: &Platform) {
    // A round may end while its last job is still queueing others.
    for _ in 0..10 {
        worker::worker(platform).await.unwrap().run_once().await.unwrap();
        let waiting: i64 = sqlx::query_scalar(
            "select count(*) from graphile_worker._private_jobs where attempts = 0 and run_at <= now()",
        )
        .fetch_one(&platform.db)
        .await
        .unwrap();
        if waiting == 0 {
            return;
        }
    }
}

/// The text of the newest mail to `email`.
pub async fn latest_mail(platform: &Platform, email: &str) -> String {
    let letters = shelf::list(platform.mail.folder().unwrap(), Some(email)).await.unwrap();
    letters.into_iter().next().unwrap_or_else(|| panic!("no mail to {email}")).text
}

/// From where test people come.
pub fn client() -> Client {
    Client { address: "203.0.113.7".into(), user_agent: "tests".into() }
}

/// A guest.
pub fn guest(platform: &Platform) -> Visitor {
    Visitor { platform: platform.clone(), viewer: None, client: client() }
}

/// A creator with a verified email, `{name}@creator.test`.
pub async fn creator(platform: &Platform, name: &str) -> Caller {
    person(platform, Kind::Creator, name, None).await
}

/// A verified investor, for themself.
pub async fn investor(platform: &Platform, name: &str) -> Caller {
    person(platform, Kind::Investor, name, None).await
}

/// A verified production company's owner; the company is `{name} Pictures`.
pub async fn production(platform: &Platform, name: &str) -> Caller {
    person(platform, Kind::Production, name, Some(format!("{name} Pictures"))).await
}

/// Staff, `{name}@admin.test`, without a second factor yet.
pub async fn admin(platform: &Platform, name: &str) -> Caller {
    person(platform, Kind::Admin, name, None).await
}

async fn person(platform: &Platform, kind: Kind, name: &str, company: Option<String>) -> Caller {
    let email = format!("{name}@{kind}.test");
    let account =
        NewAccount { kind, name: format!("{name} Tester"), company, email: email.clone(), password: PASSWORD.into() };
    let hash = crate::accounts::passwords::hash(PASSWORD).await.unwrap();
    let mut tx = platform.begin().await.unwrap();
    let id = service::create(&mut tx, platform, &account, Some(&hash)).await.unwrap().unwrap();
    store::set_email_verified(&mut tx, id, platform.now()).await.unwrap();
    tx.commit().await.unwrap();
    if kind.is_buyer() {
        service::verify_buyer(platform, &email, "company register").await.unwrap();
    }
    caller(platform, id).await
}

/// The person as they are now, freshly signed in.
pub async fn caller(platform: &Platform, id: AccountId) -> Caller {
    let mut db = platform.db.acquire().await.unwrap();
    let viewer = store::viewer(&mut db, id, true).await.unwrap().unwrap();
    Caller { platform: platform.clone(), viewer, client: client() }
}
