//! The SQL of the releases' papers and their seals.

use sqlx::PgConnection;

use super::{rows, store};
use crate::{
    media::service::Received,
    ndas::{
        model::{Agreement, Sealed, Side},
        paper::Facts,
        seals::{parties, signatures_of_release},
    },
    shared::{
        error::Result,
        ids::{AccountId, FileId, OrganisationId, PitchId, ReleaseId},
        time::Time,
    },
};

/// A signed release whose paper is to be made.
#[derive(Clone, Debug)]
pub struct Signed {
    pub release: ReleaseId,
    pub pitch_id: PitchId,
    pub pitch_title: String,
    /// Who signed for the owner.
    pub owner_id: AccountId,
    pub company_id: OrganisationId,
    /// Who signed for the company.
    pub offered_by: AccountId,
    pub template: String,
    pub template_version: i32,
    pub document: String,
    pub sha256: Vec<u8>,
    pub signed_at: Time,
}

/// A signed release that has no paper; `None` where there is nothing to do.
pub async fn find_unsealed(db: &mut PgConnection, release: ReleaseId) -> Result<Option<Signed>> {
    Ok(sqlx::query_as!(
        Signed,
        r#"select r.id as "release: ReleaseId", r.pitch_id as "pitch_id: PitchId", p.title as pitch_title,
             r.signed_by as "owner_id!: AccountId", r.organisation_id as "company_id: OrganisationId",
             r.offered_by as "offered_by: AccountId", t.name as template, r.template_version, r.document,
             r.document_sha256 as sha256, r.signed_at as "signed_at!"
           from releases r join pitches p on p.id = r.pitch_id join nda_templates t on t.id = r.template_id
           where r.id = $1 and r.signed_at is not null
             and not exists (select from release_seals s where s.release_id = r.id)"#,
        release.0,
    )
    .fetch_optional(db)
    .await?)
}

/// Everything that stands on its paper; `verify` is where anyone can check it.
pub async fn facts(db: &mut PgConnection, signed: &Signed, verify: String) -> Result<Facts> {
    let signatures = signatures_of_release(db, signed.release).await?;
    let openings = rows::openings(db, signed.release).await?;
    let account = |side| if side == Side::Owner { signed.owner_id } else { signed.offered_by };
    let parties = parties(signatures, &openings, account)?;
    Ok(Facts {
        of: Agreement::Release(signed.release),
        project: signed.pitch_title.clone(),
        template: signed.template.clone(),
        template_version: signed.template_version,
        document: signed.document.clone(),
        sha256: signed.sha256.clone(),
        pages: None,
        signed_at: signed.signed_at,
        access_until: None,
        parties,
        verify,
    })
}

/// Whether this person's signature is on a release.
pub async fn has_signed(db: &mut PgConnection, release: ReleaseId, who: AccountId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from release_signatures where release_id = $1 and account_id = $2) as "signed!""#,
        release.0,
        who.0,
    )
    .fetch_one(db)
    .await?)
}

pub async fn insert(tx: &mut PgConnection, release: ReleaseId, paper: &Received) -> Result<()> {
    sqlx::query!(
        "insert into release_seals (release_id, file_id, sha256, sealed_at) values ($1, $2, $3, $4)",
        release.0,
        paper.id.0,
        paper.sha256.as_slice(),
        paper.uploaded_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Signed before `before` and without a paper, oldest first.
pub async fn unsealed(db: &mut PgConnection, before: Time, limit: i64) -> Result<Vec<ReleaseId>> {
    Ok(sqlx::query_scalar!(
        r#"select r.id as "id: ReleaseId" from releases r
           where r.signed_at < $1 and not exists (select from release_seals s where s.release_id = r.id)
           order by r.signed_at limit $2"#,
        before,
        limit,
    )
    .fetch_all(db)
    .await?)
}

/// The paper of a release.
pub async fn of_release(db: &mut PgConnection, release: ReleaseId) -> Result<Option<Sealed>> {
    let row = sqlx::query!(
        r#"select s.file_id as "file: FileId", s.sha256, s.sealed_at, f.size
           from release_seals s join files f on f.id = s.file_id where s.release_id = $1"#,
        release.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| Sealed { file: r.file, size: r.size, sha256: hex::encode(r.sha256), at: r.sealed_at }))
}

/// The release whose paper is this file.
pub async fn of_file(db: &mut PgConnection, file: FileId) -> Result<Option<store::ReleaseRow>> {
    let id =
        sqlx::query_scalar!(r#"select release_id as "id: ReleaseId" from release_seals where file_id = $1"#, file.0)
            .fetch_optional(&mut *db)
            .await?;
    match id {
        Some(id) => store::find(db, id).await,
        None => Ok(None),
    }
}
