//! What a development server starts with under `--demo`: four people, twelve projects, and what has happened between
//! them over the past weeks. It is lived through the rooms' own services, each act under a clock set back to its day, so
//! that nothing here can be other than what people could have done. Start at `load`.

mod people;
mod projects;
mod story;

use chrono::TimeDelta;

use crate::{
    platform::{Platform, clock::Clock},
    shared::error::Result,
};

/// Everybody's password.
pub const PASSWORD: &str = "Demo-pitchey-1";

/// Loads the demo data; what is there already is left as it is. The queue's schema and the standard NDA must be there,
/// and the worker not yet at work.
pub async fn load(platform: &Platform) -> Result<()> {
    let people = people::load(platform).await?;
    let new = projects::load(platform, &people).await?;
    story::load(platform, &people).await?;
    if new > 0 {
        tracing::info!("loaded the demo data; sign in as {} with {PASSWORD}", people::ALEX);
    }
    Ok(())
}

/// The same outside world, a while ago.
fn ago(platform: &Platform, by: TimeDelta) -> Platform {
    let clock = Clock::default();
    clock.advance(platform.now() - by - clock.now());
    Platform { clock, ..platform.clone() }
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::{ndas, tests::people as testers};

    async fn count(db: &PgPool, what: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {what}"))).fetch_one(db).await.unwrap()
    }

    #[sqlx::test]
    async fn it_is_all_there_after_one_start_and_no_more_after_two(db: PgPool) {
        let platform = testers::platform(db).await;
        ndas::service::install_standard_template(&platform).await.unwrap();
        for _ in 0..2 {
            load(&platform).await.unwrap();
            testers::work(&platform).await;
        }
        let db = &platform.db;
        assert_eq!(
            count(db, "accounts where demo and email_verified_at is not null and onboarded_at is not null").await,
            4
        );
        assert_eq!(count(db, "totp_factors where confirmed_at is not null").await, 1);
        assert_eq!(count(db, "pitches where demo and status = 'published'").await, 12);
        assert_eq!(count(db, "pitches where demo and organisation_id is not null").await, 2);
        assert_eq!(count(db, "materials where kind = 'poster'").await, 12);
        assert_eq!(count(db, "materials m join material_versions v on v.material_id = m.id join files f on f.id = v.file_id where m.kind = 'script' and f.pages > 12").await, 1);
        assert_eq!(count(db, "files where width = 1000 and height = 1500 and cardinality(variants) > 0").await, 12);
        for status in ["signed", "approved", "requested"] {
            assert_eq!(count(db, &format!("ndas where status = '{status}'")).await, 1, "{status}");
        }
        assert_eq!(count(db, "threads").await, 1);
        assert_eq!(count(db, "messages where author_id is not null").await, 5);
        assert_eq!(std::fs::read_dir(platform.mail.folder().unwrap()).unwrap().count(), 3);
        let now = platform.now();
        let future: i64 =
            sqlx::query_scalar("select count(*) from events where at > $1").bind(now).fetch_one(db).await.unwrap();
        assert_eq!(future, 0);
    }
}
