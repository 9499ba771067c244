//! The keyboard: `/` searches, `g` and a letter goes somewhere, `?` shows them all. They can be switched off, because a
//! person who speaks to the computer types letters without meaning to.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};
use leptos_router::hooks::use_navigate;

use super::{
    header::SEARCH_ID,
    navigation::{Place, all_places},
};
use crate::accounts::ui::viewer_kind;

/// What a pressed key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Nothing,
    Search,
    Help,
    /// `g` was pressed: the next letter goes somewhere.
    Await,
    Go(&'static str),
}

/// What `key` means, `after_g` or on its own.
fn meaning(key: &str, after_g: bool, places: &[Place]) -> Act {
    if after_g {
        let place = places.iter().find(|place| key.chars().eq([place.key]));
        return place.map_or(Act::Nothing, |place| Act::Go(place.href));
    }
    match key {
        "/" => Act::Search,
        "?" => Act::Help,
        "g" => Act::Await,
        _ => Act::Nothing,
    }
}

/// Whether the shortcuts are on, and the dialog that lists them.
#[derive(Clone, Copy)]
struct Keyboard {
    on: RwSignal<bool>,
    dialog: NodeRef<leptos::html::Dialog>,
}

impl Keyboard {
    fn show_help(self) {
        if let Some(dialog) = self.dialog.get_untracked().filter(|dialog| !dialog.open()) {
            let _ = dialog.show_modal();
        }
    }

    fn is_dialog_open(self) -> bool {
        self.dialog.get_untracked().is_some_and(|dialog| dialog.open())
    }
}

/// Gives the shell's parts the keyboard.
pub fn provide_keyboard() {
    provide_context(Keyboard { on: RwSignal::new(true), dialog: NodeRef::new() });
}

/// Listens to the keyboard, and holds the list of shortcuts.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let keyboard = expect_context::<Keyboard>();
    let places = all_places(viewer_kind());
    let rows = places.iter().map(|place| {
        view! { <dt><kbd>"g"</kbd>" then "<kbd>{place.key.to_string()}</kbd></dt><dd>{place.label}</dd> }
    });
    let rows = rows.collect_view();
    listen(keyboard, places);
    view! {
        <dialog node_ref=keyboard.dialog aria-labelledby="shortcuts-title" class="shortcuts">
            <h2 id="shortcuts-title">"Keyboard shortcuts"</h2>
            <dl class="facts">
                <dt><kbd>"/"</kbd></dt><dd>"Search pitches"</dd>
                {rows}
                <dt><kbd>"?"</kbd></dt><dd>"This list"</dd>
            </dl>
            <form method="dialog" class="row row-between">
                <label class="row">
                    <input type="checkbox" prop:checked=keyboard.on on:change=move |event| {
                        keyboard.on.set(event_target_checked(&event));
                        remember(keyboard.on.get_untracked());
                    }/>
                    "Shortcuts on this device"
                </label>
                <button class="button">"Close"</button>
            </form>
        </dialog>
    }
}

/// Opens the list; there only once the browser has taken over.
#[component]
pub fn ShortcutsButton() -> impl IntoView {
    let keyboard = expect_context::<Keyboard>();
    let here = NodeRef::<leptos::html::Button>::new();
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(here.get().is_some()));
    view! {
        <button node_ref=here type="button" class="button button-text" hidden=move || !ready.get() on:click=move |_| keyboard.show_help()>
            "Keyboard shortcuts"
        </button>
    }
}

fn listen(keyboard: Keyboard, places: Vec<Place>) {
    let navigate = use_navigate();
    let after_g = StoredValue::new(false);
    Effect::new(move |_| {
        keyboard.on.set(remembered());
        let (navigate, places) = (navigate.clone(), places.clone());
        let typed = window_event_listener(ev::keydown, move |event| {
            let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
            if modified || !keyboard.on.get_untracked() || keyboard.is_dialog_open() || is_typing(&event) {
                return after_g.set_value(false);
            }
            let act = meaning(&event.key(), after_g.get_value(), &places);
            after_g.set_value(act == Act::Await);
            match act {
                Act::Nothing => return,
                Act::Await => {}
                Act::Search => {
                    if let Some(field) = document().get_element_by_id(SEARCH_ID)
                        && let Ok(field) = field.dyn_into::<web_sys::HtmlElement>()
                    {
                        let _ = field.focus();
                    }
                }
                Act::Help => keyboard.show_help(),
                Act::Go(href) => navigate(href, Default::default()),
            }
            event.prevent_default();
        });
        on_cleanup(move || typed.remove());
    });
}

/// Whether the key goes into a field.
fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
    target.is_some_and(|target| {
        matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || target.is_content_editable()
    })
}

#[cfg(feature = "hydrate")]
fn remembered() -> bool {
    let storage = window().local_storage().ok().flatten();
    storage.and_then(|storage| storage.get_item("shortcuts").ok().flatten()).as_deref() != Some("off")
}

#[cfg(feature = "hydrate")]
fn remember(on: bool) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = if on { storage.remove_item("shortcuts") } else { storage.set_item("shortcuts", "off") };
    }
}

#[cfg(not(feature = "hydrate"))]
fn remembered() -> bool {
    true
}

#[cfg(not(feature = "hydrate"))]
fn remember(_on: bool) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::model::Kind;

    #[test]
    fn a_letter_goes_somewhere_only_after_g() {
        let places = all_places(Some(Kind::Investor));
        assert_eq!(meaning("n", false, &places), Act::Nothing);
        assert_eq!(meaning("g", false, &places), Act::Await);
        assert_eq!(meaning("n", true, &places), Act::Go("/investor/ndas"));
        assert_eq!(meaning("Enter", true, &places), Act::Nothing);
        assert_eq!(meaning("?", false, &places), Act::Help);
    }
}
