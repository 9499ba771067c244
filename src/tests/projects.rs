//! Published pitches for tests of the rooms above them, put straight into the database.

use crate::{accounts::door::Caller, shared::ids::PitchId};

/// A published pitch of `owner`, or of their organisation, called `title`.
pub async fn published(owner: &Caller, title: &str) -> PitchId {
    let (id, now) = (PitchId::new(), owner.platform.now());
    sqlx::query(
        "insert into pitches (id, owner_id, organisation_id, slug, status, draft, saved_at, live_number, created_at,
           published_at, title, logline, genres, format)
         values ($1, $2, $3, $4, 'published', '{}', $5, 1, $5, $5, $6, 'A logline.', '{drama}', 'feature-film')",
    )
    .bind(id.0)
    .bind(owner.viewer.id.0)
    .bind(owner.viewer.organisation().map(|o| o.0))
    .bind(format!("{}-{}", crate::shared::text::kebab(title), id.0.simple()))
    .bind(now)
    .bind(title)
    .execute(&owner.platform.db)
    .await
    .unwrap();
    sqlx::query(
        "insert into pitch_versions (pitch_id, number, content, published_at, published_by)
         values ($1, 1, jsonb_build_object('title', $2::text, 'logline', 'A logline.'), $3, $4)",
    )
    .bind(id.0)
    .bind(title)
    .bind(now)
    .bind(owner.viewer.id.0)
    .execute(&owner.platform.db)
    .await
    .unwrap();
    id
}

/// Sets the status of a pitch, as publishing and unpublishing do.
pub async fn set_status(owner: &Caller, pitch: PitchId, status: &str) {
    sqlx::query("update pitches set status = $2 where id = $1")
        .bind(pitch.0)
        .bind(status)
        .execute(&owner.platform.db)
        .await
        .unwrap();
}
