//! The SQL that changes releases and nothing else; `rows` has the SQL that shows them.

use sqlx::PgConnection;

use super::model::ReleaseStatus;
use crate::{
    ndas::{
        model::Side,
        store::{NewOpening, NewSignature},
    },
    shared::{
        error::Result,
        ids::{AccountId, OrganisationId, PitchId, ReleaseId, TemplateId},
        time::Time,
    },
};

/// A release with what decides about it, locked while the transaction lasts.
#[derive(Clone, Debug)]
pub struct ReleaseRow {
    pub id: ReleaseId,
    pub status: ReleaseStatus,
    pub pitch_id: PitchId,
    pub pitch_title: String,
    pub pitch_published: bool,
    pub pitch_deleted: bool,
    pub owner_id: AccountId,
    pub owner_organisation_id: Option<OrganisationId>,
    pub company_id: OrganisationId,
    pub company_name: String,
    pub offered_by: AccountId,
    pub document_sha256: Vec<u8>,
    pub signed_by: Option<AccountId>,
    pub offered_at: Time,
    pub ended_at: Option<Time>,
}

/// `query_as!` of `ReleaseRow`s; the pitch is held against being unpublished meanwhile.
macro_rules! release_rows {
    ($tail:tt, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            ReleaseRow,
            r#"select r.id as "id: ReleaseId", r.status as "status: ReleaseStatus", r.pitch_id as "pitch_id: PitchId",
                 p.title as pitch_title, (p.status = 'published' and p.deleted_at is null) as "pitch_published!",
                 (p.deleted_at is not null) as "pitch_deleted!",
                 p.owner_id as "owner_id: AccountId", p.organisation_id as "owner_organisation_id: OrganisationId",
                 r.organisation_id as "company_id: OrganisationId", c.name as company_name,
                 r.offered_by as "offered_by: AccountId", r.document_sha256, r.signed_by as "signed_by: AccountId",
                 r.offered_at, r.ended_at
               from releases r join pitches p on p.id = r.pitch_id join organisations c on c.id = r.organisation_id "# + $tail,
            $($value),*
        )
    };
}

/// Reads a release without locking it.
pub async fn find(db: &mut PgConnection, id: ReleaseId) -> Result<Option<ReleaseRow>> {
    Ok(release_rows!("where r.id = $1", id.0).fetch_optional(db).await?)
}

/// Locks a release.
pub async fn lock(tx: &mut PgConnection, id: ReleaseId) -> Result<Option<ReleaseRow>> {
    Ok(release_rows!("where r.id = $1 for update of r for share of p", id.0).fetch_optional(tx).await?)
}

/// Locks the newest release of a company for a pitch.
pub async fn lock_newest(tx: &mut PgConnection, pitch: PitchId, company: OrganisationId) -> Result<Option<ReleaseRow>> {
    Ok(release_rows!(
        "where r.pitch_id = $1 and r.organisation_id = $2 order by r.offered_at desc, r.id desc limit 1 for update of r",
        pitch.0,
        company.0,
    )
    .fetch_optional(tx)
    .await?)
}

/// Locks what is offered on a pitch that is offline, as far as it was offered until then.
pub async fn lock_open_of_pitch(tx: &mut PgConnection, pitch: PitchId, until: Time) -> Result<Vec<ReleaseRow>> {
    Ok(release_rows!(
        "where r.pitch_id = $1 and r.status = 'offered' and r.offered_at <= $2
           and (p.status <> 'published' or p.deleted_at is not null) order by r.id for update of r",
        pitch.0,
        until,
    )
    .fetch_all(tx)
    .await?)
}

/// Whether the owner of a pitch keeps their name behind its NDA.
pub async fn keeps_owners_name(tx: &mut PgConnection, pitch: PitchId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select coalesce(v.content -> 'visibility' ->> 'owner' = 'nda', false) as "keeps!"
           from pitches p left join pitch_versions v on v.pitch_id = p.id and v.number = p.live_number where p.id = $1"#,
        pitch.0,
    )
    .fetch_one(tx)
    .await?)
}

