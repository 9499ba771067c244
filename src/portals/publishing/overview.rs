//! One pitch at a glance, for its owner.

use leptos::prelude::*;
use leptos_meta::Title;

use super::pitch_id;
use crate::{
    kit::load::{Loaded, page_data},
    pitches::{api, ui::PitchOverview},
};

/// `/creator/pitches/{id}` and `/production/pitches/{id}`.
#[component]
pub fn PitchOverviewPage() -> impl IntoView {
    let id = pitch_id();
    let data = page_data(move || id.get(), |id| async move { api::overview(id?).await });
    view! {
        <section class="page">
            <Loaded data view=|pitch| view! { <Title text=pitch.title.clone()/> <PitchOverview pitch/> }/>
        </section>
    }
}
