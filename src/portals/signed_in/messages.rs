//! All conversations.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{messages::ui::ThreadList, shared::ids::ThreadId};

#[component]
pub fn MessagesPage() -> impl IntoView {
    let query = use_query_map();
    let after = Signal::derive(move || query.with(|query| query.get("after")));
    view! {
        <Title text="Messages"/>
        <div class="page-wide messages">
            <h1>"Messages"</h1>
            <div class="messages-panes messages-none-open">
                <div class="messages-pane-list"><ThreadList after current=Signal::stored(None::<ThreadId>)/></div>
                <p class="messages-hint muted">"Choose a conversation to read it."</p>
            </div>
        </div>
    }
}
