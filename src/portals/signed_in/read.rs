//! A document, read in the page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::id_in_path;
use crate::{
    kit::load::{Loaded, page_data},
    ndas::{api::reading, model},
};

#[component]
pub fn ReadPage() -> impl IntoView {
    let data = page_data(id_in_path(), |id| async move { reading(id?).await });
    view! { <Loaded data view=|reading| shown(reading)/> }
}

fn shown(reading: model::Reading) -> impl IntoView {
    let file = format!("/files/{}", reading.file);
    let title = format!("{} · {}", reading.label, reading.pitch_title);
    let pages = reading.pages.map(|pages| format!(", {pages} {}", if pages == 1 { "page" } else { "pages" }));
    let recorded = reading.recorded.then_some("Each opening is recorded and shown to the owner. ");
    view! {
        <Title text=title.clone()/>
        <section class="read">
            <header class="read-head">
                <h1>
                    {reading.label}{pages}" · "
                    <a href=format!("/pitch/{}", reading.pitch_slug)>{reading.pitch_title}</a>
                </h1>
                <p class="muted small">
                    {recorded}<a href=file.clone() rel="external">"Open it on its own"</a>
                </p>
            </header>
            <iframe class="read-page" src=file title=title></iframe>
        </section>
    }
}
