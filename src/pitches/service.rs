//! One function per thing a person does with a pitch: lock, decide, write, record what happened, commit.

use rand::Rng;
use serde_json::json;
use sqlx::PgConnection;

use super::{
    content::{Field, Layer, PitchContent},
    form::{self, Values},
    materials,
    model::{
        Created, EditPage, MyPitch, Overview, OwnerName, PitchCard, PitchPage, Published, Saved, Search, SeenMaterial,
        Wall,
    },
    rules::{self, Draft, Save, Step},
    store::{self, Access, Found, Key, Shelf},
    wall::{self, After},
    words::{MaterialKind, PitchStatus, Visibility},
};
use crate::{
    accounts::{
        door::{Caller, Visitor},
        model::SeatRole,
    },
    media,
    platform::outbox::{self, Event},
    shared::{
        error::{AppError, FieldError, Result},
        ids::PitchId,
        paging::{self, Page},
        text,
        time::Time,
    },
};

/// Posters on a page of the wall.
pub const WALL: usize = 24;
const MINE: usize = 25;
const FRONT: i64 = 6;

/// Begins a pitch with what is typed so far; a title is enough.
pub async fn create(caller: &Caller, fields: Values) -> Result<Created> {
    if caller.viewer.seat.as_ref().is_some_and(|s| s.role == SeatRole::Viewer) {
        return Err(AppError::forbidden("Your seat may look but not write. Ask the owner of your organisation."));
    }
    let title = text::line(fields.get("title").map(String::as_str).unwrap_or_default());
    let applied = rules::apply(&Draft::default(), &Save::new(0, fields));
    let mut wrong = rules::check_title(&title).err().map(|e| e.fields).unwrap_or_default();
    let other = applied.as_ref().err().map(|e| e.fields.clone()).unwrap_or_default();
    wrong.extend(other.into_iter().filter(|f| f.field != "title"));
    if !wrong.is_empty() {
        return Err(AppError::fields(wrong));
    }
    let draft = Draft { revision: 1, ..applied? };
    let now = caller.platform.now();
    let owner = (caller.viewer.id, caller.viewer.organisation());
    let (id, first) = (PitchId::new(), rules::slug(&title));
    let mut tx = caller.platform.begin().await?;
    let mut slug = first.clone();
    while !store::insert(&mut tx, (id, &slug), owner, &draft, caller.viewer.demo, now).await? {
        slug = format!("{first}-{}", rand::rng().random_range(1_000..1_000_000));
    }
    tx.commit().await?;
    Ok(Created { pitch_id: id, slug, revision: draft.revision })
}

/// The pitch, locked, for someone who may change it. Others are told that it is not there; a viewer's seat is told why.
async fn locked(tx: &mut PgConnection, caller: &Caller, id: PitchId) -> Result<Found> {
    store::lock(tx, id).await?;
    let found = store::find(tx, Key::Id(id), Some(&caller.viewer), caller.platform.now()).await?;
    let found = found.filter(|f| f.access.layer == Layer::Owner).ok_or_else(AppError::not_found)?;
    if found.access.editor {
        Ok(found)
    } else {
        Err(AppError::forbidden("Your seat may look but not write. Ask the owner of your organisation."))
    }
}

fn happened(caller: &Caller, found: &Access, kind: &str, now: Time) -> Result<Event> {
    let event = Event::new(now, Some(caller.viewer.id), found.id.0, kind, json!({ "pitch_id": found.id }))?;
    Ok(event.for_organisation(found.organisation))
}

/// Saves what was typed into the working copy. What others changed meanwhile is merged, or told as a conflict.
/// Without a `revision` it is taken to start from the newest.
pub async fn save(caller: &Caller, id: PitchId, revision: impl Into<Option<i32>>, fields: Values) -> Result<Saved> {
    let mut tx = caller.platform.begin().await?;
    let found = locked(&mut tx, caller, id).await?;
    let save = Save::new(revision.into().unwrap_or(found.draft.revision), fields);
    let draft = rules::apply(&found.draft, &save)?;
    let now = caller.platform.now();
    if draft != found.draft {
        store::write_draft(&mut tx, id, &draft, now).await?;
    }
    tx.commit().await?;
    Ok(saved(id, &draft, &save, if draft == found.draft { found.saved_at } else { now }))
}

