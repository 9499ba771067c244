//! The SQL of `files`, `file_views` and `quarantine`.

use std::collections::HashSet;

use sqlx::PgConnection;
use uuid::Uuid;

use super::service::{Received, StoredFile, Viewing};
use crate::shared::{error::Result, ids::FileId, time::Time};

pub async fn insert(tx: &mut PgConnection, file: &Received) -> Result<()> {
    sqlx::query!(
        "insert into files (id, owner_id, key, name, media_type, size, sha256, pages, width, height, variants, uploaded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        file.id.0,
        file.owner.0,
        file.key,
        file.name,
        file.media_type,
        file.size,
        file.sha256.as_slice(),
        file.pages,
        file.width,
        file.height,
        &file.variants,
        file.uploaded_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn load(tx: &mut PgConnection, id: FileId) -> Result<Option<StoredFile>> {
    let row =
        sqlx::query!("select id, key, name, media_type, size, sha256, variants, pages from files where id = $1", id.0)
            .fetch_optional(tx)
            .await?;
    Ok(row.map(|r| StoredFile {
        id: FileId(r.id),
        key: r.key,
        name: r.name,
        media_type: r.media_type,
        size: r.size,
        sha256: hex::encode(r.sha256),
        variants: r.variants,
        pages: r.pages,
    }))
}

/// Writes down how many pages a document has, which was not known when it came.
pub async fn set_pages(db: &mut PgConnection, id: FileId, pages: i32) -> Result<()> {
    sqlx::query!("update files set pages = $2 where id = $1", id.0, pages).execute(db).await?;
    Ok(())
}

/// Which of `ids` have a row: files, what becomes one, and what is in quarantine.
pub async fn known(db: &mut PgConnection, ids: &[FileId]) -> Result<HashSet<FileId>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let known = sqlx::query_scalar!(
        r#"select id as "id!: FileId" from files where id = any($1)
           union all select id from uploads where id = any($1)
           union all select id from quarantine where id = any($1)"#,
        &ids
    );
    Ok(known.fetch_all(db).await?.into_iter().collect())
}

/// Writes an opening down; `unless_since` leaves it out if this person opened this file since then. Says whether it did.
pub async fn record_view(
    tx: &mut PgConnection,
    file: FileId,
    viewing: &Viewing,
    at: Time,
    unless_since: Option<Time>,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into file_views
           (id, file_id, account_id, recipient_id, pitch_id, nda_id, at, address, user_agent, release_id)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $11
         where not exists
           (select from file_views where file_id = $2 and (account_id = $3 or recipient_id = $4) and at > $10)",
        Uuid::now_v7(),
        file.0,
        viewing.reader.account().map(|id| id.0),
        viewing.reader.recipient().map(|id| id.0),
        viewing.pitch.0,
        viewing.nda.map(|n| n.0),
        at,
        viewing.address,
        viewing.user_agent,
        unless_since,
        viewing.release.map(|r| r.0),
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets from where what was opened before `where_from` was opened, and openings before `all` altogether.
pub async fn forget_views(db: &mut PgConnection, where_from: Time, all: Time) -> Result<()> {
    sqlx::query!("delete from file_views where at < $1", all).execute(&mut *db).await?;
    sqlx::query!("update file_views set address = '', user_agent = '' where at < $1 and address <> ''", where_from)
        .execute(db)
        .await?;
    Ok(())
}

/// Files uploaded before `before` that nothing refers to, at most a hundred; locked, so that nothing begins to.
pub async fn orphans(tx: &mut PgConnection, before: Time) -> Result<Vec<StoredFile>> {
    let rows = sqlx::query!(
        "select id, key, name, media_type, size, sha256, variants, pages from files f
         where f.uploaded_at < $1
           and not exists (select from material_versions v where v.file_id = f.id)
           and not exists (select from accounts a where a.avatar_id = f.id)
           and not exists (select from file_views w where w.file_id = f.id)
           and not exists (select from nda_seals s where s.file_id = f.id)
           and not exists (select from nda_template_versions t where t.file_id = f.id)
           and not exists (select from release_seals s where s.file_id = f.id)
         order by f.uploaded_at limit 100 for update skip locked",
        before
    )
    .fetch_all(tx)
    .await?;
    let stored = rows.into_iter().map(|r| StoredFile {
        id: FileId(r.id),
        key: r.key,
        name: r.name,
        media_type: r.media_type,
        size: r.size,
        sha256: hex::encode(r.sha256),
        variants: r.variants,
        pages: r.pages,
    });
    Ok(stored.collect())
}

pub async fn delete(tx: &mut PgConnection, id: FileId) -> Result<()> {
    sqlx::query!("delete from files where id = $1", id.0).execute(tx).await?;
    Ok(())
}

/// Writes down that a virus was found in a file; says whether that is new.
pub async fn quarantine(tx: &mut PgConnection, file: &Received, found: &str, now: Time) -> Result<bool> {
    let done = sqlx::query!(
        "insert into quarantine (id, owner_id, key, name, size, sha256, found, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (id) do nothing",
        file.id.0,
        file.owner.0,
        file.key,
        file.name,
        file.size,
        file.sha256.as_slice(),
        found,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn is_quarantined(db: &mut PgConnection, id: FileId) -> Result<bool> {
    let found = sqlx::query_scalar!(r#"select exists (select from quarantine where id = $1) as "found!""#, id.0);
    Ok(found.fetch_one(db).await?)
}

/// What has been in quarantine since before `before`, with its key.
pub async fn old_quarantine(tx: &mut PgConnection, before: Time) -> Result<Vec<(FileId, String)>> {
    let rows = sqlx::query!("select id, key from quarantine where at < $1 limit 100 for update skip locked", before);
    Ok(rows.fetch_all(tx).await?.into_iter().map(|row| (FileId(row.id), row.key)).collect())
}

pub async fn forget_quarantine(tx: &mut PgConnection, id: FileId) -> Result<()> {
    sqlx::query!("delete from quarantine where id = $1", id.0).execute(tx).await?;
    Ok(())
}
