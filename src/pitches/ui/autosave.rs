//! Saving while someone writes, in the browser only: a second and a half after the last key, what was changed is posted
//! quietly to the same door as the form. Never while a conflict is shown, and again after a while when it did not work.

use leptos::{html, prelude::*};

use crate::{
    kit::{
        form::FormState,
        when::{Ago, Now},
    },
    pitches::{
        content::PitchContent,
        form::{self, Values},
        model::EditPage,
    },
    shared::{
        error::{AppError, FieldError, Refusal},
        ids::PitchId,
        time::Time,
    },
};

/// How it stands with saving. The server only ever knows the first and the last.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the browser is where someone types"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    Saved,
    Typing,
    UnderWay,
    Offline,
    Refused,
    Conflict,
}

/// A field that two people changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    pub name: String,
    pub mine: String,
    pub theirs: String,
}

/// All of them, and the revision that `theirs` was read at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clashes {
    pub seen: i32,
    pub fields: Vec<Clash>,
}

impl Clashes {
    fn new(error: &AppError, seen: i32, theirs: &Values, mine: impl Fn(&str) -> String) -> Self {
        let of = |values: &Values, name: &str| values.get(name).cloned().unwrap_or_default();
        let clash =
            |f: &FieldError| Clash { name: f.field.clone(), mine: mine(&f.field), theirs: of(theirs, &f.field) };
        Self { seen, fields: error.fields.iter().map(clash).collect() }
    }
}

/// What the editor knows of its saving; a handle that is copied around.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the browser is where it is saved"))]
#[derive(Clone, Copy)]
pub struct Autosave {
    pub id: PitchId,
    /// The element around the fields; its form is the one that is saved.
    pub page: NodeRef<html::Div>,
    /// What the next save says it started from.
    pub revision: RwSignal<i32>,
    pub base: RwSignal<String>,
    /// Digests of what was sent without an answer: that it is found on the server is no conflict.
    pub unanswered: RwSignal<String>,
    pub missing: RwSignal<Vec<FieldError>>,
    pub state: RwSignal<Saving>,
    pub saved_at: RwSignal<Time>,
    /// Seconds since the last save of this page.
    pub age: RwSignal<Option<u32>>,
    /// Counted up when the fields are to be made anew from `content`.
    pub generation: RwSignal<u32>,
    pub content: RwSignal<PitchContent>,
    pub clashes: RwSignal<Option<Clashes>>,
    /// What the server has, by field.
    known: StoredValue<Values>,
    form: StoredValue<Option<FormState>>,
    /// Counted with every key; a save that finds it changed was overtaken.
    #[cfg(feature = "hydrate")]
    keys: StoredValue<u32>,
    /// The save that is under way, if one is; outlives the page.
    #[cfg(feature = "hydrate")]
    sending: StoredValue<std::rc::Rc<browser::Sending>, LocalStorage>,
}

impl Autosave {
    pub fn new(page: &EditPage) -> Self {
        let values = form::values(&page.content);
        Self {
            id: page.id,
            page: NodeRef::new(),
            revision: RwSignal::new(page.revision),
            base: RwSignal::new(form::digests(&values)),
            unanswered: RwSignal::new(String::new()),
            missing: RwSignal::new(page.missing.clone()),
            state: RwSignal::new(Saving::Saved),
            saved_at: RwSignal::new(page.saved_at),
            age: RwSignal::new(None),
            generation: RwSignal::new(0),
            content: RwSignal::new(page.content.clone()),
            clashes: RwSignal::new(None),
            known: StoredValue::new(values),
            form: StoredValue::new(None),
            #[cfg(feature = "hydrate")]
            keys: StoredValue::new(0),
            #[cfg(feature = "hydrate")]
            sending: StoredValue::new_local(Default::default()),
        }
    }

