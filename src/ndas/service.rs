//! One function per thing a person does with an NDA: look through their access, lock, decide, write, record, commit.

use serde_json::json;
use sqlx::PgConnection;

pub use super::approval::{ApproveForm, approve};
use super::{
    advances::{self, Answer},
    consent,
    jobs::SealNda,
    letters,
    model::{NdaStatus, Side, Step},
    owner_model::TemplateKind,
    rules,
    store::{self, NdaRow},
};
use crate::{
    accounts::{door::Caller, model::Viewer},
    messages,
    platform::{
        Platform, db,
        mail::queue_letter,
        outbox::{self, Event},
        queue,
    },
    shared::{
        error::{AppError, Result},
        ids::{AccountId, AdvanceId, NdaId, OrganisationId, PitchId, ThreadId},
        text::Complaints,
        time::Time,
    },
};

/// What the system says at the beginning of the conversation that a signature opens.
const FIRST_WORDS: &str = "The NDA is signed by both of you. This conversation is about this project; what is said here \
     about what is behind the NDA is covered by it.";

/// What a requester types and ticks to sign.
#[derive(Clone, Debug, Default)]
pub struct SignForm {
    pub agree_electronic: bool,
    pub full_legal_name: String,
    /// Of the text that was on the screen, in hexadecimal.
    pub document_sha256: String,
    pub password: Option<String>,
}

/// A request that was passed on.
#[derive(Clone, Debug)]
pub struct Asked {
    pub nda: NdaId,
    pub pitch_slug: String,
}

/// Asks the owner of a published pitch for an NDA.
pub async fn request(caller: &Caller, pitch: PitchId, purpose: &str, note: &str) -> Result<Asked> {
    let (viewer, now) = (&caller.viewer, caller.platform.now());
    let organisation = viewer.organisation();
    let mut tx = caller.platform.begin().await?;
    let about = store::hold_published(&mut tx, pitch).await?.ok_or_else(AppError::not_found)?;
    rules::may_request(viewer, about.owner_id, about.organisation_id)?;
    let mut complaints = Complaints::default();
    let (purpose, note) =
        (complaints.take(rules::purpose(purpose)), complaints.take(rules::note("note_to_the_owner", note)));
    complaints.done()?;
    let (purpose, note) = (purpose.unwrap_or_default(), note.unwrap_or_default());

    store::queue_up(&mut tx, organisation.map_or(viewer.id.0, |o| o.0)).await?;
    if let Some(last) = store::lock_newest(&mut tx, pitch, viewer.id).await? {
        let last = settle(&mut tx, last, now).await?;
        rules::may_ask_again(last.status, last.ended_at.unwrap_or(last.requested_at), now)?;
    }
    within_limit(&mut tx, viewer.id, organisation, now).await?;
    let id = NdaId::new();
    let new =
        store::NewRequest { id, pitch, requester: viewer.id, organisation, purpose: &purpose, note: &note, at: now };
    store::insert(&mut tx, new).await.map_err(|error| {
        if db::violates(&error, "one_open_nda") { AppError::conflict("You have asked already.") } else { error.into() }
    })?;

    let answer = advances::in_force(&mut tx, pitch).await?;
    let answered = if let Answer::Given(advance, _) = &answer { Some(advance.id) } else { None };
    let payload =
        json!({ "pitch_id": pitch, "owner_id": about.owner_id, "requester_id": viewer.id, "advance_id": answered });
    let event = Event::new(now, Some(viewer.id), id.0, "nda.requested", payload)?.for_organisation(organisation);
    outbox::record(&mut tx, event).await?;
    match answer {
        Answer::Given(advance, text) => {
            advances::answer(&mut tx, &caller.platform, (&advance, &text), id, now).await?;
        }
        Answer::Outdated => ask_owner(&mut tx, caller, &about, id, true).await?,
        Answer::Waits => ask_owner(&mut tx, caller, &about, id, false).await?,
    }
    tx.commit().await?;
    Ok(Asked { nda: id, pitch_slug: about.slug })
}

/// Asks the owner to decide; `outdated`, as what they signed in advance does not.
async fn ask_owner(
    tx: &mut PgConnection,
    caller: &Caller,
    about: &store::PitchRow,
    id: NdaId,
    outdated: bool,
) -> Result<()> {
    for to in store::deciders(tx, about.owner_id, about.organisation_id).await? {
        let letter = letters::requested(&caller.platform, &to, (&about.title, &caller.viewer.name), id, outdated);
        queue_letter(tx, letter).await?;
    }
    Ok(())
}

