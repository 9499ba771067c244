//! The SQL of `uploads` and `upload_parts`.

use sqlx::PgConnection;

use super::{
    model::{Part, Upload, UploadStatus},
    uploads::{Announced, Arriving},
};
use crate::{
    platform::storage::PART,
    shared::{
        error::Result,
        ids::{AccountId, FileId, PitchId},
        time::Time,
    },
};

/// Holds other uploads of `owner` from beginning until the transaction ends: two at once must not take the same room.
pub async fn lock_owner(tx: &mut PgConnection, owner: AccountId) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('uploads:' || $1::text, 0))", owner.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// The bytes of `owner`'s files that somebody may see, and of what is arriving.
pub async fn used(db: &mut PgConnection, owner: AccountId) -> Result<i64> {
    let used = sqlx::query_scalar!(
        r#"select ((select coalesce(sum(f.size), 0) from files f where f.owner_id = $1 and not exists (
                     select from material_versions v join materials m on m.id = v.material_id
                     join pitches p on p.id = m.pitch_id
                     where v.file_id = f.id and coalesce(m.removed_at, p.deleted_at) is not null))
                 + (select coalesce(sum(u.size), 0) from uploads u
                    where u.owner_id = $1 and u.status in ('arriving', 'checking')))::bigint as "used!""#,
        owner.0
    );
    Ok(used.fetch_one(db).await?)
}

/// How many uploads of `owner` are under way.
pub async fn under_way(db: &mut PgConnection, owner: AccountId) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from uploads where owner_id = $1 and status in ('arriving', 'checking')"#,
        owner.0
    );
    Ok(count.fetch_one(db).await?)
}

/// The upload of the same file to the same place that was begun and not finished.
pub async fn begun(
    db: &mut PgConnection,
    owner: AccountId,
    asked: &Announced<'_>,
    name: &str,
) -> Result<Option<FileId>> {
    let id = sqlx::query_scalar!(
        r#"select id as "id: FileId" from uploads
           where owner_id = $1 and pitch_id = $2 and kind = $3 and name = $4 and size = $5 and status = 'arriving'
           order by begun_at desc limit 1"#,
        owner.0,
        asked.pitch.0,
        asked.kind,
        name,
        asked.size,
    );
    Ok(id.fetch_optional(db).await?)
}

pub async fn insert(tx: &mut PgConnection, new: &Arriving, now: Time) -> Result<()> {
    sqlx::query!(
        "insert into uploads (id, owner_id, pitch_id, kind, name, size, key, multipart, status, begun_at, touched_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'arriving', $9, $9)",
        new.upload.id.0,
        new.owner.0,
        new.upload.pitch.0,
        new.upload.kind,
        new.upload.name,
        new.upload.size,
        new.key,
        new.multipart,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn load(db: &mut PgConnection, id: FileId) -> Result<Option<Arriving>> {
    let row = sqlx::query!(
        r#"select owner_id, pitch_id, kind, name, size, key, multipart, status as "status: UploadStatus", checked, note
           from uploads where id = $1"#,
        id.0
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let upload = Upload {
        id,
        pitch: PitchId(row.pitch_id),
        kind: row.kind,
        name: row.name,
        size: row.size,
        part: PART as i64,
        parts: parts(db, id).await?,
        status: row.status,
        checked: row.checked,
        note: row.note,
    };
    Ok(Some(Arriving { upload, owner: AccountId(row.owner_id), key: row.key, multipart: row.multipart }))
}

async fn parts(db: &mut PgConnection, id: FileId) -> Result<Vec<Part>> {
    let rows = sqlx::query!("select number, sha256 from upload_parts where upload_id = $1 order by number", id.0);
    let parts = rows
        .fetch_all(db)
        .await?
        .into_iter()
        .map(|row| Part { number: row.number.unsigned_abs(), sha256: hex::encode(row.sha256) });
    Ok(parts.collect())
}

/// What the store calls the parts, in order.
pub async fn tags(db: &mut PgConnection, id: FileId) -> Result<Vec<String>> {
    let tags = sqlx::query_scalar!("select tag from upload_parts where upload_id = $1 order by number", id.0);
    Ok(tags.fetch_all(db).await?)
}

/// Whether `id` is an upload that is there; nobody changes it until the transaction ends.
pub async fn lock(tx: &mut PgConnection, id: FileId) -> Result<bool> {
    let found = sqlx::query_scalar!("select id from uploads where id = $1 for update", id.0);
    Ok(found.fetch_optional(tx).await?.is_some())
}

/// Writes down that a part is here. `false`: the upload takes no parts any more.
pub async fn add_part(
    tx: &mut PgConnection,
    id: FileId,
    number: u32,
    sha256: &[u8],
    tag: &str,
    now: Time,
) -> Result<bool> {
    let arriving = sqlx::query!("update uploads set touched_at = $2 where id = $1 and status = 'arriving'", id.0, now);
    if arriving.execute(&mut *tx).await?.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "insert into upload_parts (upload_id, number, sha256, tag) values ($1, $2::bigint::integer, $3, $4)
         on conflict (upload_id, number) do update set sha256 = excluded.sha256, tag = excluded.tag",
        id.0,
        i64::from(number),
        sha256,
        tag,
    )
    .execute(tx)
    .await?;
    Ok(true)
}

pub async fn set_status(
    tx: &mut PgConnection,
    id: FileId,
    status: UploadStatus,
    note: Option<&str>,
    now: Time,
) -> Result<()> {
    sqlx::query!(
        "update uploads set status = $2, note = $3, touched_at = $4 where id = $1",
        id.0,
        status.word(),
        note,
        now
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// How far the check is, and what it waits for.
pub async fn set_checked(db: &mut PgConnection, id: FileId, checked: i64, note: Option<&str>) -> Result<()> {
    sqlx::query!("update uploads set checked = $2, note = $3 where id = $1", id.0, checked, note).execute(db).await?;
    Ok(())
}

/// The uploads of `owner` to a pitch that are not done: under way, or refused a short while ago.
pub async fn to_pitch(db: &mut PgConnection, owner: AccountId, pitch: PitchId) -> Result<Vec<FileId>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: FileId" from uploads where owner_id = $1 and pitch_id = $2 and status <> 'done' order by begun_at"#,
        owner.0,
        pitch.0,
    );
    Ok(ids.fetch_all(db).await?)
}

/// Uploads that nothing happened to since: `before` for most, `stuck` for those whose check does not end. At most fifty.
pub async fn stale(tx: &mut PgConnection, before: Time, stuck: Time) -> Result<Vec<FileId>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: FileId" from uploads
           where touched_at < case when status = 'checking' then $2::timestamptz else $1 end
           order by touched_at limit 50 for update skip locked"#,
        before,
        stuck,
    );
    Ok(ids.fetch_all(tx).await?)
}

/// Which of `ids` are uploads that are there.
pub async fn known(db: &mut PgConnection, ids: &[uuid::Uuid]) -> Result<Vec<uuid::Uuid>> {
    Ok(sqlx::query_scalar!("select id from uploads where id = any($1)", ids).fetch_all(db).await?)
}

pub async fn delete(tx: &mut PgConnection, id: FileId) -> Result<()> {
    sqlx::query!("delete from uploads where id = $1", id.0).execute(tx).await?;
    Ok(())
}
