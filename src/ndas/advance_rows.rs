//! The SQL of signatures given in advance.

use sqlx::PgConnection;

use super::{
    approval::OwnersSignature,
    owner_model::{Advance, Choice},
};
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

/// A signature given in advance: when, for which text.
#[derive(Clone, Debug)]
pub struct AdvanceRow {
    pub id: AdvanceId,
    pub at: Time,
    pub template_id: TemplateId,
    pub template_version: i32,
    /// Of the words it was given for; `None` of old ones, of which nobody knows.
    pub text_sha256: Option<Vec<u8>>,
    pub signed: OwnersSignature,
}

/// What stands for a pitch, held against being ended meanwhile: as long as who gave it still decides for the owner.
pub async fn in_force(tx: &mut PgConnection, pitch: PitchId) -> Result<Option<AdvanceRow>> {
    let row = sqlx::query!(
        r#"select a.id as "id: AdvanceId", a.given_by as "given_by: AccountId", a.account_name, g.handle, a.legal_name, a.email,
             a.template_id as "template_id: TemplateId", a.template_version, a.text_sha256, a.term_days, a.extra_terms,
             a.consent_version, a.at, a.address, a.user_agent
           from nda_advances a join accounts g on g.id = a.given_by join pitches p on p.id = a.pitch_id
           where a.pitch_id = $1 and a.ended_at is null
             and case when p.organisation_id is null then p.owner_id = a.given_by
               else exists (select from seats s where s.organisation_id = p.organisation_id and s.account_id = a.given_by
                 and s.role in ('owner', 'editor')) end
           for share of a"#,
        pitch.0,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| AdvanceRow {
        id: row.id,
        at: row.at,
        template_id: row.template_id,
        template_version: row.template_version,
        text_sha256: row.text_sha256,
        signed: OwnersSignature {
            account: row.given_by,
            name: row.account_name,
            handle: row.handle,
            email: row.email,
            legal_name: row.legal_name,
            term: row.term_days,
            extra: row.extra_terms,
            consent_version: row.consent_version,
            address: row.address,
            user_agent: row.user_agent,
        },
    }))
}

/// What stands for a pitch, as its owner reads it, and the checksum of the words it was given for.
pub async fn of_pitch(db: &mut PgConnection, pitch: PitchId) -> Result<Option<(Advance, Option<Vec<u8>>)>> {
    let row = sqlx::query!(
        r#"select a.legal_name, g.name as given_by, a.at, a.term_days, a.extra_terms, a.template_version, t.name as template,
             a.template_id as "template_id: TemplateId", a.text_sha256,
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
    Ok(row.map(|row| {
        let advance = Advance {
            legal_name: row.legal_name,
            given_by: row.given_by,
            at: row.at,
            term_days: row.term_days,
            extra_terms: row.extra_terms,
            template: Choice { id: row.template_id, name: row.template, version: row.template_version },
            newer_version: (row.newest > row.template_version).then_some(row.newest),
            outdated: false,
            used: row.used,
            works: row.works,
        };
        (advance, row.text_sha256)
    }))
}

/// Writes one for `pitch`; `one_advance_per_pitch` keeps a second one out.
pub async fn insert(tx: &mut PgConnection, pitch: PitchId, new: &AdvanceRow) -> Result<(), sqlx::Error> {
    let signed = &new.signed;
    sqlx::query!(
        "insert into nda_advances (id, pitch_id, given_by, account_name, legal_name, email, template_id, template_version,
           text_sha256, term_days, extra_terms, consent_version, at, address, user_agent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        new.id.0,
        pitch.0,
        signed.account.0,
        signed.name,
        signed.legal_name,
        signed.email,
        new.template_id.0,
        new.template_version,
        new.text_sha256,
        signed.term,
        signed.extra,
        signed.consent_version,
        new.at,
        signed.address,
        signed.user_agent,
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
