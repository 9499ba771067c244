//! The SQL of papers and their seals.

use sqlx::PgConnection;

use super::{
    model::{Agreement, Sealed, Side, Signature},
    paper::{Facts, PartyFacts},
    rows,
};
use crate::{
    accounts::model::Viewer,
    media::{self, service::Received},
    shared::{
        error::{AppError, Result},
        ids::{AccountId, FileId, NdaId, PitchId, ReleaseId},
        time::Time,
    },
};

/// A signed NDA whose paper is to be made.
#[derive(Clone, Debug)]
pub struct Signed {
    pub nda: NdaId,
    pub pitch_id: PitchId,
    pub pitch_title: String,
    /// Who signed for the owner.
    pub owner_id: AccountId,
    pub requester_id: AccountId,
    pub template: String,
    pub template_version: i32,
    pub document: String,
    pub sha256: Vec<u8>,
    /// The uploaded PDF that the document names.
    pub pages: Option<FileId>,
    pub signed_at: Time,
    pub expires_at: Time,
}

/// Locks an NDA; whether it has a paper is asked afterwards, because who held it before may have made it.
pub async fn lock(tx: &mut PgConnection, nda: NdaId) -> Result<()> {
    sqlx::query!("select id from ndas where id = $1 for update", nda.0).fetch_optional(tx).await?;
    Ok(())
}

/// A signed NDA that has no paper; `None` where there is nothing to do.
pub async fn find_unsealed(db: &mut PgConnection, nda: NdaId) -> Result<Option<Signed>> {
    Ok(sqlx::query_as!(
        Signed,
        r#"select n.id as "nda: NdaId", n.pitch_id as "pitch_id: PitchId", p.title as pitch_title,
             n.decided_by as "owner_id!: AccountId", n.requester_id as "requester_id: AccountId", t.name as template,
             n.template_version as "template_version!", n.document as "document!", n.document_sha256 as "sha256!",
             v.file_id as "pages: FileId", n.signed_at as "signed_at!", n.expires_at as "expires_at!"
           from ndas n join pitches p on p.id = n.pitch_id join nda_templates t on t.id = n.template_id
           join nda_template_versions v on v.template_id = n.template_id and v.number = n.template_version
           where n.id = $1 and n.signed_at is not null and not exists (select from nda_seals s where s.nda_id = n.id)"#,
        nda.0,
    )
    .fetch_optional(db)
    .await?)
}

/// Whether this person's signature is on an NDA.
pub async fn has_signed(db: &mut PgConnection, nda: NdaId, who: AccountId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from nda_signatures where nda_id = $1 and account_id = $2) as "signed!""#,
        nda.0,
        who.0,
    )
    .fetch_one(db)
    .await?)
}

/// Everything that stands on its paper; `verify` is where anyone can check it.
pub async fn facts(db: &mut PgConnection, signed: &Signed, verify: String) -> Result<Facts> {
    let signatures = rows::signatures(db, signed.nda).await?;
    let openings = rows::openings(db, signed.nda).await?;
    let account = |side| if side == Side::Owner { signed.owner_id } else { signed.requester_id };
    let parties = parties(signatures, &openings, account)?;
    let pages = match signed.pages {
        Some(file) => Some(media::store::load(db, file).await?.ok_or_else(|| AppError::internal("a PDF is gone"))?),
        None => None,
    };
    Ok(Facts {
        of: Agreement::Nda(signed.nda),
        project: signed.pitch_title.clone(),
        template: signed.template.clone(),
        template_version: signed.template_version,
        document: signed.document.clone(),
        sha256: signed.sha256.clone(),
        pages,
        signed_at: signed.signed_at,
        access_until: Some(signed.expires_at),
        parties,
        verify,
    })
}

/// What was recorded of the two who signed; `account` says who stands for a side.
pub(crate) fn parties(
    signatures: Vec<Signature>,
    openings: &[(AccountId, Time, Option<Time>)],
    account: impl Fn(Side) -> AccountId,
) -> Result<Vec<PartyFacts>> {
    let mut parties = Vec::new();
    for signature in signatures {
        let account = account(signature.party);
        let opening = openings.iter().find(|(who, ..)| *who == account);
        parties.push(PartyFacts {
            opened_at: opening.map(|(_, at, _)| *at),
            read_to_end_at: opening.and_then(|(.., at)| *at),
            signature,
        });
    }
    if parties.len() != 2 {
        return Err(AppError::internal("what was signed does not have two signatures"));
    }
    Ok(parties)
}

