//! What may happen to a pitch, decided without I/O.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    content::{Field, Layer, PitchContent},
    form::{self, Values},
    form_rows,
    words::{MaterialKind, PitchStatus, Visibility},
};
use crate::{
    media::model::Accept,
    shared::{
        error::{AppError, FieldError, Refusal, Result},
        text,
    },
};

/// What an owner does with a pitch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Publish,
    Unpublish,
    Archive,
}

/// What an event of this kind tells those who wait for a pitch that is not to be found any more; `None`: it still is.
pub fn why_offline(event: &str) -> Option<&'static str> {
    Some(match event {
        "pitch.unpublished" => "The project is not published any more.",
        "pitch.archived" => "The project was archived.",
        "pitch.deleted" => "The project was deleted.",
        _ => return None,
    })
}

/// The state that `step` leads to; a conflict where it does not follow. Publishing a published pitch makes its edits live.
pub fn transition(from: PitchStatus, step: Step) -> Result<PitchStatus> {
    use PitchStatus::*;
    match (from, step) {
        (Draft | Published | Archived, Step::Publish) => Ok(Published),
        (Published | InReview, Step::Unpublish) => Ok(Draft),
        (Published, Step::Archive) => Ok(Archived),
        (TakenDown, _) => Err(AppError::conflict("This pitch was taken down by our staff; only they can lift that.")),
        (InReview, _) => Err(AppError::conflict("This pitch is in review. Take it back to draft first.")),
        (Draft | Archived, Step::Unpublish | Step::Archive) => {
            Err(AppError::conflict("This pitch is not published, so there is nothing to take back."))
        }
    }
}

/// What is missing to publish, by field, in the order of the form.
pub fn missing(content: &PitchContent) -> Vec<FieldError> {
    let mut complaints = text::Complaints::default();
    let title = text::chars(&content.title);
    let synopsis = text::chars(&content.short_synopsis);
    complaints
        .unless(title > 0, "title", "A title.")
        .unless(title == 0 || title >= 3, "title", "The title needs at least 3 characters.")
        .unless(!content.logline.is_empty(), "logline", "A logline of up to 60 words.")
        .unless(content.genre.is_some(), "genre", "A primary genre.")
        .unless(content.format.is_some(), "format", "A format.")
        .unless(content.budget.is_some(), "budget", "A budget band.")
        .unless(content.stage.is_some(), "stage", "The stage it is at.")
        .unless(synopsis > 0, "short_synopsis", "A short synopsis.")
        .unless(synopsis == 0 || synopsis >= 50, "short_synopsis", "The short synopsis needs at least 50 characters.");
    complaints.into_fields()
}

/// A title as it must be from the first moment: 3 to 100 characters.
pub fn check_title(title: &str) -> Result<()> {
    match text::chars(title) {
        3..=100 => Ok(()),
        _ => Err(AppError::field("title", "A title has 3 to 100 characters.")),
    }
}

/// The first part of an address, made from a title: ASCII where that is possible, never empty.
pub fn slug(title: &str) -> String {
    let kebab: String = text::kebab(title).chars().take(60).collect();
    let kebab = kebab.trim_matches('-');
    if kebab.is_empty() { "pitch".into() } else { kebab.into() }
}

/// One save of the form, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Save {
    /// The revision the form started from.
    pub revision: i32,
    /// What its fields held then, if the form says so: see `form::digests`.
    pub base: Option<String>,
    /// What was sent from this form and never answered, likewise: it may have been saved all the same.
    pub unanswered: Option<String>,
    /// What to do where someone else changed the same field.
    pub resolve: Option<Resolve>,
    /// A row to move or remove afterwards: see `form_rows::rearrange`.
    pub arrange: Option<String>,
    pub fields: Values,
}

/// How a conflict is to be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolve {
    /// Mine wins over everything up to the revision that was shown beside it.
    Mine {
        seen: i32,
    },
    Theirs,
}

impl Save {
    /// Takes what is not a field of the pitch out of the posted fields.
    pub fn new(revision: i32, mut fields: Values) -> Self {
        let base = fields.remove("base");
        let unanswered = fields.remove("unanswered");
        let resolve = fields.remove("resolve").and_then(|word| match word.split_once(':') {
            Some(("mine", seen)) => seen.parse().ok().map(|seen| Resolve::Mine { seen }),
            _ => (word == "theirs").then_some(Resolve::Theirs),
        });
        let arrange = fields.remove("arrange");
        fields.retain(|name, _| form::unit_of(name).is_some());
        Self { revision, base, unanswered, resolve, arrange, fields }
    }
}

