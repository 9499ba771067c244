//! The pitch form: a content as flat field names and values, and back. Repeated things are numbered from 1
//! (`character_1_name`); the visibility of a field is `visibility_world`. Names that are not of the form are ignored.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    content::{Character, Comparable, Episode, Field, PitchContent, PlanLine, TeamMember},
    form_rows::{self, Row, cell_name, each_row, parse_cell},
    values::{NOT_A_LINK, choice, fits, is_link},
    words::{Attachment, Genre, Visibility},
};

pub use super::values::Values;
use crate::shared::{error::FieldError, text};

/// A field of text.
pub struct Text {
    pub name: &'static str,
    pub label: &'static str,
    /// In characters.
    pub max: usize,
    /// Of several lines.
    pub long: bool,
    get: fn(&PitchContent) -> &String,
    get_mut: fn(&mut PitchContent) -> &mut String,
}

macro_rules! texts {
    ($($name:literal, $label:literal, $max:literal, $long:literal, $($path:ident).+;)+) => {
        /// Every text of the form that is not in a row.
        pub const TEXTS: &[Text] = &[$(Text {
            name: $name, label: $label, max: $max, long: $long, get: |c| &c.$($path).+, get_mut: |c| &mut c.$($path).+,
        }),+];
    };
}

texts! {
    "title", "Title", 100, false, title;
    "logline", "Logline", 600, false, logline;
    "short_synopsis", "Short synopsis", 1000, true, short_synopsis;
    "language", "Language", 60, false, language;
    "country", "Country or territory", 60, false, country;
    "tone", "Tone and style", 2000, true, tone;
    "themes", "Themes", 2000, true, themes;
    "why_now", "Why now", 3000, true, why_now;
    "audience", "Target audience", 2000, true, audience;
    "long_synopsis", "Long synopsis", 30000, true, long_synopsis;
    "world", "World", 10000, true, world;
    "financing_budget", "Total budget", 60, false, financing.budget;
    "raised", "Raised so far", 60, false, financing.raised;
    "seeking", "Seeking", 60, false, financing.seeking;
    "distribution_plan", "Distribution plan", 3000, true, financing.distribution;
    "marketing", "Marketing", 3000, true, financing.marketing;
    "revenue_model", "Revenue model", 3000, true, financing.revenue;
    "contact_name", "Contact name", 100, false, contact.name;
    "contact_email", "Contact email", 254, false, contact.email;
    "contact_phone", "Contact phone", 40, false, contact.phone;
    "contact_website", "Contact website", 300, false, contact.website;
}

/// The most words in a logline.
pub const LOGLINE_WORDS: usize = 60;
/// The most tags, and the most characters in one.
pub const TAGS: (usize, usize) = (12, 30);

const CHOICES: [&str; 7] = ["genre", "genre_2", "genre_3", "format", "budget", "currency", "stage"];

/// What is merged as a whole when two people edit: a field, or all rows of a sort. `None` is not of the form.
pub fn unit_of(name: &str) -> Option<&str> {
    if let Some((row, ..)) = parse_cell(name) {
        return Some(row);
    }
    let visibility = name.strip_prefix("visibility_").and_then(|f| f.parse::<Field>().ok());
    let known =
        TEXTS.iter().any(|t| t.name == name) || CHOICES.contains(&name) || name == "tags" || visibility.is_some();
    known.then_some(name)
}

/// The label of a field, for messages: "Character 2, name".
pub fn label_of(name: &str) -> String {
    if let Some((row, index, cell)) = parse_cell(name) {
        let cell = form_rows::ROWS
            .iter()
            .flat_map(|(r, cells)| cells.iter().filter(move |c| *r == row && c.name == cell))
            .next();
        let row = match row {
            "team" => "Team member",
            "plan" => "Finance plan, line",
            "comparable" => "Comparable title",
            "episode" => "Episode",
            _ => "Character",
        };
        return format!("{row} {}, {}", index + 1, cell.map_or("", |c| c.label).to_lowercase());
    }
    if let Some(field) = name.strip_prefix("visibility_").and_then(|f| f.parse::<Field>().ok()) {
        return format!("Who sees: {}", field.label());
    }
    match name {
        "genre" => "Genre".into(),
        "genre_2" => "Second genre".into(),
        "genre_3" => "Third genre".into(),
        "format" => "Format".into(),
        "budget" => "Budget".into(),
        "currency" => "Currency".into(),
        "stage" => "Stage".into(),
        "tags" => "Tags".into(),
        _ => TEXTS.iter().find(|t| t.name == name).map_or(name, |t| t.label).into(),
    }
}

