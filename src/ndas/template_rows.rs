//! The SQL of own templates and of what a pitch begins with. A version is written once and never changed.

use sqlx::PgConnection;

use super::{
    model::Pages,
    owner_model::{Choice, TemplateCard, TemplateKind, TemplateVersion},
};
use crate::{
    accounts::model::Viewer,
    shared::{
        error::Result,
        ids::{AccountId, FileId, OrganisationId, PitchId, TemplateId},
        time::Time,
    },
};

/// Whose templates: a person's, or an organisation's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    pub owner: AccountId,
    pub organisation: Option<OrganisationId>,
}

impl Whose {
    /// Those of this person, or of the organisation they act for.
    pub fn of(viewer: &Viewer) -> Self {
        Self { owner: viewer.id, organisation: viewer.organisation() }
    }
}

/// A template in one of its versions, for most purposes the newest.
#[derive(Clone, Debug)]
pub struct TemplateRow {
    pub id: TemplateId,
    pub kind: TemplateKind,
    pub name: String,
    pub number: i32,
    pub body: String,
    /// Of an uploaded PDF.
    pub pages: Option<Pages>,
    pub archived: bool,
}

/// As the database gives it.
struct Row {
    id: TemplateId,
    kind: TemplateKind,
    name: String,
    number: i32,
    body: String,
    file: Option<FileId>,
    words: Option<Vec<String>>,
    archived: bool,
}

impl From<Row> for TemplateRow {
    fn from(row: Row) -> Self {
        let Row { id, kind, name, number, body, file, words, archived } = row;
        Self { id, kind, name, number, body, pages: pages(file, words), archived }
    }
}

/// The pages of a version that is an uploaded PDF.
pub fn pages(file: Option<FileId>, words: Option<Vec<String>>) -> Option<Pages> {
    file.zip(words).map(|(file, words)| Pages { file, words })
}

/// Locks a template of `whose`.
pub async fn lock(tx: &mut PgConnection, id: TemplateId, whose: Whose) -> Result<Option<TemplateRow>> {
    sqlx::query!("select id from nda_templates where id = $1 for update", id.0).fetch_optional(&mut *tx).await?;
    // Asked once the lock is held: only then the newest version is the newest.
    find(tx, id, whose).await
}

/// A template of `whose` in its newest version.
pub async fn find(db: &mut PgConnection, id: TemplateId, whose: Whose) -> Result<Option<TemplateRow>> {
    let row = sqlx::query_as!(
        Row,
        r#"select t.id as "id: TemplateId", t.kind as "kind: TemplateKind", t.name, v.number, v.body, v.file_id as "file: FileId", v.words,
             (t.archived_at is not null) as "archived!"
           from nda_templates t join nda_template_versions v on v.template_id = t.id
           where t.id = $1 and t.deleted_at is null
             and case when $3::uuid is null then t.organisation_id is null and t.owner_id = $2 else t.organisation_id = $3 end
           order by v.number desc limit 1"#,
        id.0,
        whose.owner.0,
        whose.organisation.map(|o| o.0),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(TemplateRow::from))
}

/// One version of any template, whoever's it is.
pub async fn version(db: &mut PgConnection, id: TemplateId, number: i32) -> Result<Option<TemplateRow>> {
    let row = sqlx::query_as!(
        Row,
        r#"select t.id as "id: TemplateId", t.kind as "kind: TemplateKind", t.name, v.number, v.body, v.file_id as "file: FileId", v.words,
             (t.archived_at is not null) as "archived!"
           from nda_templates t join nda_template_versions v on v.template_id = t.id
           where t.id = $1 and v.number = $2"#,
        id.0,
        number,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(TemplateRow::from))
}

/// Whether a person may read the pages of a template: it is theirs or their organisation's, an agreement of theirs was made
/// from this version, or one that they asked for would be made from it now.
pub async fn may_read(db: &mut PgConnection, file: FileId, reader: Whose) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (
             select from nda_template_versions v join nda_templates t on t.id = v.template_id
             where v.file_id = $1 and (
               t.deleted_at is null
                 and case when $3::uuid is null then t.organisation_id is null and t.owner_id = $2 else t.organisation_id = $3 end
               or exists (
                 select from ndas n join pitches p on p.id = n.pitch_id
                 where n.template_id = v.template_id and n.template_version = v.number
                   and (n.requester_id = $2 or p.organisation_id is null and p.owner_id = $2 or p.organisation_id = $3
                     or exists (select from nda_signatures s where s.nda_id = n.id and s.account_id = $2)))
               or t.deleted_at is null and t.archived_at is null
                 and v.number = (select max(w.number) from nda_template_versions w where w.template_id = t.id)
                 and exists (
                   select from ndas n join nda_pitch_templates b on b.pitch_id = n.pitch_id
                   where b.template_id = t.id and n.requester_id = $2 and n.status = 'requested'))
           ) as "may!""#,
        file.0,
        reader.owner.0,
        reader.organisation.map(|o| o.0),
    )
    .fetch_one(db)
    .await?)
}

/// What `whose` can choose from for `kind`, by name.
pub async fn choices(db: &mut PgConnection, kind: TemplateKind, whose: Whose, limit: i64) -> Result<Vec<Choice>> {
    Ok(sqlx::query_as!(
        Choice,
        r#"select t.id as "id: TemplateId", t.name,
             (select max(v.number) from nda_template_versions v where v.template_id = t.id) as "version!"
           from nda_templates t
           where t.archived_at is null and t.deleted_at is null and t.kind = $4
             and case when $2::uuid is null then t.organisation_id is null and t.owner_id = $1 else t.organisation_id = $2 end
           order by lower(t.name), t.id limit $3"#,
        whose.owner.0,
        whose.organisation.map(|o| o.0),
        limit,
        kind.word(),
    )
    .fetch_all(db)
    .await?)
}

