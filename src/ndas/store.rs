//! The SQL that changes NDAs and nothing else; `reads` has the SQL that shows them.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    forms::Standard,
    model::{NdaStatus, Side},
};
use crate::shared::{
    error::Result,
    ids::{AccountId, AdvanceId, NdaId, OrganisationId, PitchId, TemplateId},
    time::Time,
};

/// An NDA with what decides about it, locked while the transaction lasts.
#[derive(Clone, Debug)]
pub struct NdaRow {
    pub id: NdaId,
    pub status: NdaStatus,
    pub pitch_id: PitchId,
    pub pitch_title: String,
    pub pitch_slug: String,
    pub pitch_published: bool,
    pub pitch_deleted: bool,
    pub owner_id: AccountId,
    pub owner_organisation_id: Option<OrganisationId>,
    pub requester_id: AccountId,
    pub requester_organisation_id: Option<OrganisationId>,
    pub purpose: String,
    pub requested_at: Time,
    pub decided_by: Option<AccountId>,
    pub term_days: Option<i32>,
    pub document_sha256: Option<Vec<u8>>,
    pub lapses_at: Option<Time>,
    pub expires_at: Option<Time>,
    pub ended_at: Option<Time>,
}

/// `query_as!` of `NdaRow`s; the pitch is held against being unpublished meanwhile.
macro_rules! nda_rows {
    ($tail:tt, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            NdaRow,
            r#"select n.id as "id: NdaId", n.status as "status: NdaStatus", n.pitch_id as "pitch_id: PitchId",
                 p.title as pitch_title, p.slug as pitch_slug,
                 (p.status = 'published' and p.deleted_at is null) as "pitch_published!",
                 (p.deleted_at is not null) as "pitch_deleted!",
                 p.owner_id as "owner_id: AccountId", p.organisation_id as "owner_organisation_id: OrganisationId",
                 n.requester_id as "requester_id: AccountId",
                 n.requester_organisation_id as "requester_organisation_id: OrganisationId",
                 n.purpose, n.requested_at, n.decided_by as "decided_by: AccountId", n.term_days, n.document_sha256,
                 n.lapses_at, n.expires_at, n.ended_at
               from ndas n join pitches p on p.id = n.pitch_id "# + $tail,
            $($value),*
        )
    };
}

/// Reads an NDA without locking it.
pub async fn find(db: &mut PgConnection, id: NdaId) -> Result<Option<NdaRow>> {
    Ok(nda_rows!("where n.id = $1", id.0).fetch_optional(db).await?)
}

/// Locks an NDA.
pub async fn lock(tx: &mut PgConnection, id: NdaId) -> Result<Option<NdaRow>> {
    Ok(nda_rows!("where n.id = $1 for update of n for share of p", id.0).fetch_optional(tx).await?)
}

/// Locks the newest NDA of a person for a pitch.
pub async fn lock_newest(tx: &mut PgConnection, pitch: PitchId, requester: AccountId) -> Result<Option<NdaRow>> {
    Ok(nda_rows!(
        "where n.pitch_id = $1 and n.requester_id = $2 order by n.requested_at desc, n.id desc limit 1 for update of n",
        pitch.0,
        requester.0,
    )
    .fetch_optional(tx)
    .await?)
}

/// Locks what time has ended and nobody has recorded, up to `limit`; what another process holds is left to it.
pub async fn lock_due(tx: &mut PgConnection, now: Time, limit: i64) -> Result<Vec<NdaRow>> {
    Ok(nda_rows!(
        "where n.status = 'approved' and n.lapses_at <= $1 or n.status = 'signed' and n.expires_at <= $1
         order by n.id limit $2 for update of n skip locked",
        now,
        limit,
    )
    .fetch_all(tx)
    .await?)
}