fn saved(id: PitchId, draft: &Draft, save: &Save, saved_at: Time) -> Saved {
    let values = form::values(&draft.content);
    let merged = draft.touched.iter().filter(|(_, at)| **at > save.revision);
    // Of what changed since the form was made: what it does not hold itself.
    let merged: Vec<&str> = merged.map(|(unit, _)| unit.as_str()).collect();
    let otherwise = |(name, value): &(&String, &String)| {
        form::unit_of(name).is_some_and(|u| merged.contains(&u))
            && save.fields.get(*name).is_none_or(|sent| text::prose(sent).trim() != value.as_str())
    };
    Saved {
        pitch_id: id,
        revision: draft.revision,
        saved_at,
        base: form::digests(&values),
        missing: rules::missing(&draft.content),
        merged: values.iter().filter(otherwise).map(|(n, v)| (n.clone(), v.clone())).collect(),
        rearranged: save.arrange.is_some(),
    }
}

/// Saves the form if it came along, and makes the working copy the version that others see.
pub async fn publish(caller: &Caller, id: PitchId, revision: Option<i32>, fields: Values) -> Result<Published> {
    let mut tx = caller.platform.begin().await?;
    let found = locked(&mut tx, caller, id).await?;
    caller.email_verified()?;
    let now = caller.platform.now();
    rules::transition(found.access.status, Step::Publish)?;
    let save = Save::new(revision.unwrap_or(found.draft.revision), fields);
    let draft = rules::apply(&found.draft, &save)?;
    let missing = rules::missing(&draft.content);
    if !missing.is_empty() {
        return Err(AppError {
            message: format!("Not published yet: {}", listed(&missing)),
            ..AppError::fields(missing)
        });
    }
    let draft = draft.revised(draft.content.clone().tidy());
    let same = found.live.as_ref() == Some(&draft.content);
    if same && found.access.status == PitchStatus::Published {
        return Err(AppError::conflict("This version is already published; nothing has changed since."));
    }
    let live = found.live_number.unwrap_or(0);
    let number = if same { live } else { next_version(&mut tx, id).await? };
    if !same {
        store::insert_version(&mut tx, id, number, &draft.content, caller.viewer.id, now).await?;
    }
    store::write_draft(&mut tx, id, &draft, if draft == found.draft { found.saved_at } else { now }).await?;
    store::put_on_shelf(&mut tx, id, number, &shelf(&draft.content), now).await?;
    outbox::record(&mut tx, happened(caller, &found.access, "pitch.published", now)?).await?;
    tx.commit().await?;
    Ok(Published { pitch_id: id, slug: found.slug, number })
}

async fn next_version(tx: &mut PgConnection, id: PitchId) -> Result<i32> {
    Ok(store::versions(tx, id).await?.first().map_or(0, |v| v.number) + 1)
}

/// "a title, a format."
fn listed(missing: &[FieldError]) -> String {
    let names: Vec<String> = missing.iter().map(|m| form::label_of(&m.field).to_lowercase()).collect();
    format!("{}.", names.join(", "))
}

/// The public side of a content, for browsing.
fn shelf(content: &PitchContent) -> Shelf<'_> {
    let public = content.seen_by(Layer::Guest);
    let labels =
        public.genres().map(|g| g.label()).chain(public.format.map(|f| f.label())).collect::<Vec<_>>().join(" ");
    let rest = [
        labels.as_str(),
        &public.short_synopsis,
        &public.tags.join(" "),
        &public.country,
        &public.language,
        &public.themes,
    ];
    Shelf {
        title: &content.title,
        logline: &content.logline,
        genres: content.genres().map(|g| g.word().into()).collect(),
        format: content.format.map_or("", |f| f.word()),
        budget: public.budget.map(|b| b.word()),
        stage: public.stage.map(|s| s.word()),
        owner_shown: content.visibility_of(Field::Owner) == Visibility::Public,
        locked: !content.withheld(Layer::Guest, Visibility::Nda).is_empty(),
        words: [content.title.clone(), content.logline.clone(), rest.join(" ")],
    }
}

