//! The SQL of notices and nothing else.

use sqlx::PgConnection;

use super::model::{News, Notification};
use crate::{
    accounts::model::Kind,
    platform::outbox::Event,
    shared::{
        error::Result,
        ids::{AccountId, FileId, NdaId, NotificationId, OrganisationId, PitchId, RecipientId, ReleaseId},
        time::Time,
    },
};

/// What a notice of an NDA names.
pub struct About {
    pub title: String,
    pub owner_id: AccountId,
    pub organisation_id: Option<OrganisationId>,
    pub requester_id: AccountId,
    pub requester_name: String,
}

pub async fn about(tx: &mut PgConnection, nda: NdaId) -> Result<Option<About>> {
    Ok(sqlx::query_as!(
        About,
        r#"select p.title, p.owner_id as "owner_id: AccountId", p.organisation_id as "organisation_id: OrganisationId",
             n.requester_id as "requester_id: AccountId", r.name as requester_name
           from ndas n join pitches p on p.id = n.pitch_id join accounts r on r.id = n.requester_id where n.id = $1"#,
        nda.0,
    )
    .fetch_optional(tx)
    .await?)
}

/// What a notice of a release names.
pub struct AboutRelease {
    pub title: String,
    pub owner_id: AccountId,
    pub organisation_id: Option<OrganisationId>,
    pub company_id: OrganisationId,
    pub company: String,
}

pub async fn about_release(tx: &mut PgConnection, release: ReleaseId) -> Result<Option<AboutRelease>> {
    Ok(sqlx::query_as!(
        AboutRelease,
        r#"select p.title, p.owner_id as "owner_id: AccountId", p.organisation_id as "organisation_id: OrganisationId",
             r.organisation_id as "company_id: OrganisationId", c.name as company
           from releases r join pitches p on p.id = r.pitch_id join organisations c on c.id = r.organisation_id
           where r.id = $1"#,
        release.0,
    )
    .fetch_optional(tx)
    .await?)
}

/// Everyone with a seat in an organisation.
pub async fn seats(tx: &mut PgConnection, organisation: OrganisationId) -> Result<Vec<AccountId>> {
    Ok(sqlx::query_scalar!(
        r#"select account_id as "id: AccountId" from seats where organisation_id = $1"#,
        organisation.0,
    )
    .fetch_all(tx)
    .await?)
}

/// Who decides for the owner of a pitch.
pub async fn deciders(
    tx: &mut PgConnection,
    owner: AccountId,
    organisation: Option<OrganisationId>,
) -> Result<Vec<AccountId>> {
    Ok(sqlx::query_scalar!(
        r#"select a.id as "id: AccountId" from accounts a
           where case when $2::uuid is null then a.id = $1
             else a.id in (select s.account_id from seats s where s.organisation_id = $2 and s.role in ('owner', 'editor')) end"#,
        owner.0,
        organisation.map(|o| o.0),
    )
    .fetch_all(tx)
    .await?)
}

/// Title and slug of a published pitch.
pub async fn pitch(tx: &mut PgConnection, pitch: PitchId) -> Result<Option<(String, String)>> {
    let row = sqlx::query!(
        "select title, slug from pitches where id = $1 and status = 'published' and deleted_at is null",
        pitch.0
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| (row.title, row.slug)))
}

/// What a notice of a question names.
pub struct Questioned {
    pub title: String,
    pub slug: String,
    pub owner_id: AccountId,
    pub organisation_id: Option<OrganisationId>,
}

pub async fn questioned(tx: &mut PgConnection, pitch: PitchId) -> Result<Option<Questioned>> {
    Ok(sqlx::query_as!(
        Questioned,
        r#"select title, slug, owner_id as "owner_id: AccountId", organisation_id as "organisation_id: OrganisationId"
           from pitches where id = $1 and deleted_at is null"#,
        pitch.0,
    )
    .fetch_optional(tx)
    .await?)
}

/// Who came in by a shared link, and to what.
pub struct CameIn {
    pub reader: String,
    pub title: String,
    pub pitch: PitchId,
    pub owner_id: AccountId,
    pub organisation_id: Option<OrganisationId>,
    pub kind: Kind,
}