/// Locks requests whose owner is to be reminded, up to `limit`: those never reminded that were made before `first`, and those
/// last reminded before `next`.
pub async fn lock_unanswered(
    tx: &mut PgConnection,
    (first, next): (Time, Time),
    most: i16,
    limit: i64,
) -> Result<Vec<NdaRow>> {
    Ok(nda_rows!(
        "where n.status = 'requested' and n.requested_at <= $1 and n.reminders < $3
           and (n.reminded_at is null or n.reminded_at <= $2) order by n.id limit $4 for update of n skip locked",
        first,
        next,
        most,
        limit,
    )
    .fetch_all(tx)
    .await?)
}

pub async fn set_reminded(tx: &mut PgConnection, id: NdaId, at: Time) -> Result<()> {
    sqlx::query!("update ndas set reminders = reminders + 1, reminded_at = $2 where id = $1", id.0, at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Locks what is asked for or approved on a pitch.
pub async fn lock_open_of_pitch(tx: &mut PgConnection, pitch: PitchId, asked_until: Time) -> Result<Vec<NdaRow>> {
    Ok(nda_rows!(
        "where n.pitch_id = $1 and n.status in ('requested', 'approved') and n.requested_at <= $2
           and (p.status <> 'published' or p.deleted_at is not null) order by n.id for update of n",
        pitch.0,
        asked_until,
    )
    .fetch_all(tx)
    .await?)
}

/// The pitch an NDA is asked for.
pub struct PitchRow {
    pub title: String,
    pub slug: String,
    pub owner_id: AccountId,
    pub organisation_id: Option<OrganisationId>,
}

/// A published pitch, held against being unpublished meanwhile.
pub async fn hold_published(tx: &mut PgConnection, pitch: PitchId) -> Result<Option<PitchRow>> {
    Ok(sqlx::query_as!(
        PitchRow,
        r#"select title, slug, owner_id as "owner_id: AccountId", organisation_id as "organisation_id: OrganisationId"
           from pitches where id = $1 and status = 'published' and deleted_at is null for share"#,
        pitch.0,
    )
    .fetch_optional(tx)
    .await?)
}

/// Makes the requests of one organisation, or person, queue up, so that their limit holds for parallel ones too.
pub async fn queue_up(tx: &mut PgConnection, who: Uuid) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('nda requests of ' || $1::text, 0))", who.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// When the newest requests of an organisation, or of a person without one, were made, newest first.
pub async fn request_times(
    tx: &mut PgConnection,
    requester: AccountId,
    organisation: Option<OrganisationId>,
    since: Time,
) -> Result<Vec<Time>> {
    Ok(sqlx::query_scalar!(
        "select requested_at from ndas
         where requested_at > $3
           and case when $2::uuid is null then requester_id = $1 else requester_organisation_id = $2 end
         order by requested_at desc",
        requester.0,
        organisation.map(|o| o.0),
        since,
    )
    .fetch_all(tx)
    .await?)
}

/// A request as it is written.
pub struct NewRequest<'a> {
    pub id: NdaId,
    pub pitch: PitchId,
    pub requester: AccountId,
    pub organisation: Option<OrganisationId>,
    pub purpose: &'a str,
    pub note: &'a str,
    pub at: Time,
}

/// Writes a request; `one_open_nda` keeps a second one out.
pub async fn insert(tx: &mut PgConnection, new: NewRequest<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into ndas (id, pitch_id, requester_id, requester_organisation_id, status, purpose, note, requested_at)
         values ($1, $2, $3, $4, 'requested', $5, $6, $7)",
        new.id.0,
        new.pitch.0,
        new.requester.0,
        new.organisation.map(|o| o.0),
        new.purpose,
        new.note,
        new.at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// An approval as it is written.
pub struct Approval<'a> {
    pub by: AccountId,
    pub at: Time,
    pub legal_name: &'a str,
    pub template: TemplateId,
    pub template_version: i32,
    pub term_days: i32,
    pub extra_terms: &'a str,
    pub document: &'a str,
    pub sha256: &'a [u8],
    pub lapses_at: Time,
    /// Approved by a signature that was given in advance.
    pub advance: Option<AdvanceId>,
}