/// 10 requests per organisation, or person, in 24 hours.
async fn within_limit(
    tx: &mut PgConnection,
    requester: AccountId,
    organisation: Option<OrganisationId>,
    now: Time,
) -> Result<()> {
    let day = chrono::TimeDelta::hours(24);
    let times = store::request_times(tx, requester, organisation, now - day).await?;
    match times.get(rules::REQUESTS_PER_DAY - 1) {
        None => Ok(()),
        Some(tenth) => {
            let wait = (*tenth + day - now).num_seconds().max(1);
            Err(AppError::too_many(
                "That makes ten requests in 24 hours, which is as many as we pass on. Please come back tomorrow.",
                u32::try_from(wait).unwrap_or(u32::MAX),
            ))
        }
    }
}

/// Declines a request, with a reason.
pub async fn decline(caller: &Caller, id: NdaId, reason: &str) -> Result<()> {
    may_try(caller, id, Step::Decline).await?;
    let reason = rules::reason(reason).map_err(|e| AppError::fields(vec![e]))?;
    let now = caller.platform.now();
    let mut tx = caller.platform.begin().await?;
    let nda = lock_for(&mut tx, caller, id, Step::Decline, now).await?;
    close(&mut tx, &caller.platform, Some(&caller.viewer), &nda, &reason, now).await?;
    Ok(tx.commit().await?)
}

/// Revokes an approved or signed NDA, with a reason: access ends at once, the duty of confidence does not.
pub async fn revoke(caller: &Caller, id: NdaId, reason: &str) -> Result<()> {
    may_try(caller, id, Step::Revoke).await?;
    let reason = rules::reason(reason).map_err(|e| AppError::fields(vec![e]))?;
    let now = caller.platform.now();
    let mut tx = caller.platform.begin().await?;
    let nda = lock_for(&mut tx, caller, id, Step::Revoke, now).await?;
    close(&mut tx, &caller.platform, Some(&caller.viewer), &nda, &reason, now).await?;
    Ok(tx.commit().await?)
}

/// The owner's side ends a locked NDA: a request is declined, anything later revoked. Without a viewer the system does.
pub(super) async fn close(
    tx: &mut PgConnection,
    platform: &Platform,
    by: Option<&Viewer>,
    nda: &NdaRow,
    reason: &str,
    now: Time,
) -> Result<()> {
    let requester = store::person(tx, nda.requester_id).await?;
    let (to, letter) = if nda.status == NdaStatus::Requested {
        let to = rules::transition(nda.status, Step::Decline)?;
        store::decline(tx, nda.id, by.map(|v| v.id), reason, now).await?;
        (to, letters::declined(platform, &requester, nda, reason))
    } else {
        let to = rules::transition(nda.status, Step::Revoke)?;
        store::end(tx, nda.id, to, reason, now).await?;
        (to, letters::revoked(platform, &requester, nda, reason))
    };
    record(tx, by, nda, to.word(), now).await?;
    queue_letter(tx, letter).await
}

/// Takes a request back, or an approval that was not signed yet.
pub async fn withdraw(caller: &Caller, id: NdaId) -> Result<()> {
    may_try(caller, id, Step::Withdraw).await?;
    let now = caller.platform.now();
    let mut tx = caller.platform.begin().await?;
    let nda = lock_for(&mut tx, caller, id, Step::Withdraw, now).await?;
    store::end(&mut tx, id, NdaStatus::Withdrawn, "", now).await?;
    record(&mut tx, Some(&caller.viewer), &nda, NdaStatus::Withdrawn.word(), now).await?;
    Ok(tx.commit().await?)
}

/// Signs an approved NDA: access begins, and a conversation between the two opens.
pub async fn sign(caller: &Caller, id: NdaId, form: &SignForm) -> Result<ThreadId> {
    may_try(caller, id, Step::Sign).await?;
    let mut complaints = Complaints::default();
    complaints.unless(
        form.agree_electronic,
        "agree_electronic",
        "Please tick this to sign electronically, or ask for paper.",
    );
    let name = complaints.take(rules::legal_name(&form.full_legal_name));
    complaints.done()?;
    let name = name.unwrap_or_default();
    crate::accounts::rules::needs_verified_email(&caller.viewer)?;
    caller.step_up(form.password.as_deref()).await?;

    let (viewer, now) = (&caller.viewer, caller.platform.now());
    let mut tx = caller.platform.begin().await?;
    let nda = lock_for(&mut tx, caller, id, Step::Sign, now).await?;
    needs_published(&nda)?;
    may_sign_still(viewer, &nda)?;
    let sha256 = same_document(&nda, &form.document_sha256)?;
    if !store::was_opened(&mut tx, id, viewer.id, sha256).await? {
        return Err(AppError::conflict("Please open the text first: a signature needs that it was in front of you."));
    }
    let expires_at = rules::expires_at(now, nda.term_days.unwrap_or(rules::DEFAULT_TERM));
    store::sign(&mut tx, id, now, expires_at).await?;
    let signature = signature(caller, Side::Requester, nda.requester_organisation_id, &name, sha256, now);
    store::add_signature(&mut tx, id, signature).await?;
    let owner = nda.decided_by.unwrap_or(nda.owner_id);
    let thread = messages::service::open(&mut tx, nda.pitch_id, owner, viewer.id, FIRST_WORDS, now).await?;
    record(&mut tx, Some(viewer), &nda, NdaStatus::Signed.word(), now).await?;
    queue::add(&mut tx, &SealNda { nda_id: id }).await?;
    tx.commit().await?;
    Ok(thread)
}

