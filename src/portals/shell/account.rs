//! The account menu: a `details`, so that it opens without JavaScript.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};
use leptos_router::hooks::use_location;

use super::{navigation::PROFILE, theme::ThemeSwitch};
use crate::{
    accounts::{api::SignOut, model::Viewer, ui::Avatar},
    kit::{form::path, icon::Icon},
};

/// Who is signed in, and what they can do about that.
#[component]
pub fn AccountMenu(viewer: Viewer) -> impl IntoView {
    let menu = NodeRef::<leptos::html::Details>::new();
    let publishes = viewer.kind.publishes();
    close_when_left(menu);
    view! {
        <details class="menu" node_ref=menu>
            <summary aria-label=format!("Account of {}", viewer.name) title="Account">
                <Avatar name=viewer.name.clone() avatar=viewer.avatar/>
                <Icon name="chevron"/>
            </summary>
            <div class="menu-body">
                <Who viewer/>
                <a href=PROFILE.href>"Profile and settings"</a>
                <a href="/settings/security">"Security"</a>
                {publishes.then(|| view! { <a href="/settings/templates">"NDA templates"</a> })}
                <ThemeSwitch/>
                // A plain form: the next page is loaded afresh in any case.
                <form action={path::<SignOut>()} method="post" class="form">
                    <button class="button button-quiet" type="submit">"Sign out"</button>
                </form>
            </div>
        </details>
    }
}

/// The name, what they are here as, and whether staff verified them.
#[component]
fn Who(viewer: Viewer) -> impl IntoView {
    let standing = match (viewer.kind.is_buyer(), viewer.buyer_verified) {
        (true, true) => "Verified buyer",
        (true, false) => "Not verified as a buyer yet",
        (false, _) => "",
    };
    let seat = viewer.seat.map(|seat| seat.organisation_name).unwrap_or_default();
    let lines = [(seat, ""), (viewer.email, "muted"), (standing.into(), "muted")];
    let lines = lines.into_iter().filter(|(line, _)| !line.is_empty());
    view! {
        <div class="menu-who">
            <strong>{viewer.name}</strong>
            {lines.map(|(line, class)| view! { <span class=class>{line}</span> }).collect_view()}
        </div>
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
