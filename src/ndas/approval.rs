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
    conclude(&mut tx, &caller.platform, &nda, &text, &OwnersSignature::of(caller, terms), None, now).await?;
    service::record(&mut tx, Some(viewer), &nda, NdaStatus::Approved.word(), now).await?;
    Ok(tx.commit().await?)
}

/// The owner's signature and what it is given for, now or in advance.
#[derive(Clone, Debug)]
pub(super) struct OwnersSignature {
    pub account: AccountId,
    /// Of the account, as the document names the owner.
    pub name: String,
    pub handle: String,
    pub email: String,
    pub legal_name: String,
    pub term: i32,
    pub extra: String,
    pub consent_version: String,
    pub address: String,
    pub user_agent: String,
}

impl OwnersSignature {
    /// Of the caller, on these terms.
    pub fn of(caller: &Caller, terms: &Terms) -> Self {
        let (viewer, client) = (&caller.viewer, &caller.client);
        Self {
            account: viewer.id,
            name: viewer.name.clone(),
            handle: viewer.handle.clone(),
            email: viewer.email.clone(),
            legal_name: terms.name.clone(),
            term: terms.term,
            extra: terms.extra.clone(),
            consent_version: consent::VERSION.into(),
            address: client.address.clone(),
            user_agent: client.user_agent.clone(),
        }
    }
}

/// Fixes the document of a locked request, signs it for the owner, now or by what was given `in_advance`, and tells who asked.
pub(super) async fn conclude(
    tx: &mut PgConnection,
    platform: &Platform,
    nda: &NdaRow,
    text: &TemplateText,
    signed: &OwnersSignature,
    in_advance: Option<(AdvanceId, Time)>,
    now: Time,
) -> Result<()> {
    let approved_on = match in_advance {
        Some((_, given)) => format!("{}, by a signature given in advance on {}", time::exact(now), time::exact(given)),
        None => time::exact(now),
    };
    let values = Values { approved_on, ..values(tx, platform, nda, signed, text.choice.version).await? };
    let document = template::render(&text.body, &values)?;
    let sha256 = Sha256::digest(document.as_bytes()).to_vec();
    let lapses_at = rules::lapses_at(now);
    let approval = store::Approval {
        by: signed.account,
        at: now,
        legal_name: &signed.legal_name,
        template: text.choice.id,
        template_version: text.choice.version,
        term_days: signed.term,
        extra_terms: &signed.extra,
        document: &document,
        sha256: &sha256,
        lapses_at,
        advance: in_advance.map(|(id, _)| id),
    };
    store::approve(tx, nda.id, approval).await?;
    let signature = store::NewSignature {
        party: Side::Owner,
        account: signed.account,
        account_name: &signed.name,
        organisation: nda.owner_organisation_id,
        legal_name: &signed.legal_name,
        email: &signed.email,
        consent_version: &signed.consent_version,
        document_sha256: &sha256,
        at: now,
        address: &signed.address,
        user_agent: &signed.user_agent,
    };
    store::add_signature(tx, nda.id, signature).await?;
    let requester = store::person(tx, nda.requester_id).await?;
    queue_letter(tx, letters::approved(platform, &requester, nda, lapses_at)).await
}

/// What is filled in, but for the time.
async fn values(
    tx: &mut PgConnection,
    platform: &Platform,
    nda: &NdaRow,
    signed: &OwnersSignature,
    version: i32,
) -> Result<Values> {
    let link = |path: String| platform.link(&path);
    let requester = store::person(tx, nda.requester_id).await?;
    let requester_organisation = store::organisation_name(tx, nda.requester_organisation_id).await?;
    let owner_organisation = store::organisation_name(tx, nda.owner_organisation_id).await?;
    let owner_profile = link(format!("/people/{}", signed.handle));
    let requester_profile = link(format!("/people/{}", requester.handle));
    Ok(Values {
        owner_party: template::owner_party(&signed.name, &owner_profile, owner_organisation.as_deref()),
        requester_party: template::requester_party(
            &requester.name,
            &requester_profile,
            requester_organisation.as_deref(),
        ),
        project_title: nda.pitch_title.clone(),
        project_address: link(format!("/pitch/{}", nda.pitch_slug)),
        purpose: nda.purpose.clone(),
        term_days: signed.term.to_string(),
        extra_terms: signed.extra.clone(),
        owner_legal_name: signed.legal_name.clone(),
        approved_on: String::new(),
        template_version: version.to_string(),
    })
}
