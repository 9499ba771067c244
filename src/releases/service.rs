//! One function per thing a person does with a release: look through their access, lock, decide, write, record, commit.

use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{
    jobs::SealRelease,
    letters,
    model::{ReleaseStatus, ReleaseStep},
    rules,
    store::{self, NewOffer, ReleaseRow},
    text::{self, Values},
};
use crate::{
    accounts::{door::Caller, model::Viewer},
    messages,
    ndas::{
        self,
        model::Side,
        owner_model::TemplateKind,
        rules::{decides, extra_terms, legal_name, note, owns, reason},
        service::{SignForm, signature},
        store::{PitchRow, hold_published},
        template,
        template_rows::Whose,
        texts::{self, Chosen, TemplateText},
    },
    platform::{
        Platform, db,
        mail::queue_letter,
        outbox::{self, Event},
        queue,
    },
    shared::{
        error::{AppError, Result},
        ids::{OrganisationId, PitchId, ReleaseId, ThreadId},
        text::Complaints,
        time::{self, Time},
    },
};

/// What the system says at the beginning of the conversation that a signature opens.
const FIRST_WORDS: &str = "The submission release is signed by both of you. This conversation is about this project; what is \
     said here about what is behind the NDA is covered by the release.";

/// What a company types and chooses to offer its release.
#[derive(Clone, Debug, Default)]
pub struct OfferForm {
    pub full_legal_name: String,
    pub extra_terms: String,
    pub message_with_the_offer: String,
    /// A template's id; empty: the standard release.
    pub template_id: String,
    /// The text that was on the screen.
    pub template_shown: String,
    pub password: Option<String>,
}

/// The form, once it holds.
struct Typed {
    name: String,
    extra: String,
    note: String,
    chosen: Chosen,
}

impl OfferForm {
    /// Looks at every field, then asks who it is.
    async fn checked(&self, caller: &Caller) -> Result<Typed> {
        let mut complaints = Complaints::default();
        let name = complaints.take(legal_name(&self.full_legal_name));
        let extra = complaints.take(extra_terms(&self.extra_terms));
        let note = complaints.take(note("message_with_the_offer", &self.message_with_the_offer));
        complaints.done()?;
        let chosen = Chosen::typed(&self.template_id, &self.template_shown)?;
        caller.step_up(self.password.as_deref()).await?;
        Ok(Typed {
            name: name.unwrap_or_default(),
            extra: extra.unwrap_or_default(),
            note: note.unwrap_or_default(),
            chosen,
        })
    }
}

