//! The SQL of pitches and their versions. Reading goes through the reader's access.

use std::collections::BTreeMap;

use sqlx::{PgConnection, types::Json};

use super::{
    content::{Layer, PitchContent},
    model::{MyPitch, Version},
    rules::{self, Draft},
    words::{PitchStatus, Visibility},
};
use crate::{
    accounts::model::{SeatRole, Viewer},
    shared::{
        error::Result,
        ids::{AccountId, FileId, NdaId, OrganisationId, PitchId, ReleaseId},
        time::Time,
    },
};

/// By what a pitch is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    Id(PitchId),
    Slug(&'a str),
}

impl Key<'_> {
    fn parts(&self) -> (Option<uuid::Uuid>, Option<&str>) {
        match self {
            Key::Id(id) => (Some(id.0), None),
            Key::Slug(slug) => (None, Some(slug)),
        }
    }
}

/// How a reader stands to a pitch.
#[derive(Clone, Debug)]
pub struct Access {
    pub id: PitchId,
    pub status: PitchStatus,
    pub owner: AccountId,
    pub organisation: Option<OrganisationId>,
    pub layer: Layer,
    pub editor: bool,
    /// What opens what is behind the NDA to them: their own NDA, or a release of their company's.
    pub nda: Option<NdaId>,
    pub release: Option<ReleaseId>,
}

/// A pitch as it was found for a reader who may read it.
#[derive(Clone, Debug)]
pub struct Found {
    pub access: Access,
    pub slug: String,
    pub draft: Draft,
    pub live: Option<PitchContent>,
    pub live_number: Option<i32>,
    pub saved_at: Time,
    pub published_at: Option<Time>,
    pub demo: bool,
    pub owner_name: String,
    pub owner_handle: String,
    pub organisation_name: Option<String>,
}

/// What a reader's standing is made of, as the queries below find it.
struct Standing {
    owner: AccountId,
    organisation: Option<OrganisationId>,
    seat: Option<SeatRole>,
    nda: Option<uuid::Uuid>,
    release: Option<uuid::Uuid>,
}

impl Standing {
    fn access(self, id: uuid::Uuid, status: PitchStatus, viewer: Option<&Viewer>) -> Access {
        let own = self.organisation.is_none() && viewer.is_some_and(|v| v.id == self.owner);
        let layer = match viewer {
            Some(_) if own || self.seat.is_some() => Layer::Owner,
            Some(_) if self.nda.is_some() || self.release.is_some() => Layer::Signer,
            Some(viewer) if viewer.email_verified => Layer::Member,
            _ => Layer::Guest,
        };
        Access {
            id: PitchId(id),
            status,
            owner: self.owner,
            organisation: self.organisation,
            layer,
            editor: own || self.seat.is_some_and(|s| s != SeatRole::Viewer),
            nda: self.nda.filter(|_| layer == Layer::Signer).map(NdaId),
            release: self.release.filter(|_| layer == Layer::Signer).map(ReleaseId),
        }
    }
}

/// The pitch, if this reader may read it now; not a word of why not.
pub async fn find(db: &mut PgConnection, key: Key<'_>, viewer: Option<&Viewer>, now: Time) -> Result<Option<Found>> {
    let (id, slug) = key.parts();
    let row = sqlx::query!(
        r#"select p.id, p.slug, p.status as "status: PitchStatus", p.owner_id, p.organisation_id,
                  p.draft as "draft: Json<PitchContent>", p.touched as "touched: Json<BTreeMap<String, i32>>", p.revision,
                  p.saved_at, p.live_number, p.published_at, p.demo,
                  v.content as "live?: Json<PitchContent>", a.name as owner_name, a.handle as owner_handle,
                  o.name as "organisation_name?", s.role as "seat?: SeatRole",
                  (select n.id from ndas n where n.pitch_id = p.id and n.requester_id = $3
                     and n.status = 'signed' and n.expires_at > $4) as nda,
                  (select r.id from releases r join seats rs on rs.organisation_id = r.organisation_id
                     where r.pitch_id = p.id and r.status = 'signed' and rs.account_id = $3) as release
           from pitches p
           join accounts a on a.id = p.owner_id
           left join organisations o on o.id = p.organisation_id
           left join pitch_versions v on v.pitch_id = p.id and v.number = p.live_number
           left join seats s on s.organisation_id = p.organisation_id and s.account_id = $3
           where p.id = coalesce($1, (select id from pitches where slug = $2)) and p.deleted_at is null"#,
        id,
        slug,
        viewer.map(|v| v.id.0),
        now,
    )
    .fetch_optional(db)
    .await?;
    let found = row.map(|r| {
        let standing = Standing {
            owner: AccountId(r.owner_id),
            organisation: r.organisation_id.map(OrganisationId),
            seat: r.seat,
            nda: r.nda,
            release: r.release,
        };
        Found {
            access: standing.access(r.id, r.status, viewer),
            slug: r.slug,
            draft: Draft { content: r.draft.0, revision: r.revision, touched: r.touched.0 },
            live: r.live.map(|l| l.0),
            live_number: r.live_number,
            saved_at: r.saved_at,
            published_at: r.published_at,
            demo: r.demo,
            owner_name: r.owner_name,
            owner_handle: r.owner_handle,
            organisation_name: r.organisation_name,
        }
    });
    Ok(found.filter(|f| rules::readable(f.access.status, f.live.is_some(), f.access.layer)))
}

