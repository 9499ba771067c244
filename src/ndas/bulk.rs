//! Several requests decided at once: each in a transaction of its own, as if it were decided alone.

use std::collections::BTreeMap;

use super::{
    approval::{self, ApproveForm},
    model::{NdaCard, NdaStatus, Step},
    owner_model::{DecidedList, NotDone, Outcome},
    reads, rows, rules, service,
};
use crate::{
    accounts::door::Caller,
    shared::{
        error::{AppError, Result},
        ids::NdaId,
        text::Complaints,
    },
};

/// As many as one post decides.
const MOST: usize = 100;

/// The requests that a form has ticked: `nda_{id}`, or all it listed with `all_on_this_page`.
pub fn ticked(fields: &BTreeMap<String, String>) -> Result<Vec<NdaId>> {
    let on = |name: &str| fields.get(name).is_some_and(|value| value == "true");
    let mut ids: Vec<NdaId> = if on("all_on_this_page") {
        fields.get("listed").map(|listed| read_ids(listed)).unwrap_or_default()
    } else {
        fields.keys().filter(|name| on(name)).filter_map(|name| name.strip_prefix("nda_")?.parse().ok()).collect()
    };
    ids.sort_unstable();
    ids.dedup();
    match ids.len() {
        0 => Err(AppError::field("requests", "Please tick the requests that you want to decide.")),
        n if n > MOST => {
            Err(AppError::field("requests", "These are more than a hundred. Please decide fewer at once."))
        }
        _ => Ok(ids),
    }
}

/// The ids of a list with commas; what is none is left out.
fn read_ids(list: &str) -> Vec<NdaId> {
    list.split(',').filter_map(|id| id.trim().parse().ok()).collect()
}

/// Approves several requests with one signature's form.
pub async fn approve(caller: &Caller, ids: &[NdaId], form: &ApproveForm) -> Result<Outcome> {
    let (open, mut outcome) = open_ones(caller, ids, Step::Approve).await?;
    let terms = form.checked(caller, Complaints::default()).await?;
    for id in open {
        outcome.note(id, approval::approve_one(caller, id, &terms).await);
    }
    outcome.or_first_refusal()
}

/// Declines several requests with one reason.
pub async fn decline(caller: &Caller, ids: &[NdaId], reason: &str) -> Result<Outcome> {
    let (open, mut outcome) = open_ones(caller, ids, Step::Decline).await?;
    rules::reason(reason).map_err(|e| AppError::fields(vec![e]))?;
    for id in open {
        outcome.note(id, service::decline(caller, id, reason).await);
    }
    outcome.or_first_refusal()
}

/// Those whose step is the caller's to take at all; refused when there are none, before anything typed is looked at.
async fn open_ones(caller: &Caller, ids: &[NdaId], step: Step) -> Result<(Vec<NdaId>, Outcome)> {
    let (mut open, mut outcome) = (Vec::new(), Outcome::default());
    for id in ids {
        match service::may_try(caller, *id, step).await {
            Ok(()) => open.push(*id),
            refused => outcome.note(*id, refused),
        }
    }
    if open.is_empty() { outcome.or_first_refusal().map(|outcome| (open, outcome)) } else { Ok((open, outcome)) }
}

impl Outcome {
    fn note(&mut self, id: NdaId, result: Result<()>) {
        match result {
            Ok(()) => self.done.push(id),
            Err(error) => self.not_done.push((id, error)),
        }
    }

    /// What was done and what not; where nothing was done at all, why the first was not.
    fn or_first_refusal(self) -> Result<Self> {
        match self.not_done.first() {
            Some((_, error)) if self.done.is_empty() => Err(error.clone()),
            _ => Ok(self),
        }
    }
}

/// What became of requests that the caller decided with `step`, read from where they stand.
pub async fn decided(caller: &Caller, step: Step, ids: &str) -> Result<DecidedList> {
    let mut ids = read_ids(ids);
    ids.truncate(MOST);
    let now = caller.platform.now();
    let mut db = caller.platform.db.acquire().await?;
    let mut list = DecidedList { step, done: 0, not_done: Vec::new() };
    for (card, mine) in rows::received_of(&mut db, &caller.viewer, &ids).await? {
        let card = reads::standing(card, now);
        match why_not(&card, mine, step) {
            None => list.done += 1,
            Some(why) => list.not_done.push(NotDone {
                nda: card.id,
                whose: format!("{} for “{}”", card.requester.name, card.pitch_title),
                why,
            }),
        }
    }
    Ok(list)
}

/// Why a request does not stand where the caller's decision would have led it.
fn why_not(card: &NdaCard, mine: bool, step: Step) -> Option<String> {
    let done = match step {
        Step::Approve => matches!(card.status, NdaStatus::Approved | NdaStatus::Signed),
        _ => card.status == NdaStatus::Declined,
    };
    if done && mine {
        return None;
    }
    Some(match rules::transition(card.status, step) {
        Err(error) => error.message,
        Ok(_) => "It still waits: something was in the way, such as a template that was changed meanwhile. Please look at it again.".into(),
    })
}
