//! What a pitch says, and who may see which of it. A working copy and every published version are a `PitchContent`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words::{Attachment, Budget, Currency, Format, Genre, Stage, Visibility};
use crate::word_enum;

word_enum! {
    /// A part of a pitch that has its own visibility.
    Field {
        Title = "title", Logline = "logline", Genre = "genre", Format = "format",
        Owner = "owner", ShortSynopsis = "short_synopsis", Stage = "stage", Budget = "budget",
        Language = "language", Country = "country", Tags = "tags",
        Comparables = "comparables", Tone = "tone", Themes = "themes", WhyNow = "why_now", Audience = "audience",
        Team = "team",
        LongSynopsis = "long_synopsis", World = "world", Characters = "characters", Episodes = "episodes",
        Financing = "financing", Contact = "contact",
    }
}

impl Field {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Field::Title => "Title",
            Field::Logline => "Logline",
            Field::Genre => "Genre",
            Field::Format => "Format",
            Field::Owner => "Your name",
            Field::ShortSynopsis => "Short synopsis",
            Field::Stage => "Stage",
            Field::Budget => "Budget",
            Field::Language => "Language",
            Field::Country => "Country or territory",
            Field::Tags => "Tags",
            Field::Comparables => "Comparable titles",
            Field::Tone => "Tone and style",
            Field::Themes => "Themes",
            Field::WhyNow => "Why now",
            Field::Audience => "Target audience",
            Field::Team => "Team",
            Field::LongSynopsis => "Long synopsis",
            Field::World => "World",
            Field::Characters => "Characters",
            Field::Episodes => "Episodes",
            Field::Financing => "Financing",
            Field::Contact => "Contact details",
        }
    }

    /// Who sees it unless the owner says otherwise.
    pub fn usual_visibility(self) -> Visibility {
        use Field::*;
        match self {
            Title | Logline | Genre | Format | Owner | ShortSynopsis | Stage | Budget | Language | Country | Tags => {
                Visibility::Public
            }
            Comparables | Tone | Themes | WhyNow | Audience | Team => Visibility::Members,
            LongSynopsis | World | Characters | Episodes | Financing | Contact => Visibility::Nda,
        }
    }

    /// What the owner may choose from. One choice is no choice: such a field has no switch.
    pub fn choices(self) -> &'static [Visibility] {
        match self {
            Field::Title | Field::Logline | Field::Genre | Field::Format => &[Visibility::Public],
            Field::Financing => &[Visibility::Nda],
            _ => Visibility::ALL,
        }
    }
}

/// How near a reader is to a pitch. Each layer sees what the one before it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Layer {
    Guest,
    /// Signed in with a verified email.
    Member,
    /// Has a signed NDA in force.
    Signer,
    /// The owner, or anyone with a seat in the organisation that owns it.
    Owner,
}

impl Layer {
    pub fn sees(self, visibility: Visibility) -> bool {
        self >= match visibility {
            Visibility::Public => Layer::Guest,
            Visibility::Members => Layer::Member,
            Visibility::Nda => Layer::Signer,
        }
    }

    /// The layer of `?as=`: `guest`, `member` or `signer`.
    pub fn from_preview(word: &str) -> Option<Self> {
        match word {
            "guest" => Some(Layer::Guest),
            "member" => Some(Layer::Member),
            "signer" => Some(Layer::Signer),
            _ => None,
        }
    }
}

