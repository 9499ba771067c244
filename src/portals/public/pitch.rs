//! A pitch's page: one for all readers, each sees what they may.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    kit::load::{Loaded, page_data},
    ndas::ui::NdaPanel,
    pitches::{api, model, ui::Article},
    questions::ui::PitchQuestions,
    releases::ui::ReleaseOnPitch,
};

/// `/pitch/{slug}`; its owner may look `?as=guest`, `member` or `signer`, or at `?version=1`.
#[component]
pub fn PitchPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let key = move || {
        let slug = params.with(|p| p.get("slug").unwrap_or_default());
        let asked = |name: &str| query.with(|q| q.get(name).unwrap_or_default());
        (slug, asked("as"), asked("version"))
    };
    let data = page_data(key, |(slug, preview, version)| async move { api::pitch_page(slug, preview, version).await });
    view! {
        <Loaded data view=|page: model::PitchPage| {
            let panel = (!page.preview).then_some(page.id);
            let slug = page.slug.clone();
            view! {
                <Article page>{panel.map(|pitch| view! { <NdaPanel pitch/><ReleaseOnPitch pitch/> })}</Article>
                {panel.map(|pitch| view! { <PitchQuestions pitch slug/> })}
            }
        }/>
    }
}
