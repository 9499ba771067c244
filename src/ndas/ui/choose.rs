//! Which template an approval signs: choosing it, and reading it before.

use leptos::prelude::*;

use super::document::DocumentText;
use crate::{
    kit::field::Select,
    ndas::{
        model::Text,
        owner_model::{Offer, Shown, Signs},
    },
    shared::ids::PitchId,
};

/// Chooses the template whose text the page shows: an ordinary address, so that a choice is a page one can go back to.
#[component]
pub fn ChooseTemplate(
    offer: Offer,
    /// The page's address, without its query.
    at: String,
    /// What its query says besides.
    keep: Vec<(&'static str, String)>,
    /// The project it is about; `None`: several, each of which begins with its own.
    pitch: Option<PitchId>,
    /// What is signed where there is no choice.
    #[prop(default = "You approve with the standard NDA.")]
    alone: &'static str,
) -> impl IntoView {
    let write = view! { <a href="/settings/templates">"Your templates"</a> };
    if offer.choices.len() < 2 {
        return view! { <p class="muted small">{alone}" Other texts: "{write}"."</p> }.into_any();
    }
    let chosen = match pitch {
        Some(pitch) => offer.for_pitch(pitch).map(|choice| choice.id),
        None => offer.chosen,
    };
    let options = offer.choices.iter().map(|choice| (choice.id.to_string(), choice.words())).collect::<Vec<_>>();
    let value = chosen.map(|id| id.to_string()).unwrap_or_default();
    let none = if pitch.is_none() { "What each project begins with" } else { "" };
    let kept = keep.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <form class="nda-choose" action=at method="get">
            {kept.collect_view()}
            <Select label="Template" name="template" options value none/>
            <button class="button" type="submit">"Show this text"</button>
            <span class="small">{write}</span>
        </form>
    }
    .into_any()
}

/// The texts that an approval on this page signs, unfolded when they are wanted.
#[component]
pub fn OfferedTexts(
    texts: Vec<Shown>,
    /// The act that signs them.
    #[prop(default = "approving")]
    by: &'static str,
) -> impl IntoView {
    let one = texts.len() == 1;
    let each = texts.into_iter().map(|shown| {
        let summary = if one {
            format!("Read the agreement that you sign by {by}")
        } else {
            format!("Read what you sign by {by}: {}", shown.template.words())
        };
        let text = Text { body: shown.body, pages: shown.pages, sha256: None };
        view! {
            <details class="nda-preview">
                <summary>{summary}</summary>
                // It scrolls by itself: the keyboard reaches it, too.
                <div class="nda-preview-text" tabindex="0" role="region" aria-label="The text"><DocumentText text/></div>
            </details>
        }
    });
    each.collect_view()
}

/// What a form posts of the choice: the template, and which texts were on the screen.
#[component]
pub fn SignsFields(signs: Signs) -> impl IntoView {
    view! {
        <input type="hidden" name="template_id" value=signs.template_id/>
        <input type="hidden" name="template_shown" value=signs.template_shown/>
    }
}
