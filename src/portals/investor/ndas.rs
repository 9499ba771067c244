//! The NDAs an investor asked for.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ndas::ui::SentNdas;

#[component]
pub fn InvestorNdasPage() -> impl IntoView {
    view! {
        <Title text="NDAs"/>
        <div class="page ndas">
            <header class="page-head">
                <div>
                    <h1>"NDAs"</h1>
                    <p>"What you asked for: what waits, what you may read, what has ended."</p>
                </div>
            </header>
            <SentNdas base="/investor/ndas?"/>
        </div>
    }
}