/// Locks a pitch until the transaction ends. Whether it may be read is for `find` to say, afterwards.
pub async fn lock(tx: &mut PgConnection, id: PitchId) -> Result<()> {
    sqlx::query!("select id from pitches where id = $1 for update", id.0).fetch_optional(tx).await?;
    Ok(())
}

/// A new draft; `false` when the slug is taken.
pub async fn insert(
    tx: &mut PgConnection,
    (id, slug): (PitchId, &str),
    (owner, organisation): (AccountId, Option<OrganisationId>),
    draft: &Draft,
    demo: bool,
    now: Time,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into pitches (id, owner_id, organisation_id, slug, status, draft, revision, touched, saved_at, demo, created_at)
         values ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $8) on conflict (slug) do nothing",
        id.0,
        owner.0,
        organisation.map(|o| o.0),
        slug,
        Json(&draft.content) as _,
        draft.revision,
        Json(&draft.touched) as _,
        now,
        demo,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn write_draft(tx: &mut PgConnection, id: PitchId, draft: &Draft, now: Time) -> Result<()> {
    sqlx::query!(
        "update pitches set draft = $2, revision = $3, touched = $4, saved_at = $5 where id = $1",
        id.0,
        Json(&draft.content) as _,
        draft.revision,
        Json(&draft.touched) as _,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn set_status(tx: &mut PgConnection, id: PitchId, status: PitchStatus) -> Result<()> {
    sqlx::query!("update pitches set status = $2 where id = $1", id.0, status.word()).execute(tx).await?;
    Ok(())
}

pub async fn set_deleted(tx: &mut PgConnection, id: PitchId, now: Time) -> Result<()> {
    sqlx::query!("update pitches set deleted_at = $2 where id = $1", id.0, now).execute(tx).await?;
    Ok(())
}

pub async fn insert_version(
    tx: &mut PgConnection,
    id: PitchId,
    number: i32,
    content: &PitchContent,
    by: AccountId,
    now: Time,
) -> Result<()> {
    sqlx::query!(
        "insert into pitch_versions (pitch_id, number, content, published_at, published_by) values ($1, $2, $3, $4, $5)",
        id.0,
        number,
        Json(content) as _,
        now,
        by.0,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What browsing needs of the published version: public things only.
pub struct Shelf<'a> {
    pub title: &'a str,
    pub logline: &'a str,
    pub genres: Vec<String>,
    pub format: &'a str,
    pub budget: Option<&'a str>,
    pub stage: Option<&'a str>,
    pub locked: bool,
    pub owner_shown: bool,
    /// The words it is found by: in the title, in the logline, elsewhere.
    pub words: [String; 3],
}

/// Makes version `number` the one that others see.
pub async fn put_on_shelf(tx: &mut PgConnection, id: PitchId, number: i32, shelf: &Shelf<'_>, now: Time) -> Result<()> {
    let [title, logline, rest] = &shelf.words;
    sqlx::query!(
        "update pitches set status = 'published', live_number = $2, published_at = coalesce(published_at, $3),
            title = $4, logline = $5, genres = $6, format = $7, budget = $8, stage = $9, locked = $10, owner_shown = $14,
            search = setweight(to_tsvector('simple', $11) || to_tsvector('english', $11), 'A')
                  || setweight(to_tsvector('simple', $12) || to_tsvector('english', $12), 'B')
                  || setweight(to_tsvector('simple', $13) || to_tsvector('english', $13), 'C')
         where id = $1",
        id.0,
        number,
        now,
        shelf.title,
        shelf.logline,
        &shelf.genres,
        shelf.format,
        shelf.budget,
        shelf.stage,
        shelf.locked,
        title,
        logline,
        rest,
        shelf.owner_shown,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn versions(db: &mut PgConnection, id: PitchId) -> Result<Vec<Version>> {
    let rows = sqlx::query!(
        r#"select v.number, v.content ->> 'title' as title, v.published_at, a.name as published_by,
                  v.number = p.live_number as "live!"
           from pitch_versions v join pitches p on p.id = v.pitch_id join accounts a on a.id = v.published_by
           where v.pitch_id = $1 order by v.number desc"#,
        id.0
    )
    .fetch_all(db)
    .await?;
    let mut versions = Vec::new();
    for r in rows {
        let (number, title) = (r.number, r.title.unwrap_or_default());
        versions.push(Version {
            number,
            title,
            published_at: r.published_at,
            published_by: r.published_by,
            live: r.live,
        });
    }
    Ok(versions)
}

/// What was published as version `number`.
pub async fn version(db: &mut PgConnection, id: PitchId, number: i32) -> Result<Option<PitchContent>> {
    let content = sqlx::query_scalar!(
        r#"select content as "content: Json<PitchContent>" from pitch_versions where pitch_id = $1 and number = $2"#,
        id.0,
        number,
    )
    .fetch_optional(db)
    .await?;
    Ok(content.map(|c| c.0))
}

/// How many NDAs wait for an answer, and how many are in force.
pub async fn nda_counts(db: &mut PgConnection, id: PitchId, now: Time) -> Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select count(*) filter (where status = 'requested') as "requests!",
                  count(*) filter (where status = 'signed' and expires_at > $2) as "signed!"
           from ndas where pitch_id = $1"#,
        id.0,
        now,
    )
    .fetch_one(db)
    .await?;
    Ok((row.requests, row.signed))
}

/// The pitches of a person, or of the organisation they sit in, newest first.
pub async fn mine(
    db: &mut PgConnection,
    viewer: &Viewer,
    after: Option<(Time, PitchId)>,
    limit: i64,
    now: Time,
) -> Result<Vec<MyPitch>> {
    let (after_at, after_id) = after.unzip();
    let rows = sqlx::query!(
        r#"select p.id, p.slug, p.draft ->> 'title' as title, p.status as "status: PitchStatus", p.saved_at, p.created_at,
                  p.status = 'published' and v.content is distinct from p.draft as "unpublished_edits!",
                  (select mv.file_id from materials m join material_versions mv on mv.material_id = m.id
                     where m.pitch_id = p.id and m.kind = 'poster' and m.removed_at is null
                     order by mv.number desc limit 1) as poster,
                  (select count(*) from ndas n where n.pitch_id = p.id and n.status = 'requested') as "requests!",
                  (select count(*) from ndas n where n.pitch_id = p.id and n.status = 'signed' and n.expires_at > $5) as "signed!"
           from pitches p left join pitch_versions v on v.pitch_id = p.id and v.number = p.live_number
           where (p.organisation_id = $2 or (p.organisation_id is null and p.owner_id = $1)) and p.deleted_at is null
             and ($3::timestamptz is null or (p.created_at, p.id) < ($3, $4::uuid))
           order by p.created_at desc, p.id desc limit $6"#,
        viewer.id.0,
        viewer.organisation().map(|o| o.0),
        after_at,
        after_id.map(|i| i.0),
        now,
        limit,
    )
    .fetch_all(db)
    .await?;
    let mut mine = Vec::new();
    for r in rows {
        mine.push(MyPitch {
            id: PitchId(r.id),
            slug: r.slug,
            title: r.title.filter(|t| !t.is_empty()).unwrap_or_else(|| "Untitled".into()),
            status: r.status,
            unpublished_edits: r.unpublished_edits,
            poster: r.poster.map(FileId),
            saved_at: r.saved_at,
            created_at: r.created_at,
            requests: r.requests,
            signed: r.signed,
        });
    }
    Ok(mine)
}

/// A file of a pitch, and how the reader stands to it.
#[derive(Clone, Debug)]
pub struct FoundFile {
    pub access: Access,
    pub visibility: Visibility,
    /// Of the newest version; earlier ones are the owner's.
    pub newest: bool,
    pub ever_published: bool,
    /// A PDF, which is read page by page.
    pub document: bool,
    /// The owner lets its readers take it along.
    pub allow_download: bool,
}

pub async fn find_file(
    db: &mut PgConnection,
    file: FileId,
    viewer: Option<&Viewer>,
    now: Time,
) -> Result<Option<FoundFile>> {
    let row = sqlx::query!(
        r#"select p.id, p.status as "status: PitchStatus", p.owner_id, p.organisation_id, p.live_number is not null as "published!",
                  m.visibility as "visibility: Visibility", m.allow_download, s.role as "seat?: SeatRole",
                  f.media_type = 'application/pdf' as "document!",
                  not exists (select from material_versions later where later.material_id = v.material_id
                     and later.number > v.number) as "newest!",
                  (select n.id from ndas n where n.pitch_id = p.id and n.requester_id = $2
                     and n.status = 'signed' and n.expires_at > $3) as nda,
                  (select r.id from releases r join seats rs on rs.organisation_id = r.organisation_id
                     where r.pitch_id = p.id and r.status = 'signed' and rs.account_id = $2) as release
           from material_versions v
           join materials m on m.id = v.material_id
           join pitches p on p.id = m.pitch_id
           join files f on f.id = v.file_id
           left join seats s on s.organisation_id = p.organisation_id and s.account_id = $2
           where v.file_id = $1 and m.removed_at is null and p.deleted_at is null"#,
        file.0,
        viewer.map(|v| v.id.0),
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| {
        let standing = Standing {
            owner: AccountId(r.owner_id),
            organisation: r.organisation_id.map(OrganisationId),
            seat: r.seat,
            nda: r.nda,
            release: r.release,
        };
        FoundFile {
            access: standing.access(r.id, r.status, viewer),
            visibility: r.visibility,
            newest: r.newest,
            ever_published: r.published,
            document: r.document,
            allow_download: r.allow_download,
        }
    }))
}
