//! Checking a sealed PDF.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    kit::{
        head::Description,
        load::{Loaded, data},
    },
    ndas::{
        api::verdict,
        ui::{CheckedFile, VerifyForm},
    },
};

/// `/verify`; with `?found=`, what is to be said of a file that was looked at.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let query = use_query_map();
    let checked = data(move || query.read().get("found").unwrap_or_default(), verdict);
    view! {
        <Title text="Check a signed PDF"/>
        <Description content="Whether a PDF is the sealed paper of an NDA or release signed here, to the last byte."/>
        <section class="page page-form">
            <h1>"Check a signed PDF"</h1>
            <p>
                "Every NDA and every submission release that both sides have signed here becomes one PDF under our seal. Choose the file that you were given, \
                 and we tell you whether it is that one. What it says is shown to its parties only."
            </p>
            <Loaded data=checked view=move |checked| checked.map(|checked| view! { <CheckedFile checked/> })/>
            <VerifyForm/>
        </section>
    }
}
