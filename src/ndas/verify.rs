//! Whether a file is the sealed paper of an NDA or a release. Anyone may ask; what it says is told to its parties only.

use multer::Multipart;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{
    model::{Agreement, Checked, PaperFacts, Verdict},
    sealing, seals, service, store,
};
use crate::{
    accounts::{door::Visitor, model::Viewer},
    platform::{Platform, seal},
    shared::error::{AppError, Result},
};

/// The most bytes of a file that is looked at; papers of ours are far smaller.
pub const MOST: usize = 20 * 1024 * 1024;

/// What was found in a file: enough to look it up again without the file. Kept for the browser that sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub sha256: String,
    /// It is, or once was, the paper of this.
    pub of: Option<Agreement>,
    /// A seal of ours is in it, or a mark that we put into our papers.
    pub ours: bool,
}

impl Found {
    /// How an address names it: for whom the file is, the rest is kept.
    pub fn word(&self) -> &str {
        self.sha256.get(..16).unwrap_or_default()
    }
}

/// Reads a posted form with one file, `file`, and says what it is.
pub async fn look(visitor: &Visitor, form: Multipart<'static>) -> Result<Found> {
    visitor.platform.limits.checked_file(&visitor.client.address)?;
    let file = read(form).await?;
    if file.is_empty() {
        return Err(AppError::field("file", "Please choose a file first."));
    }
    identify(&visitor.platform, &file).await
}

async fn read(mut form: Multipart<'static>) -> Result<Vec<u8>> {
    let broken = |_| AppError::field("file", "The upload broke off before its end. Please try again.");
    let mut file = Vec::new();
    let Some(mut field) = form.next_field().await.map_err(broken)?.filter(|f| f.name() == Some("file")) else {
        return Ok(file);
    };
    let mut too_large = false;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        // The rest is read and dropped: a browser that is still sending does not listen.
        too_large |= file.len() + chunk.len() > MOST;
        if !too_large {
            file.extend_from_slice(&chunk);
        }
    }
    if too_large {
        let message = format!("This file is larger than {} MB; no paper of ours is.", MOST / 1_048_576);
        return Err(AppError { fields: AppError::field("file", &message).fields, ..AppError::too_large(message) });
    }
    Ok(file)
}

async fn identify(platform: &Platform, file: &[u8]) -> Result<Found> {
    let sha256: [u8; 32] = Sha256::digest(file).into();
    let marks = seal::marks(file);
    let mut db = platform.db.acquire().await?;
    let mut of = seals::of_checksum(&mut db, &sha256).await?.map(|(of, _)| of);
    for mark in marks.iter().filter_map(|mark| sealing::marked(mark)) {
        if of.is_none() && seals::is_sealed(&mut db, mark).await? {
            of = Some(mark);
        }
    }
    Ok(Found { sha256: hex::encode(sha256), ours: of.is_some() || platform.seal.is_in(file), of })
}

/// What is to be said of a file that was looked at.
pub async fn verdict(visitor: &Visitor, found: &Found) -> Result<Checked> {
    let mut db = visitor.platform.db.acquire().await?;
    let sha256 = hex::decode(&found.sha256).unwrap_or_default();
    let sealed = seals::of_checksum(&mut db, &sha256).await?;
    let (verdict, of) = match (sealed, found.ours) {
        (Some((of, at)), _) => (Verdict::Valid { sealed_at: at }, Some(of)),
        (None, true) => (Verdict::Altered, found.of),
        (None, false) => (Verdict::Unknown, None),
    };
    let facts = match (of, &visitor.viewer) {
        (Some(of), Some(viewer)) => facts(&mut db, viewer, of).await?,
        _ => None,
    };
    Ok(Checked { sha256: found.sha256.clone(), verdict, facts })
}

/// What the certificate says, for a party.
async fn facts(db: &mut PgConnection, viewer: &Viewer, of: Agreement) -> Result<Option<PaperFacts>> {
    let found = match of {
        Agreement::Nda(nda) => match store::find(db, nda).await? {
            Some(row) if service::side(viewer, &row).is_some() || seals::has_signed(db, nda, viewer.id).await? => {
                Some((row.pitch_title, super::rows::signatures(db, nda).await?))
            }
            _ => None,
        },
        Agreement::Release(release) => seals::facts_of_release(db, viewer, release).await?,
    };
    Ok(found.map(|(pitch_title, signatures)| PaperFacts { of, pitch_title, signatures }))
}
