//! Templates of one's own: written, changed, put away. A template belongs to a person or to their organisation; whose seat
//! may change things writes, every seat reads. Changing one never touches what was made from it.

use serde_json::json;
use sqlx::PgConnection;

use super::{
    advances,
    model::{NdaStatus, Pages},
    owner_model::{TemplateKind, TemplateList, TemplateView},
    rows,
    template::to_begin_with,
    template_rows::{self, TemplateRow, Whose},
    texts,
};
use crate::{
    accounts::{door::Caller, model::Kind},
    platform::outbox::{self, Event},
    shared::{
        error::{AppError, FieldError, Result},
        ids::TemplateId,
        paging::{Page, read_cursor, write_cursor},
        text::{self, Complaints},
        time::Time,
    },
};

const PER_PAGE: i64 = 20;

/// Whether the caller's seat writes templates; who has no seat writes their own.
fn writes(caller: &Caller) -> bool {
    caller.viewer.organisation().is_none_or(|organisation| caller.viewer.edits_for(organisation))
}

pub(super) fn needs_pen(caller: &Caller) -> Result<()> {
    if writes(caller) {
        Ok(())
    } else {
        Err(AppError::forbidden("Your seat reads along; an owner or editor of your organisation writes its templates."))
    }
}

/// One's own templates, or those of one's organisation.
pub async fn list(caller: &Caller, archived: bool, after: Option<&str>) -> Result<TemplateList> {
    let mut db = caller.platform.db.acquire().await?;
    let whose = Whose::of(&caller.viewer);
    let rows = template_rows::list(&mut db, whose, archived, read_cursor(after), PER_PAGE + 1).await?;
    let page = Page::cut(rows, PER_PAGE as usize, |card| write_cursor(&(card.created_at, card.id)));
    Ok(TemplateList { page, writes: writes(caller) })
}

/// A template on its page, with how it reads: of the newest request, or with gaps where nobody has asked yet.
pub async fn one(caller: &Caller, id: TemplateId) -> Result<TemplateView> {
    let mut db = caller.platform.db.acquire().await?;
    let row = readable(&mut db, caller, id).await?;
    let newest = match row.kind {
        TemplateKind::Nda => rows::received(&mut db, &caller.viewer, NdaStatus::ALL, None, 1).await?.into_iter().next(),
        TemplateKind::Release => None,
    };
    let text = texts::version(&mut db, id, row.number).await?;
    Ok(TemplateView {
        id,
        kind: row.kind,
        version: row.number,
        text: row.body,
        pages: row.pages,
        archived: row.archived,
        standard: id == row.kind.standard_id(),
        writes: writes(caller),
        versions: template_rows::versions(&mut db, id).await?,
        preview: match row.kind {
            TemplateKind::Nda => texts::preview(&text, newest.as_ref())?,
            TemplateKind::Release => texts::release_with_gaps(&text)?,
        },
        preview_of: newest.map(|card| format!("{} for “{}”", card.requester.name, card.pitch_title)),
        name: row.name,
    })
}

/// One of the caller's, or the platform's; of that the text that an own one may begin with.
async fn readable(db: &mut PgConnection, caller: &Caller, id: TemplateId) -> Result<TemplateRow> {
    let Some(kind) = TemplateKind::of_standard(id) else {
        return template_rows::find(db, id, Whose::of(&caller.viewer)).await?.ok_or_else(AppError::not_found);
    };
    let standard = texts::standard(db, kind, caller.platform.now()).await?;
    let body = to_begin_with(&standard.body).to_string();
    let (name, number) = (standard.choice.name, standard.choice.version);
    Ok(TemplateRow { id, kind, name, number, body, pages: None, archived: false })
}

/// Name and text as typed, once they hold.
fn checked(kind: TemplateKind, name: &str, text: &str) -> Result<(String, String)> {
    let mut complaints = Complaints::default();
    let (name, text) = (complaints.take(template_name(name)), complaints.take(kind.own_text(text)));
    complaints.done()?;
    Ok((name.unwrap_or_default(), text.unwrap_or_default()))
}

/// A template's name: 1 to 100 characters. Both sides read it on the signed paper.
pub(super) fn template_name(typed: &str) -> Result<String, FieldError> {
    let name = text::line(typed);
    match text::chars(&name) {
        1..=100 => Ok(name),
        _ => Err(FieldError { field: "name".into(), message: "A name has 1 to 100 characters.".into() }),
    }
}

/// Writes a new template of an NDA.
pub async fn create(caller: &Caller, name: &str, text: &str) -> Result<TemplateId> {
    create_for(caller, TemplateKind::Nda, name, text).await
}

