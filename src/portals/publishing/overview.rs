//! One pitch at a glance, for its owner.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::pitch_id;
use crate::{
    kit::load::{Loaded, page_data},
    ndas::ui::PitchNdaSettings,
    pitches::{api, ui::PitchOverview},
    questions::{api as questions, ui::waiting_rows},
    reading::{api as reading, ui::ReadersOfPitch},
    sharing::{api as sharing, ui::LinksOfPitch},
};

/// `/creator/pitches/{id}` and `/production/pitches/{id}`.
#[component]
pub fn PitchOverviewPage() -> impl IntoView {
    let id = pitch_id();
    let data = page_data(move || id.get(), |id| async move { api::overview(id?).await });
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|query| query.get("readers")).unwrap_or_default());
    let readers =
        page_data(move || (id.get(), after.get()), |(id, after)| async move { reading::readers(id?, after).await });
    let asked = page_data(
        move || id.get(),
        |id| async move {
            let id = id?;
            Ok(questions::waiting().await?.into_iter().filter(|asked| asked.pitch == id).collect::<Vec<_>>())
        },
    );
    let later = Memo::new(move |_| query.with(|query| query.get("shares")).unwrap_or_default());
    let made = Memo::new(move |_| query.with(|query| query.get("shared")).and_then(|made| made.parse().ok()));
    let shares =
        page_data(move || (id.get(), later.get()), |(id, after)| async move { sharing::shares_of(id?, after).await });
    view! {
        <section class="page">
            <Loaded data view=move |pitch| {
                let id = pitch.id;
                view! {
                    <Title text=pitch.title.clone()/>
                    <PitchOverview ndas=ViewFn::from(move || view! { <PitchNdaSettings pitch=id/> }) pitch>
                        <Loaded data=asked view=|asked| (!asked.is_empty()).then(|| view! { <ul class="waiting">{waiting_rows(asked)}</ul> })/>
                        <Loaded data=shares view=move |shares| view! { <LinksOfPitch pitch=id shares made/> }/>
                        <Loaded data=readers view=|readers| view! { <ReadersOfPitch readers/> }/>
                    </PitchOverview>
                }
            }/>
        </section>
    }
}
