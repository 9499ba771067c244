//! One conversation, with the others beside it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::id_in_path;
use crate::{
    kit::load::{Loaded, page_data},
    messages::{
        api::thread,
        model::ThreadView,
        ui::{Conversation, ProjectCard, ThreadList},
    },
    shared::{error::Result, ids::ThreadId},
};

#[component]
pub fn ThreadPage() -> impl IntoView {
    let id = id_in_path::<ThreadId>();
    let query = use_query_map();
    let key = move || (id(), query.with(|query| query.get("before")));
    let open =
        page_data(key, |(id, before): (Result<ThreadId>, Option<String>)| async move { thread(id?, before).await });
    let current = Signal::derive(move || id().ok());
    view! {
        <div class="page-wide messages">
            <Loaded data=open view=move |thread| shown(thread, current)/>
        </div>
    }
}

fn shown(thread: ThreadView, current: Signal<Option<ThreadId>>) -> impl IntoView {
    let title = format!("{} · {}", thread.with.name, thread.project.title);
    let (project, with) = (thread.project.clone(), thread.with.clone());
    let heading = format!("Conversation with {}", thread.with.name);
    view! {
        <Title text=title/>
        <p class="messages-back"><a href="/messages">"All messages"</a></p>
        <div class="messages-panes">
            <nav class="messages-pane-list" aria-label="Conversations">
                <ThreadList after=Signal::stored(None::<String>) current/>
            </nav>
            <section class="messages-pane-thread">
                <h1>{heading}</h1>
                <Conversation thread/>
            </section>
            <aside class="messages-pane-project" aria-label="The project"><ProjectCard project with/></aside>
        </div>
    }
}
