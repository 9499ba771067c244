//! Light or dark. The system's setting rules until someone chooses; the choice is a cookie, which `app::shell` writes into
//! `<html data-theme>`, so that the first paint is right already. Without JavaScript there is no switch.

use leptos::prelude::*;

use crate::kit::icon::Icon;

/// Name in the cookie, label, icon. An empty name is the system's setting.
const CHOICES: [(&str, &str, &str); 3] =
    [("light", "Light", "sun"), ("dark", "Dark", "moon"), ("", "As the system", "screen")];

/// The switch between light, dark and the system's setting.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    // `None` until the browser has taken this element over: only then it can do something. Shown any earlier, the element
    // would be taken over as hidden as the server sent it.
    let chosen = RwSignal::new(None::<String>);
    let here = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if here.get().is_none() {
            return;
        }
        let theme = document().document_element().and_then(|html| html.get_attribute("data-theme"));
        chosen.set(Some(theme.unwrap_or_default()));
    });
    let buttons = CHOICES.map(|(name, label, icon)| {
        let is_chosen = move || chosen.with(|c| c.as_deref() == Some(name));
        view! {
            <button
                type="button" title=label aria-label=label
                aria-pressed=move || if is_chosen() { "true" } else { "false" }
                on:click=move |_| {
                    choose(name);
                    chosen.set(Some(name.to_string()));
                }
            >
                <Icon name=icon/>
            </button>
        }
    });
    view! {
        <div node_ref=here class="theme" role="group" aria-label="Light or dark" hidden=move || chosen.with(Option::is_none)>
            {buttons}
        </div>
    }
}

/// Changes the page at once and remembers the choice for a year.
fn choose(theme: &'static str) {
    let Some(html) = document().document_element() else { return };
    let (kept_for, done) = if theme.is_empty() {
        (0, html.remove_attribute("data-theme"))
    } else {
        (31_536_000, html.set_attribute("data-theme", theme))
    };
    let secure = if window().location().protocol().is_ok_and(|p| p == "https:") { "; Secure" } else { "" };
    let cookie = format!("theme={theme}; Path=/; Max-Age={kept_for}; SameSite=Lax{secure}");
    #[cfg(feature = "hydrate")]
    let _ = (done, js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into()));
    #[cfg(not(feature = "hydrate"))]
    let _ = (done, cookie);
}
