//! The header: the wordmark, where one can go, the search, what is unread, the account.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    account::AccountMenu,
    navigation::{MESSAGES, NOTIFICATIONS, Place, current, is_within, portal_places},
};
use crate::{
    accounts::{
        model::Viewer,
        ui::{viewer, viewer_kind},
    },
    kit::icon::Icon,
    notifications::model::News,
};

/// The element id of the search field, which `/` brings the focus to.
pub const SEARCH_ID: &str = "site-search";

/// The bar above every page.
#[component]
pub fn Header() -> impl IntoView {
    let own = match viewer() {
        None => view! { <GuestLinks/> }.into_any(),
        Some(viewer) => view! { <OwnLinks viewer/> }.into_any(),
    };
    view! {
        <header class="shell-head">
            <a class="wordmark" href="/" aria-label="Pitchey, front page">"Pitchey"</a>
            <PortalLinks/>
            <form class="search" role="search" aria-label="Site" action="/browse" method="get">
                <label for=SEARCH_ID><Icon name="search"/><span class="visually-hidden">"Search pitches"</span></label>
                <input id=SEARCH_ID name="q" type="search" placeholder="Search pitches" autocomplete="off" maxlength="100"/>
            </form>
            <div class="shell-own">{own}</div>
        </header>
    }
}

/// The portal's own places, the current one marked.
#[component]
fn PortalLinks() -> impl IntoView {
    let path = use_location().pathname;
    let places = portal_places(viewer_kind());
    let link = move |place: &'static Place| {
        let here = move || (current(places, &path.get()) == Some(*place)).then_some("page");
        view! { <li><a href=place.href aria-current=here>{place.label}</a></li> }
    };
    view! { <nav class="shell-places" aria-label="Main"><ul>{places.iter().map(link).collect_view()}</ul></nav> }
}

/// Messages, notifications and the account of who is signed in.
#[component]
fn OwnLinks(viewer: Viewer) -> impl IntoView {
    let counts = use_context::<Signal<News>>();
    let messages = Signal::derive(move || counts.map_or(0, |c| c.get().messages));
    let notifications = Signal::derive(move || counts.map_or(0, |c| c.get().notifications));
    view! {
        <Unread place=MESSAGES icon="message" count=messages/>
        <Unread place=NOTIFICATIONS icon="bell" count=notifications/>
        <AccountMenu viewer/>
    }
}

/// A link with what is unread behind it.
#[component]
fn Unread(place: Place, icon: &'static str, count: Signal<u32>) -> impl IntoView {
    let path = use_location().pathname;
    let words = move || match count.get() {
        0 => place.label.to_string(),
        count => format!("{}, {count} unread", place.label),
    };
    let mark = move || {
        let count = count.get();
        let shown = if count > 99 { "99+".to_string() } else { count.to_string() };
        (count > 0).then(|| view! { <span class="count" aria-hidden="true">{shown}</span> })
    };
    view! {
        <a
            class="shell-icon" href=place.href aria-label=words title=place.label
            aria-current=move || is_within(&path.get(), place.href).then_some("page")
        >
            <Icon name=icon/>
            {mark}
        </a>
    }
}

/// The ways in. From a page worth returning to, signing in leads back to it.
#[component]
fn GuestLinks() -> impl IntoView {
    let path = use_location().pathname;
    let sign_in = move || {
        let path = path.get();
        let returns = ["/browse", "/pitch", "/people"].iter().any(|place| is_within(&path, place));
        if returns { format!("/login?next={path}") } else { "/login".to_string() }
    };
    view! {
        <a class="button button-text" href=sign_in>"Sign in"</a>
        <a class="button button-main" href="/register">"Create account"</a>
    }
}
