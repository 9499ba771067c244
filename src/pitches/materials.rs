//! The SQL of materials and their versions. The pitch they belong to is locked by who changes them.

use sqlx::PgConnection;

use super::{
    model::{Material, MaterialVersion, SeenMaterial},
    words::{MaterialKind, Visibility},
};
use crate::{
    media::model::Document,
    shared::{
        error::Result,
        ids::{FileId, MaterialId, PitchId},
        time::Time,
    },
};

/// The materials of a pitch, each with the file of its newest version. What a reader may see of them is for the caller.
pub async fn newest(db: &mut PgConnection, id: PitchId) -> Result<Vec<SeenMaterial>> {
    let every = all(db, id).await?;
    let newest = |m: Material| {
        let document = m.versions.into_iter().next()?.document;
        Some(SeenMaterial { id: m.id, kind: m.kind, visibility: m.visibility, document })
    };
    Ok(every.into_iter().filter_map(newest).collect())
}

/// The materials of a pitch with all their versions, newest version first.
pub async fn all(db: &mut PgConnection, id: PitchId) -> Result<Vec<Material>> {
    let rows = sqlx::query!(
        r#"select m.id, m.kind as "kind: MaterialKind", m.visibility as "visibility: Visibility", m.allow_download, v.number,
                  f.id as file, f.name, f.media_type, f.size, f.pages, f.sha256, v.uploaded_at
           from materials m
           join material_versions v on v.material_id = m.id
           join files f on f.id = v.file_id
           where m.pitch_id = $1 and m.removed_at is null
           order by m.created_at, m.id, v.number desc"#,
        id.0
    )
    .fetch_all(db)
    .await?;
    let mut materials: Vec<Material> = Vec::new();
    for r in rows {
        let document = Document {
            file: FileId(r.file),
            name: r.name,
            media_type: r.media_type,
            size: r.size,
            pages: r.pages,
            sha256: hex::encode(r.sha256),
            uploaded_at: r.uploaded_at,
        };
        let version = MaterialVersion { number: r.number, document };
        match materials.last_mut() {
            Some(last) if last.id.0 == r.id => last.versions.push(version),
            _ => {
                let (id, kind, visibility) = (MaterialId(r.id), r.kind, r.visibility);
                let (allow_download, versions) = (r.allow_download, vec![version]);
                materials.push(Material { id, kind, visibility, allow_download, versions });
            }
        }
    }
    Ok(materials)
}

/// The material of `kind` that takes the next version; others have no such one.
pub async fn of_kind(tx: &mut PgConnection, pitch: PitchId, kind: MaterialKind) -> Result<Option<MaterialId>> {
    let id = sqlx::query_scalar!(
        "select id from materials where pitch_id = $1 and kind = $2 and kind <> 'other' and removed_at is null",
        pitch.0,
        kind.word(),
    )
    .fetch_optional(tx)
    .await?;
    Ok(id.map(MaterialId))
}

/// The pitch of a material that is there.
pub async fn pitch_of(tx: &mut PgConnection, material: MaterialId) -> Result<Option<(PitchId, MaterialKind)>> {
    let row = sqlx::query!(
        r#"select pitch_id, kind as "kind: MaterialKind" from materials where id = $1 and removed_at is null"#,
        material.0
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|r| (PitchId(r.pitch_id), r.kind)))
}

pub async fn insert(
    tx: &mut PgConnection,
    pitch: PitchId,
    kind: MaterialKind,
    visibility: Visibility,
    now: Time,
) -> Result<MaterialId> {
    let id = MaterialId::new();
    sqlx::query!(
        "insert into materials (id, pitch_id, kind, visibility, created_at) values ($1, $2, $3, $4, $5)",
        id.0,
        pitch.0,
        kind.word(),
        visibility.word(),
        now,
    )
    .execute(tx)
    .await?;
    Ok(id)
}

/// Adds the next version and says its number. The pitch is locked.
pub async fn insert_version(tx: &mut PgConnection, material: MaterialId, file: FileId, now: Time) -> Result<i32> {
    let number = sqlx::query_scalar!(
        "insert into material_versions (material_id, number, file_id, uploaded_at)
         select $1, coalesce(max(number), 0) + 1, $2, $3 from material_versions where material_id = $1
         returning number",
        material.0,
        file.0,
        now,
    )
    .fetch_one(tx)
    .await?;
    Ok(number)
}

pub async fn set_visibility(tx: &mut PgConnection, material: MaterialId, visibility: Visibility) -> Result<()> {
    sqlx::query!("update materials set visibility = $2 where id = $1", material.0, visibility.word())
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn set_download(tx: &mut PgConnection, material: MaterialId, allowed: bool) -> Result<()> {
    sqlx::query!("update materials set allow_download = $2 where id = $1", material.0, allowed).execute(tx).await?;
    Ok(())
}

pub async fn remove(tx: &mut PgConnection, material: MaterialId, now: Time) -> Result<()> {
    sqlx::query!("update materials set removed_at = $2 where id = $1", material.0, now).execute(tx).await?;
    Ok(())
}

/// What is known of how a file came.
pub struct Arrival {
    pub name: String,
    pub media_type: String,
    pub bytes: i64,
    pub sha256: String,
    pub at: Time,
    pub sender: String,
    pub title: String,
    pub kind: MaterialKind,
    pub number: i32,
    /// Its entry in the record of what happened: number and hash.
    pub entry: Option<(i64, String)>,
}

pub async fn arrival(db: &mut PgConnection, file: FileId) -> Result<Option<Arrival>> {
    let row = sqlx::query!(
        r#"select f.name, f.media_type, f.size, f.sha256, v.uploaded_at, v.number, m.kind as "kind: MaterialKind",
                  a.name as sender, p.draft->>'title' as title, e.seq as "seq?", e.hash as "hash?"
           from files f
           join material_versions v on v.file_id = f.id
           join materials m on m.id = v.material_id
           join pitches p on p.id = m.pitch_id
           join accounts a on a.id = f.owner_id
           left join audit_entries e on e.subject_id = p.id and e.kind = 'pitch.file_added'
                and e.payload::jsonb->>'file_id' = f.id::text
           where f.id = $1"#,
        file.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| Arrival {
        name: r.name,
        media_type: r.media_type,
        bytes: r.size,
        sha256: hex::encode(r.sha256),
        at: r.uploaded_at,
        sender: r.sender,
        title: r.title.unwrap_or_default(),
        kind: r.kind,
        number: r.number,
        entry: r.seq.zip(r.hash.map(hex::encode)),
    }))
}

/// Forgets the versions of what was removed before `before`, alone or with its pitch, as far as nobody ever opened them under an NDA: their files go
/// with the next sweep.
pub async fn forget_removed(db: &mut PgConnection, before: Time) -> Result<()> {
    sqlx::query!(
        "delete from material_versions v using materials m join pitches p on p.id = m.pitch_id
         where m.id = v.material_id and (m.removed_at < $1 or p.deleted_at < $1)
           and not exists (select from file_views w where w.file_id = v.file_id)",
        before
    )
    .execute(db)
    .await?;
    Ok(())
}