/// Whether a value is what a new pitch has; such values are not written.
fn blank<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PitchContent {
    #[serde(skip_serializing_if = "blank")]
    pub title: String,
    #[serde(skip_serializing_if = "blank")]
    pub logline: String,
    #[serde(skip_serializing_if = "blank")]
    pub genre: Option<Genre>,
    /// Up to two more.
    #[serde(skip_serializing_if = "blank")]
    pub more_genres: Vec<Genre>,
    #[serde(skip_serializing_if = "blank")]
    pub format: Option<Format>,
    #[serde(skip_serializing_if = "blank")]
    pub budget: Option<Budget>,
    #[serde(skip_serializing_if = "blank")]
    pub currency: Option<Currency>,
    #[serde(skip_serializing_if = "blank")]
    pub stage: Option<Stage>,
    #[serde(skip_serializing_if = "blank")]
    pub language: String,
    #[serde(skip_serializing_if = "blank")]
    pub country: String,
    #[serde(skip_serializing_if = "blank")]
    pub tags: Vec<String>,
    #[serde(skip_serializing_if = "blank")]
    pub short_synopsis: String,
    #[serde(skip_serializing_if = "blank")]
    pub comparables: Vec<Comparable>,
    #[serde(skip_serializing_if = "blank")]
    pub tone: String,
    #[serde(skip_serializing_if = "blank")]
    pub themes: String,
    #[serde(skip_serializing_if = "blank")]
    pub why_now: String,
    #[serde(skip_serializing_if = "blank")]
    pub audience: String,
    #[serde(skip_serializing_if = "blank")]
    pub team: Vec<TeamMember>,
    #[serde(skip_serializing_if = "blank")]
    pub long_synopsis: String,
    #[serde(skip_serializing_if = "blank")]
    pub world: String,
    #[serde(skip_serializing_if = "blank")]
    pub characters: Vec<Character>,
    #[serde(skip_serializing_if = "blank")]
    pub episodes: Vec<Episode>,
    #[serde(skip_serializing_if = "blank")]
    pub financing: Financing,
    #[serde(skip_serializing_if = "blank")]
    pub contact: Contact,
    /// Where the owner chose otherwise than `Field::usual_visibility`. Only the owner is shown it.
    #[serde(skip_serializing_if = "blank")]
    pub visibility: BTreeMap<Field, Visibility>,
}

/// A title the project can be compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Comparable {
    pub title: String,
    #[serde(skip_serializing_if = "blank")]
    pub why: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Character {
    pub name: String,
    #[serde(skip_serializing_if = "blank")]
    pub description: String,
    #[serde(skip_serializing_if = "blank")]
    pub age: String,
    #[serde(skip_serializing_if = "blank")]
    pub gender: String,
    #[serde(skip_serializing_if = "blank")]
    pub role: String,
    #[serde(skip_serializing_if = "blank")]
    pub arc: String,
    #[serde(skip_serializing_if = "blank")]
    pub actor: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TeamMember {
    pub name: String,
    #[serde(skip_serializing_if = "blank")]
    pub role: String,
    #[serde(skip_serializing_if = "blank")]
    pub bio: String,
    /// A link to their credits.
    #[serde(skip_serializing_if = "blank")]
    pub credits: String,
    #[serde(skip_serializing_if = "blank")]
    pub status: Option<Attachment>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Episode {
    pub title: String,
    #[serde(skip_serializing_if = "blank")]
    pub synopsis: String,
}

/// Supplied by the owner, and said to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Financing {
    #[serde(skip_serializing_if = "blank")]
    pub budget: String,
    #[serde(skip_serializing_if = "blank")]
    pub raised: String,
    #[serde(skip_serializing_if = "blank")]
    pub seeking: String,
    #[serde(skip_serializing_if = "blank")]
    pub plan: Vec<PlanLine>,
    #[serde(skip_serializing_if = "blank")]
    pub distribution: String,
    #[serde(skip_serializing_if = "blank")]
    pub marketing: String,
    #[serde(skip_serializing_if = "blank")]
    pub revenue: String,
}

/// A line of the finance plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanLine {
    pub source: String,
    #[serde(skip_serializing_if = "blank")]
    pub amount: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    #[serde(skip_serializing_if = "blank")]
    pub name: String,
    #[serde(skip_serializing_if = "blank")]
    pub email: String,
    #[serde(skip_serializing_if = "blank")]
    pub phone: String,
    #[serde(skip_serializing_if = "blank")]
    pub website: String,
}

impl PitchContent {
    /// Who sees `field`. Never wider than the field allows, whatever was stored.
    pub fn visibility_of(&self, field: Field) -> Visibility {
        match self.visibility.get(&field) {
            Some(chosen) if field.choices().contains(chosen) => *chosen,
            _ => field.usual_visibility(),
        }
    }