pub async fn insert(tx: &mut PgConnection, nda: NdaId, paper: &Received) -> Result<()> {
    sqlx::query!(
        "insert into nda_seals (nda_id, file_id, sha256, sealed_at) values ($1, $2, $3, $4)",
        nda.0,
        paper.id.0,
        paper.sha256.as_slice(),
        paper.uploaded_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Signed before `before` and without a paper, oldest first.
pub async fn unsealed(db: &mut PgConnection, before: Time, limit: i64) -> Result<Vec<NdaId>> {
    Ok(sqlx::query_scalar!(
        r#"select n.id as "id: NdaId" from ndas n
           where n.signed_at < $1 and not exists (select from nda_seals s where s.nda_id = n.id)
           order by n.signed_at limit $2"#,
        before,
        limit,
    )
    .fetch_all(db)
    .await?)
}

/// The paper of an NDA.
pub async fn of_nda(db: &mut PgConnection, nda: NdaId) -> Result<Option<Sealed>> {
    let row = sqlx::query!(
        r#"select s.file_id as "file: FileId", s.sha256, s.sealed_at, f.size from nda_seals s join files f on f.id = s.file_id
           where s.nda_id = $1"#,
        nda.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| Sealed { file: r.file, size: r.size, sha256: hex::encode(r.sha256), at: r.sealed_at }))
}

pub async fn of_file(db: &mut PgConnection, file: FileId) -> Result<Option<NdaId>> {
    Ok(sqlx::query_scalar!(r#"select nda_id as "nda: NdaId" from nda_seals where file_id = $1"#, file.0)
        .fetch_optional(db)
        .await?)
}

/// Whether there is a paper of this.
pub async fn is_sealed(db: &mut PgConnection, of: Agreement) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from nda_seals where nda_id = $1)
             or exists (select from release_seals where release_id = $1) as "sealed!""#,
        of.id(),
    )
    .fetch_one(db)
    .await?)
}

/// What the paper with this checksum is of, and when it was sealed.
pub async fn of_checksum(db: &mut PgConnection, sha256: &[u8]) -> Result<Option<(Agreement, Time)>> {
    let row = sqlx::query!(
        r#"select nda_id as "nda?: NdaId", null::uuid as "release?: ReleaseId", sealed_at as "sealed_at!"
           from nda_seals where sha256 = $1
           union all select null, release_id, sealed_at from release_seals where sha256 = $1"#,
        sha256,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|r| {
        let of = r.nda.map(Agreement::Nda).or(r.release.map(Agreement::Release))?;
        Some((of, r.sealed_at))
    }))
}

/// The project of a release, and what was recorded with its signatures, if `viewer` is of one of its sides or signed it.
pub async fn facts_of_release(
    db: &mut PgConnection,
    viewer: &Viewer,
    release: ReleaseId,
) -> Result<Option<(String, Vec<Signature>)>> {
    let title = sqlx::query_scalar!(
        "select p.title from releases r join pitches p on p.id = r.pitch_id
         where r.id = $1 and (r.organisation_id = $3 or p.organisation_id = $3 or p.organisation_id is null and p.owner_id = $2
           or exists (select from release_signatures s where s.release_id = r.id and s.account_id = $2))",
        release.0,
        viewer.id.0,
        viewer.organisation().map(|o| o.0),
    )
    .fetch_optional(&mut *db)
    .await?;
    match title {
        Some(title) => Ok(Some((title, signatures_of_release(db, release).await?))),
        None => Ok(None),
    }
}

/// What was recorded with the signatures of a release, the company's first.
pub(crate) async fn signatures_of_release(db: &mut PgConnection, release: ReleaseId) -> Result<Vec<Signature>> {
    Ok(sqlx::query_as!(
        Signature,
        r#"select s.party as "party: Side", s.account_name as account, s.organisation_name as organisation, s.legal_name,
             s.email, s.consent_version, s.at, null::timestamptz as "given_at?", s.address, s.user_agent
           from release_signatures s
           where s.release_id = $1 order by s.at, s.party desc"#,
        release.0,
    )
    .fetch_all(db)
    .await?)
}
