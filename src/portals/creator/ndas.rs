//! The creator's inbox of NDA requests.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ndas::ui::{NdaFigures, ReceivedNdas};

#[component]
pub fn CreatorNdasPage() -> impl IntoView {
    view! {
        <Title text="NDAs"/>
        <div class="page ndas">
            <header class="page-head">
                <div>
                    <h1>"NDAs"</h1>
                    <p>"Who asks to read what is behind the NDA of your projects, and who may."</p>
                </div>
                <p class="row"><a class="button" href="/settings/templates">"Templates"</a></p>
            </header>
            <ReceivedNdas base="/creator/ndas?"/>
            <NdaFigures/>
        </div>
    }
}