    /// The content as `layer` may see it: everything else is gone.
    pub fn seen_by(&self, layer: Layer) -> Self {
        if layer == Layer::Owner {
            return self.clone();
        }
        let mut seen = self.clone();
        for &field in Field::ALL {
            if !layer.sees(self.visibility_of(field)) {
                seen.clear(field);
            }
        }
        seen.visibility.clear();
        seen
    }

    /// The fields that say something and that `layer` may not see but readers of `visibility` may.
    pub fn withheld(&self, layer: Layer, visibility: Visibility) -> Vec<Field> {
        let kept = |f: &&Field| !layer.sees(visibility) && self.visibility_of(**f) == visibility && self.says(**f);
        Field::ALL.iter().filter(kept).copied().collect()
    }

    /// Whether something is written in `field`.
    pub fn says(&self, field: Field) -> bool {
        let mut without = self.clone();
        without.clear(field);
        without != *self
    }

    fn clear(&mut self, field: Field) {
        match field {
            Field::Title => self.title.clear(),
            Field::Logline => self.logline.clear(),
            Field::Genre => (self.genre, self.more_genres) = Default::default(),
            Field::Format => self.format = None,
            // The name is in the account; whoever shows it asks `visibility_of`.
            Field::Owner => {}
            Field::ShortSynopsis => self.short_synopsis.clear(),
            Field::Stage => self.stage = None,
            Field::Budget => (self.budget, self.currency) = Default::default(),
            Field::Language => self.language.clear(),
            Field::Country => self.country.clear(),
            Field::Tags => self.tags.clear(),
            Field::Comparables => self.comparables.clear(),
            Field::Tone => self.tone.clear(),
            Field::Themes => self.themes.clear(),
            Field::WhyNow => self.why_now.clear(),
            Field::Audience => self.audience.clear(),
            Field::Team => self.team.clear(),
            Field::LongSynopsis => self.long_synopsis.clear(),
            Field::World => self.world.clear(),
            Field::Characters => self.characters.clear(),
            Field::Episodes => self.episodes.clear(),
            Field::Financing => self.financing = Default::default(),
            Field::Contact => self.contact = Default::default(),
        }
    }

    /// As it is published: rows that were left empty are gone.
    pub fn tidy(mut self) -> Self {
        fn keep<T: Default + PartialEq>(rows: &mut Vec<T>) {
            rows.retain(|row| !blank(row));
        }
        keep(&mut self.comparables);
        keep(&mut self.team);
        keep(&mut self.characters);
        keep(&mut self.episodes);
        keep(&mut self.financing.plan);
        self
    }

    /// Primary genre first.
    pub fn genres(&self) -> impl Iterator<Item = Genre> {
        self.genre.into_iter().chain(self.more_genres.iter().copied())
    }

    /// The title, or what stands for it until there is one.
    pub fn shown_title(&self) -> &str {
        if self.title.is_empty() { "Untitled" } else { &self.title }
    }

