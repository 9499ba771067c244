//! What people see of NDAs, each through their own access.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{
    model::{LastNda, NdaCard, NdaList, NdaStatus, NdaView, Numbers, Opening, Panel, Side, Step, Tab, Text, Waiting},
    owner_model::TemplateKind,
    rows, rules, seals, service, store,
    template_rows::Whose,
    texts,
};
use crate::{
    accounts::{
        door::{Caller, Visitor},
        model::Viewer,
    },
    pitches::{
        content::Layer,
        store::{Key, find},
    },
    shared::{
        error::{AppError, Result},
        ids::{NdaId, PitchId, TemplateId},
        paging::{Page, read_cursor, write_cursor},
        time::Time,
    },
};

const PER_PAGE: i64 = 20;

/// An NDA on its page, in its own text; one that nobody has approved yet in that of `template`, if the caller may choose.
/// Loading it puts the text in front of the caller, so that its opening is recorded here.
pub async fn one(caller: &Caller, id: NdaId, template: Option<TemplateId>) -> Result<NdaView> {
    let now = caller.platform.now();
    let mut tx = caller.platform.begin().await?;
    let nda = store::find(&mut tx, id).await?.ok_or_else(AppError::not_found)?;
    let side = service::side(&caller.viewer, &nda).ok_or_else(AppError::not_found)?;
    let card = rows::card(&mut tx, id).await?.ok_or_else(AppError::not_found)?;
    let card = as_seen_by(side, standing(card, now));
    let decides = side == Side::Requester || rules::decides(&caller.viewer, nda.owner_id, nda.owner_organisation_id);
    let can = if decides { rules::steps(card.status, side) } else { Vec::new() };
    let whose = Whose { owner: nda.owner_id, organisation: nda.owner_organisation_id };
    let offer = match can.contains(&Step::Approve) {
        true => Some(texts::offer(&mut tx, whose, &[nda.pitch_id], template, now).await?),
        false => None,
    };
    let text = match rows::document(&mut tx, id).await? {
        Some((body, sha256, pages)) => {
            store::add_opening(&mut tx, id, service::opening(caller, &sha256, now)).await?;
            Text { body, pages, sha256: Some(hex::encode(sha256)) }
        }
        None => {
            let text = match offer.as_ref().and_then(|offer| offer.chosen) {
                Some(chosen) => texts::named(&mut tx, TemplateKind::Nda, chosen, whose, now).await?,
                None => texts::of_pitch(&mut tx, nda.pitch_id, whose, now).await?,
            };
            let body = texts::preview(&text, Some(&card))?;
            let sha256 = Sha256::digest(body.as_bytes());
            store::add_opening(&mut tx, id, service::opening(caller, &sha256, now)).await?;
            // What was declined or withdrawn shows no pages any more.
            let pages = text.pages.filter(|_| card.status == NdaStatus::Requested);
            Text { body, pages, sha256: None }
        }
    };
    let mut signatures = rows::signatures(&mut tx, id).await?;
    if signatures.len() < 2 {
        signatures.retain(|signature| signature.party == side);
    }
    let party = |account| if account == nda.requester_id { Side::Requester } else { Side::Owner };
    let openings = rows::openings(&mut tx, id).await?;
    let openings = openings.into_iter().map(|(account, opened_at, read_to_end_at)| Opening {
        party: party(account),
        opened_at,
        read_to_end_at,
    });
    let openings = openings.collect();
    let sealed = seals::of_nda(&mut tx, id).await?;
    tx.commit().await?;
    let readable = nda.pitch_published || side == Side::Owner || card.status == NdaStatus::Signed;
    Ok(NdaView {
        can,
        offer,
        pitch_readable: readable && !nda.pitch_deleted,
        side,
        text,
        signatures,
        openings,
        sealed,
        card,
    })
}

/// One tab of what was asked of the caller and their organisation; what waits with what it can be approved with.
pub async fn received(caller: &Caller, tab: Tab, after: Option<&str>, template: Option<TemplateId>) -> Result<NdaList> {
    let now = caller.platform.now();
    let mut db = caller.platform.db.acquire().await?;
    let (counts, _) = rows::counts(&mut db, &caller.viewer).await?;
    let after = read_cursor(after);
    let cards = match tab {
        Tab::Waiting => rows::to_decide(&mut db, &caller.viewer, after, PER_PAGE + 1).await?,
        tab => rows::received(&mut db, &caller.viewer, tab.statuses(Side::Owner), after, PER_PAGE + 1).await?,
    };
    let decides = caller.viewer.organisation().is_none_or(|organisation| caller.viewer.edits_for(organisation));
    let offer = match tab {
        Tab::Waiting if !cards.is_empty() && decides => {
            let pitches: Vec<PitchId> = cards.iter().take(PER_PAGE as usize).map(|card| card.pitch_id).collect();
            Some(texts::offer(&mut db, Whose::of(&caller.viewer), &pitches, template, now).await?)
        }
        _ => None,
    };
    Ok(NdaList { counts, page: page(cards, Side::Owner, now), offer })
}

