//! One conversation: the project it is about, what was said, and the form to say more.

use leptos::prelude::*;

use super::list::with_whom;
use crate::{
    kit::{
        field::{Submit, TextArea, Tone},
        form::{Form, Refresh, path},
        when::Ago,
    },
    messages::{
        api::{MarkThreadRead, SendMessage, mark_thread_read},
        model::{Correspondent, Project, Said, ThreadView},
    },
    shared::ids::{MessageId, ThreadId},
};

/// What was said and the form to say more.
#[component]
pub fn Conversation(thread: ThreadView) -> impl IntoView {
    let id = thread.id;
    let earlier = thread.earlier.map(|before| {
        view! { <p class="messages-earlier"><a href=format!("/messages/{id}?before={before}")>"Earlier messages"</a></p> }
    });
    let newest = (!thread.newest_shown).then(|| {
        view! { <p class="messages-earlier"><a href=format!("/messages/{id}")>"Back to the newest messages"</a></p> }
    });
    let seen = (thread.newest_shown && thread.unread > 0).then(|| view! { <Seen thread=id up_to=thread.seen_to/> });
    let said = thread.messages.into_iter().map(|said| view! { <Message said/> }).collect_view();
    view! {
        <div class="messages-said" role="log" aria-label="Messages" tabindex="0">
            <div>
                {earlier}
                <ol>{said}</ol>
                {newest}
            </div>
        </div>
        {seen}
        <Form to={path::<SendMessage>()} of=("thread_id", id.to_string()) class="messages-form">
            <input type="hidden" name="key" value=thread.key.to_string()/>
            <TextArea label="Message" name="message" rows=2 required=true/>
            <Submit label="Send"/>
        </Form>
    }
}

#[component]
fn Message(said: Said) -> impl IntoView {
    let class = match (&said.author, said.mine) {
        (None, _) => "message message-system",
        (_, true) => "message message-mine",
        (_, false) => "message",
    };
    let author = if said.mine { "You".to_string() } else { said.author.unwrap_or_else(|| "Pitchey".into()) };
    view! {
        <li class=class>
            <p class="message-head small"><strong>{author}</strong>" "<span class="muted"><Ago at=said.at/></span></p>
            <p class="message-body">{said.body}</p>
        </li>
    }
}

/// Tells the server what was seen once it is on the screen; without JavaScript a button does.
#[component]
fn Seen(thread: ThreadId, up_to: Option<MessageId>) -> impl IntoView {
    let refresh = use_context::<Refresh>();
    Effect::new(move |_| {
        leptos::task::spawn_local(async move {
            if mark_thread_read(thread, up_to).await.is_ok()
                && let Some(Refresh(count)) = refresh
            {
                count.update(|n| *n += 1);
            }
        });
    });
    view! {
        <Form to={path::<MarkThreadRead>()} of=("thread_id", thread.to_string()) class="form-inline messages-seen">
            {up_to.map(|up_to| view! { <input type="hidden" name="up_to" value=up_to.to_string()/> })}
            <Submit label="Mark as read" tone=Tone::Quiet/>
        </Form>
    }
}

/// The project that a conversation is about, and with whom it is.
#[component]
pub fn ProjectCard(project: Project, with: Correspondent) -> impl IntoView {
    let title = if project.readable {
        view! { <a href=format!("/pitch/{}", project.slug)>{project.title}</a> }.into_any()
    } else {
        project.title.into_any()
    };
    view! {
        <div class="messages-project">
            <p class="kicker">"About"</p>
            <p class="messages-project-title">{title}</p>
            <p class="messages-project-logline muted">{project.logline}</p>
            <p class="small">
                "With "<a href=format!("/people/{}", with.handle)>{with_whom(&with)}</a>
            </p>
            {project.nda.map(|nda| view! { <p class="small"><a href=format!("/ndas/{nda}")>"The signed NDA"</a></p> })}
            {project.release.map(|release| view! { <p class="small"><a href=format!("/releases/{release}")>"The signed release"</a></p> })}
        </div>
    }
}