    /// Gets to know the form around the fields: what it was refused before this page, and what it will be.
    pub fn attach(self, state: FormState) {
        self.form.set_value(Some(state));
        let seen = self.revision.get_untracked();
        if let Ok(revision) = state.initial("revision", seen.to_string()).parse() {
            self.revision.set(revision);
        }
        self.base.set(state.initial("base", self.base.get_untracked()));
        let refusal = state.refusal.get_untracked();
        if let Some(error) = refusal.filter(|e| e.refusal == Refusal::Conflict && !e.fields.is_empty()) {
            let clashes = self
                .known
                .with_value(|theirs| Clashes::new(&error, seen, theirs, |name| state.initial(name, String::new())));
            self.clashes.set(Some(clashes));
            self.state.set(Saving::Conflict);
        }
        #[cfg(feature = "hydrate")]
        self.follow(state);
    }

    /// A key was pressed in the form.
    pub fn typed(self) {
        #[cfg(feature = "hydrate")]
        self.after_typing();
    }

    /// The form itself was posted and this was the answer.
    pub fn answered(self, answer: &str) {
        #[cfg(feature = "hydrate")]
        self.take_answer(answer);
        #[cfg(not(feature = "hydrate"))]
        let _ = answer;
    }
}

/// "Saved 3 s ago".
#[component]
pub fn SavedState(autosave: Autosave) -> impl IntoView {
    let word = move || match autosave.state.get() {
        Saving::Saved => "Saved",
        Saving::Typing => "Not saved yet",
        Saving::UnderWay => "Saving\u{2026}",
        Saving::Offline => "Not saved: offline, will retry",
        Saving::Refused => "Not saved: please look at the marked fields",
        Saving::Conflict => "Not saved: this was changed elsewhere, too",
    };
    let when = move || {
        (autosave.state.get() == Saving::Saved).then(|| match autosave.age.get() {
            Some(seconds @ 0..60) => view! { <span aria-hidden="true">{format!(" {seconds} s ago")}</span> }.into_any(),
            _ => view! { " "<SavedAgo at=autosave.saved_at.get()/> }.into_any(),
        })
    };
    let compare = move || {
        autosave
            .clashes
            .with(Option::is_some)
            .then(|| view! { " "<a href="#both-versions" rel="external">"Compare"</a> })
    };
    view! { <span role="status">{word}</span>{when}{compare} }
}

