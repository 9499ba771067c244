//! Which text an approval signs, and how it reads before anyone has.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{
    forms,
    model::{NdaCard, Pages},
    owner_model::{Choice, Offer, Shown, TemplateKind},
    store,
    template::{self, Values},
    template_rows::{self, TemplateRow, Whose},
};
use crate::shared::{
    error::{AppError, Result},
    ids::{PitchId, TemplateId},
    time::Time,
};

/// As many own templates as can be kept; all of them fit into one choice.
pub const MOST: i64 = 100;

/// A template's text, ready to be filled in.
#[derive(Clone, Debug)]
pub struct TemplateText {
    pub choice: Choice,
    pub body: String,
    /// What the text stands beside, where it is an uploaded PDF.
    pub pages: Option<Pages>,
}

impl TemplateText {
    fn own(row: TemplateRow) -> Self {
        let choice = Choice { id: row.id, name: row.name, version: row.number };
        Self { choice, body: row.kind.whole(&row.body), pages: row.pages }
    }

    /// The checksum of all that is known of an agreement before anyone asks, the platform's own clauses included. Who signs
    /// in advance signs for these words.
    pub fn sha256(&self) -> Vec<u8> {
        let clauses = format!("\0{}\0{}", template::GOVERNING_LAW, template::CONFIDENCE_YEARS);
        Sha256::digest(self.body.clone() + &clauses).to_vec()
    }
}

/// The platform's standard text.
pub async fn standard(db: &mut PgConnection, kind: TemplateKind, now: Time) -> Result<TemplateText> {
    let standard = kind.standard();
    let version = store::standard_version(db, standard, now).await?;
    let choice = Choice { id: standard.id, name: standard.name.into(), version };
    Ok(TemplateText { choice, body: standard.body.into(), pages: None })
}

/// The own template `id`, if it is offered.
async fn own(db: &mut PgConnection, kind: TemplateKind, id: TemplateId, whose: Whose) -> Result<Option<TemplateText>> {
    let found = template_rows::find(db, id, whose).await?.filter(|row| !row.archived && row.kind == kind);
    Ok(found.map(TemplateText::own))
}

/// The template that was named, as it is now; what is not among the choices is a sentence by its field.
pub async fn named(
    db: &mut PgConnection,
    kind: TemplateKind,
    id: TemplateId,
    whose: Whose,
    now: Time,
) -> Result<TemplateText> {
    if id == kind.standard_id() {
        return standard(db, kind, now).await;
    }
    let gone = || AppError::field("template_id", "This template is not offered any more. Please choose another one.");
    own(db, kind, id, whose).await?.ok_or_else(gone)
}

/// The template that a pitch begins with, as it is now.
pub async fn of_pitch(db: &mut PgConnection, pitch: PitchId, whose: Whose, now: Time) -> Result<TemplateText> {
    let set = template_rows::of_pitches(db, &[pitch]).await?;
    let found = match set.first() {
        Some((_, template)) => own(db, TemplateKind::Nda, *template, whose).await?,
        None => None,
    };
    match found {
        Some(text) => Ok(text),
        None => standard(db, TemplateKind::Nda, now).await,
    }
}

/// One version of a template, whether or not it is offered still.
pub async fn version(db: &mut PgConnection, id: TemplateId, number: i32) -> Result<TemplateText> {
    let row = template_rows::version(db, id, number).await?.ok_or_else(AppError::not_found)?;
    if id == row.kind.standard_id() {
        let choice = Choice { id, name: row.name, version: number };
        return Ok(TemplateText { choice, body: row.body, pages: None });
    }
    Ok(TemplateText::own(row))
}

/// Which text was chosen, and which texts were on the screen.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// `None`: what the project begins with.
    pub template: Option<TemplateId>,
    /// As `Offer::shown` wrote it.
    pub shown: String,
}

impl Chosen {
    /// What a form says; a mangled id is a template that is not there.
    pub fn typed(template_id: &str, shown: &str) -> Result<Self> {
        let template = match template_id.trim() {
            "" => None,
            id => Some(id.parse().map_err(|_| AppError::field("template_id", "Please choose one of the list."))?),
        };
        Ok(Self { template, shown: shown.to_string() })
    }

    /// The text that an approval for `pitch` signs: the one that was on the screen, in its version.
    pub async fn text(&self, db: &mut PgConnection, pitch: PitchId, whose: Whose, now: Time) -> Result<TemplateText> {
        let text = match self.template {
            Some(id) => named(db, TemplateKind::Nda, id, whose, now).await?,
            None => of_pitch(db, pitch, whose, now).await?,
        };
        self.was_shown(&text.choice).map(|()| text)
    }

