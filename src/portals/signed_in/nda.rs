//! One NDA.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::id_in_path;
use crate::{
    kit::load::{Loaded, page_data},
    ndas::{api::one_nda, ui::NdaOnPage},
};

#[component]
pub fn NdaPage() -> impl IntoView {
    let (id, query) = (id_in_path(), use_query_map());
    let key = move || (id(), query.with(|query| query.get("template")));
    let nda = page_data(key, |(id, template)| async move { one_nda(id?, template).await });
    view! {
        <div class="page nda-page">
            <Loaded data=nda view=|nda| {
                let title = format!("NDA for {}", nda.card.pitch_title);
                view! {
                    <Title text=title/>
                    <NdaOnPage nda/>
                }
            }/>
        </div>
    }
}