/// The text of the field `name`.
pub fn text(content: &PitchContent, name: &str) -> String {
    TEXTS.iter().find(|t| t.name == name).map(|t| (t.get)(content).clone()).unwrap_or_default()
}

/// The content as the form shows it.
pub fn values(content: &PitchContent) -> Values {
    fn show<R: Row>(content: &PitchContent, out: &mut Values) {
        for (index, row) in R::rows(content).iter().enumerate() {
            out.extend(R::CELLS.iter().map(|c| (cell_name(R::NAME, index, c.name), row.cell(c.name))));
        }
    }
    let word = |w: Option<&'static str>| w.unwrap_or_default().to_string();
    let mut out: Values = TEXTS.iter().map(|t| (t.name.to_string(), (t.get)(content).clone())).collect();
    let mut genres = content.genres();
    for name in ["genre", "genre_2", "genre_3"] {
        let genre = if name == "genre" && content.genre.is_none() { None } else { genres.next() };
        out.insert(name.into(), word(genre.map(Genre::word)));
    }
    out.insert("format".into(), word(content.format.map(|f| f.word())));
    out.insert("budget".into(), word(content.budget.map(|b| b.word())));
    out.insert("currency".into(), word(content.currency.map(|c| c.word())));
    out.insert("stage".into(), word(content.stage.map(|s| s.word())));
    out.insert("tags".into(), content.tags.join(", "));
    for field in Field::ALL.iter().filter(|f| f.choices().len() > 1) {
        out.insert(format!("visibility_{field}"), content.visibility_of(*field).word().into());
    }
    each_row!(show(content, &mut out));
    out
}

/// Writes the posted values into `content`; what was not posted stays as it is. Complains of everything that does not
/// hold, by field.
pub fn patch(content: &mut PitchContent, posted: &Values) -> Vec<FieldError> {
    let mut complaints = Vec::new();
    let mut complain = |field: &str, message: String| complaints.push(FieldError { field: field.into(), message });
    for text in TEXTS {
        if let Some(value) = posted.get(text.name) {
            let value = if text.long { text::prose(value) } else { text::line(value) };
            if let Err(message) = fits(&value, text.max) {
                complain(text.name, message);
            }
            if text.name == "logline" && text::words(&value) > LOGLINE_WORDS {
                let words = text::words(&value);
                complain("logline", format!("The logline may have up to {LOGLINE_WORDS} words; this one has {words}."));
            }
            *(text.get_mut)(content) = value;
        }
    }
    for name in ["contact_website", "contact_email"] {
        let value = posted.get(name).map(|v| text::line(v)).unwrap_or_default();
        let holds = if name == "contact_email" { value.contains('@') } else { is_link(&value) };
        if !value.is_empty() && !holds {
            let message = if name == "contact_email" { "This is not an email address." } else { NOT_A_LINK };
            complain(name, message.into());
        }
    }
    if let Err((field, message)) = patch_choices(content, posted) {
        complain(field, message);
    }
    if let Some(tags) = posted.get("tags") {
        match read_tags(tags) {
            Ok(tags) => content.tags = tags,
            Err(message) => complain("tags", message),
        }
    }
    for (name, value) in posted {
        let Some(field) = name.strip_prefix("visibility_").and_then(|f| f.parse::<Field>().ok()) else { continue };
        match value.parse::<Visibility>() {
            Ok(chosen) if !field.choices().contains(&chosen) => {
                complain(name, format!("{} cannot be seen by \u{201c}{}\u{201d}.", field.label(), chosen.label()));
            }
            Ok(chosen) if chosen == field.usual_visibility() => drop(content.visibility.remove(&field)),
            Ok(chosen) => drop(content.visibility.insert(field, chosen)),
            Err(()) => complain(name, "Please choose one of the list.".into()),
        }
    }
    each_row!(form_rows::patch(content, posted, &mut complaints));
    complaints
}

