//! Approving: the owner's signature, which fixes the document. One request, several at once, or given in advance.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{
    consent, letters,
    model::{NdaStatus, Side, Step},
    rules, service,
    store::{self, NdaRow},
    template::{self, Values},
    template_rows::Whose,
    texts::{Chosen, TemplateText},
};
use crate::{
    accounts::door::Caller,
    platform::{Platform, mail::queue_letter},
    shared::{
        error::Result,
        ids::{AccountId, AdvanceId, NdaId},
        text::Complaints,
        time::{self, Time},
    },
};

/// What an owner types and chooses to approve.
#[derive(Clone, Debug, Default)]
pub struct ApproveForm {
    pub full_legal_name: String,
    pub term_in_days: String,
    pub extra_terms: String,
    /// A template's id; empty: what the project begins with.
    pub template_id: String,
    /// The texts that were on the screen.
    pub template_shown: String,
    pub password: Option<String>,
}

/// The form, once it holds.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    pub name: String,
    pub term: i32,
    pub extra: String,
    pub chosen: Chosen,
}

impl ApproveForm {
    /// Out of the fields of a larger form.
    pub fn read(mut fields: BTreeMap<String, String>) -> Self {
        let mut take = |name: &str| fields.remove(name);
        Self {
            full_legal_name: take("full_legal_name").unwrap_or_default(),
            term_in_days: take("term_in_days").unwrap_or_default(),
            extra_terms: take("extra_terms").unwrap_or_default(),
            template_id: take("template_id").unwrap_or_default(),
            template_shown: take("template_shown").unwrap_or_default(),
            password: take("password"),
        }
    }

    /// Looks at every field, `complaints` of others included, then asks who it is.
    pub(super) async fn checked(&self, caller: &Caller, mut complaints: Complaints) -> Result<Terms> {
        let name = complaints.take(rules::legal_name(&self.full_legal_name));
        let term = complaints.take(rules::term(&self.term_in_days));
        let extra = complaints.take(rules::extra_terms(&self.extra_terms));
        complaints.done()?;
        let chosen = Chosen::typed(&self.template_id, &self.template_shown)?;
        caller.email_verified()?;
        caller.step_up(self.password.as_deref()).await?;
        Ok(Terms {
            name: name.unwrap_or_default(),
            term: term.unwrap_or(rules::DEFAULT_TERM),
            extra: extra.unwrap_or_default(),
            chosen,
        })
    }
}

/// Approves a request: fixes the document and signs it for the owner.
pub async fn approve(caller: &Caller, id: NdaId, form: &ApproveForm) -> Result<()> {
    service::may_try(caller, id, Step::Approve).await?;
    let terms = form.checked(caller, Complaints::default()).await?;
    approve_one(caller, id, &terms).await
}

/// Approves one request in a transaction of its own.
pub(super) async fn approve_one(caller: &Caller, id: NdaId, terms: &Terms) -> Result<()> {
    let (viewer, now) = (&caller.viewer, caller.platform.now());
    let mut tx = caller.platform.begin().await?;
    let nda = service::lock_for(&mut tx, caller, id, Step::Approve, now).await?;
    service::needs_published(&nda)?;
    let whose = Whose { owner: nda.owner_id, organisation: nda.owner_organisation_id };
    let text = terms.chosen.text(&mut tx, nda.pitch_id, whose, now).await?;
    let signed = OwnersSignature {
        account: viewer.id,
        name: &viewer.name,
        handle: &viewer.handle,
        email: &viewer.email,
        legal_name: &terms.name,
        term: terms.term,
        extra: &terms.extra,
        consent_version: consent::VERSION,
        address: &caller.client.address,
        user_agent: &caller.client.user_agent,
        advance: None,
    };
    conclude(&mut tx, &caller.platform, &nda, &text, &signed, now).await?;
    service::record(&mut tx, Some(viewer), &nda, NdaStatus::Approved.word(), now).await?;
    Ok(tx.commit().await?)
}

/// The owner's signature and what it is given for, now or in advance.
#[derive(Clone, Debug)]
pub(super) struct OwnersSignature<'a> {
    pub account: AccountId,
    /// Of the account, as the document names the owner.
    pub name: &'a str,
    pub handle: &'a str,
    pub email: &'a str,
    pub legal_name: &'a str,
    pub term: i32,
    pub extra: &'a str,
    pub consent_version: &'a str,
    pub address: &'a str,
    pub user_agent: &'a str,
    /// Given in advance, and when.
    pub advance: Option<(AdvanceId, Time)>,
}

/// Fixes the document of a locked request, signs it for the owner and tells who asked. Returns the document's checksum.
pub(super) async fn conclude(
    tx: &mut PgConnection,
    platform: &Platform,
    nda: &NdaRow,
    text: &TemplateText,
    signed: &OwnersSignature<'_>,
    now: Time,
) -> Result<Vec<u8>> {
    let values = values(tx, platform, nda, signed, text.choice.version, now).await?;
    let document = template::render(&text.body, &values)?;
    let sha256 = Sha256::digest(document.as_bytes()).to_vec();
    let lapses_at = rules::lapses_at(now);
    let approval = store::Approval {
        by: signed.account,
        at: now,
        legal_name: signed.legal_name,
        template: text.choice.id,
        template_version: text.choice.version,
        term_days: signed.term,
        extra_terms: signed.extra,
        document: &document,
        sha256: &sha256,
        lapses_at,
        advance: signed.advance.map(|(id, _)| id),
    };
    store::approve(tx, nda.id, approval).await?;
    let signature = store::NewSignature {
        party: Side::Owner,
        account: signed.account,
        organisation: nda.owner_organisation_id,
        legal_name: signed.legal_name,
        email: signed.email,
        consent_version: signed.consent_version,
        document_sha256: &sha256,
        at: now,
        address: signed.address,
        user_agent: signed.user_agent,
    };
    store::add_signature(tx, nda.id, signature).await?;
    let requester = store::person(tx, nda.requester_id).await?;
    queue_letter(tx, letters::approved(platform, &requester, nda, lapses_at)).await?;
    Ok(sha256)
}

async fn values(
    tx: &mut PgConnection,
    platform: &Platform,
    nda: &NdaRow,
    signed: &OwnersSignature<'_>,
    version: i32,
    now: Time,
) -> Result<Values> {
    let link = |path: String| platform.link(&path);
    let requester = store::person(tx, nda.requester_id).await?;
    let requester_organisation = store::organisation_name(tx, nda.requester_organisation_id).await?;
    let owner_organisation = store::organisation_name(tx, nda.owner_organisation_id).await?;
    let owner_profile = link(format!("/people/{}", signed.handle));
    let requester_profile = link(format!("/people/{}", requester.handle));
    let approved_on = match signed.advance {
        Some((_, given)) => format!("{}, by a signature given in advance on {}", time::exact(now), time::exact(given)),
        None => time::exact(now),
    };
    Ok(Values {
        owner_party: template::owner_party(signed.name, &owner_profile, owner_organisation.as_deref()),
        requester_party: template::requester_party(
            &requester.name,
            &requester_profile,
            requester_organisation.as_deref(),
        ),
        project_title: nda.pitch_title.clone(),
        project_address: link(format!("/pitch/{}", nda.pitch_slug)),
        purpose: nda.purpose.clone(),
        term_days: signed.term.to_string(),
        extra_terms: signed.extra.to_string(),
        owner_legal_name: signed.legal_name.to_string(),
        approved_on,
        template_version: version.to_string(),
    })
}
