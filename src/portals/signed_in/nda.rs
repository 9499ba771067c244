//! One NDA.

use leptos::prelude::*;
use leptos_meta::Title;

use super::id_in_path;
use crate::{
    kit::load::{Loaded, page_data},
    ndas::{api::one_nda, ui::NdaOnPage},
};

#[component]
pub fn NdaPage() -> impl IntoView {
    let nda = page_data(id_in_path(), |id| async move { one_nda(id?).await });
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
