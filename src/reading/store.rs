//! The SQL of visits and of the time on their pages.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Count, PageTime, Visit};
use crate::{
    accounts::model::Kind,
    media::service::Reader,
    shared::{
        error::Result,
        ids::{FileId, PitchId, VisitId},
        time::Time,
    },
};

/// What a document is of.
pub struct About {
    pub label: String,
    pub pitch_title: String,
    pub pitch_slug: String,
}

pub async fn about(db: &mut PgConnection, file: FileId) -> Result<Option<About>> {
    Ok(sqlx::query_as!(
        About,
        r#"select case when m.kind = 'other' then f.name else upper(left(m.kind, 1)) || substr(m.kind, 2) end as "label!",
                  coalesce(nullif(p.title, ''), p.draft ->> 'title', '') as "pitch_title!", p.slug as pitch_slug
           from material_versions v
           join materials m on m.id = v.material_id
           join pitches p on p.id = m.pitch_id
           join files f on f.id = v.file_id
           where v.file_id = $1"#,
        file.0,
    )
    .fetch_optional(db)
    .await?)
}

/// The furthest page of this reader's last visit.
pub async fn stopped_at(db: &mut PgConnection, file: FileId, reader: Reader) -> Result<Option<i32>> {
    let page = sqlx::query_scalar!(
        r#"select max(g.page) from reading_pages g where g.visit_id =
             (select id from reading_visits where file_id = $1 and (account_id = $2 or recipient_id = $3)
              order by seen_at desc limit 1)"#,
        file.0,
        reader.account().map(|id| id.0),
        reader.recipient().map(|id| id.0),
    );
    Ok(page.fetch_one(db).await?)
}

/// Makes two tabs of one reader wait for each other.
pub async fn lock(tx: &mut PgConnection, file: FileId, reader: Reader) -> Result<()> {
    let whose = format!("reading {file} {reader:?}");
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", whose).fetch_one(tx).await?;
    Ok(())
}

/// The reader's visit that was seen after `since`, and up to when time was claimed in it.
pub async fn under_way(
    tx: &mut PgConnection,
    file: FileId,
    reader: Reader,
    since: Time,
) -> Result<Option<(VisitId, Time)>> {
    let row = sqlx::query!(
        "select id, counted_to from reading_visits
         where file_id = $1 and (account_id = $2 or recipient_id = $3) and seen_at > $4 order by seen_at desc limit 1",
        file.0,
        reader.account().map(|id| id.0),
        reader.recipient().map(|id| id.0),
        since,
    );
    Ok(row.fetch_optional(tx).await?.map(|r| (VisitId(r.id), r.counted_to)))
}

/// A visit that begins.
pub struct NewVisit {
    pub file: FileId,
    pub reader: Reader,
    pub role: Option<Kind>,
    pub pitch: PitchId,
    pub named: bool,
}

pub async fn begin(tx: &mut PgConnection, visit: &NewVisit, now: Time) -> Result<VisitId> {
    let id = VisitId::new();
    sqlx::query!(
        "insert into reading_visits
           (id, file_id, account_id, recipient_id, pitch_id, named, role, started_at, seen_at, counted_to)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)",
        id.0,
        visit.file.0,
        visit.reader.account().map(|id| id.0),
        visit.reader.recipient().map(|id| id.0),
        visit.pitch.0,
        visit.named,
        visit.role.map(Kind::word),
        now,
    )
    .execute(tx)
    .await?;
    Ok(id)
}