/// Takes the pitch back to draft: those who signed still read it, others do not find it.
pub async fn unpublish(caller: &Caller, id: PitchId) -> Result<()> {
    take_back(caller, id, Step::Unpublish, "pitch.unpublished").await
}

/// Puts the pitch away; publishing brings it back.
pub async fn archive(caller: &Caller, id: PitchId) -> Result<()> {
    take_back(caller, id, Step::Archive, "pitch.archived").await
}

async fn take_back(caller: &Caller, id: PitchId, step: Step, kind: &str) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    let found = locked(&mut tx, caller, id).await?;
    let to = rules::transition(found.access.status, step)?;
    store::set_status(&mut tx, id, to).await?;
    outbox::record(&mut tx, happened(caller, &found.access, kind, caller.platform.now())?).await?;
    Ok(tx.commit().await?)
}

/// Deletes the pitch for everyone, once its title was typed. Signed NDAs and what they need as evidence stay.
pub async fn delete(caller: &Caller, id: PitchId, typed_title: &str) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    let found = locked(&mut tx, caller, id).await?;
    let title = found.draft.content.shown_title();
    if text::line(typed_title) != title {
        return Err(AppError::field("confirm_title", format!("To delete it, type its title exactly: {title}")));
    }
    let now = caller.platform.now();
    store::set_deleted(&mut tx, id, now).await?;
    outbox::record(&mut tx, happened(caller, &found.access, "pitch.deleted", now)?).await?;
    Ok(tx.commit().await?)
}

/// The wall, and where it goes on.
pub async fn browse(visitor: &Visitor, search: &Search, after: Option<&str>) -> Result<Wall> {
    let after = paging::read_cursor::<After>(after);
    let mut db = visitor.platform.db.acquire().await?;
    let cards = wall::cards(&mut db, search, after.as_ref(), WALL as i64 + 1, false).await?;
    Ok(Page::cut(cards, WALL, |card| paging::write_cursor(&After::of(card))))
}

/// The published pitches of a person, or of the organisation they sit in, where anyone may see that they are theirs.
pub async fn of_person(visitor: &Visitor, handle: &str, after: Option<&str>) -> Result<Wall> {
    browse(visitor, &Search { of: Some(text::line(handle)), ..Search::default() }, after).await
}

/// The newest few with posters, for the front page.
pub async fn front_page(visitor: &Visitor) -> Result<Vec<PitchCard>> {
    let mut db = visitor.platform.db.acquire().await?;
    wall::cards(&mut db, &Search::default(), None, FRONT, true).await
}

/// How an owner wishes to look at their pitch; nobody else has the choice.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    /// As someone else would see the working copy.
    pub preview: Option<Layer>,
    /// At an earlier published version.
    pub version: Option<i32>,
}

/// The pitch as this visitor may see it.
pub async fn pitch_page(visitor: &Visitor, slug: &str, view: View) -> Result<PitchPage> {
    if slug.contains(char::is_control) {
        return Err(AppError::not_found());
    }
    let mut db = visitor.platform.db.acquire().await?;
    let found = store::find(&mut db, Key::Slug(slug), visitor.viewer.as_ref(), visitor.platform.now()).await?;
    let found = found.ok_or_else(AppError::not_found)?;
    let materials = materials::newest(&mut db, found.access.id).await?;
    let own = found.access.layer == Layer::Owner;
    let preview = view.preview.filter(|_| own);
    let version = view.version.filter(|_| own && preview.is_none());
    let earlier = match version {
        Some(number) => store::version(&mut db, found.access.id, number).await?,
        None => None,
    };
    let layer = preview.unwrap_or(found.access.layer);
    let content = match (found.live, earlier) {
        (_, Some(earlier)) => earlier,
        (Some(live), None) if preview.is_none() && (!own || found.access.status == PitchStatus::Published) => live,
        _ if own => found.draft.content.tidy(),
        // Not published and not the owner: there is nothing to read yet.
        _ => return Err(AppError::not_found()),
    };
    let kinds: Vec<(MaterialKind, Visibility)> = materials.iter().map(|m| (m.kind, m.visibility)).collect();
    let owner = match found.organisation_name {
        Some(name) => OwnerName { name, handle: None },
        None => OwnerName { name: found.owner_name, handle: Some(found.owner_handle) },
    };
    let owner = Some(owner).filter(|_| layer.sees(content.visibility_of(Field::Owner)));
    Ok(PitchPage {
        id: found.access.id,
        slug: found.slug,
        status: found.access.status,
        layer,
        preview: preview.is_some(),
        version,
        editor: found.access.editor,
        nda: found.access.nda,
        owner,
        materials: materials.into_iter().filter(|m| layer.sees(m.visibility)).map(|m| as_shown(m, layer)).collect(),
        for_members: rules::withheld(&content, &kinds, layer, Visibility::Members),
        behind_nda: rules::withheld(&content, &kinds, layer, Visibility::Nda),
        content: content.seen_by(layer),
        published_at: found.published_at,
        demo: found.demo,
        site: visitor.platform.link(""),
    })
}

