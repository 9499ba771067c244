//! Approval in advance: an owner signs once for every verified buyer who asks, until they end it. And what else an owner
//! sets for the NDAs of one pitch.

use serde_json::json;
use sqlx::PgConnection;

use super::{
    advance_rows::{self, AdvanceRow, OwnPitch},
    approval::{self, ApproveForm, OwnersSignature},
    letters,
    model::NdaStatus,
    owner_model::{Advance, PitchNdas, TemplateKind},
    rules, service,
    store::{self, NdaRow},
    template::STANDARD_ID,
    template_rows::{self, Whose},
    texts::{self, Chosen, TemplateText},
};
use crate::{
    accounts::door::Caller,
    platform::{
        Platform, db,
        mail::queue_letter,
        outbox::{self, Event},
    },
    shared::{
        error::{AppError, Result},
        ids::{AdvanceId, NdaId, PitchId, TemplateId},
        text::Complaints,
        time::Time,
    },
};

impl OwnPitch {
    fn whose(&self) -> Whose {
        Whose { owner: self.owner_id, organisation: self.organisation_id }
    }
}

/// A pitch of the caller, or of their organisation.
async fn owned(db: &mut PgConnection, caller: &Caller, pitch: PitchId) -> Result<OwnPitch> {
    let found = advance_rows::pitch(db, pitch).await?;
    let own = |p: &OwnPitch| rules::owns(&caller.viewer, p.owner_id, p.organisation_id);
    found.filter(own).ok_or_else(AppError::not_found)
}

/// The same, for who may decide.
async fn decided(db: &mut PgConnection, caller: &Caller, pitch: PitchId) -> Result<OwnPitch> {
    let own = owned(db, caller, pitch).await?;
    if rules::decides(&caller.viewer, own.owner_id, own.organisation_id) {
        Ok(own)
    } else {
        Err(AppError::forbidden("Your seat reads along; an owner or editor of your organisation decides."))
    }
}

/// What the owner has set for the NDAs of a pitch, with the text that is to be signed in advance: `chosen`, or what the
/// pitch begins with.
pub async fn of_pitch(caller: &Caller, pitch: PitchId, chosen: Option<TemplateId>) -> Result<PitchNdas> {
    let mut db = caller.platform.db.acquire().await?;
    let own = owned(&mut db, caller, pitch).await?;
    Ok(PitchNdas {
        offer: texts::offer(&mut db, own.whose(), &[pitch], chosen, caller.platform.now()).await?,
        advance: standing(&mut db, pitch).await?,
        published: own.published,
        decides: rules::decides(&caller.viewer, own.owner_id, own.organisation_id),
    })
}

/// What was signed in advance for a pitch, and whether it is still what was signed.
async fn standing(db: &mut PgConnection, pitch: PitchId) -> Result<Option<Advance>> {
    let Some((advance, sha256)) = advance_rows::of_pitch(db, pitch).await? else { return Ok(None) };
    let text = texts::version(db, advance.template.id, advance.template.version).await?;
    Ok(Some(Advance { outdated: sha256 != Some(text.sha256()), ..advance }))
}

/// How a request for a pitch is answered.
pub(super) enum Answer {
    /// By its owner.
    Waits,
    /// By its owner, too: what they signed in advance is not what would be signed now.
    Outdated,
    /// By this signature in advance, with this text.
    Given(Box<AdvanceRow>, TemplateText),
}

/// A signature in advance answers as long as its words are the same to the letter as when it was given, those that the
/// platform adds included.
pub(super) async fn in_force(tx: &mut PgConnection, pitch: PitchId) -> Result<Answer> {
    let Some(advance) = advance_rows::in_force(tx, pitch).await? else { return Ok(Answer::Waits) };
    let text = texts::version(tx, advance.template_id, advance.template_version).await?;
    Ok(if advance.text_sha256 == Some(text.sha256()) { Answer::Given(advance.into(), text) } else { Answer::Outdated })
}

/// Sets the template that approvals for a pitch begin with.
pub async fn set_template(caller: &Caller, pitch: PitchId, template_id: &str) -> Result<()> {
    let chosen = Chosen::typed(template_id, "")?.template;
    let now = caller.platform.now();
    let mut tx = caller.platform.begin().await?;
    let own = decided(&mut tx, caller, pitch).await?;
    let own_template = chosen.filter(|id| *id != STANDARD_ID);
    if let Some(id) = own_template {
        texts::named(&mut tx, TemplateKind::Nda, id, own.whose(), now).await?;
    }
    template_rows::set_of_pitch(&mut tx, pitch, own_template).await?;
    let payload = json!({ "template_id": own_template });
    let event = Event::new(now, Some(caller.viewer.id), pitch.0, "pitch.nda_template_set", payload)?;
    outbox::record(&mut tx, event.for_organisation(own.organisation_id)).await?;
    Ok(tx.commit().await?)
}