pub async fn add(tx: &mut PgConnection, visit: VisitId, page: i32, milliseconds: i64) -> Result<()> {
    sqlx::query!(
        "insert into reading_pages as g (visit_id, page, milliseconds) values ($1, $2, $3)
         on conflict (visit_id, page) do update set milliseconds = g.milliseconds + excluded.milliseconds",
        visit.0,
        page,
        milliseconds,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn seen(tx: &mut PgConnection, visit: VisitId, now: Time, counted_to: Time) -> Result<()> {
    sqlx::query!("update reading_visits set seen_at = $2, counted_to = $3 where id = $1", visit.0, now, counted_to)
        .execute(tx)
        .await?;
    Ok(())
}

/// The visits whose reader the owner is told, newest first; without the times on their pages.
pub async fn visits(
    db: &mut PgConnection,
    pitch: PitchId,
    after: Option<(Time, VisitId)>,
    limit: i64,
) -> Result<Vec<Visit>> {
    let (after_at, after_id) = after.unzip();
    let rows = sqlx::query!(
        r#"select r.id, coalesce(a.name, case when lower(h.email) = c.email then h.name else c.email end) as "reader!",
                  r.recipient_id is not null as "by_link!", o.name as "organisation?", r.started_at, f.pages,
                  v.number as version,
                  case when m.kind = 'other' then f.name else upper(left(m.kind, 1)) || substr(m.kind, 2) end as "label!"
           from reading_visits r
           left join accounts a on a.id = r.account_id
           left join share_recipients c on c.id = r.recipient_id
           left join shares h on h.id = c.share_id
           left join seats s on s.account_id = a.id
           left join organisations o on o.id = s.organisation_id
           join files f on f.id = r.file_id
           join material_versions v on v.file_id = r.file_id
           join materials m on m.id = v.material_id
           where r.pitch_id = $1 and r.named
             and ($2::timestamptz is null or (r.started_at, r.id) < ($2, $3::uuid))
           order by r.started_at desc, r.id desc limit $4"#,
        pitch.0,
        after_at,
        after_id.map(|id| id.0),
        limit,
    );
    let rows = rows.fetch_all(db).await?.into_iter().map(|r| Visit {
        id: VisitId(r.id),
        reader: r.reader,
        by_link: r.by_link,
        organisation: r.organisation,
        label: r.label,
        version: r.version,
        pages: r.pages,
        started_at: r.started_at,
        times: Vec::new(),
    });
    Ok(rows.collect())
}

/// The time on the pages of each of `visits`, in the order of pages.
pub async fn times(db: &mut PgConnection, visits: &[VisitId]) -> Result<HashMap<VisitId, Vec<PageTime>>> {
    let ids: Vec<Uuid> = visits.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        "select visit_id, page, milliseconds from reading_pages where visit_id = any($1) order by visit_id, page",
        &ids
    );
    let mut times: HashMap<VisitId, Vec<PageTime>> = HashMap::new();
    for r in rows.fetch_all(db).await? {
        let time = PageTime { page: r.page, milliseconds: r.milliseconds };
        times.entry(VisitId(r.visit_id)).or_default().push(time);
    }
    Ok(times)
}

/// Those who are not named, by document and kind of account.
pub async fn counts(db: &mut PgConnection, pitch: PitchId) -> Result<Vec<Count>> {
    Ok(sqlx::query_as!(
        Count,
        r#"select case when m.kind = 'other' then f.name else upper(left(m.kind, 1)) || substr(m.kind, 2) end as "label!",
                  r.role as "role!: Kind", count(distinct r.account_id) as "readers!",
                  coalesce(sum(t.milliseconds), 0)::bigint as "milliseconds!"
           from reading_visits r
           join files f on f.id = r.file_id
           join material_versions v on v.file_id = r.file_id
           join materials m on m.id = v.material_id
           left join lateral (select sum(milliseconds) as milliseconds from reading_pages where visit_id = r.id) t on true
           where r.pitch_id = $1 and not r.named
           group by 1, 2 order by 1, 2"#,
        pitch.0,
    )
    .fetch_all(db)
    .await?)
}

/// Removes visits that began before `before`, with their pages.
pub async fn forget(db: &mut PgConnection, before: Time) -> Result<()> {
    sqlx::query!("delete from reading_visits where started_at < $1", before).execute(db).await?;
    Ok(())
}
