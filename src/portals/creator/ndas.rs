//! The creator's inbox of NDA requests, and of releases that companies offer.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    kit::tabs::Tabs,
    ndas::ui::{NdaFigures, ReceivedNdas},
    releases::ui::Releases,
};

#[component]
pub fn CreatorNdasPage() -> impl IntoView {
    let query = use_query_map();
    let releases = Memo::new(move |_| query.with(|query| query.get("side").as_deref() == Some("releases")));
    let tabs = move || {
        let items = vec![
            ("/creator/ndas".to_string(), "Requests".to_string(), !releases.get()),
            ("/creator/ndas?side=releases".to_string(), "Releases".to_string(), releases.get()),
        ];
        view! { <Tabs items label="Requests or releases"/> }
    };
    let list = move || {
        if releases.get() {
            view! { <Releases base="/creator/ndas?side=releases&"/> }.into_any()
        } else {
            view! { <ReceivedNdas base="/creator/ndas?"/><NdaFigures/> }.into_any()
        }
    };
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
            {tabs}
            {list}
        </div>
    }
}