/// Writes a new template for `kind`; releases are a company's.
pub async fn create_for(caller: &Caller, kind: TemplateKind, name: &str, text: &str) -> Result<TemplateId> {
    needs_pen(caller)?;
    if kind == TemplateKind::Release && caller.viewer.kind != Kind::Production {
        return Err(AppError::forbidden("Submission releases are offered by production companies."));
    }
    let (name, text) = checked(kind, name, text)?;
    let mut tx = caller.platform.begin().await?;
    let id = insert(&mut tx, caller, kind, &name, (&text, None)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Writes a new template in its first version.
pub(super) async fn insert(
    tx: &mut PgConnection,
    caller: &Caller,
    kind: TemplateKind,
    name: &str,
    first: (&str, Option<&Pages>),
) -> Result<TemplateId> {
    let (id, whose, now) = (TemplateId::new(), Whose::of(&caller.viewer), caller.platform.now());
    if template_rows::count(tx, whose).await? >= texts::MOST {
        return Err(AppError::conflict(
            "There are a hundred templates already. Delete one that is not needed any more.",
        ));
    }
    template_rows::insert(tx, id, kind, whose, name, now).await?;
    template_rows::add_version(tx, id, 1, first, caller.viewer.id, now).await?;
    record(tx, caller, id, "written", Some(1), now).await?;
    Ok(id)
}

/// Changes a template: another text is a new version; of an uploaded PDF only the name is changed here. `seen` is the version
/// that the change began with.
pub async fn edit(caller: &Caller, id: TemplateId, seen: i32, name: &str, text: &str) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    let row = lock(&mut tx, caller, id).await?;
    let (name, text) = match row.pages {
        None => checked(row.kind, name, text)?,
        Some(_) => (template_name(name).map_err(|e| AppError::fields(vec![e]))?, row.body.clone()),
    };
    not_changed(&row, seen)?;
    if name != row.name {
        template_rows::rename(&mut tx, id, &name).await?;
    }
    if text != row.body {
        add_version(&mut tx, caller, &row, (&text, None)).await?;
    }
    Ok(tx.commit().await?)
}

/// Nobody saved a version since the one that a change began with.
pub(super) fn not_changed(row: &TemplateRow, seen: i32) -> Result<()> {
    if row.number == seen {
        return Ok(());
    }
    Err(AppError::conflict(
        "Somebody saved a newer version since you opened this page. Copy what you typed, load the page again and put it in there.",
    ))
}

/// Writes the next version of a locked template.
pub(super) async fn add_version(
    tx: &mut PgConnection,
    caller: &Caller,
    row: &TemplateRow,
    next: (&str, Option<&Pages>),
) -> Result<()> {
    let (number, now) = (row.number + 1, caller.platform.now());
    template_rows::add_version(tx, row.id, number, next, caller.viewer.id, now).await?;
    record(tx, caller, row.id, "written", Some(number), now).await
}

/// Takes a template out of what is offered, and ends what was signed in advance on it.
pub async fn archive(caller: &Caller, id: TemplateId) -> Result<()> {
    let now = caller.platform.now();
    let mut tx = caller.platform.begin().await?;
    lock(&mut tx, caller, id).await?;
    template_rows::set_archived(&mut tx, id, Some(now)).await?;
    advances::end_of_template(&mut tx, caller, id, now).await?;
    record(&mut tx, caller, id, "archived", None, now).await?;
    Ok(tx.commit().await?)
}

/// Offers an archived template again.
pub async fn restore(caller: &Caller, id: TemplateId) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    lock(&mut tx, caller, id).await?;
    template_rows::set_archived(&mut tx, id, None).await?;
    record(&mut tx, caller, id, "restored", None, caller.platform.now()).await?;
    Ok(tx.commit().await?)
}

/// Deletes a template, confirmed by its name. What was made from it keeps its text and its version.
pub async fn delete(caller: &Caller, id: TemplateId, confirm_name: &str) -> Result<()> {
    let now = caller.platform.now();
    let mut tx = caller.platform.begin().await?;
    let row = lock(&mut tx, caller, id).await?;
    if text::line(confirm_name) != row.name {
        return Err(AppError::field("confirm_name", "Type the template's name exactly as it is written above."));
    }
    template_rows::delete(&mut tx, id, now).await?;
    advances::end_of_template(&mut tx, caller, id, now).await?;
    record(&mut tx, caller, id, "deleted", None, now).await?;
    Ok(tx.commit().await?)
}

/// Locks a template that the caller may change: not found for strangers, refused for seats that only read.
pub(super) async fn lock(tx: &mut PgConnection, caller: &Caller, id: TemplateId) -> Result<TemplateRow> {
    let row = template_rows::lock(tx, id, Whose::of(&caller.viewer)).await?.ok_or_else(AppError::not_found)?;
    needs_pen(caller)?;
    Ok(row)
}

async fn record(
    tx: &mut PgConnection,
    caller: &Caller,
    id: TemplateId,
    what: &str,
    version: Option<i32>,
    now: Time,
) -> Result<()> {
    let event =
        Event::new(now, Some(caller.viewer.id), id.0, &format!("nda_template.{what}"), json!({ "version": version }))?;
    outbox::record(tx, event.for_organisation(caller.viewer.organisation())).await
}