/// One tab of what the caller asked for.
pub async fn sent(caller: &Caller, tab: Tab, after: Option<&str>) -> Result<NdaList> {
    let now = caller.platform.now();
    let mut db = caller.platform.db.acquire().await?;
    let (_, counts) = rows::counts(&mut db, &caller.viewer).await?;
    let statuses = tab.statuses(Side::Requester);
    let cards = rows::sent(&mut db, caller.viewer.id, statuses, read_cursor(after), PER_PAGE + 1).await?;
    Ok(NdaList { counts, page: page(cards, Side::Requester, now), offer: None })
}

fn page(cards: Vec<NdaCard>, side: Side, now: Time) -> Page<NdaCard> {
    let cards = cards.into_iter().map(|card| as_seen_by(side, standing(card, now))).collect();
    Page::cut(cards, PER_PAGE as usize, |card| write_cursor(&(card.requested_at, card.id)))
}

/// The card without what its reader may not know yet.
fn as_seen_by(side: Side, mut card: NdaCard) -> NdaCard {
    if side == Side::Requester && card.owner_keeps_name {
        card.owner = None;
    }
    card
}

/// The card as it stands now, whether or not the job that records lapse and expiry has come by.
pub(super) fn standing(mut card: NdaCard, now: Time) -> NdaCard {
    let status = rules::standing(card.status, card.lapses_at, card.expires_at, now);
    if status != card.status {
        card.ended_at = if status == NdaStatus::Lapsed { card.lapses_at } else { card.expires_at };
        card.status = status;
    }
    card
}

/// What waits for the caller.
pub async fn waiting(caller: &Caller) -> Result<Waiting> {
    let now = caller.platform.now();
    let mut db = caller.platform.db.acquire().await?;
    Ok(Waiting {
        to_decide: rows::to_decide(&mut db, &caller.viewer, None, PER_PAGE).await?,
        to_sign: rows::to_sign(&mut db, caller.viewer.id, now, PER_PAGE).await?,
    })
}

/// How many NDAs stand where.
pub async fn numbers(caller: &Caller) -> Result<Numbers> {
    let mut db = caller.platform.db.acquire().await?;
    let (received, sent) = rows::counts(&mut db, &caller.viewer).await?;
    Ok(Numbers { received, sent })
}

/// What the pitch page offers its viewer.
pub async fn panel(visitor: &Visitor, pitch: PitchId) -> Result<Panel> {
    let now = visitor.platform.now();
    let mut db = visitor.platform.db.acquire().await?;
    let about = rows::panel_pitch(&mut db, pitch).await?.ok_or_else(AppError::not_found)?;
    let own = |viewer: &Viewer| rules::owns(viewer, about.owner_id, about.organisation_id);
    let viewer = match &visitor.viewer {
        Some(viewer) if own(viewer) => {
            return Ok(Panel::Own { waiting: rows::waiting_of_pitch(&mut db, pitch).await? });
        }
        None if about.published => return Ok(Panel::Guest { slug: about.slug }),
        None => return Err(AppError::not_found()),
        Some(viewer) => viewer,
    };
    let last = rows::newest(&mut db, pitch, viewer.id).await?.map(|card| standing(card, now));
    match last {
        Some(card) if card.status == NdaStatus::Signed => signed(&mut db, card).await,
        _ if !about.published => {
            if last.is_some() || reads_without(&mut db, viewer, pitch, now).await? {
                Ok(Panel::Closed)
            } else {
                Err(AppError::not_found())
            }
        }
        Some(card) if card.status == NdaStatus::Approved => Ok(Panel::ToSign { nda: card.id, until: card.lapses_at }),
        Some(card) if card.status == NdaStatus::Requested => {
            Ok(Panel::Waiting { nda: card.id, since: card.requested_at })
        }
        ended => Ok(may_ask(viewer, ended, now)),
    }
}

/// Whether this person reads what is behind the NDA without one of their own: by their company's release.
async fn reads_without(db: &mut PgConnection, viewer: &Viewer, pitch: PitchId, now: Time) -> Result<bool> {
    let found = find(db, Key::Id(pitch), Some(viewer), now).await?;
    Ok(found.is_some_and(|found| found.access.layer == Layer::Signer))
}

async fn signed(db: &mut PgConnection, card: NdaCard) -> Result<Panel> {
    let materials = rows::materials(db, card.pitch_id).await?;
    Ok(Panel::Signed { nda: card.id, until: card.expires_at, thread: card.thread, materials })
}

/// For someone without an open NDA: whether they may ask, and if not, why.
fn may_ask(viewer: &Viewer, ended: Option<NdaCard>, now: Time) -> Panel {
    if !viewer.kind.is_buyer() {
        return Panel::NotABuyer;
    }
    if !viewer.email_verified || !viewer.buyer_verified {
        return Panel::Unverified { email_missing: !viewer.email_verified, staff_missing: !viewer.buyer_verified };
    }
    let again =
        ended.as_ref().and_then(|card| rules::again_at(card.status, card.ended_at.unwrap_or(card.requested_at)));
    let last = ended.map(|card| LastNda { nda: card.id, status: card.status, reason: card.reason });
    match (last, again) {
        (Some(last), Some(again_at)) if again_at > now => Panel::NotYet { last, again_at },
        (last, _) => {
            Panel::MayRequest { organisation: viewer.seat.as_ref().map(|seat| seat.organisation_name.clone()), last }
        }
    }
}