    /// A text of one's own is signed only as it was shown; a standard one may be signed by who names no text at all.
    pub fn was_shown(&self, choice: &Choice) -> Result<()> {
        let standard = self.shown.is_empty() && TemplateKind::of_standard(choice.id).is_some();
        if standard || self.shown.split(',').any(|shown| shown == choice.mark()) {
            return Ok(());
        }
        Err(AppError::conflict(format!(
            "The template “{}” has changed since you opened this page. Please load it again and read the text once more.",
            choice.name
        )))
    }
}

/// The agreement as it will read, with gaps for what is not known before it is approved.
pub fn preview(text: &TemplateText, card: Option<&NdaCard>) -> Result<String> {
    let gap = |what: &str| format!("[{what}]");
    let values = Values {
        owner_party: card.and_then(|c| c.owner.clone()).map_or(gap("the owner"), |o| o.organisation.unwrap_or(o.name)),
        requester_party: card.map_or(gap("the person who asks, and their organisation"), |c| {
            match &c.requester.organisation {
                Some(organisation) => format!("{}, for themself and for {organisation}", c.requester.name),
                None => c.requester.name.clone(),
            }
        }),
        project_title: card.map_or(gap("the project"), |c| c.pitch_title.clone()),
        project_address: card.map_or(gap("its page"), |c| format!("/pitch/{}", c.pitch_slug)),
        purpose: card.map_or(gap("the purpose as stated"), |c| c.purpose.clone()),
        term_days: gap("the term chosen when approving, in"),
        extra_terms: gap("the owner's extra terms, if any"),
        owner_legal_name: gap("the owner's legal name, as typed when approving"),
        approved_on: gap("the time of approving"),
        template_version: text.choice.version.to_string(),
    };
    template::render(&text.body, &values)
}

/// A release as it will read, with gaps for what is not known before it is offered.
pub fn release_with_gaps(text: &TemplateText) -> Result<String> {
    forms::release_with_gaps(&text.body, text.choice.version)
}

/// What a company offers its release with: the text that `chosen` names, or the standard one.
pub async fn release_offer(
    db: &mut PgConnection,
    whose: Whose,
    chosen: Option<TemplateId>,
    now: Time,
) -> Result<Offer> {
    let kind = TemplateKind::Release;
    let standard = standard(db, kind, now).await?;
    let own_ones = template_rows::choices(db, kind, whose, MOST).await?;
    let choices: Vec<Choice> = [standard.choice.clone()].into_iter().chain(own_ones).collect();
    let chosen = chosen.filter(|id| choices.iter().any(|choice| choice.id == *id));
    let text = match chosen {
        Some(id) => named(db, kind, id, whose, now).await?,
        None => standard,
    };
    let texts = vec![Shown { body: release_with_gaps(&text)?, template: text.choice, pages: None }];
    Ok(Offer { choices, chosen, texts, of_pitches: Vec::new() })
}

/// What an owner chooses from for requests about `pitches`: with the text that `chosen` names, or each that the pitches begin
/// with. What is not offered any more counts as not chosen.
pub async fn offer(
    db: &mut PgConnection,
    whose: Whose,
    pitches: &[PitchId],
    chosen: Option<TemplateId>,
    now: Time,
) -> Result<Offer> {
    let standard = standard(db, TemplateKind::Nda, now).await?;
    let own_ones = template_rows::choices(db, TemplateKind::Nda, whose, MOST).await?;
    let choices: Vec<Choice> = [standard.choice.clone()].into_iter().chain(own_ones).collect();
    let chosen = chosen.filter(|id| choices.iter().any(|choice| choice.id == *id));
    let of_pitches = template_rows::of_pitches(db, pitches).await?;
    let mut offer = Offer { choices, chosen, texts: Vec::new(), of_pitches };
    for pitch in pitches {
        let Some(choice) = offer.for_pitch(*pitch).cloned() else { continue };
        if offer.texts.iter().any(|text| text.template.id == choice.id) {
            continue;
        }
        let text = if choice.id == standard.choice.id {
            Some(standard.clone())
        } else {
            own(db, TemplateKind::Nda, choice.id, whose).await?
        };
        if let Some(text) = text {
            offer.texts.push(Shown { body: preview(&text, None)?, template: text.choice, pages: text.pages });
        }
    }
    Ok(offer)
}