fn patch_choices(content: &mut PitchContent, posted: &Values) -> Result<(), (&'static str, String)> {
    fn set<T: std::str::FromStr>(
        name: &'static str,
        posted: &Values,
        into: &mut Option<T>,
    ) -> Result<(), (&'static str, String)> {
        if let Some(value) = posted.get(name) {
            *into = choice(value).map_err(|message| (name, message))?;
        }
        Ok(())
    }
    set("genre", posted, &mut content.genre)?;
    let mut more = [content.more_genres.first().copied(), content.more_genres.get(1).copied()];
    set("genre_2", posted, &mut more[0])?;
    set("genre_3", posted, &mut more[1])?;
    let mut seen: BTreeSet<Genre> = content.genre.into_iter().collect();
    content.more_genres = more.into_iter().flatten().filter(|g| seen.insert(*g)).collect();
    set("format", posted, &mut content.format)?;
    set("budget", posted, &mut content.budget)?;
    set("currency", posted, &mut content.currency)?;
    set("stage", posted, &mut content.stage)
}

fn read_tags(value: &str) -> Result<Vec<String>, String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in value.split(',').map(text::line).filter(|t| !t.is_empty()) {
        if !tags.iter().any(|t| t.to_lowercase() == tag.to_lowercase()) {
            tags.push(tag);
        }
    }
    if tags.len() > TAGS.0 {
        return Err(format!("Up to {} tags; these are {}.", TAGS.0, tags.len()));
    }
    match tags.iter().find(|t| text::chars(t) > TAGS.1) {
        Some(long) => Err(format!("A tag has at most {} characters; \u{201c}{long}\u{201d} has more.", TAGS.1)),
        None => Ok(tags),
    }
}

/// Whether `name` is a text of one line.
fn is_line(name: &str) -> bool {
    TEXTS.iter().any(|text| text.name == name && !text.long)
}

/// The values of each unit, leaving out empty ones.
pub fn units(values: &Values) -> BTreeMap<&str, Values> {
    let mut units: BTreeMap<&str, Values> = BTreeMap::new();
    for (name, value) in values {
        if let Some(unit) = unit_of(name) {
            let value = if is_line(name) { text::line(value) } else { text::prose(value) };
            let of_unit = units.entry(unit).or_default();
            if !value.is_empty() {
                of_unit.insert(name.clone(), value);
            }
        }
    }
    units
}

/// What a form started from, short enough to go along with it: `title:1f2e3d4c,…`. Lets a save tell "I did not touch
/// this" from "I typed this".
pub fn digests(values: &Values) -> String {
    units(values).iter().map(|(unit, of_unit)| format!("{unit}:{:08x}", digest(of_unit))).collect::<Vec<_>>().join(",")
}