/// Offers the caller's company's release on a published pitch: fixes the document and signs it for the company.
pub async fn offer(caller: &Caller, pitch: PitchId, form: &OfferForm) -> Result<ReleaseId> {
    let (viewer, now) = (&caller.viewer, caller.platform.now());
    // Asked before anything that was typed is looked at, and again when all of it holds.
    held(&mut *caller.platform.db.acquire().await?, viewer, pitch).await?;
    let typed = form.checked(caller).await?;
    let mut tx = caller.platform.begin().await?;
    let (about, company) = held(&mut tx, viewer, pitch).await?;
    store::queue_up(&mut tx, company).await?;
    if let Some(last) = store::lock_newest(&mut tx, pitch, company).await? {
        rules::may_offer_again(last.status, last.ended_at.unwrap_or(last.offered_at), now)?;
    }
    within_limit(&mut tx, company, now).await?;
    let template = chosen_text(&mut tx, caller, &typed.chosen, now).await?;
    let document = document(&mut tx, caller, pitch, &about, &template, &typed, now).await?;
    let (id, sha256) = (ReleaseId::new(), Sha256::digest(document.as_bytes()));
    let new = NewOffer {
        id,
        pitch,
        company,
        by: viewer.id,
        note: &typed.note,
        template: template.choice.id,
        template_version: template.choice.version,
        extra_terms: &typed.extra,
        document: &document,
        sha256: &sha256,
        at: now,
    };
    store::insert(&mut tx, new).await.map_err(|error| {
        if db::violates(&error, "one_open_release") {
            AppError::conflict("Your company has offered its release already.")
        } else {
            error.into()
        }
    })?;
    let signature = signature(caller, Side::Requester, Some(company), &typed.name, &sha256, now);
    store::add_signature(&mut tx, id, signature).await?;
    let event = Event::new(now, Some(viewer.id), id.0, "release.offered", payload(pitch, company))?;
    outbox::record(&mut tx, event.for_organisation(Some(company))).await?;
    let company_name = viewer.seat.as_ref().map_or(&viewer.name, |seat| &seat.organisation_name);
    for to in ndas::store::deciders(&mut tx, about.owner_id, about.organisation_id).await? {
        queue_letter(&mut tx, letters::offered(&caller.platform, &to, &about.title, company_name, id)).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// A published pitch, held against being unpublished meanwhile, and the company for which the viewer may offer on it.
async fn held(tx: &mut PgConnection, viewer: &Viewer, pitch: PitchId) -> Result<(PitchRow, OrganisationId)> {
    let about = hold_published(tx, pitch).await?.ok_or_else(AppError::not_found)?;
    let company = rules::may_offer(viewer, about.owner_id, about.organisation_id)?;
    Ok((about, company))
}

/// The text that was chosen, in the version that was on the screen.
async fn chosen_text(tx: &mut PgConnection, caller: &Caller, chosen: &Chosen, now: Time) -> Result<TemplateText> {
    let kind = TemplateKind::Release;
    let id = chosen.template.unwrap_or(kind.standard_id());
    let text = texts::named(tx, kind, id, Whose::of(&caller.viewer), now).await?;
    chosen.was_shown(&text.choice).map(|()| text)
}

/// The whole text that both sign.
async fn document(
    tx: &mut PgConnection,
    caller: &Caller,
    pitch: PitchId,
    about: &PitchRow,
    template: &TemplateText,
    typed: &Typed,
    now: Time,
) -> Result<String> {
    let (viewer, link) = (&caller.viewer, |path: String| caller.platform.link(&path));
    let profile = |handle: &str| link(format!("/people/{handle}"));
    let owner = ndas::store::person(tx, about.owner_id).await?;
    let owner_profile = profile(&owner.handle);
    let named = !store::keeps_owners_name(tx, pitch).await?;
    let owner_organisation = ndas::store::organisation_name(tx, about.organisation_id).await?;
    let company = viewer.seat.as_ref().map(|seat| seat.organisation_name.as_str());
    let values = Values {
        company_party: template::owner_party(&viewer.name, &profile(&viewer.handle), company),
        owner_party: text::owner_party(
            named.then_some((owner.name.as_str(), owner_profile.as_str())),
            owner_organisation.as_deref().filter(|_| named),
        ),
        project_title: about.title.clone(),
        project_address: link(format!("/pitch/{}", about.slug)),
        extra_terms: typed.extra.clone(),
        company_legal_name: typed.name.clone(),
        offered_on: time::exact(now),
        template_version: template.choice.version,
    };
    text::document(&template.body, &values)
}

/// 10 offers per company in 24 hours.
async fn within_limit(tx: &mut PgConnection, company: OrganisationId, now: Time) -> Result<()> {
    let day = chrono::TimeDelta::hours(24);
    let times = store::offer_times(tx, company, now - day).await?;
    match times.get(rules::OFFERS_PER_DAY - 1) {
        None => Ok(()),
        Some(tenth) => {
            let wait = (*tenth + day - now).num_seconds().max(1);
            Err(AppError::too_many(
                "Your company has offered ten releases in 24 hours, which is as many as we pass on. Please come back tomorrow.",
                u32::try_from(wait).unwrap_or(u32::MAX),
            ))
        }
    }
}

/// Signs an offered release for the owner: access begins, and a conversation between the two opens.
pub async fn sign(caller: &Caller, id: ReleaseId, form: &SignForm) -> Result<ThreadId> {
    may_try(caller, id, ReleaseStep::Sign).await?;
    let mut complaints = Complaints::default();
    let tick = "Please tick this to sign electronically, or ask for paper.";
    complaints.unless(form.agree_electronic, "agree_electronic", tick);
    let name = complaints.take(legal_name(&form.full_legal_name));
    complaints.done()?;
    let name = name.unwrap_or_default();
    caller.email_verified()?;
    caller.step_up(form.password.as_deref()).await?;

    let (viewer, now) = (&caller.viewer, caller.platform.now());
    let mut tx = caller.platform.begin().await?;
    let release = lock_for(&mut tx, caller, id, ReleaseStep::Sign).await?;
    if !release.pitch_published {
        return Err(AppError::conflict("This project is not published at the moment, so its open releases end."));
    }
    same_document(&release, &form.document_sha256)?;
    if !store::was_opened(&mut tx, id, viewer.id).await? {
        return Err(AppError::conflict("Please open the text first: a signature needs that it was in front of you."));
    }
    store::sign(&mut tx, id, viewer.id, now).await?;
    let sha256 = &release.document_sha256;
    let signature = signature(caller, Side::Owner, release.owner_organisation_id, &name, sha256, now);
    store::add_signature(&mut tx, id, signature).await?;
    let company = store::speaker(&mut tx, release.company_id, release.offered_by).await?;
    let thread = messages::service::open(&mut tx, release.pitch_id, viewer.id, company, FIRST_WORDS, now).await?;
    record(&mut tx, Some(viewer), &release, ReleaseStatus::Signed, now).await?;
    queue::add(&mut tx, &SealRelease { release_id: id }).await?;
    tx.commit().await?;
    Ok(thread)
}

/// Refuses an offered release, with a reason.
pub async fn refuse(caller: &Caller, id: ReleaseId, typed: &str) -> Result<()> {
    finish(caller, id, ReleaseStep::Refuse, Some(typed)).await
}

/// Takes an offer back, as long as nobody has signed it.
pub async fn withdraw(caller: &Caller, id: ReleaseId) -> Result<()> {
    finish(caller, id, ReleaseStep::Withdraw, None).await
}

/// Ends a signed release, with a reason: access ends at once, the duties do not. Either side may.
pub async fn end(caller: &Caller, id: ReleaseId, typed: &str) -> Result<()> {
    finish(caller, id, ReleaseStep::End, Some(typed)).await
}

/// Takes a step after which nothing follows.
async fn finish(caller: &Caller, id: ReleaseId, step: ReleaseStep, typed: Option<&str>) -> Result<()> {
    may_try(caller, id, step).await?;
    let reason = typed.map(reason).transpose().map_err(|e| AppError::fields(vec![e]))?.unwrap_or_default();
    let mut tx = caller.platform.begin().await?;
    let release = lock_for(&mut tx, caller, id, step).await?;
    let to = rules::transition(release.status, step)?;
    close(&mut tx, &caller.platform, Some(&caller.viewer), &release, to, &reason).await?;
    Ok(tx.commit().await?)
}

/// Ends a locked release and writes to the other side. Without a viewer the system does, and the company is told.
pub(super) async fn close(
    tx: &mut PgConnection,
    platform: &Platform,
    by: Option<&Viewer>,
    release: &ReleaseRow,
    to: ReleaseStatus,
    reason: &str,
) -> Result<()> {
    let now = platform.now();
    let by_side = by.and_then(|viewer| side(viewer, release));
    store::end(tx, release.id, to, by_side, reason, now).await?;
    record(tx, by, release, to, now).await?;
    let told = match by_side {
        Some(Side::Requester) => ndas::store::deciders(tx, release.owner_id, release.owner_organisation_id).await?,
        _ => ndas::store::deciders(tx, release.offered_by, Some(release.company_id)).await?,
    };
    for to_whom in told {
        queue_letter(tx, letters::ended(platform, &to_whom, release, to, reason)).await?;
    }
    Ok(())
}

/// Records that the owner's side read the text to its end.
pub async fn read_to_end(caller: &Caller, id: ReleaseId, document_sha256: &str) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    let release = store::find(&mut tx, id).await?.ok_or_else(AppError::not_found)?;
    if side(&caller.viewer, &release).is_none() {
        return Err(AppError::not_found());
    }
    same_document(&release, document_sha256)?;
    store::read_to_end(&mut tx, id, caller.viewer.id, caller.platform.now()).await?;
    Ok(tx.commit().await?)
}

/// Goes on when the text that was on the screen is the release's.
fn same_document(release: &ReleaseRow, shown: &str) -> Result<()> {
    if hex::encode(&release.document_sha256) == shown.trim().to_ascii_lowercase() {
        Ok(())
    } else {
        Err(AppError::conflict(
            "The text has changed since you opened it. Please load the page again and read it once more.",
        ))
    }
}

/// Which side of `release` the viewer is on; `None`: it is none of theirs.
pub(super) fn side(viewer: &Viewer, release: &ReleaseRow) -> Option<Side> {
    if viewer.sits_in(release.company_id) {
        Some(Side::Requester)
    } else if owns(viewer, release.owner_id, release.owner_organisation_id) {
        Some(Side::Owner)
    } else {
        None
    }
}

/// Whether the viewer's seat acts for their side, or reads along.
pub(super) fn acts(viewer: &Viewer, release: &ReleaseRow, side: Side) -> bool {
    match side {
        Side::Requester => viewer.edits_for(release.company_id),
        Side::Owner => decides(viewer, release.owner_id, release.owner_organisation_id),
    }
}

/// Whether `step` is the viewer's to take, and open: not found for strangers, refused for the other side.
fn follows(viewer: &Viewer, release: &ReleaseRow, step: ReleaseStep) -> Result<()> {
    let side = side(viewer, release).ok_or_else(AppError::not_found)?;
    if !rules::is_of(step, side) {
        return Err(AppError::forbidden("That is for the other side to do."));
    }
    if !acts(viewer, release, side) {
        return Err(AppError::forbidden("Your seat reads along; an owner or editor of your organisation decides."));
    }
    rules::transition(release.status, step).map(drop)
}

/// Goes on when the caller may take `step` at all; asked before anything that was typed is looked at.
async fn may_try(caller: &Caller, id: ReleaseId, step: ReleaseStep) -> Result<()> {
    let mut db = caller.platform.db.acquire().await?;
    let release = store::find(&mut db, id).await?.ok_or_else(AppError::not_found)?;
    follows(&caller.viewer, &release, step)
}

/// Locks a release for `step`. The second of two finds the first's.
async fn lock_for(tx: &mut PgConnection, caller: &Caller, id: ReleaseId, step: ReleaseStep) -> Result<ReleaseRow> {
    let release = store::lock(tx, id).await?.ok_or_else(AppError::not_found)?;
    follows(&caller.viewer, &release, step)?;
    Ok(release)
}

/// Records what happened to `release`: the word of the state it is in now.
async fn record(
    tx: &mut PgConnection,
    by: Option<&Viewer>,
    release: &ReleaseRow,
    now_it_is: ReleaseStatus,
    now: Time,
) -> Result<()> {
    let payload = payload(release.pitch_id, release.company_id);
    let event = Event::new(now, by.map(|v| v.id), release.id.0, &format!("release.{now_it_is}"), payload)?;
    outbox::record(tx, event.for_organisation(by.and_then(Viewer::organisation))).await
}

/// What an event of a release tells besides.
pub(super) fn payload(pitch: PitchId, company: OrganisationId) -> serde_json::Value {
    json!({ "pitch_id": pitch, "organisation_id": company })
}