/// A picture is shown to others as what is made of it: neither its name nor its checksum is theirs to know.
fn as_shown(mut material: SeenMaterial, layer: Layer) -> SeenMaterial {
    if layer < Layer::Owner && material.document.media_type.starts_with("image/") {
        material.document.name = format!("{}.webp", material.kind);
        material.document.media_type = "image/webp".into();
        material.document.sha256.clear();
    }
    material
}

/// The caller's pitches, or their organisation's.
pub async fn mine(caller: &Caller, after: Option<&str>) -> Result<Page<MyPitch>> {
    let mut db = caller.platform.db.acquire().await?;
    let after = paging::read_cursor::<(Time, PitchId)>(after);
    let rows = store::mine(&mut db, &caller.viewer, after, MINE as i64 + 1, caller.platform.now()).await?;
    Ok(Page::cut(rows, MINE, |p| paging::write_cursor(&(p.created_at, p.id))))
}

/// The pitch for its owner's eyes.
async fn owned(db: &mut PgConnection, caller: &Caller, id: PitchId) -> Result<Found> {
    let found = store::find(db, Key::Id(id), Some(&caller.viewer), caller.platform.now()).await?;
    found.filter(|f| f.access.layer == Layer::Owner).ok_or_else(AppError::not_found)
}

/// Goes on only for the owner of the pitch and their organisation.
pub async fn must_own(caller: &Caller, id: PitchId) -> Result<()> {
    owned(&mut *caller.platform.db.acquire().await?, caller, id).await.map(drop)
}

/// The owner's page of one pitch.
pub async fn overview(caller: &Caller, id: PitchId) -> Result<Overview> {
    let mut db = caller.platform.db.acquire().await?;
    let found = owned(&mut db, caller, id).await?;
    let (requests, signed) = store::nda_counts(&mut db, id, caller.platform.now()).await?;
    Ok(Overview {
        id,
        title: found.draft.content.shown_title().into(),
        status: found.access.status,
        unpublished_edits: unpublished_edits(&found),
        revision: found.draft.revision,
        saved_at: found.saved_at,
        missing: rules::missing(&found.draft.content),
        versions: store::versions(&mut db, id).await?,
        materials: materials::all(&mut db, id).await?,
        uploads: media::uploads::to_pitch(&mut db, caller.viewer.id, id).await?,
        room: media::room::of(&mut db, &caller.platform, caller.viewer.id).await?,
        requests,
        signed,
        editor: found.access.editor,
        demo: found.demo,
        slug: found.slug,
    })
}

fn unpublished_edits(found: &Found) -> bool {
    found.access.status == PitchStatus::Published && found.live.as_ref() != Some(&found.draft.content.clone().tidy())
}

/// The editor's page.
pub async fn edit_page(caller: &Caller, id: PitchId) -> Result<EditPage> {
    let mut db = caller.platform.db.acquire().await?;
    let found = owned(&mut db, caller, id).await?;
    if !found.access.editor {
        return Err(AppError::not_found());
    }
    Ok(EditPage {
        id,
        status: found.access.status,
        unpublished_edits: unpublished_edits(&found),
        revision: found.draft.revision,
        saved_at: found.saved_at,
        missing: rules::missing(&found.draft.content),
        materials: materials::all(&mut db, id).await?,
        email_verified: caller.viewer.email_verified,
        content: found.draft.content,
        slug: found.slug,
    })
}