/// FNV-1a. It only has to tell apart versions of one field, nobody gains by fooling it.
pub fn digest(values: &Values) -> u32 {
    let bytes = values.iter().flat_map(|(name, value)| name.bytes().chain([0]).chain(value.bytes()).chain([0]));
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The words of an attachment's status, for its select.
pub fn statuses() -> Vec<(String, String)> {
    Attachment::options()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pitches::content::tests::full;

    fn form(values: &[(&str, &str)]) -> Values {
        values.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect()
    }

    #[test]
    fn a_content_survives_the_form() {
        let mut content = full();
        content.visibility.insert(Field::World, Visibility::Public);
        let mut read = PitchContent::default();
        assert_eq!(
            patch(&mut read, &values(&content)),
            [FieldError { field: "contact_email".into(), message: "This is not an email address.".into() }]
        );
        assert_eq!(read, content);
    }

    #[test]
    fn unknown_names_change_nothing() {
        let mut content = full();
        let posted = form(&[
            ("owner_id", "x"),
            ("status", "published"),
            ("slug", "x"),
            ("character_1_id", "9"),
            ("visibility", "x"),
        ]);
        assert_eq!(patch(&mut content, &posted), []);
        assert_eq!(content, full());
    }

    #[test]
    fn a_logline_of_61_words_is_refused_by_its_field_and_60_are_fine() {
        let words = |n: usize| form(&[("logline", &vec!["word"; n].join(" "))]);
        let complaints = patch(&mut PitchContent::default(), &words(61));
        assert_eq!(complaints.len(), 1);
        assert_eq!(complaints[0].field, "logline");
        assert!(complaints[0].message.contains("61"));
        assert_eq!(patch(&mut PitchContent::default(), &words(60)), []);
    }

    #[test]
    fn unknown_words_are_refused_by_their_fields() {
        for name in ["genre", "genre_2", "format", "budget", "stage", "currency", "team_1_status", "visibility_world"] {
            let complaints = patch(&mut full(), &form(&[(name, "haiku")]));
            assert_eq!(complaints.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), [name]);
        }
    }

    #[test]
    fn nul_is_dropped_and_four_byte_characters_stay_in_every_field() {
        let mut names: Vec<String> = values(&full()).into_keys().collect();
        names.retain(|n| !CHOICES.contains(&n.as_str()) && !n.starts_with("visibility_") && !n.ends_with("_status"));
        for name in names {
            let link = name.contains("website") || name.ends_with("credits");
            let typed = if link { "https://a\0.test/\u{1F3AC}" } else { "a@\0\u{1F3AC}b" };
            let mut content = PitchContent::default();
            let complaints = patch(&mut content, &form(&[(&name, typed)]));
            if link {
                continue; // NUL becomes a space there, which a link may not have
            }
            assert_eq!(complaints, [], "{name}");
            let kept = &values(&content)[&name];
            assert!(kept.contains('\u{1F3AC}') && !kept.contains('\0'), "{name}: {kept:?}");
        }
    }

    #[test]
    fn limits_are_told_in_characters_for_every_text() {
        for text in TEXTS {
            let long = "\u{1F3AC}".repeat(text.max + 1);
            let complaints = patch(&mut PitchContent::default(), &form(&[(text.name, &long)]));
            assert!(
                complaints.iter().any(|c| c.field == text.name && c.message.contains(&text.max.to_string())),
                "{}",
                text.name
            );
        }
    }

    #[test]
    fn financing_cannot_be_made_public_nor_the_title_hidden() {
        for (name, word) in
            [("visibility_financing", "public"), ("visibility_title", "nda"), ("visibility_genre", "members")]
        {
            assert_eq!(patch(&mut full(), &form(&[(name, word)]))[0].field, name);
        }
    }

    #[test]
    fn rows_are_patched_where_they_are_and_empty_ones_at_the_end_go() {
        let mut content = PitchContent::default();
        patch(
            &mut content,
            &form(&[("character_1_name", "Ada"), ("character_3_name", "Cem"), ("character_4_name", " ")]),
        );
        assert_eq!(content.characters.len(), 3);
        patch(&mut content, &form(&[("character_3_role", "Lead")]));
        assert_eq!((content.characters[2].name.as_str(), content.characters[2].role.as_str()), ("Cem", "Lead"));
        assert_eq!(content.characters[0].name, "Ada");
        let complaints = patch(&mut content, &form(&[("character_21_name", "One too many")]));
        assert_eq!(complaints[0].field, "character_21_name");
        assert_eq!(patch(&mut content, &form(&[("character_99999999999999999999_name", "x")])), []);
    }

    #[test]
    fn rows_move_and_go_by_their_buttons() {
        let mut content = PitchContent::default();
        patch(&mut content, &form(&[("team_1_name", "Ada"), ("team_2_name", "Bo"), ("team_3_name", "Cem")]));
        let names = |c: &PitchContent| c.team.iter().map(|t| t.name.clone()).collect::<Vec<_>>().join(" ");
        form_rows::rearrange(&mut content, "team_3_up");
        assert_eq!(names(&content), "Ada Cem Bo");
        form_rows::rearrange(&mut content, "team_1_down");
        assert_eq!(names(&content), "Cem Ada Bo");
        for nothing in ["team_1_up", "team_3_down", "team_9_remove", "team_0_up", "nonsense", "owner_1_remove"] {
            form_rows::rearrange(&mut content, nothing);
        }
        assert_eq!(names(&content), "Cem Ada Bo");
        form_rows::rearrange(&mut content, "team_2_remove");
        assert_eq!(names(&content), "Cem Bo");
    }

    #[test]
    fn tags_are_counted_and_not_doubled() {
        let mut content = PitchContent::default();
        patch(&mut content, &form(&[("tags", " sea,  Sea , night ,")]));
        assert_eq!(content.tags, ["sea", "night"]);
        let many = (0..13).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(patch(&mut content, &form(&[("tags", &many)]))[0].field, "tags");
    }

    #[test]
    fn digests_do_not_change_on_the_way_through_a_browser() {
        let shown = form(&[("short_synopsis", "one\ntwo"), ("title", "A")]);
        let posted = form(&[("short_synopsis", "one\r\ntwo"), ("title", "A"), ("pitch_id", "7")]);
        assert_eq!(digests(&shown), digests(&posted));
        assert_ne!(digests(&shown), digests(&form(&[("short_synopsis", "one"), ("title", "A")])));
    }
}
