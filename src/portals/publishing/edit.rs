//! Writing a pitch. The text is loaded once, so that nothing that happens elsewhere on the page overwrites what is being
//! typed; what surrounds it (files, state) is loaded again after every act.

use leptos::prelude::*;
use leptos_meta::Title;

use super::pitch_id;
use crate::{
    kit::load::{Loaded, data, page_data},
    pitches::{
        api,
        ui::{Acts, Editor, Materials, StatusBadge, Transfers},
    },
};

/// `/creator/pitches/{id}/edit` and `/production/pitches/{id}/edit`.
#[component]
pub fn EditPitchPage() -> impl IntoView {
    let id = pitch_id();
    provide_context(Transfers::new());
    let text = data(move || id.get(), |id| async move { api::edit_page(id?).await });
    let around = page_data(move || id.get(), |id| async move { api::overview(id?).await });
    view! {
        <section class="page-wide editor">
            <Loaded data=around view=|pitch| view! {
                <Title text=format!("Edit: {}", pitch.title)/>
                <header class="page-head">
                    <div class="pitch-title">
                        <h1>{pitch.title.clone()}</h1>
                        <StatusBadge status=pitch.status edits=pitch.unpublished_edits/>
                    </div>
                </header>
            }/>
            <div class="editor-columns">
                <Loaded data=text view=|page| view! { <Editor page/> }/>
                <div class="editor-around">
                    <Loaded data=around view=|pitch| {
                        let around = pitch.clone();
                        view! { <Materials pitch=around/> <Acts pitch beside_editor=true/> }
                    }/>
                </div>
            </div>
        </section>
    }
}