/// The requester is still who the document names.
fn may_sign_still(viewer: &Viewer, nda: &NdaRow) -> Result<()> {
    if !viewer.buyer_verified {
        return Err(AppError::forbidden("Before you can sign, our staff verify who you are."));
    }
    match nda.requester_organisation_id {
        Some(organisation) if !viewer.sits_in(organisation) => Err(AppError::forbidden(
            "This NDA names an organisation that you no longer act for. Withdraw it and ask again.",
        )),
        _ => Ok(()),
    }
}

/// The document's checksum, when the one that was on the screen is the same.
fn same_document<'a>(nda: &'a NdaRow, shown: &str) -> Result<&'a [u8]> {
    match &nda.document_sha256 {
        Some(sha256) if hex::encode(sha256) == shown.trim().to_ascii_lowercase() => Ok(sha256),
        _ => Err(AppError::conflict(
            "The text has changed since you opened it. Please load the page again and read it once more.",
        )),
    }
}

/// Records that the requester read the text to its end.
pub async fn read_to_end(caller: &Caller, id: NdaId, document_sha256: &str) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    let nda = store::find(&mut tx, id).await?.ok_or_else(AppError::not_found)?;
    if side(&caller.viewer, &nda).is_none() {
        return Err(AppError::not_found());
    }
    let sha256 = same_document(&nda, document_sha256)?;
    store::read_to_end(&mut tx, id, caller.viewer.id, sha256, caller.platform.now()).await?;
    Ok(tx.commit().await?)
}

/// Records what time has ended: approvals that were not signed, and signatures whose term is over. Says how many.
/// Running it twice, or in two processes at once, records each once.
pub async fn lapse_and_expire(platform: &Platform) -> Result<u64> {
    let now = platform.now();
    let mut ended = 0;
    loop {
        let mut tx = platform.begin().await?;
        let due = store::lock_due(&mut tx, now, 100).await?;
        if due.is_empty() {
            return Ok(ended);
        }
        for nda in due {
            settle(&mut tx, nda, now).await?;
            ended += 1;
        }
        tx.commit().await?;
    }
}

/// Reminds owners of requests that wait for them; says of how many.
pub async fn remind(platform: &Platform) -> Result<u64> {
    let now = platform.now();
    let ago = |days| now - chrono::TimeDelta::days(days);
    let due = (ago(rules::FIRST_REMINDER_DAYS), ago(rules::NEXT_REMINDER_DAYS));
    let mut reminded = 0;
    loop {
        let mut tx = platform.begin().await?;
        let waiting = store::lock_unanswered(&mut tx, due, rules::REMINDERS, 100).await?;
        if waiting.is_empty() {
            return Ok(reminded);
        }
        for nda in waiting {
            remind_of(&mut tx, platform, &nda, now).await?;
            reminded += 1;
        }
        tx.commit().await?;
    }
}

async fn remind_of(tx: &mut PgConnection, platform: &Platform, nda: &NdaRow, now: Time) -> Result<()> {
    store::set_reminded(tx, nda.id, now).await?;
    let requester = store::person(tx, nda.requester_id).await?;
    for to in store::deciders(tx, nda.owner_id, nda.owner_organisation_id).await? {
        queue_letter(tx, letters::reminder(platform, &to, nda, &requester.name)).await?;
    }
    record(tx, None, nda, "reminded", now).await
}

/// Records on a locked NDA what time has done to it; it ended when it was due, not when we came by.
async fn settle(tx: &mut PgConnection, mut nda: NdaRow, now: Time) -> Result<NdaRow> {
    let Some(step) = rules::due(nda.status, nda.lapses_at, nda.expires_at, now) else { return Ok(nda) };
    let to = rules::transition(nda.status, step)?;
    let at = if step == Step::Lapse { nda.lapses_at } else { nda.expires_at }.unwrap_or(now);
    store::end(tx, nda.id, to, "", at).await?;
    record(tx, None, &nda, to.word(), now).await?;
    nda.status = to;
    nda.ended_at = Some(at);
    Ok(nda)
}

