//! The NDAs of a production company: asked of it for its own projects, and asked for by its people; and its releases.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    kit::tabs::Tabs,
    ndas::ui::{NdaFigures, ReceivedNdas, SentNdas},
    releases::ui::Releases,
};

const SIDES: [(&str, &str); 3] = [("received", "Received"), ("sent", "Sent"), ("releases", "Releases")];

#[component]
pub fn ProductionNdasPage() -> impl IntoView {
    let query = use_query_map();
    let side =
        Memo::new(move |_| query.with(|query| query.get("side")).filter(|side| SIDES.iter().any(|(is, _)| is == side)));
    let chosen = move || side.get().unwrap_or_else(|| "received".into());
    let tabs = move || {
        let item = |(side, label): &(&str, &str)| {
            (format!("/production/ndas?side={side}"), label.to_string(), *side == chosen())
        };
        let items: Vec<_> = SIDES.iter().map(item).collect();
        view! { <Tabs items label="Received, sent or releases"/> }
    };
    let list = move || match chosen().as_str() {
        "sent" => view! { <SentNdas base="/production/ndas?side=sent&"/> }.into_any(),
        "releases" => view! { <Releases base="/production/ndas?side=releases&"/> }.into_any(),
        _ => view! { <ReceivedNdas base="/production/ndas?side=received&"/><NdaFigures/> }.into_any(),
    };
    view! {
        <Title text="NDAs"/>
        <div class="page ndas">
            <header class="page-head">
                <div>
                    <h1>"NDAs"</h1>
                    <p>"Received for your company's own projects; sent by you for the projects of others; and your company's submission releases."</p>
                </div>
                <p class="row"><a class="button" href="/settings/templates">"Templates"</a></p>
            </header>
            {tabs}
            {list}
        </div>
    }
}
