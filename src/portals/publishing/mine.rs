//! All of one's pitches.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    kit::load::{Loaded, page_data},
    pitches::{
        api,
        ui::{MyPitches, desk},
    },
};

/// `/creator/pitches` and `/production/pitches`.
#[component]
pub fn MyPitchesPage() -> impl IntoView {
    let query = use_query_map();
    let data = page_data(
        move || query.with(|q| q.get("after").unwrap_or_default()),
        |after| async move { api::mine(after).await },
    );
    let new = format!("{}/new", desk());
    view! {
        <Title text="My pitches"/>
        <section class="page">
            <header class="page-head">
                <h1>"My pitches"</h1>
                <a class="button button-main" href=new>"New pitch"</a>
            </header>
            <Loaded data view=|page| view! { <MyPitches page/> }/>
        </section>
    }
}