/// Puts the platform's standard texts into the database, each as a new version when it is new.
pub async fn install_standard_template(platform: &Platform) -> Result<()> {
    let mut tx = platform.begin().await?;
    for kind in TemplateKind::ALL {
        store::standard_version(&mut tx, kind.standard(), platform.now()).await?;
    }
    Ok(tx.commit().await?)
}

/// Which side of `nda` the viewer is on; `None`: it is none of theirs.
pub(super) fn side(viewer: &Viewer, nda: &NdaRow) -> Option<Side> {
    if viewer.id == nda.requester_id {
        Some(Side::Requester)
    } else if rules::owns(viewer, nda.owner_id, nda.owner_organisation_id) {
        Some(Side::Owner)
    } else {
        None
    }
}

/// Whether `viewer` may take `step` on `nda`, whatever it stands at: not found for strangers, refused for the other side.
fn may_take(viewer: &Viewer, nda: &NdaRow, step: Step) -> Result<()> {
    let side = side(viewer, nda).ok_or_else(AppError::not_found)?;
    if rules::whose(step) != Some(side) {
        return Err(AppError::forbidden("That is for the other side to do."));
    }
    if side == Side::Owner && !rules::decides(viewer, nda.owner_id, nda.owner_organisation_id) {
        return Err(AppError::forbidden("Your seat reads along; an owner or editor of your organisation decides."));
    }
    Ok(())
}

/// Goes on when the caller may take `step` on this NDA at all; asked before anything that was typed is looked at.
pub(super) async fn may_try(caller: &Caller, id: NdaId, step: Step) -> Result<()> {
    let mut db = caller.platform.db.acquire().await?;
    let nda = store::find(&mut db, id).await?.ok_or_else(AppError::not_found)?;
    follows(caller, &nda, step, caller.platform.now())
}

/// Whether `step` is the caller's to take, and open from where the NDA stands now.
fn follows(caller: &Caller, nda: &NdaRow, step: Step, now: Time) -> Result<()> {
    may_take(&caller.viewer, nda, step)?;
    rules::transition(rules::standing(nda.status, nda.lapses_at, nda.expires_at, now), step).map(drop)
}

/// Locks an NDA for `step`: the caller's to take, and open from where it stands now. The second of two finds the first's.
pub(super) async fn lock_for(
    tx: &mut PgConnection,
    caller: &Caller,
    id: NdaId,
    step: Step,
    now: Time,
) -> Result<NdaRow> {
    let nda = store::lock(tx, id).await?.ok_or_else(AppError::not_found)?;
    follows(caller, &nda, step, now)?;
    Ok(nda)
}

/// Nothing begins on a pitch that was taken offline.
pub(super) fn needs_published(nda: &NdaRow) -> Result<()> {
    if nda.pitch_published {
        Ok(())
    } else {
        Err(AppError::conflict("This project is not published at the moment, so its open NDAs end."))
    }
}

/// Records what happened to `nda`: the word of the state it is in now, or `reminded`.
pub(super) async fn record(
    tx: &mut PgConnection,
    by: Option<&Viewer>,
    nda: &NdaRow,
    what: &str,
    now: Time,
) -> Result<()> {
    let event = Event::new(now, by.map(|v| v.id), nda.id.0, &format!("nda.{what}"), payload(nda, None))?;
    outbox::record(tx, event.for_organisation(by.and_then(Viewer::organisation))).await
}

/// What an event of `nda` tells besides.
pub(super) fn payload(nda: &NdaRow, advance: Option<AdvanceId>) -> serde_json::Value {
    json!({
        "pitch_id": nda.pitch_id,
        "owner_id": nda.owner_id,
        "requester_id": nda.requester_id,
        "advance_id": advance,
    })
}

pub(crate) fn signature<'a>(
    caller: &'a Caller,
    party: Side,
    organisation: Option<OrganisationId>,
    legal_name: &'a str,
    document_sha256: &'a [u8],
    at: Time,
) -> store::NewSignature<'a> {
    store::NewSignature {
        party,
        account: caller.viewer.id,
        account_name: &caller.viewer.name,
        organisation,
        legal_name,
        email: &caller.viewer.email,
        consent_version: consent::VERSION,
        document_sha256,
        at,
        address: &caller.client.address,
        user_agent: &caller.client.user_agent,
    }
}

/// That the caller has a text in front of them.
pub(crate) fn opening<'a>(caller: &'a Caller, document_sha256: &'a [u8], at: Time) -> store::NewOpening<'a> {
    store::NewOpening {
        account: caller.viewer.id,
        document_sha256,
        at,
        address: &caller.client.address,
        user_agent: &caller.client.user_agent,
    }
}
