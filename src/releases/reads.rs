//! What people see of releases, each through their own access.

use sqlx::PgConnection;

use super::{
    model::{LastRelease, ReleaseCard, ReleaseList, ReleasePanel, ReleaseStatus, ReleaseView},
    rows, rules, seals, service,
    store::{self, ReleaseRow},
};
use crate::{
    accounts::{
        door::{Caller, Visitor},
        model::{Kind, Viewer},
    },
    ndas::{
        self,
        model::{Opening, Side, Tab, Text},
        rules::owns,
        seals::signatures_of_release,
        service::opening,
        template_rows::Whose,
        texts,
    },
    shared::{
        error::{AppError, Result},
        ids::{AccountId, PitchId, ReleaseId, TemplateId},
        paging::{Page, read_cursor, write_cursor},
        time::Time,
    },
};

const PER_PAGE: i64 = 20;

/// A release on its page. Loading it puts the text in front of the owner's side, so that its opening is recorded here.
pub async fn one(caller: &Caller, id: ReleaseId) -> Result<ReleaseView> {
    let (viewer, now) = (&caller.viewer, caller.platform.now());
    let mut tx = caller.platform.begin().await?;
    let release = store::find(&mut tx, id).await?.ok_or_else(AppError::not_found)?;
    let side = service::side(viewer, &release).ok_or_else(AppError::not_found)?;
    if side == Side::Owner {
        store::add_opening(&mut tx, id, opening(caller, &release.document_sha256, now)).await?;
    }
    let card = rows::card(&mut tx, viewer, id).await?.ok_or_else(AppError::not_found)?;
    let can = if service::acts(viewer, &release, side) { rules::steps(card.status, side) } else { Vec::new() };
    let body = rows::document(&mut tx, id).await?;
    let mut signatures = signatures_of_release(&mut tx, id).await?;
    if signatures.len() < 2 {
        signatures.retain(|signature| signature.party == side);
    }
    let openings = openings(&mut tx, &release, viewer.id).await?;
    let sealed = seals::of_release(&mut tx, id).await?;
    tx.commit().await?;
    let readable = release.pitch_published || side == Side::Owner || card.status == ReleaseStatus::Signed;
    Ok(ReleaseView {
        can,
        text: Text { body, pages: None, sha256: Some(hex::encode(&release.document_sha256)) },
        signatures,
        openings,
        sealed,
        pitch_readable: readable && !release.pitch_deleted,
        card,
    })
}

/// When who signed for the owner opened the text; before anyone has, when the viewer did.
async fn openings(tx: &mut PgConnection, release: &ReleaseRow, viewer: AccountId) -> Result<Vec<Opening>> {
    let whose = release.signed_by.unwrap_or(viewer);
    let all = rows::openings(tx, release.id).await?;
    let theirs = all.into_iter().filter(|(who, ..)| *who == whose);
    let shown = theirs.map(|(_, opened_at, read_to_end_at)| Opening { party: Side::Owner, opened_at, read_to_end_at });
    Ok(shown.collect())
}

/// One tab of the caller's releases: of their company, and for their projects.
pub async fn list(caller: &Caller, tab: Tab, after: Option<&str>) -> Result<ReleaseList> {
    let mut db = caller.platform.db.acquire().await?;
    let counts = rows::counts(&mut db, &caller.viewer).await?;
    let statuses = ReleaseStatus::under(tab);
    let cards = rows::list(&mut db, &caller.viewer, statuses, read_cursor(after), PER_PAGE + 1).await?;
    Ok(ReleaseList {
        counts,
        page: Page::cut(cards, PER_PAGE as usize, |card| write_cursor(&(card.offered_at, card.id))),
    })
}

/// What waits for the caller's signature, oldest first.
pub async fn waiting(caller: &Caller) -> Result<Vec<ReleaseCard>> {
    if !caller.viewer.kind.publishes() {
        return Ok(Vec::new());
    }
    rows::to_sign(&mut *caller.platform.db.acquire().await?, &caller.viewer, None, PER_PAGE).await
}

/// What the pitch page offers its viewer; nothing where releases are none of theirs.
pub async fn panel(visitor: &Visitor, pitch: PitchId, template: Option<TemplateId>) -> Result<ReleasePanel> {
    let Some(viewer) = visitor.viewer.as_ref().filter(|viewer| viewer.kind.publishes()) else {
        return Ok(ReleasePanel::Nothing);
    };
    let mut db = visitor.platform.db.acquire().await?;
    let Some(about) = rows::panel_pitch(&mut db, pitch).await? else { return Ok(ReleasePanel::Nothing) };
    if owns(viewer, about.owner_id, about.organisation_id) {
        let waiting = rows::to_sign(&mut db, viewer, Some(pitch), PER_PAGE).await?;
        return Ok(if waiting.is_empty() { ReleasePanel::Nothing } else { ReleasePanel::Own { waiting } });
    }
    let last = rows::newest(&mut db, viewer, pitch).await?;
    match last {
        Some(card) if card.status == ReleaseStatus::Signed => signed(&mut db, card).await,
        _ if !about.published => Ok(ReleasePanel::Nothing),
        Some(card) if card.status == ReleaseStatus::Offered => {
            Ok(ReleasePanel::Waiting { release: card.id, since: card.offered_at })
        }
        ended => may_offer(&mut db, viewer, about.owner_id, ended, template, visitor.platform.now()).await,
    }
}

async fn signed(db: &mut PgConnection, card: ReleaseCard) -> Result<ReleasePanel> {
    let materials = ndas::rows::materials(db, card.pitch_id).await?;
    let organisation = card.company.organisation.unwrap_or_default();
    Ok(ReleasePanel::Signed { release: card.id, organisation, thread: card.thread, materials })
}

/// For a company without an open release: whether this person may offer one, and if not, why.
async fn may_offer(
    db: &mut PgConnection,
    viewer: &Viewer,
    owner: AccountId,
    ended: Option<ReleaseCard>,
    template: Option<TemplateId>,
    now: Time,
) -> Result<ReleasePanel> {
    let Some(seat) = viewer.seat.as_ref().filter(|_| viewer.kind == Kind::Production && viewer.id != owner) else {
        return Ok(ReleasePanel::Nothing);
    };
    let organisation = seat.organisation_name.clone();
    if !viewer.edits_for(seat.organisation) {
        return Ok(ReleasePanel::ReadsAlong { organisation });
    }
    if !viewer.email_verified || !viewer.buyer_verified {
        // What is missing is told where the NDA is asked for.
        return Ok(ReleasePanel::Nothing);
    }
    let again = ended.as_ref().and_then(|card| rules::again_at(card.status, card.ended_at.unwrap_or(card.offered_at)));
    let last = ended.map(|card| LastRelease { release: card.id, status: card.status, reason: card.reason });
    match (last, again) {
        (Some(last), Some(again_at)) if again_at > now => Ok(ReleasePanel::NotYet { last, again_at }),
        (last, _) => {
            let offer = texts::release_offer(db, Whose::of(viewer), template, now).await?;
            Ok(ReleasePanel::MayOffer { organisation, offer, last })
        }
    }
}