/// Makes the offers of one company queue up, so that their limit holds for parallel ones too.
pub async fn queue_up(tx: &mut PgConnection, company: OrganisationId) -> Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('releases of ' || $1::text, 0))",
        company.0.to_string()
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// When the newest offers of a company were made, newest first.
pub async fn offer_times(tx: &mut PgConnection, company: OrganisationId, since: Time) -> Result<Vec<Time>> {
    Ok(sqlx::query_scalar!(
        "select offered_at from releases where organisation_id = $1 and offered_at > $2 order by offered_at desc",
        company.0,
        since,
    )
    .fetch_all(tx)
    .await?)
}

/// An offer as it is written.
pub struct NewOffer<'a> {
    pub id: ReleaseId,
    pub pitch: PitchId,
    pub company: OrganisationId,
    pub by: AccountId,
    pub note: &'a str,
    pub template: TemplateId,
    pub template_version: i32,
    pub extra_terms: &'a str,
    pub document: &'a str,
    pub sha256: &'a [u8],
    pub at: Time,
}

/// Writes an offer; `one_open_release` keeps a second one out.
pub async fn insert(tx: &mut PgConnection, new: NewOffer<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into releases (id, pitch_id, organisation_id, offered_by, status, note, template_id, template_version,
           extra_terms, document, document_sha256, offered_at)
         values ($1, $2, $3, $4, 'offered', $5, $6, $7, $8, $9, $10, $11)",
        new.id.0,
        new.pitch.0,
        new.company.0,
        new.by.0,
        new.note,
        new.template.0,
        new.template_version,
        new.extra_terms,
        new.document,
        new.sha256,
        new.at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn sign(tx: &mut PgConnection, id: ReleaseId, by: AccountId, at: Time) -> Result<()> {
    sqlx::query!(
        "update releases set status = 'signed', signed_by = $2, signed_at = $3 where id = $1",
        id.0,
        by.0,
        at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends a release: refused, withdrawn or ended; without a side the system does.
pub async fn end(
    tx: &mut PgConnection,
    id: ReleaseId,
    to: ReleaseStatus,
    by: Option<Side>,
    reason: &str,
    at: Time,
) -> Result<()> {
    sqlx::query!(
        "update releases set status = $2, ended_by = $3, reason = $4, ended_at = $5 where id = $1",
        id.0,
        to.word(),
        by.map(Side::word),
        reason,
        at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn add_signature(tx: &mut PgConnection, id: ReleaseId, new: NewSignature<'_>) -> Result<()> {
    sqlx::query!(
        "insert into release_signatures (release_id, party, account_id, organisation_id, organisation_name, legal_name, email,
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

/// Records that the text was opened; the first time counts. It never changes, so that the release says which one.
pub async fn add_opening(tx: &mut PgConnection, id: ReleaseId, new: NewOpening<'_>) -> Result<()> {
    sqlx::query!(
        "insert into release_openings (release_id, account_id, opened_at, address, user_agent)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
        id.0,
        new.account.0,
        new.at,
        new.address,
        new.user_agent,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Records that the text was read to its end by who has opened it. The first time counts.
pub async fn read_to_end(tx: &mut PgConnection, id: ReleaseId, who: AccountId, at: Time) -> Result<()> {
    sqlx::query!(
        "update release_openings set read_to_end_at = coalesce(read_to_end_at, $3)
         where release_id = $1 and account_id = $2",
        id.0,
        who.0,
        at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn was_opened(tx: &mut PgConnection, id: ReleaseId, who: AccountId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select 1 from release_openings where release_id = $1 and account_id = $2) as "opened!""#,
        id.0,
        who.0,
    )
    .fetch_one(tx)
    .await?)
}

/// Who speaks for the company: who offered, while they have a seat, else the first of its owners or editors.
pub async fn speaker(tx: &mut PgConnection, company: OrganisationId, offered_by: AccountId) -> Result<AccountId> {
    let speaker = sqlx::query_scalar!(
        r#"select account_id as "id: AccountId" from seats
           where organisation_id = $1 and (account_id = $2 or role in ('owner', 'editor'))
           order by (account_id = $2) desc, role = 'owner' desc, account_id limit 1"#,
        company.0,
        offered_by.0,
    )
    .fetch_optional(tx)
    .await?;
    Ok(speaker.unwrap_or(offered_by))
}
