//! The pieces of the notifications page.

use leptos::prelude::*;

use super::{
    api::{MarkNotificationsRead, mark_notifications_read},
    model::Notification,
};
use crate::{
    kit::{
        empty::Empty,
        field::{Submit, Tone},
        form::{Form, Refresh, path},
        icon::Icon,
        pager::Pager,
        when::Ago,
    },
    shared::paging::Page,
};

/// A page of notices, newest first.
#[component]
pub fn NotificationList(page: Page<Notification>) -> impl IntoView {
    if page.is_empty() {
        return view! {
            <Empty title="Nothing new, and nothing old" text="What happens to your NDAs and projects is told here: requests, approvals, signatures, new material."/>
        }
        .into_any();
    }
    let more = page.next.map(|after| format!("/notifications?after={after}"));
    let all = page.items.iter().any(|item| !item.read).then(|| {
        view! {
            <Form to={path::<MarkNotificationsRead>()} class="form-inline">
                <Submit label="Mark all as read" tone=Tone::Quiet/>
            </Form>
        }
    });
    let items = page.items.into_iter().map(|item| view! { <li><Line item/></li> }).collect_view();
    view! {
        {all}
        <ul class="list notifications-list">{items}</ul>
        <Pager href=more label="Older"/>
    }
    .into_any()
}

/// One notice; following its link marks it read, too.
#[component]
fn Line(item: Notification) -> impl IntoView {
    let (id, read) = (item.id, item.read);
    let refresh = use_context::<Refresh>();
    let follow = move |_| {
        if !read {
            leptos::task::spawn_local(async move {
                if mark_notifications_read(Some(id)).await.is_ok()
                    && let Some(Refresh(count)) = refresh
                {
                    count.update(|n| *n += 1);
                }
            });
        }
    };
    let mark = (!read).then(|| {
        view! {
            <Form to={path::<MarkNotificationsRead>()} of=("notification_id", id.to_string()) class="form-inline">
                <Submit label="Mark as read" tone=Tone::Quiet/>
            </Form>
        }
    });
    view! {
        <div class="notification" class:notification-new=!read>
            <Icon name=icon(&item.kind)/>
            <p>
                <a href=item.link on:click=follow>{item.title}</a>
                {(!read).then(|| view! { <span class="visually-hidden">" (new)"</span> })}
                " "<span class="muted small"><Ago at=item.at/></span>
            </p>
            {mark}
        </div>
    }
}

fn icon(kind: &str) -> &'static str {
    match kind {
        "nda.requested" | "nda.reminded" | "release.ended" => "lock",
        "nda.approved" | "release.offered" => "pen",
        "nda.signed" | "release.signed" => "unlock",
        "nda.lapsed" | "nda.expired" => "clock",
        "buyer.verified" => "check",
        "pitch.file_added" => "document",
        _ => "bell",
    }
}