/// A working copy: what it says, at which revision, and at which revision each unit of the form last changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    pub content: PitchContent,
    pub revision: i32,
    pub touched: BTreeMap<String, i32>,
}

/// The draft after `save`. Fields that nobody else changed since merge; where both changed one, it is a conflict that
/// says what is there now.
pub fn apply(draft: &Draft, save: &Save) -> Result<Draft> {
    let base = read_digests(save.base.as_deref());
    let unanswered = read_digests(save.unanswered.as_deref());
    let theirs = form::values(&draft.content);
    let theirs = form::units(&theirs);
    let mut fields = save.fields.clone();
    let mut conflicts = Vec::new();
    for (unit, mine) in form::units(&save.fields) {
        let changed = draft.touched.get(unit).copied().unwrap_or(0);
        if changed <= save.revision {
            continue;
        }
        let own = theirs.get(unit).is_some_and(|now| unanswered.contains(&(unit, form::digest(now))));
        match save.resolve {
            _ if own => {}
            _ if base.contains(&(unit, form::digest(&mine))) => drop_unit(&mut fields, unit),
            Some(Resolve::Theirs) => drop_unit(&mut fields, unit),
            Some(Resolve::Mine { seen }) if changed <= seen => {}
            _ => conflicts.extend(differences(draft, unit, &save.fields)),
        }
    }
    if !conflicts.is_empty() {
        return Err(AppError {
            refusal: Refusal::Conflict,
            message: "Someone changed this meanwhile, in another window perhaps. Nothing was overwritten: compare both below."
                .into(),
            fields: conflicts,
            retry_after: None,
        });
    }
    let mut content = draft.content.clone();
    let complaints = form::patch(&mut content, &fields);
    if !complaints.is_empty() {
        return Err(AppError::fields(complaints));
    }
    if let Some(act) = &save.arrange {
        form_rows::rearrange(&mut content, act);
    }
    Ok(draft.revised(content))
}

impl Draft {
    /// The draft with another content: a new revision if that changes anything.
    pub fn revised(&self, content: PitchContent) -> Draft {
        let mut next = Draft { content, revision: self.revision, touched: self.touched.clone() };
        let (before, after) = (form::values(&self.content), form::values(&next.content));
        let (before, after) = (form::units(&before), form::units(&after));
        for unit in before.keys().chain(after.keys()).filter(|u| before.get(**u) != after.get(**u)) {
            next.revision = self.revision + 1;
            next.touched.insert((*unit).to_string(), next.revision);
        }
        next
    }
}

fn read_digests(digests: Option<&str>) -> BTreeSet<(&str, u32)> {
    let pairs = digests.unwrap_or_default().split(',').filter_map(|pair| pair.split_once(':'));
    pairs.filter_map(|(unit, hex)| Some((unit, u32::from_str_radix(hex, 16).ok()?))).collect()
}

fn drop_unit(fields: &mut Values, unit: &str) {
    fields.retain(|name, _| form::unit_of(name) != Some(unit));
}

/// The fields of `unit` that were sent with another value than they have now.
fn differences(draft: &Draft, unit: &str, sent: &Values) -> Vec<FieldError> {
    let mut mine = draft.content.clone();
    let of_unit: Values =
        sent.iter().filter(|(n, _)| form::unit_of(n) == Some(unit)).map(|(n, v)| (n.clone(), v.clone())).collect();
    form::patch(&mut mine, &of_unit);
    let (mine, theirs) = (form::values(&mine), form::values(&draft.content));
    let differing = of_unit.keys().filter(|name| mine.get(*name) != theirs.get(*name));
    let said = |name: &String| match theirs.get(name).map(String::as_str).unwrap_or_default() {
        "" => "Meanwhile this was emptied.".to_string(),
        theirs => format!("Meanwhile this became: {theirs}"),
    };
    differing.map(|name| FieldError { field: name.clone(), message: said(name) }).collect()
}

/// Who sees a new material unless the owner says otherwise.
pub fn usual_visibility(kind: MaterialKind) -> Visibility {
    match kind {
        MaterialKind::Poster => Visibility::Public,
        MaterialKind::Lookbook | MaterialKind::Trailer => Visibility::Members,
        _ => Visibility::Nda,
    }
}

/// Who may be chosen to see a material of `kind`. A budget is financing, which is never wider than the NDA.
pub fn material_choices(kind: MaterialKind) -> &'static [Visibility] {
    if kind == MaterialKind::Budget { &[Visibility::Nda] } else { Visibility::ALL }
}

/// What a material of `kind` may be.
pub fn accepts(kind: MaterialKind) -> Accept {
    match kind {
        MaterialKind::Poster => Accept::Image,
        MaterialKind::Trailer => Accept::Video,
        MaterialKind::Other => Accept::ImageOrPdf,
        _ => Accept::Pdf,
    }
}