pub async fn shared(tx: &mut PgConnection, recipient: RecipientId) -> Result<Option<CameIn>> {
    Ok(sqlx::query_as!(
        CameIn,
        r#"select case when lower(s.email) = c.email then s.name else c.email end as "reader!",
                  coalesce(nullif(p.title, ''), p.draft ->> 'title', '') as "title!", p.id as "pitch: PitchId",
                  p.owner_id as "owner_id: AccountId", p.organisation_id as "organisation_id: OrganisationId",
                  a.kind as "kind: Kind"
           from share_recipients c
           join shares s on s.id = c.share_id
           join pitches p on p.id = s.pitch_id and p.deleted_at is null
           join accounts a on a.id = p.owner_id
           where c.id = $1"#,
        recipient.0,
    )
    .fetch_optional(tx)
    .await?)
}

/// A file that a virus was found in, and whose it was.
pub struct Quarantined {
    pub owner: AccountId,
    pub kind: Kind,
    pub name: String,
    pub found: String,
}

pub async fn quarantined(tx: &mut PgConnection, file: FileId) -> Result<Option<Quarantined>> {
    Ok(sqlx::query_as!(
        Quarantined,
        r#"select q.owner_id as "owner: AccountId", a.kind as "kind: Kind", q.name, q.found
           from quarantine q join accounts a on a.id = q.owner_id where q.id = $1"#,
        file.0
    )
    .fetch_optional(tx)
    .await?)
}

/// Who could read what is behind the NDA of a pitch at that time, by their own NDA or by a release of their company's.
pub async fn signers(tx: &mut PgConnection, pitch: PitchId, at: Time) -> Result<Vec<AccountId>> {
    Ok(sqlx::query_scalar!(
        r#"select requester_id as "id!: AccountId" from ndas
           where pitch_id = $1 and status = 'signed' and signed_at <= $2 and expires_at > $2
           union select s.account_id from releases r join seats s on s.organisation_id = r.organisation_id
           where r.pitch_id = $1 and r.status = 'signed' and r.signed_at <= $2"#,
        pitch.0,
        at,
    )
    .fetch_all(tx)
    .await?)
}

/// Adds a notice, unless the account has one of this event.
pub async fn add(
    tx: &mut PgConnection,
    id: NotificationId,
    account: AccountId,
    event: &Event,
    title: &str,
    link: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into notifications (id, account_id, event_id, kind, title, link, at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (account_id, event_id) do nothing",
        id.0,
        account.0,
        event.id.0,
        event.kind,
        title,
        link,
        event.at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The notices of an account, newest first, after a cursor.
pub async fn list(
    db: &mut PgConnection,
    account: AccountId,
    after: Option<NotificationId>,
    limit: i64,
) -> Result<Vec<Notification>> {
    Ok(sqlx::query_as!(
        Notification,
        r#"select id as "id: NotificationId", kind, title, link, at, (read_at is not null) as "read!"
           from notifications where account_id = $1 and ($2::uuid is null or id < $2)
           order by id desc limit $3"#,
        account.0,
        after.map(|a| a.0),
        limit,
    )
    .fetch_all(db)
    .await?)
}

/// Marks one notice of an account read, or all of them; `false` when there is none such.
pub async fn mark_read(
    db: &mut PgConnection,
    account: AccountId,
    one: Option<NotificationId>,
    at: Time,
) -> Result<bool> {
    let marked = sqlx::query!(
        "update notifications set read_at = coalesce(read_at, $3)
         where account_id = $1 and (id = $2 or $2 is null and read_at is null)",
        account.0,
        one.map(|o| o.0),
        at,
    )
    .execute(db)
    .await?;
    Ok(marked.rows_affected() > 0)
}

/// What is new for an account.
pub async fn news(db: &mut PgConnection, account: AccountId) -> Result<News> {
    let row = sqlx::query!(
        r#"select
             (select count(*) from notifications where account_id = $1 and read_at is null) as "notifications!",
             (select count(*) from threads t
                left join thread_reads r on r.thread_id = t.id and r.account_id = $1
              where (t.owner_id = $1 or t.other_id = $1) and exists (
                select 1 from messages m
                where m.thread_id = t.id and m.author_id <> $1 and (r.read_to is null or m.id > r.read_to)
              )) as "messages!""#,
        account.0,
    )
    .fetch_one(db)
    .await?;
    let small = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(News { messages: small(row.messages), notifications: small(row.notifications) })
}
