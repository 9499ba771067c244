//! One function per thing a person does with a question: look through their access to the pitch, decide, write, record.

use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgConnection;

use super::{
    letters,
    model::{Part, Questions, Waiting},
    rules,
    store::{self, Cursor, Row},
};
use crate::{
    accounts::{
        door::{Caller, Visitor},
        model::Viewer,
    },
    ndas,
    pitches::store::{Found, Key, find},
    platform::{
        db,
        mail::queue_letter,
        outbox::{self, Event},
    },
    shared::{
        error::{AppError, Result},
        ids::{PitchId, QuestionId},
        paging::{Page, read_cursor, write_cursor},
        time::Time,
    },
};

const PER_PAGE: usize = 20;

/// The pitch and the viewer's part in its questions. Not there and not theirs are one answer.
async fn pitch(
    db: &mut PgConnection,
    id: PitchId,
    viewer: Option<&Viewer>,
    now: Time,
) -> Result<Option<(Found, Part)>> {
    let found = find(db, Key::Id(id), viewer, now).await?;
    Ok(found.and_then(|found| rules::part(found.access.layer, found.access.editor).map(|part| (found, part))))
}

/// Asks the owner of a pitch that the caller has signed for.
pub async fn ask(caller: &Caller, id: PitchId, typed: &str) -> Result<()> {
    let (viewer, now) = (&caller.viewer, caller.platform.now());
    let mut tx = caller.platform.begin().await?;
    let (found, part) = pitch(&mut tx, id, Some(viewer), now).await?.ok_or_else(AppError::not_found)?;
    if part != Part::Asks {
        return Err(AppError::forbidden("This is your own project: you answer its questions."));
    }
    let body = rules::question(typed).map_err(|e| AppError::fields(vec![e]))?;
    store::queue_up(&mut tx, viewer.id).await?;
    if store::asked_since(&mut tx, viewer.id, now - TimeDelta::hours(24)).await? >= rules::PER_DAY {
        return Err(AppError::too_many("That is a lot of questions for one day. Please come back tomorrow.", 3_600));
    }
    let question = QuestionId::new();
    store::insert(&mut tx, question, id, viewer.id, &body, now).await.map_err(|error| {
        if db::violates(&error, "question_asked_once") {
            AppError::field("question", "You have asked this already.")
        } else {
            error.into()
        }
    })?;
    let payload = json!({ "pitch_id": id, "asker_id": viewer.id });
    outbox::record(&mut tx, Event::new(now, Some(viewer.id), question.0, "question.asked", payload)?).await?;
    let title = found.live.as_ref().unwrap_or(&found.draft.content).shown_title().to_string();
    for to in ndas::store::deciders(&mut tx, found.access.owner, found.access.organisation).await? {
        queue_letter(&mut tx, letters::asked(&caller.platform, &to, &title, &found.slug, &viewer.name)).await?;
    }
    Ok(tx.commit().await?)
}

/// Answers for the owner. An answer may be worded anew, and published later; what was published stays so.
pub async fn answer(caller: &Caller, id: QuestionId, typed: &str, publish: bool) -> Result<()> {
    let (viewer, now) = (&caller.viewer, caller.platform.now());
    let mut tx = caller.platform.begin().await?;
    let question = store::lock(&mut tx, id).await?.ok_or_else(AppError::not_found)?;
    let (found, part) = pitch(&mut tx, question.pitch_id, Some(viewer), now).await?.ok_or_else(AppError::not_found)?;
    match part {
        Part::Answers => {}
        Part::Asks if question.asker_id != viewer.id => return Err(AppError::not_found()),
        Part::Asks => return Err(AppError::forbidden("The owner answers.")),
        Part::Reads => return Err(AppError::forbidden("Your seat reads along; an owner or editor answers.")),
    }
    let body = rules::answer(typed).map_err(|e| AppError::fields(vec![e]))?;
    let publish = publish || question.published;
    store::answer(&mut tx, id, viewer.id, &body, publish, now).await?;
    let newly_published = publish && !question.published;
    let kind = if newly_published { "question.published" } else { "question.answered" };
    let payload = json!({ "pitch_id": question.pitch_id, "asker_id": question.asker_id });
    let event = Event::new(now, Some(viewer.id), id.0, kind, payload)?;
    outbox::record(&mut tx, event.for_organisation(found.access.organisation)).await?;
    if !question.answered {
        let to = ndas::store::person(&mut tx, question.asker_id).await?;
        let title = found.live.as_ref().unwrap_or(&found.draft.content).shown_title().to_string();
        queue_letter(&mut tx, letters::answered(&caller.platform, &to, &title, &found.slug)).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes back a question of the caller's own, as long as nobody has answered it.
pub async fn withdraw(caller: &Caller, id: QuestionId) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    let question = store::lock(&mut tx, id).await?.filter(|q| q.asker_id == caller.viewer.id);
    let question = question.ok_or_else(AppError::not_found)?;
    if question.answered {
        return Err(AppError::conflict("This was answered meanwhile, so it stays."));
    }
    let now = caller.platform.now();
    store::set_withdrawn(&mut tx, id, now).await?;
    let payload = json!({ "pitch_id": question.pitch_id, "asker_id": question.asker_id });
    let event = Event::new(now, Some(caller.viewer.id), id.0, "question.withdrawn", payload)?;
    outbox::record(&mut tx, event).await?;
    Ok(tx.commit().await?)
}

/// The questions of a pitch: all for its owner; for a signer their own and what was published. Nothing for anyone else.
pub async fn of_pitch(visitor: &Visitor, id: PitchId, after: Option<&str>) -> Result<Option<Questions>> {
    let viewer = visitor.viewer.as_ref();
    let mut db = visitor.platform.db.acquire().await?;
    let Some((_, part)) = pitch(&mut db, id, viewer, visitor.platform.now()).await? else { return Ok(None) };
    let Some(viewer) = viewer else { return Ok(None) };
    let after: Option<Cursor> = read_cursor(after);
    let limit = PER_PAGE as i64 + 1;
    let rows = match part {
        Part::Asks => store::for_signer(&mut db, id, viewer.id, after, limit).await?,
        Part::Answers | Part::Reads => store::for_owner(&mut db, id, after, limit).await?,
    };
    let waiting = store::waiting(&mut db, id, (part == Part::Asks).then_some(viewer.id)).await?;
    let rows = Page::cut(rows, PER_PAGE, |row| write_cursor(&row.cursor()));
    let shown = |row: Row| row.seen_by(viewer.id, part);
    Ok(Some(Questions {
        part,
        waiting,
        page: Page { items: rows.items.into_iter().map(shown).collect(), next: rows.next },
    }))
}

/// The caller's projects with questions that wait for their answer; none for a seat that only reads along.
pub async fn waiting(caller: &Caller) -> Result<Vec<Waiting>> {
    let viewer = &caller.viewer;
    let organisation = viewer.organisation().filter(|organisation| viewer.edits_for(*organisation));
    store::waiting_of(&mut *caller.platform.db.acquire().await?, viewer.id, organisation).await
}