/// Signs in advance: from now on verified buyers who ask are approved at once. A second signature takes the first one's place.
pub async fn give(caller: &Caller, pitch: PitchId, form: &ApproveForm, agree_electronic: bool) -> Result<()> {
    decided(&mut *caller.platform.db.acquire().await?, caller, pitch).await?;
    let mut complaints = Complaints::default();
    let tick = "Please tick this to sign electronically, or approve each request by itself.";
    complaints.unless(agree_electronic, "agree_electronic", tick);
    let terms = form.checked(caller, complaints).await?;
    let (viewer, now) = (&caller.viewer, caller.platform.now());
    let mut tx = caller.platform.begin().await?;
    let own = decided(&mut tx, caller, pitch).await?;
    let text = terms.chosen.text(&mut tx, pitch, own.whose(), now).await?;
    if text.choice.id != STANDARD_ID {
        // Nobody puts it away before this is written, or this finds that somebody has.
        template_rows::lock(&mut tx, text.choice.id, own.whose()).await?;
        texts::named(&mut tx, TemplateKind::Nda, text.choice.id, own.whose(), now).await?;
    }
    if let Some(before) = advance_rows::end_of_pitch(&mut tx, pitch, viewer.id, now).await? {
        record(&mut tx, caller, "ended", before, pitch, now).await?;
    }
    let new = AdvanceRow {
        id: AdvanceId::new(),
        at: now,
        template_id: text.choice.id,
        template_version: text.choice.version,
        text_sha256: Some(text.sha256()),
        signed: OwnersSignature::of(caller, &terms),
    };
    advance_rows::insert(&mut tx, pitch, &new).await.map_err(|error| {
        if db::violates(&error, "one_advance_per_pitch") {
            AppError::conflict("Somebody of your organisation has just done the same. Please load the page again.")
        } else {
            error.into()
        }
    })?;
    record(&mut tx, caller, "given", new.id, pitch, now).await?;
    Ok(tx.commit().await?)
}

/// Ends it: who asks from now on waits for a decision. Those who were approved stay so.
pub async fn end(caller: &Caller, pitch: PitchId) -> Result<()> {
    let now = caller.platform.now();
    let mut tx = caller.platform.begin().await?;
    decided(&mut tx, caller, pitch).await?;
    let ended = advance_rows::end_of_pitch(&mut tx, pitch, caller.viewer.id, now).await?;
    let ended = ended.ok_or_else(|| AppError::conflict("Requests for this project are not approved automatically."))?;
    record(&mut tx, caller, "ended", ended, pitch, now).await?;
    Ok(tx.commit().await?)
}

/// Ends what was signed in advance on a template that is put away: nobody is bound to a text that is not offered any more.
pub(super) async fn end_of_template(
    tx: &mut PgConnection,
    caller: &Caller,
    template: TemplateId,
    now: Time,
) -> Result<()> {
    for (ended, pitch) in advance_rows::end_of_template(tx, template, caller.viewer.id, now).await? {
        record(tx, caller, "ended", ended, pitch, now).await?;
    }
    Ok(())
}

/// Answers a request that was just made with what its owner signed in advance, in the same transaction.
pub(super) async fn answer(
    tx: &mut PgConnection,
    platform: &Platform,
    (advance, text): (&AdvanceRow, &TemplateText),
    nda: NdaId,
    now: Time,
) -> Result<()> {
    let nda = store::lock(tx, nda).await?.ok_or_else(AppError::not_found)?;
    let given = Some((advance.id, advance.at));
    approval::conclude(tx, platform, &nda, text, &advance.signed, given, now).await?;
    let payload = service::payload(&nda, Some(advance.id));
    let event = Event::new(now, None, nda.id.0, &format!("nda.{}", NdaStatus::Approved), payload)?;
    outbox::record(tx, event).await?;
    tell_owner(tx, platform, &nda).await
}

async fn tell_owner(tx: &mut PgConnection, platform: &Platform, nda: &NdaRow) -> Result<()> {
    let requester = store::person(tx, nda.requester_id).await?;
    for to in store::deciders(tx, nda.owner_id, nda.owner_organisation_id).await? {
        queue_letter(tx, letters::approved_in_advance(platform, &to, nda, &requester.name)).await?;
    }
    Ok(())
}

async fn record(
    tx: &mut PgConnection,
    caller: &Caller,
    what: &str,
    id: AdvanceId,
    pitch: PitchId,
    now: Time,
) -> Result<()> {
    let kind = format!("nda_advance.{what}");
    let event = Event::new(now, Some(caller.viewer.id), id.0, &kind, json!({ "pitch_id": pitch }))?;
    outbox::record(tx, event.for_organisation(caller.viewer.organisation())).await
}