    /// The budget band with its currency: "1M-5M EUR".
    pub fn budget_label(&self) -> Option<String> {
        let band = self.budget?.label();
        Some(self.currency.map_or(band.to_string(), |c| format!("{band} {}", c.label())))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A pitch that says something in every field, each time the field's own word.
    pub fn full() -> PitchContent {
        let word = |field: Field| format!("<{}>", field.word());
        PitchContent {
            title: word(Field::Title),
            logline: word(Field::Logline),
            genre: Some(Genre::Drama),
            more_genres: vec![Genre::Noir],
            format: Some(Format::FeatureFilm),
            budget: Some(Budget::To5M),
            currency: Some(Currency::Eur),
            stage: Some(Stage::Packaged),
            language: word(Field::Language),
            country: word(Field::Country),
            tags: vec![word(Field::Tags)],
            short_synopsis: word(Field::ShortSynopsis),
            comparables: vec![Comparable { title: word(Field::Comparables), why: String::new() }],
            tone: word(Field::Tone),
            themes: word(Field::Themes),
            why_now: word(Field::WhyNow),
            audience: word(Field::Audience),
            team: vec![TeamMember { name: word(Field::Team), ..Default::default() }],
            long_synopsis: word(Field::LongSynopsis),
            world: word(Field::World),
            characters: vec![Character { name: word(Field::Characters), ..Default::default() }],
            episodes: vec![Episode { title: word(Field::Episodes), synopsis: String::new() }],
            financing: Financing { seeking: word(Field::Financing), ..Default::default() },
            contact: Contact { email: word(Field::Contact), ..Default::default() },
            visibility: BTreeMap::new(),
        }
    }

    const LAYERS: [Layer; 4] = [Layer::Guest, Layer::Member, Layer::Signer, Layer::Owner];

    /// The fields that say something, found in what would go over the wire.
    fn on_the_wire(content: &PitchContent) -> Vec<Field> {
        let wire = serde_json::to_value(content).unwrap();
        let read: PitchContent = serde_json::from_value(wire.clone()).unwrap();
        for &field in Field::ALL {
            let named = wire.as_object().unwrap().keys().any(|k| k == field.word());
            assert_eq!(named, read.says(field), "{field} is on the wire exactly when it says something: {wire}");
        }
        Field::ALL.iter().filter(|f| read.says(**f)).copied().collect()
    }

    #[test]
    fn each_layer_sees_exactly_what_the_defaults_say() {
        let full = full();
        for layer in LAYERS {
            let seen = on_the_wire(&full.seen_by(layer));
            for &field in Field::ALL.iter().filter(|f| **f != Field::Owner) {
                assert_eq!(seen.contains(&field), layer.sees(field.usual_visibility()), "{field} for {layer:?}");
            }
        }
        assert!(on_the_wire(&full.seen_by(Layer::Guest)).contains(&Field::ShortSynopsis));
        assert!(!on_the_wire(&full.seen_by(Layer::Guest)).contains(&Field::Team));
        assert!(!on_the_wire(&full.seen_by(Layer::Member)).contains(&Field::LongSynopsis));
        assert_eq!(full.seen_by(Layer::Owner), full);
    }

    #[test]
    fn every_choice_of_visibility_is_kept_for_every_field_and_layer() {
        for &field in Field::ALL.iter().filter(|f| **f != Field::Owner) {
            for &chosen in Visibility::ALL {
                let mut content = full();
                content.visibility.insert(field, chosen);
                let holds = if field.choices().contains(&chosen) { chosen } else { field.usual_visibility() };
                for layer in LAYERS {
                    let seen = on_the_wire(&content.seen_by(layer));
                    assert_eq!(seen.contains(&field), layer.sees(holds), "{field} set to {chosen} for {layer:?}");
                }
            }
        }
    }

    #[test]
    fn financing_is_never_wider_than_the_nda_and_the_title_never_narrower_than_public() {
        let mut content = full();
        content.visibility.insert(Field::Financing, Visibility::Public);
        content.visibility.insert(Field::Title, Visibility::Nda);
        assert!(!content.seen_by(Layer::Member).says(Field::Financing));
        assert!(content.seen_by(Layer::Guest).says(Field::Title));
    }

    #[test]
    fn a_text_behind_the_nda_is_nowhere_in_what_others_get() {
        let content = full();
        for layer in [Layer::Guest, Layer::Member] {
            let wire = serde_json::to_string(&content.seen_by(layer)).unwrap();
            for field in [Field::LongSynopsis, Field::World, Field::Characters, Field::Financing, Field::Contact] {
                assert!(!wire.contains(field.word()), "{field} in {wire}");
            }
            assert!(!wire.contains("visibility"));
        }
    }

    #[test]
    fn what_is_withheld_is_listed_by_field_and_only_if_it_says_something() {
        let mut content = full();
        content.world.clear();
        assert_eq!(
            content.withheld(Layer::Guest, Visibility::Nda),
            [Field::LongSynopsis, Field::Characters, Field::Episodes, Field::Financing, Field::Contact]
        );
        assert!(content.withheld(Layer::Guest, Visibility::Members).contains(&Field::Team));
        assert_eq!(content.withheld(Layer::Member, Visibility::Members), []);
        assert_eq!(content.withheld(Layer::Signer, Visibility::Nda), []);
    }

    #[test]
    fn rows_left_empty_are_not_published() {
        let mut content = full();
        content.characters.insert(0, Character::default());
        assert_eq!(content.tidy().characters.len(), 1);
    }
}
