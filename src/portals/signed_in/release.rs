//! One submission release.

use leptos::prelude::*;
use leptos_meta::Title;

use super::id_in_path;
use crate::{
    kit::load::{Loaded, page_data},
    releases::{api::one_release, ui::ReleaseOnPage},
};

#[component]
pub fn ReleasePage() -> impl IntoView {
    let release = page_data(id_in_path(), |id| async move { one_release(id?).await });
    view! {
        <div class="page nda-page">
            <Loaded data=release view=|release| {
                let title = format!("Release for {}", release.card.pitch_title);
                view! {
                    <Title text=title/>
                    <ReleaseOnPage release/>
                }
            }/>
        </div>
    }
}