/// When it was saved. A moment that is newer than the page is just now: nothing is saved in the future.
#[component]
pub fn SavedAgo(at: Time) -> impl IntoView {
    let now = use_context::<Now>();
    move || match now {
        Some(Now(now)) if now.get() < at => view! { "just now" }.into_any(),
        _ => view! { <Ago at/> }.into_any(),
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::{
        cell::{Cell, RefCell},
        time::Duration,
    };

    use leptos::{ev, prelude::*, task::spawn_local};
    use serde::{Deserialize, Serialize};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use web_sys::{FormData, HtmlFormElement};

    use super::{Autosave, Clashes, Saving};
    use crate::{
        kit::form::FormState,
        pitches::{
            api,
            form::{self, Values},
            model::Saved,
        },
        shared::{
            error::{AppError, Refusal, Result},
            ids::PitchId,
        },
    };

    /// Hears of clicks in the document before the router does, until it is dropped.
    struct Listener(Closure<dyn Fn(web_sys::Event)>);

    impl Listener {
        fn on_clicks(heard: impl Fn(web_sys::Event) + 'static) -> Self {
            let heard = Closure::<dyn Fn(web_sys::Event)>::new(heard);
            let target: &web_sys::EventTarget = &document();
            let _ = target.add_event_listener_with_callback_and_bool("click", heard.as_ref().unchecked_ref(), true);
            Self(heard)
        }
    }

    impl Drop for Listener {
        fn drop(&mut self) {
            let target: &web_sys::EventTarget = &document();
            let _ = target.remove_event_listener_with_callback_and_bool("click", self.0.as_ref().unchecked_ref(), true);
        }
    }

    /// A save under way. Typing goes on meanwhile; the next save starts from this one's answer.
    #[derive(Default)]
    pub struct Sending {
        pub under_way: Cell<bool>,
        /// What was typed since, when the page was left: sent after the answer.
        pub left: RefCell<Option<Values>>,
    }

    /// What is sent: the changed fields, and what they started from.
    #[derive(Clone, Serialize, Deserialize)]
    struct Unsaved {
        revision: i32,
        unanswered: String,
        values: Values,
    }

    impl Unsaved {
        async fn send(&self, id: PitchId) -> Result<Saved> {
            let mut fields = self.values.clone();
            fields.insert("unanswered".into(), self.unanswered.clone());
            api::save(id, Some(self.revision), fields).await
        }
    }

    /// Saves after the page was left. What is refused waits in this tab for the editor to be opened again.
    async fn save_behind(id: PitchId, unsaved: Unsaved) {
        if !unsaved.values.is_empty() && unsaved.send(id).await.is_err() {
            let kept = serde_json::to_string(&unsaved).unwrap_or_default();
            if let Ok(Some(storage)) = window().session_storage() {
                let _ = storage.set_item(&kept_name(id), &kept);
            }
        }
    }

    fn take_kept(id: PitchId) -> Option<Unsaved> {
        let storage = window().session_storage().ok()??;
        let kept = storage.get_item(&kept_name(id)).ok()??;
        let _ = storage.remove_item(&kept_name(id));
        serde_json::from_str(&kept).ok()
    }

    fn kept_name(id: PitchId) -> String {
        format!("unsaved-{id}")
    }

    /// It may have been done or not.
    fn went_unanswered(error: &AppError) -> bool {
        matches!(error.refusal, Refusal::Unavailable | Refusal::TooMany | Refusal::Internal)
    }

    fn joined(digests: String, more: &str) -> String {
        if digests.contains(more) { digests } else { format!("{digests},{more}") }
    }

    const QUIET: Duration = Duration::from_millis(1_500);
    const RETRY: Duration = Duration::from_secs(5);
    const SECOND: Duration = Duration::from_secs(1);

    impl Autosave {
        /// Watches the form's own refusals, the seconds, and the way out of the page.
        pub(super) fn follow(self, state: FormState) {
            Effect::new(move || {
                let refusal = state.refusal.get();
                if let Some(error) = refusal.filter(|_| self.clashes.with_untracked(Option::is_none)) {
                    self.refused(error);
                }
            });
            let every_second = set_interval_with_handle(
                move || {
                    let _ = self.age.try_update(|age| *age = age.map(|seconds| seconds + 1));
                },
                SECOND,
            );
            let leaving = window_event_listener(ev::beforeunload, move |event| {
                if self.state.get_untracked() != Saving::Saved && !self.changed().is_empty() {
                    event.prevent_default();
                }
            });
            // What was typed before the page was awake counts, too, and so does what could not be saved on leaving it.
            request_animation_frame(move || {
                if self.page.try_get_untracked().is_some()
                    && let Some(kept) = take_kept(self.id)
                {
                    self.revision.set(kept.revision);
                    self.unanswered.set(kept.unanswered);
                    for (name, value) in kept.values {
                        self.set_field(&name, &value);
                    }
                }
                if self.page.try_get_untracked().is_some() && !self.changed().is_empty() {
                    self.after_typing();
                }
            });
            self.ask_before_leaving();
            on_cleanup(move || {
                self.save_when_leaving();
                if let Ok(handle) = every_second {
                    handle.clear();
                }
                leaving.remove();
            });
        }

        /// Another page of ours is opened in place: what was typed last is saved on the way out.
        fn save_when_leaving(self) {
            let torn = self.clashes.try_with_untracked(Option::is_some).unwrap_or(true);
            let (Some(unsaved), false) = (self.unsaved(), torn) else { return };
            if unsaved.values.is_empty() {
                return;
            }
            match self.sending.try_get_value() {
                Some(sending) if sending.under_way.get() => drop(sending.left.replace(Some(unsaved.values))),
                _ => spawn_local(save_behind(self.id, unsaved)),
            }
        }

        /// Asks before a link is followed in place while saving does not work; links out of the site ask by themselves.
        fn ask_before_leaving(self) {
            let listener = Listener::on_clicks(move |event: web_sys::Event| {
                let stuck = matches!(
                    self.state.try_get_untracked(),
                    Some(Saving::Offline | Saving::Refused | Saving::Conflict)
                );
                let link = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
                let here = "a[href]:not([href^='#']):not([rel~=external]):not([target]):not([download])";
                let link = link.and_then(|e| e.closest(here).ok().flatten());
                let elsewhere = event
                    .dyn_ref::<web_sys::MouseEvent>()
                    .is_some_and(|e| e.ctrl_key() || e.meta_key() || e.shift_key() || e.alt_key());
                if !stuck || elsewhere || link.is_none() || self.changed().is_empty() {
                    return;
                }
                let question = "What you typed last is not saved. Leave this page all the same?";
                if !window().confirm_with_message(question).unwrap_or(true) {
                    event.prevent_default();
                    event.stop_propagation();
                }
            });
            // Kept for as long as the editor is there.
            StoredValue::new_local(listener);
        }

        pub(super) fn after_typing(self) {
            let Some(key) = self.keys.try_update_value(|n| {
                *n = n.wrapping_add(1);
                *n
            }) else {
                return;
            };
            if self.clashes.with_untracked(Option::is_some) {
                return;
            }
            self.state.set(Saving::Typing);
            self.later(key, QUIET);
        }

        /// Saves after `wait`, unless another key comes before.
        fn later(self, key: u32, wait: Duration) {
            set_timeout(
                move || {
                    if self.keys.try_get_value() == Some(key) {
                        spawn_local(self.save(key));
                    }
                },
                wait,
            );
        }

        async fn save(self, key: u32) {
            let busy = self.form.get_value().is_some_and(|f| f.busy.get_untracked());
            if self.clashes.with_untracked(Option::is_some) {
                return;
            }
            let sending = self.sending.get_value();
            if busy || sending.under_way.get() {
                return self.later(key, QUIET);
            }
            let Some(unsaved) = self.unsaved().filter(|unsaved| !unsaved.values.is_empty()) else {
                return self.state.set(Saving::Saved);
            };
            self.state.set(Saving::UnderWay);
            let digests = self.digests();
            sending.under_way.set(true);
            let answer = unsaved.send(self.id).await;
            sending.under_way.set(false);
            if self.state.try_get_untracked().is_none() {
                // The page was left meanwhile. What was typed last is among what was left, or in what was just sent.
                let left = sending.left.take();
                let (revision, unanswered, values) = match answer {
                    Ok(saved) => (saved.revision, String::new(), left.unwrap_or_default()),
                    Err(_) => (unsaved.revision, joined(unsaved.unanswered, &digests), left.unwrap_or(unsaved.values)),
                };
                return save_behind(self.id, Unsaved { revision, unanswered, values }).await;
            }
            match answer {
                Ok(saved) => self.take(saved, unsaved.values),
                Err(error) if went_unanswered(&error) => {
                    self.unanswered.set(joined(unsaved.unanswered, &digests));
                    self.state.set(Saving::Offline);
                    if let Some(key) = self.keys.try_get_value() {
                        self.later(key, RETRY);
                    }
                }
                Err(error) => match self.form.get_value() {
                    Some(form) => form.refusal.set(Some(error)),
                    None => self.refused(error),
                },
            }
        }

        fn refused(self, error: AppError) {
            if went_unanswered(&error) {
                self.unanswered.update(|unanswered| *unanswered = joined(std::mem::take(unanswered), &self.digests()));
            }
            if error.refusal != Refusal::Conflict || error.fields.is_empty() {
                return self.state.set(Saving::Refused);
            }
            self.state.set(Saving::Conflict);
            spawn_local(async move {
                if let Ok(page) = api::edit_page(self.id).await {
                    let mine = self.in_form();
                    let clashes = Clashes::new(&error, page.revision, &form::values(&page.content), |name| {
                        mine.get(name).cloned().unwrap_or_default()
                    });
                    self.clashes.set(Some(clashes));
                }
            });
        }

        /// The form's own button was pressed and it was saved.
        pub(super) fn take_answer(self, answer: &str) {
            if let Ok(saved) = serde_json::from_str::<Saved>(answer) {
                let anew = saved.rearranged || self.clashes.with_untracked(Option::is_some);
                self.clashes.set(None);
                self.take(saved, self.in_form());
                if anew {
                    self.show_anew();
                }
            }
        }

        /// What was sent is saved; what others changed meanwhile comes into the form, unless it was touched here, too.
        fn take(self, saved: Saved, sent: Values) {
            self.revision.set(saved.revision);
            self.base.set(saved.base);
            self.unanswered.set(String::new());
            self.missing.set(saved.missing);
            self.saved_at.set(saved.saved_at);
            self.age.set(Some(0));
            if let Some(form) = self.form.get_value() {
                form.refusal.set(None);
            }
            let before = self.known.get_value();
            self.known.update_value(|known| known.extend(sent));
            let now = self.in_form();
            let mut anew = false;
            let mut clashes = Vec::new();
            for (name, theirs) in saved.merged {
                let had = before.get(&name).cloned().unwrap_or_default();
                let mine = now.get(&name).cloned().unwrap_or_default();
                if had == theirs || mine == theirs {
                    continue;
                }
                self.known.update_value(|known| drop(known.insert(name.clone(), theirs.clone())));
                if mine == had {
                    anew |= !self.set_field(&name, &theirs);
                } else {
                    clashes.push(super::Clash { name, mine, theirs });
                }
            }
            self.state.set(if self.changed().is_empty() { Saving::Saved } else { Saving::Typing });
            if !clashes.is_empty() {
                self.state.set(Saving::Conflict);
                self.clashes.set(Some(Clashes { seen: saved.revision, fields: clashes }));
            } else if anew {
                self.show_anew();
            }
        }

        /// Loads the content and makes the fields anew from it.
        fn show_anew(self) {
            spawn_local(async move {
                if let Ok(page) = api::edit_page(self.id).await {
                    self.revision.set(page.revision);
                    let values = form::values(&page.content);
                    self.base.set(form::digests(&values));
                    self.known.set_value(values);
                    self.missing.set(page.missing);
                    self.content.set(page.content);
                    self.generation.update(|n| *n += 1);
                    self.state.set(Saving::Saved);
                }
            });
        }

        fn element(self) -> Option<HtmlFormElement> {
            self.page.get_untracked()?.closest("form").ok()??.dyn_into().ok()
        }

        /// The fields as they are in the form now.
        fn in_form(self) -> Values {
            let read = || -> Option<Values> {
                let data = FormData::new_with_form(&self.element()?).ok()?;
                let mut values = Values::new();
                for pair in js_sys::try_iter(&data).ok()?? {
                    let pair = js_sys::Array::from(&pair.ok()?);
                    if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string())
                        && form::unit_of(&name).is_some()
                    {
                        values.insert(name, value);
                    }
                }
                Some(values)
            };
            read().unwrap_or_default()
        }

        /// What is in the form and not on the server.
        fn changed(self) -> Values {
            let mut values = self.in_form();
            self.known.with_value(|known| {
                values.retain(|name, value| known.get(name).map_or("", String::as_str).trim_end() != value.trim_end());
            });
            values
        }

        /// What is to be saved now; nothing once the page is gone.
        fn unsaved(self) -> Option<Unsaved> {
            Some(Unsaved {
                revision: self.revision.try_get_untracked()?,
                unanswered: self.unanswered.try_get_untracked()?,
                values: self.changed(),
            })
        }

        /// Of what is in the form and not on the server, by whole units.
        fn digests(self) -> String {
            let changed = self.changed();
            let mut values = self.in_form();
            values.retain(|name, _| changed.keys().any(|other| form::unit_of(other) == form::unit_of(name)));
            form::digests(&values)
        }

        /// Writes into a field of the form; `false` when it has no such field.
        fn set_field(self, name: &str, value: &str) -> bool {
            let found = || -> Result<Option<()>, JsValue> {
                let Some(form) = self.element() else { return Ok(None) };
                let Some(field) = form.query_selector(&format!("[name=\"{name}\"]"))? else { return Ok(None) };
                js_sys::Reflect::set(&field, &"value".into(), &value.into())?;
                Ok(Some(()))
            };
            matches!(found(), Ok(Some(())))
        }
    }
}