/// Where the list goes on.
pub type Cursor = (Time, TemplateId);

/// The templates of `whose`, the newest first.
pub async fn list(
    db: &mut PgConnection,
    whose: Whose,
    archived: bool,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<TemplateCard>> {
    Ok(sqlx::query_as!(
        TemplateCard,
        r#"select t.id as "id: TemplateId", t.kind as "kind: TemplateKind", t.name, t.created_at, v.number as version, v.created_at as changed_at,
             (select count(*) from ndas n where n.template_id = t.id)
               + (select count(*) from releases r where r.template_id = t.id) as "documents!"
           from nda_templates t
           join lateral (
             select number, created_at from nda_template_versions where template_id = t.id order by number desc limit 1
           ) v on true
           where t.deleted_at is null and (t.archived_at is not null) = $3
             and case when $2::uuid is null then t.organisation_id is null and t.owner_id = $1 else t.organisation_id = $2 end
             and ($4::timestamptz is null or (t.created_at, t.id) < ($4, $5::uuid))
           order by t.created_at desc, t.id desc limit $6"#,
        whose.owner.0,
        whose.organisation.map(|o| o.0),
        archived,
        after.map(|a| a.0),
        after.map(|a| a.1.0),
        limit,
    )
    .fetch_all(db)
    .await?)
}

/// The versions of a template, the newest first, each with how many documents were made from it.
pub async fn versions(db: &mut PgConnection, id: TemplateId) -> Result<Vec<TemplateVersion>> {
    Ok(sqlx::query_as!(
        TemplateVersion,
        r#"select v.number, v.created_at as at, coalesce(a.name, '') as "by!",
             (select count(*) from ndas n where n.template_id = v.template_id and n.template_version = v.number)
               + (select count(*) from releases r where r.template_id = v.template_id and r.template_version = v.number) as "documents!"
           from nda_template_versions v left join accounts a on a.id = v.created_by
           where v.template_id = $1 order by v.number desc limit 100"#,
        id.0,
    )
    .fetch_all(db)
    .await?)
}

/// How many templates `whose` keeps, those that are deleted left out.
pub async fn count(db: &mut PgConnection, whose: Whose) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from nda_templates
           where deleted_at is null
             and case when $2::uuid is null then organisation_id is null and owner_id = $1 else organisation_id = $2 end"#,
        whose.owner.0,
        whose.organisation.map(|o| o.0),
    )
    .fetch_one(db)
    .await?)
}

pub async fn insert(
    tx: &mut PgConnection,
    id: TemplateId,
    kind: TemplateKind,
    whose: Whose,
    name: &str,
    at: Time,
) -> Result<()> {
    sqlx::query!(
        "insert into nda_templates (id, owner_id, organisation_id, name, created_at, kind) values ($1, $2, $3, $4, $5, $6)",
        id.0,
        whose.owner.0,
        whose.organisation.map(|o| o.0),
        name,
        at,
        kind.word(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn add_version(
    tx: &mut PgConnection,
    id: TemplateId,
    number: i32,
    (body, pages): (&str, Option<&Pages>),
    by: AccountId,
    at: Time,
) -> Result<()> {
    sqlx::query!(
        "insert into nda_template_versions (template_id, number, body, file_id, words, created_at, created_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id.0,
        number,
        body,
        pages.map(|pages| pages.file.0),
        pages.map(|pages| pages.words.as_slice()),
        at,
        by.0,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn rename(tx: &mut PgConnection, id: TemplateId, name: &str) -> Result<()> {
    sqlx::query!("update nda_templates set name = $2 where id = $1", id.0, name).execute(tx).await?;
    Ok(())
}

/// Archives a template, or brings it back.
pub async fn set_archived(tx: &mut PgConnection, id: TemplateId, at: Option<Time>) -> Result<()> {
    sqlx::query!("update nda_templates set archived_at = $2 where id = $1", id.0, at).execute(tx).await?;
    Ok(())
}

/// Hides a template for good. Its versions stay for the documents made from them.
pub async fn delete(tx: &mut PgConnection, id: TemplateId, at: Time) -> Result<()> {
    sqlx::query!("update nda_templates set deleted_at = $2 where id = $1", id.0, at).execute(&mut *tx).await?;
    sqlx::query!("delete from nda_pitch_templates where template_id = $1", id.0).execute(tx).await?;
    Ok(())
}

/// The own templates that pitches begin with, as far as they are offered still.
pub async fn of_pitches(db: &mut PgConnection, pitches: &[PitchId]) -> Result<Vec<(PitchId, TemplateId)>> {
    let ids: Vec<uuid::Uuid> = pitches.iter().map(|pitch| pitch.0).collect();
    let rows = sqlx::query!(
        r#"select p.pitch_id as "pitch: PitchId", p.template_id as "template: TemplateId"
           from nda_pitch_templates p join nda_templates t on t.id = p.template_id
           where p.pitch_id = any($1) and t.archived_at is null and t.deleted_at is null"#,
        &ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.pitch, row.template)).collect())
}

/// Sets what a pitch begins with; `None`: the standard NDA.
pub async fn set_of_pitch(tx: &mut PgConnection, pitch: PitchId, template: Option<TemplateId>) -> Result<()> {
    match template {
        Some(template) => sqlx::query!(
            "insert into nda_pitch_templates (pitch_id, template_id) values ($1, $2)
             on conflict (pitch_id) do update set template_id = $2",
            pitch.0,
            template.0,
        ),
        None => sqlx::query!("delete from nda_pitch_templates where pitch_id = $1", pitch.0),
    }
    .execute(tx)
    .await?;
    Ok(())
}
