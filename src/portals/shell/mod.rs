//! What stands around every page: the way to skip it, the header, what must be said first, the footer.

mod account;
mod header;
pub mod navigation;
mod shortcuts;
mod theme;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    accounts::{
        model::Kind,
        ui::{viewer, viewer_kind},
    },
    kit::{form::Told, icon::Icon},
};

/// The frame around every page.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    let portal = viewer_kind().map_or("public", Kind::word);
    let main = NodeRef::<leptos::html::Main>::new();
    focus_new_pages(main);
    shortcuts::provide_keyboard();
    view! {
        <div class="shell" data-portal=portal>
            <a class="skip button button-main" href="#content" rel="external">"Skip to the content"</a>
            <header::Header/>
            <FirstThings/>
            <main id="content" tabindex="-1" node_ref=main><RefusedBefore/>{children()}</main>
            <Footer/>
            <shortcuts::Shortcuts/>
        </div>
    }
}

/// After going to another page in place, the keyboard and the screen reader start at its top.
fn focus_new_pages(main: NodeRef<leptos::html::Main>) {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now)
            && let Some(main) = main.get_untracked()
        {
            let _ = main.focus();
        }
        now
    });
}

/// Why the form that led to this page was refused. Its fields say theirs by themselves.
#[component]
fn RefusedBefore() -> impl IntoView {
    let told = use_context::<Told>();
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if let (Some(before), Some(Told(told))) = (before, told)
            && before != now
        {
            told.set(None);
        }
        now
    });
    move || {
        let flash = told.and_then(|Told(told)| told.get())?;
        Some(view! { <p class="notice notice-bad refused-before" role="alert">{flash.error.message}</p> })
    }
}

/// What has to be said above any page: that this is demo data, that the email is not verified yet.
#[component]
fn FirstThings() -> impl IntoView {
    let viewer = viewer();
    let path = use_location().pathname;
    let demo = viewer.as_ref().is_some_and(|v| v.demo).then(|| {
        view! {
            <aside class="strip strip-demo" aria-label="Demo data">
                <strong>"Demo data. "</strong>
                "People and projects here are made up, to try Pitchey with."
            </aside>
        }
    });
    let unverified = viewer.filter(|v| !v.email_verified).map(|viewer| {
        let until_then = match viewer.kind {
            Kind::Creator => "Until then you can draft, but not publish.",
            Kind::Production => "Until then you can draft, but not publish, sign or send.",
            Kind::Investor | Kind::Admin => "Until then you can look around, but not sign or send.",
        };
        view! {
            <div class="strip" role="status" hidden=move || path.get() == "/verify-email">
                <Icon name="alert"/>
                <p>
                    <strong>"Verify your email. "</strong>
                    {format!("We sent a link to {}. {until_then} ", viewer.email)}
                    <a href="/verify-email">"Get a new link"</a>
                </p>
            </div>
        }
    });
    view! { {demo}{unverified} }
}

/// Links to pages anyone may read, and the switches of the whole site.
#[component]
fn Footer() -> impl IntoView {
    let theme = viewer_kind().is_none().then(|| view! { <theme::ThemeSwitch/> });
    view! {
        <footer class="shell-foot">
            <nav aria-label="About Pitchey">
                <ul>
                    <li><a href="/browse">"Browse"</a></li>
                    <li><a href="/how-it-works">"How it works"</a></li>
                    <li><a href="/about">"About"</a></li>
                    <li><a href="/contact">"Contact"</a></li>
                    <li><a href="/verify">"Check a signed PDF"</a></li>
                    <li><a href="/terms">"Terms"</a></li>
                    <li><a href="/privacy">"Privacy"</a></li>
                </ul>
            </nav>
            <div class="shell-foot-switches">
                <shortcuts::ShortcutsButton/>
                {theme}
            </div>
            <p class="muted">"Pitchey moves no money, takes no fee on a deal and recommends no investment."</p>
        </footer>
    }
}