/// Whether a reader at `layer` may read the pitch at all in this state.
pub fn readable(status: PitchStatus, ever_published: bool, layer: Layer) -> bool {
    match status {
        PitchStatus::Published => true,
        PitchStatus::Draft | PitchStatus::Archived => {
            layer == Layer::Owner || (layer == Layer::Signer && ever_published)
        }
        PitchStatus::InReview | PitchStatus::TakenDown => layer == Layer::Owner,
    }
}

/// What is there but not for this reader, by kind: "script", "2 other documents", "financing".
pub fn withheld(
    content: &PitchContent,
    materials: &[(MaterialKind, Visibility)],
    layer: Layer,
    of: Visibility,
) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    if !layer.sees(of) {
        for &kind in MaterialKind::ALL {
            let count = materials.iter().filter(|m| **m == (kind, of)).count();
            match (kind, count) {
                (_, 0) => {}
                (MaterialKind::Other, 1) => kinds.push("1 document".into()),
                (MaterialKind::Other, many) => kinds.push(format!("{many} documents")),
                (kind, _) => kinds.push(kind.label().to_lowercase()),
            }
        }
    }
    let fields = content.withheld(layer, of).into_iter().filter(|f| *f != Field::Owner);
    kinds.extend(fields.map(|f| f.label().to_lowercase()));
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pitches::content::tests::full;

    fn form(values: &[(&str, &str)]) -> Values {
        values.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect()
    }

    fn save(revision: i32, values: &[(&str, &str)]) -> Save {
        Save::new(revision, form(values))
    }

    #[test]
    fn steps_follow_the_states_and_nothing_else() {
        use PitchStatus::*;
        let allowed = [
            (Draft, Step::Publish, Published),
            (Published, Step::Publish, Published),
            (Archived, Step::Publish, Published),
            (Published, Step::Unpublish, Draft),
            (InReview, Step::Unpublish, Draft),
            (Published, Step::Archive, Archived),
        ];
        for &from in PitchStatus::ALL {
            for step in [Step::Publish, Step::Unpublish, Step::Archive] {
                let to = allowed.iter().find(|(f, s, _)| (*f, *s) == (from, step)).map(|(.., to)| *to);
                match transition(from, step) {
                    Ok(reached) => assert_eq!(Some(reached), to, "{from} {step:?}"),
                    Err(error) => assert_eq!((to, error.refusal), (None, Refusal::Conflict), "{from} {step:?}"),
                }
            }
        }
    }

    #[test]
    fn only_seven_things_are_needed_to_publish() {
        let fields: Vec<String> = missing(&PitchContent::default()).into_iter().map(|m| m.field).collect();
        assert_eq!(fields, ["title", "logline", "genre", "format", "budget", "stage", "short_synopsis"]);
        let mut content = full();
        content.short_synopsis = "x".repeat(49);
        assert_eq!(missing(&content).len(), 1);
        content.short_synopsis.push('x');
        assert_eq!(missing(&content), []);
    }

    #[test]
    fn a_slug_is_never_empty_and_never_long() {
        assert_eq!(slug("The Last Tram, at Night!"), "the-last-tram-at-night");
        assert_eq!(slug("\u{1F3AC}\u{1F3AC}\u{1F3AC}"), "pitch");
        assert!(slug(&"long ".repeat(40)).len() <= 60);
    }

    #[test]
    fn two_people_who_edit_different_fields_both_win() {
        let start = Draft::default();
        let first = apply(&start, &save(0, &[("title", "First")])).unwrap();
        assert_eq!(first.revision, 1);
        let both = apply(&first, &save(0, &[("logline", "Second")])).unwrap();
        assert_eq!((both.content.title.as_str(), both.content.logline.as_str(), both.revision), ("First", "Second", 2));
    }

    #[test]
    fn the_later_of_two_edits_of_one_field_is_told_and_shown_what_is_there() {
        let first = apply(&Draft::default(), &save(0, &[("title", "Theirs")])).unwrap();
        let error = apply(&first, &save(0, &[("title", "Mine"), ("logline", "Mine too")])).unwrap_err();
        assert_eq!(error.refusal, Refusal::Conflict);
        assert_eq!(error.fields.len(), 1);
        assert!(error.on_field("title").unwrap().ends_with("Theirs"));
        assert_eq!(apply(&first, &save(0, &[("title", "Theirs")])).unwrap(), first, "the same words are no conflict");
    }

    #[test]
    fn a_whole_form_sent_late_keeps_the_fields_its_writer_did_not_touch() {
        let start = apply(&Draft::default(), &save(0, &[("title", "Old"), ("logline", "Old")])).unwrap();
        let base = form::digests(&form::values(&start.content));
        let theirs = apply(&start, &save(1, &[("title", "New")])).unwrap();
        let mine = save(1, &[("title", "Old"), ("logline", "Mine"), ("base", &base)]);
        let merged = apply(&theirs, &mine).unwrap();
        assert_eq!((merged.content.title.as_str(), merged.content.logline.as_str()), ("New", "Mine"));
    }

    #[test]
    fn a_save_whose_answer_was_lost_is_no_conflict_with_the_next_one() {
        let start = apply(&Draft::default(), &save(0, &[("title", "Old")])).unwrap();
        let lost = form::digests(&form(&[("title", "Mine ")]));
        let saved = apply(&start, &save(1, &[("title", "Mine ")])).unwrap();
        let again = save(1, &[("title", "Mine, longer"), ("unanswered", &lost)]);
        assert_eq!(apply(&saved, &again).unwrap().content.title, "Mine, longer");
        assert_eq!(apply(&start, &again).unwrap().content.title, "Mine, longer", "it had not arrived");
        let theirs = apply(&saved, &save(2, &[("title", "Theirs")])).unwrap();
        assert_eq!(apply(&theirs, &again).unwrap_err().refusal, Refusal::Conflict, "someone wrote after it");
        let back =
            save(1, &[("title", "Old"), ("base", &form::digests(&form(&[("title", "Old")]))), ("unanswered", &lost)]);
        assert_eq!(apply(&saved, &back).unwrap().content.title, "Old", "typed back to what it was");
    }

    #[test]
    fn a_conflict_is_settled_either_way_but_never_over_something_unseen() {
        let theirs = apply(&Draft::default(), &save(0, &[("title", "Theirs")])).unwrap();
        let mine = |resolve| save(0, &[("title", "Mine"), ("resolve", resolve)]);
        assert_eq!(apply(&theirs, &mine("mine:1")).unwrap().content.title, "Mine");
        assert_eq!(apply(&theirs, &mine("theirs")).unwrap().content.title, "Theirs");
        let third = apply(&theirs, &save(1, &[("title", "Third")])).unwrap();
        assert_eq!(apply(&third, &mine("mine:1")).unwrap_err().refusal, Refusal::Conflict);
        assert_eq!(apply(&theirs, &mine("nonsense")).unwrap_err().refusal, Refusal::Conflict);
    }

    #[test]
    fn characters_are_one_thing_when_two_people_edit() {
        let start =
            apply(&Draft::default(), &save(0, &[("character_1_name", "Ada"), ("character_2_name", "Bo")])).unwrap();
        let moved = apply(&start, &save(1, &[("arrange", "character_2_up")])).unwrap();
        assert_eq!(moved.content.characters[0].name, "Bo");
        let error = apply(&moved, &save(1, &[("character_2_role", "Lead")])).unwrap_err();
        assert_eq!(error.fields[0].field, "character_2_role");
    }

    #[test]
    fn a_save_that_changes_nothing_makes_no_revision() {
        let start = apply(&Draft::default(), &save(0, &[("title", "Same")])).unwrap();
        assert_eq!(apply(&start, &save(1, &[("title", " Same ")])).unwrap(), start);
    }

    #[test]
    fn what_is_withheld_is_said_by_kind() {
        let materials = [
            (MaterialKind::Script, Visibility::Nda),
            (MaterialKind::Other, Visibility::Nda),
            (MaterialKind::Other, Visibility::Nda),
            (MaterialKind::Poster, Visibility::Public),
            (MaterialKind::Lookbook, Visibility::Members),
        ];
        let mut content = PitchContent::default();
        content.financing.seeking = "1M".into();
        let behind = withheld(&content, &materials, Layer::Guest, Visibility::Nda);
        assert_eq!(behind, ["script", "2 documents", "financing"]);
        assert_eq!(withheld(&content, &materials, Layer::Guest, Visibility::Members), ["lookbook"]);
        assert_eq!(withheld(&content, &materials, Layer::Signer, Visibility::Nda), [""; 0]);
    }

    #[test]
    fn an_unpublished_pitch_is_read_by_its_owner_and_those_who_signed() {
        for &status in PitchStatus::ALL {
            assert_eq!(readable(status, true, Layer::Member), status == PitchStatus::Published);
            let kept = matches!(status, PitchStatus::Published | PitchStatus::Draft | PitchStatus::Archived);
            assert_eq!(readable(status, true, Layer::Signer), kept, "{status:?}");
            assert!(readable(status, true, Layer::Owner));
        }
        assert!(!readable(PitchStatus::Draft, false, Layer::Signer));
    }
}