pub async fn approve(tx: &mut PgConnection, id: NdaId, approval: Approval<'_>) -> Result<()> {
    sqlx::query!(
        "update ndas set status = 'approved', decided_at = $2, decided_by = $3, owner_legal_name = $4, template_id = $5,
           template_version = $6, term_days = $7, extra_terms = $8, document = $9, document_sha256 = $10, lapses_at = $11,
           advance_id = $12
         where id = $1",
        id.0,
        approval.at,
        approval.by.0,
        approval.legal_name,
        approval.template.0,
        approval.template_version,
        approval.term_days,
        approval.extra_terms,
        approval.document,
        approval.sha256,
        approval.lapses_at,
        approval.advance.map(|a| a.0),
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn decline(tx: &mut PgConnection, id: NdaId, by: Option<AccountId>, reason: &str, at: Time) -> Result<()> {
    sqlx::query!(
        "update ndas set status = 'declined', decided_at = $2, decided_by = $3, reason = $4, ended_at = $2 where id = $1",
        id.0,
        at,
        by.map(|b| b.0),
        reason,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn sign(tx: &mut PgConnection, id: NdaId, at: Time, expires_at: Time) -> Result<()> {
    sqlx::query!(
        "update ndas set status = 'signed', signed_at = $2, expires_at = $3 where id = $1",
        id.0,
        at,
        expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends an NDA: withdrawn, revoked, lapsed or expired.
pub async fn end(tx: &mut PgConnection, id: NdaId, to: NdaStatus, reason: &str, at: Time) -> Result<()> {
    sqlx::query!("update ndas set status = $2, reason = $3, ended_at = $4 where id = $1", id.0, to.word(), reason, at,)
        .execute(tx)
        .await?;
    Ok(())
}

/// What is recorded with a signature.
pub struct NewSignature<'a> {
    pub party: Side,
    pub account: AccountId,
    pub account_name: &'a str,
    pub organisation: Option<OrganisationId>,
    pub legal_name: &'a str,
    pub email: &'a str,
    pub consent_version: &'a str,
    pub document_sha256: &'a [u8],
    pub at: Time,
    pub address: &'a str,
    pub user_agent: &'a str,
}

/// Writes a signature down, with what the organisation is called today.
pub async fn add_signature(tx: &mut PgConnection, id: NdaId, new: NewSignature<'_>) -> Result<()> {
    sqlx::query!(
        "insert into nda_signatures (nda_id, party, account_id, organisation_id, organisation_name, legal_name, email,
           consent_version, document_sha256, at, address, user_agent, account_name)
         values ($1, $2, $3, $4, (select name from organisations where id = $4), $5, $6, $7, $8, $9, $10, $11, $12)",
        id.0,
        new.party.word(),
        new.account.0,
        new.organisation.map(|o| o.0),
        new.legal_name,
        new.email,
        new.consent_version,
        new.document_sha256,
        new.at,
        new.address,
        new.user_agent,
        new.account_name,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Who opened what, from where.
pub struct NewOpening<'a> {
    pub account: AccountId,
    pub document_sha256: &'a [u8],
    pub at: Time,
    pub address: &'a str,
    pub user_agent: &'a str,
}

/// Records that the text was opened; the first time counts.
pub async fn add_opening(tx: &mut PgConnection, id: NdaId, new: NewOpening<'_>) -> Result<()> {
    sqlx::query!(
        "insert into nda_openings (nda_id, account_id, document_sha256, opened_at, address, user_agent)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        id.0,
        new.account.0,
        new.document_sha256,
        new.at,
        new.address,
        new.user_agent,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Records that the text was read to its end; `false` when it was never opened. The first time counts.
pub async fn read_to_end(tx: &mut PgConnection, id: NdaId, who: AccountId, sha256: &[u8], at: Time) -> Result<bool> {
    let found = sqlx::query!(
        "update nda_openings set read_to_end_at = coalesce(read_to_end_at, $4)
         where nda_id = $1 and account_id = $2 and document_sha256 = $3",
        id.0,
        who.0,
        sha256,
        at,
    )
    .execute(tx)
    .await?;
    Ok(found.rows_affected() == 1)
}

pub async fn was_opened(tx: &mut PgConnection, id: NdaId, who: AccountId, sha256: &[u8]) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (
             select 1 from nda_openings where nda_id = $1 and account_id = $2 and document_sha256 = $3
           ) as "opened!""#,
        id.0,
        who.0,
        sha256,
    )
    .fetch_one(tx)
    .await?)
}

/// The number of the newest version of a standard text, written now when it is new.
pub async fn standard_version(tx: &mut PgConnection, standard: Standard, now: Time) -> Result<i32> {
    let newest = sqlx::query!(
        "select number, body from nda_template_versions where template_id = $1 order by number desc limit 1",
        standard.id.0,
    )
    .fetch_optional(&mut *tx)
    .await?;
    match newest {
        Some(version) if version.body == standard.body => Ok(version.number),
        _ => add_standard_version(tx, standard, now).await,
    }
}

/// Writes the standard text as a new version; of two that do so at once, in a transaction or not, one does.
async fn add_standard_version(tx: &mut PgConnection, standard: Standard, now: Time) -> Result<i32> {
    sqlx::query!(
        "insert into nda_templates (id, owner_id, name, created_at, kind) values ($1, null, $3, $2, $4)
         on conflict (id) do nothing",
        standard.id.0,
        now,
        standard.name,
        standard.kind.word(),
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("select id from nda_templates where id = $1 for update", standard.id.0).fetch_one(&mut *tx).await?;
    sqlx::query!(
        "insert into nda_template_versions (template_id, number, body, created_at)
         select $1, coalesce(max(number), 0) + 1, $2, $3 from nda_template_versions where template_id = $1
         having coalesce((array_agg(body order by number desc))[1], '') <> $2
         on conflict (template_id, number) do nothing",
        standard.id.0,
        standard.body,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let number = sqlx::query_scalar!(
        r#"select max(number) as "number!" from nda_template_versions where template_id = $1"#,
        standard.id.0,
    )
    .fetch_one(tx)
    .await?;
    Ok(number)
}

/// A person as letters and documents name them.
pub struct Person {
    pub id: AccountId,
    pub name: String,
    pub email: String,
    pub handle: String,
}

pub async fn person(tx: &mut PgConnection, id: AccountId) -> Result<Person> {
    Ok(sqlx::query_as!(
        Person,
        r#"select id as "id: AccountId", name, email, handle from accounts where id = $1"#,
        id.0,
    )
    .fetch_one(tx)
    .await?)
}

/// Who decides for the owner of a pitch: the person, or the owners and editors of the organisation.
pub async fn deciders(
    tx: &mut PgConnection,
    owner: AccountId,
    organisation: Option<OrganisationId>,
) -> Result<Vec<Person>> {
    Ok(sqlx::query_as!(
        Person,
        r#"select a.id as "id: AccountId", a.name, a.email, a.handle from accounts a
           where case when $2::uuid is null then a.id = $1
             else a.id in (select s.account_id from seats s where s.organisation_id = $2 and s.role in ('owner', 'editor')) end
           order by a.created_at, a.id"#,
        owner.0,
        organisation.map(|o| o.0),
    )
    .fetch_all(tx)
    .await?)
}

pub async fn organisation_name(tx: &mut PgConnection, id: Option<OrganisationId>) -> Result<Option<String>> {
    let Some(id) = id else { return Ok(None) };
    Ok(sqlx::query_scalar!("select name from organisations where id = $1", id.0).fetch_optional(tx).await?)
}
