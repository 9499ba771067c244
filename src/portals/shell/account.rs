//! The account menu: a `details`, so that it opens without JavaScript.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};
use leptos_router::hooks::use_location;

use super::{navigation::PROFILE, theme::ThemeSwitch};
use crate::{
    accounts::{
        api::SignOut,
        ui::{Avatar, viewer},
    },
    kit::{
        field::{Submit, Tone},
        form::{Form, path},
        icon::Icon,
    },
};

/// Who is signed in, and what they can do about that.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let viewer = viewer();
    let name = Memo::new(move |_| viewer.with(|v| v.as_ref().map(|v| v.name.clone())).unwrap_or_default());
    let menu = NodeRef::<leptos::html::Details>::new();
    close_when_left(menu);
    view! {
        <details class="menu" node_ref=menu>
            <summary aria-label=move || format!("Account of {}", name.get()) title="Account">
                <Face/>
                <Icon name="chevron"/>
            </summary>
            <div class="menu-body">
                <Who/>
                <a href=PROFILE.href>"Profile and settings"</a>
                <ThemeSwitch/>
                <Form to={path::<SignOut>()} reload=true>
                    <Submit label="Sign out" tone=Tone::Quiet/>
                </Form>
            </div>
        </details>
    }
}

/// The person's picture, or their initial.
#[component]
fn Face() -> impl IntoView {
    let viewer = viewer();
    let face = Memo::new(move |_| viewer.with(|v| v.as_ref().map(|v| (v.name.clone(), v.avatar))));
    move || face.get().map(|(name, avatar)| view! { <Avatar name avatar/> })
}

/// The name, what they are here as, and whether staff verified them.
#[component]
fn Who() -> impl IntoView {
    let viewer = viewer();
    move || {
        let viewer = viewer.get()?;
        let standing = match (viewer.kind.is_buyer(), viewer.buyer_verified) {
            (true, true) => Some("Verified buyer"),
            (true, false) => Some("Not verified as a buyer yet"),
            (false, _) => None,
        };
        Some(view! {
            <div class="menu-who">
                <strong>{viewer.name.clone()}</strong>
                {viewer.seat.as_ref().map(|seat| view! { <span>{seat.organisation_name.clone()}</span> })}
                <span class="muted">{viewer.email.clone()}</span>
                {standing.map(|standing| view! { <span class="muted">{standing}</span> })}
            </div>
        })
    }
}

/// An open menu closes when the page changes, on Escape, and on a press outside of it.
fn close_when_left(menu: NodeRef<leptos::html::Details>) {
    let page = use_location().pathname;
    let close = move || menu.get_untracked().inspect(|menu| menu.set_open(false));
    Effect::new(move |_| {
        page.track();
        close();
    });
    Effect::new(move |_| {
        let pressed = window_event_listener(ev::pointerdown, move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if menu.get_untracked().is_some_and(|menu| menu.open() && !menu.contains(target.as_ref())) {
                close();
            }
        });
        let typed = window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape"
                && let Some(menu) = menu.get_untracked().filter(|menu| menu.open())
            {
                close();
                if let Ok(Some(summary)) = menu.query_selector("summary")
                    && let Ok(summary) = summary.dyn_into::<web_sys::HtmlElement>()
                {
                    let _ = summary.focus();
                }
            }
        });
        on_cleanup(move || {
            pressed.remove();
            typed.remove();
        });
    });
}
