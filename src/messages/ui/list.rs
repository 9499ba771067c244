//! The list of conversations.

use leptos::prelude::*;

use crate::{
    kit::{
        empty::Empty,
        load::{Loaded, page_data},
        pager::Pager,
        when::Ago,
    },
    messages::{
        api::threads,
        model::{Correspondent, ThreadCard},
    },
    shared::{ids::ThreadId, paging::Page},
};

/// The other side with their organisation.
pub fn with_whom(with: &Correspondent) -> String {
    match &with.organisation {
        Some(organisation) => format!("{}, {organisation}", with.name),
        None => with.name.clone(),
    }
}

/// The viewer's conversations, the one that moved last first.
#[component]
pub fn ThreadList(
    /// Where the list goes on.
    #[prop(into)]
    after: Signal<Option<String>>,
    /// The conversation that is open beside it.
    #[prop(into)]
    current: Signal<Option<ThreadId>>,
) -> impl IntoView {
    let page = page_data(move || after.get(), threads);
    view! { <Loaded data=page view=move |page| list(page, current)/> }
}

fn list(page: Page<ThreadCard>, current: Signal<Option<ThreadId>>) -> AnyView {
    if page.is_empty() {
        return view! {
            <Empty title="No conversations yet" text="When an NDA is signed, a conversation about the project opens between its owner and the signer.">
                <a class="button" href="/browse">"Browse projects"</a>
            </Empty>
        }
        .into_any();
    }
    let more = page.next.map(|after| format!("/messages?after={after}"));
    let items = page.items.into_iter().map(|card| view! { <li><ThreadLine card current/></li> }).collect_view();
    view! {
        <ul class="messages-list">{items}</ul>
        <Pager href=more label="Older conversations"/>
    }
    .into_any()
}

#[component]
fn ThreadLine(card: ThreadCard, current: Signal<Option<ThreadId>>) -> impl IntoView {
    let id = card.id;
    let unread = (card.unread > 0).then(|| {
        view! { <span class="count" aria-hidden="true">{card.unread}</span><span class="visually-hidden">{format!("{} unread", card.unread)}</span> }
    });
    let last = if card.last_is_mine { format!("You: {}", card.last) } else { card.last.clone() };
    view! {
        <a
            class="messages-line" class:messages-line-unread=card.unread.is_positive()
            href=format!("/messages/{id}")
            aria-current=move || (current.get() == Some(id)).then_some("page")
        >
            <span class="messages-line-who">{with_whom(&card.with)}" "{unread}</span>
            <span class="messages-line-pitch">{card.pitch_title.clone()}</span>
            <span class="messages-line-last muted">{last}</span>
            <span class="messages-line-at muted small"><Ago at=card.last_at/></span>
        </a>
    }
}
