//! The NDAs of a production company: asked of it for its own projects, and asked for by its people.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    kit::tabs::Tabs,
    ndas::ui::{NdaFigures, ReceivedNdas, SentNdas},
};

#[component]
pub fn ProductionNdasPage() -> impl IntoView {
    let query = use_query_map();
    let sent = Memo::new(move |_| query.with(|query| query.get("side").as_deref() == Some("sent")));
    let tabs = move || {
        let items = vec![
            ("/production/ndas?side=received".to_string(), "Received".to_string(), !sent.get()),
            ("/production/ndas?side=sent".to_string(), "Sent".to_string(), sent.get()),
        ];
        view! { <Tabs items label="Received or sent"/> }
    };
    let list = move || {
        if sent.get() {
            view! { <SentNdas base="/production/ndas?side=sent&"/> }.into_any()
        } else {
            view! { <ReceivedNdas base="/production/ndas?side=received&"/><NdaFigures/> }.into_any()
        }
    };
    view! {
        <Title text="NDAs"/>
        <div class="page ndas">
            <header class="page-head">
                <div>
                    <h1>"NDAs"</h1>
                    <p>"Received for your company's own projects; sent by you for the projects of others."</p>
                </div>
                <p class="row"><a class="button" href="/settings/templates">"Templates"</a></p>
            </header>
            {tabs}
            {list}
        </div>
    }
}
