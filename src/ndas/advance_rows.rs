//! The SQL of signatures given in advance.

use sqlx::PgConnection;

use super::owner_model::{Advance, Choice};
use crate::shared::{
    error::Result,
    ids::{AccountId, AdvanceId, OrganisationId, PitchId, TemplateId},
    time::Time,
};

/// A pitch as its owner's settings need it.
pub struct OwnPitch {
    pub owner_id: AccountId,
    pub organisation_id: Option<OrganisationId>,
    pub published: bool,
}

pub async fn pitch(db: &mut PgConnection, pitch: PitchId) -> Result<Option<OwnPitch>> {
    Ok(sqlx::query_as!(
        OwnPitch,
        r#"select owner_id as "owner_id: AccountId", organisation_id as "organisation_id: OrganisationId",
             (status = 'published') as "published!"
           from pitches where id = $1 and deleted_at is null"#,
        pitch.0,
    )
    .fetch_optional(db)
    .await?)
}

/// A signature given in advance, with who gave it.
#[derive(Clone, Debug)]
pub struct AdvanceRow {
    pub id: AdvanceId,
    pub given_by: AccountId,
    pub name: String,
    pub handle: String,
    pub legal_name: String,
    pub email: String,
    pub template_id: TemplateId,
    pub template_version: i32,
    pub term_days: i32,
    pub extra_terms: String,
    pub consent_version: String,
    pub at: Time,
    pub address: String,
    pub user_agent: String,
}

/// What stands for a pitch, held against being ended meanwhile: as long as who gave it still decides for the owner.
pub async fn in_force(tx: &mut PgConnection, pitch: PitchId) -> Result<Option<AdvanceRow>> {
    Ok(sqlx::query_as!(
        AdvanceRow,
        r#"select a.id as "id: AdvanceId", a.given_by as "given_by: AccountId", g.name, g.handle, a.legal_name, a.email,
             a.template_id as "template_id: TemplateId", a.template_version, a.term_days, a.extra_terms, a.consent_version,
             a.at, a.address, a.user_agent
           from nda_advances a join accounts g on g.id = a.given_by join pitches p on p.id = a.pitch_id
           where a.pitch_id = $1 and a.ended_at is null
             and case when p.organisation_id is null then p.owner_id = a.given_by
               else exists (select from seats s where s.organisation_id = p.organisation_id and s.account_id = a.given_by
                 and s.role in ('owner', 'editor')) end
           for share of a"#,
        pitch.0,
    )
    .fetch_optional(tx)
    .await?)
}

/// What stands for a pitch, as its owner reads it.
pub async fn of_pitch(db: &mut PgConnection, pitch: PitchId) -> Result<Option<Advance>> {
    let row = sqlx::query!(
        r#"select a.legal_name, g.name as given_by, a.at, a.term_days, a.extra_terms, a.template_version, t.name as template,
             a.template_id as "template_id: TemplateId",
             (select max(v.number) from nda_template_versions v where v.template_id = a.template_id) as "newest!",
             (select count(*) from ndas n where n.advance_id = a.id) as "used!",
             case when p.organisation_id is null then p.owner_id = a.given_by
               else exists (select from seats s where s.organisation_id = p.organisation_id and s.account_id = a.given_by
                 and s.role in ('owner', 'editor')) end as "works!"
           from nda_advances a join accounts g on g.id = a.given_by join pitches p on p.id = a.pitch_id
           join nda_templates t on t.id = a.template_id
           where a.pitch_id = $1 and a.ended_at is null"#,
        pitch.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Advance {
        legal_name: row.legal_name,
        given_by: row.given_by,
        at: row.at,
        term_days: row.term_days,
        extra_terms: row.extra_terms,
        template: Choice { id: row.template_id, name: row.template, version: row.template_version },
        newer_version: (row.newest > row.template_version).then_some(row.newest),
        used: row.used,
        works: row.works,
    }))
}

/// A signature in advance as it is written.
pub struct NewAdvance<'a> {
    pub id: AdvanceId,
    pub pitch: PitchId,
    pub given_by: AccountId,
    pub legal_name: &'a str,
    pub email: &'a str,
    pub template: &'a Choice,
    pub term_days: i32,
    pub extra_terms: &'a str,
    pub consent_version: &'a str,
    pub at: Time,
    pub address: &'a str,
    pub user_agent: &'a str,
}

/// Writes it; `one_advance_per_pitch` keeps a second one out.
pub async fn insert(tx: &mut PgConnection, new: NewAdvance<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into nda_advances (id, pitch_id, given_by, legal_name, email, template_id, template_version, term_days,
           extra_terms, consent_version, at, address, user_agent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        new.id.0,
        new.pitch.0,
        new.given_by.0,
        new.legal_name,
        new.email,
        new.template.id.0,
        new.template.version,
        new.term_days,
        new.extra_terms,
        new.consent_version,
        new.at,
        new.address,
        new.user_agent,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends what stands for a pitch; `None` when nothing does.
pub async fn end_of_pitch(tx: &mut PgConnection, pitch: PitchId, by: AccountId, at: Time) -> Result<Option<AdvanceId>> {
    Ok(sqlx::query_scalar!(
        r#"update nda_advances set ended_at = $3, ended_by = $2 where pitch_id = $1 and ended_at is null
           returning id as "id: AdvanceId""#,
        pitch.0,
        by.0,
        at,
    )
    .fetch_optional(tx)
    .await?)
}

/// Ends what stands on any version of a template.
pub async fn end_of_template(
    tx: &mut PgConnection,
    template: TemplateId,
    by: AccountId,
    at: Time,
) -> Result<Vec<(AdvanceId, PitchId)>> {
    let rows = sqlx::query!(
        r#"update nda_advances set ended_at = $3, ended_by = $2 where template_id = $1 and ended_at is null
           returning id as "id: AdvanceId", pitch_id as "pitch: PitchId""#,
        template.0,
        by.0,
        at,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.pitch)).collect())
}
