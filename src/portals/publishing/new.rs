//! Beginning a pitch.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::pitches::ui::NewPitch;

/// `/creator/pitches/new` and `/production/pitches/new`.
#[component]
pub fn NewPitchPage() -> impl IntoView {
    view! {
        <Title text="New pitch"/>
        <section class="page page-form">
            <header class="page-head"><h1>"New pitch"</h1></header>
            <NewPitch/>
        </section>
    }
}
