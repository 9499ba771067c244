//! What only a browser does for a reader: keys, fingers, zoom, full screen, controls that go away, and the beats that say how
//! long a page was in front of somebody.

use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::doors::{Document, Doors};
use crate::reading::{
    model::{Reading, Told},
    rules::Turn,
};

/// The sizes a page is shown in; the first shows all of it.
const ZOOMS: i32 = 5;

/// The reader's controls.
#[derive(Clone, Copy)]
pub struct AtHand {
    pub document: Document,
    pub doors: Doors,
    /// The address of the reader.
    pub at: StoredValue<String>,
    pub page: Memo<i32>,
    pub zoom: RwSignal<i32>,
    /// Nothing moved for a while: only the page is shown.
    pub quiet: RwSignal<bool>,
    /// The browser has taken over.
    pub ready: RwSignal<bool>,
    /// The server said that the document is not theirs to read any more.
    pub closed: RwSignal<bool>,
    pub all: NodeRef<html::Section>,
    pub sheet: NodeRef<html::Div>,
    pages: i32,
    /// The page that is asked for by a key; the router goes there.
    wanted: RwSignal<Option<i32>>,
}

impl AtHand {
    /// Listens until the reader is left; counts the time if its owner learns of it.
    pub fn new(reading: &Reading, doors: Doors, page: Memo<i32>) -> Self {
        let counted = reading.told != Told::Nothing;
        let at_hand = Self {
            document: Document { file: reading.file, share: reading.share },
            doors,
            at: StoredValue::new(reading.at.clone()),
            page,
            zoom: RwSignal::new(1),
            quiet: RwSignal::new(false),
            ready: RwSignal::new(false),
            closed: RwSignal::new(false),
            all: NodeRef::new(),
            sheet: NodeRef::new(),
            pages: reading.pages,
            wanted: RwSignal::new(None),
        };
        at_hand.follow();
        #[cfg(feature = "hydrate")]
        Effect::new(move |_| {
            at_hand.ready.set(true);
            in_browser::listen(at_hand);
            if counted {
                in_browser::count(at_hand);
            }
        });
        #[cfg(not(feature = "hydrate"))]
        let _ = counted;
        at_hand
    }

    /// Goes where `wanted` says, in place of the page that was shown: going back leaves the reader.
    fn follow(self) {
        let navigate = use_navigate();
        Effect::new(move |_| {
            if let Some(page) = self.wanted.get() {
                let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
                navigate(&self.address(page), options);
            }
        });
        Effect::new(move |_| {
            self.page.track();
            if let Some(sheet) = self.sheet.get_untracked() {
                sheet.set_scroll_top(0);
            }
        });
    }

    /// The address of a page.
    pub fn address(self, page: i32) -> String {
        self.at.with_value(|at| format!("{at}?page={page}"))
    }

    /// The page where `turn` leads, if there is one.
    pub fn page_at(self, turn: Turn) -> Option<i32> {
        let now = self.page.get();
        let to = match turn {
            Turn::Back => now - 1,
            Turn::On => now + 1,
            Turn::First => 1,
            Turn::Last => self.pages,
        };
        (to != now && (1..=self.pages).contains(&to)).then_some(to)
    }

    pub fn go(self, page: i32) {
        self.wanted.set(Some(page.clamp(1, self.pages)));
    }

    pub fn zoom_by(self, steps: i32) {
        self.zoom.update(|zoom| *zoom = (*zoom + steps).clamp(1, ZOOMS));
    }

    /// All of the screen, or back.
    pub fn full_screen(self) {
        #[cfg(feature = "hydrate")]
        if document().fullscreen_element().is_some() {
            document().exit_fullscreen();
        } else if let Some(all) = self.all.get_untracked() {
            let _ = all.request_fullscreen();
        }
    }
}

#[cfg(feature = "hydrate")]
mod in_browser {
    use std::time::Duration;

    use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};

    use super::AtHand;
    use crate::{
        reading::rules::{Act, Stopwatch, meaning, swipe},
        shared::error::Refusal,
    };

    /// How often the time is told, and how long the controls stay without a movement.
    const BEAT: Duration = Duration::from_secs(2);
    const QUIET_AFTER: Duration = Duration::from_millis(2_500);
    /// How many seconds a page may lie open without anybody asking whether it still may.
    const ASK_AGAIN_AFTER: f64 = 15.0;

    impl AtHand {
        fn carry_out(self, act: Act) {
            match act {
                Act::Turn(turn) => {
                    if let Some(page) = untrack(|| self.page_at(turn)) {
                        self.go(page);
                    }
                }
                Act::Zoom(steps) => self.zoom_by(steps),
                Act::FullScreen => self.full_screen(),
            }
        }
    }

    pub fn listen(at_hand: AtHand) {
        let keys = window_event_listener(ev::keydown, move |event| {
            let elsewhere = event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing(&event);
            if let Some(act) = meaning(&event.key()).filter(|_| !elsewhere) {
                event.prevent_default();
                at_hand.carry_out(act);
            }
        });
        let from = StoredValue::new(None::<(f64, f64)>);
        let point = |touches: web_sys::TouchList| {
            let one = touches.get(0).filter(|_| touches.length() == 1)?;
            Some((f64::from(one.client_x()), f64::from(one.client_y())))
        };
        let began = window_event_listener(ev::touchstart, move |event| from.set_value(point(event.touches())));
        let ended = window_event_listener(ev::touchend, move |event| {
            let (Some((x, y)), Some((to_x, to_y))) = (from.get_value(), point(event.changed_touches())) else { return };
            if let Some(turn) = swipe(to_x - x, to_y - y, at_hand.zoom.get_untracked()) {
                at_hand.carry_out(Act::Turn(turn));
            }
        });
        hide_controls(at_hand);
        on_cleanup(move || {
            keys.remove();
            began.remove();
            ended.remove();
        });
    }

    /// Shows the controls on movement, and takes them away when it ends.
    fn hide_controls(at_hand: AtHand) {
        let waiting = StoredValue::new(None::<TimeoutHandle>);
        let stir = move || {
            at_hand.quiet.set(false);
            if let Some(before) = waiting.try_get_value().flatten() {
                before.clear();
            }
            waiting.set_value(set_timeout_with_handle(move || at_hand.quiet.set(true), QUIET_AFTER).ok());
        };
        stir();
        let moved = window_event_listener(ev::pointermove, move |_| stir());
        let touched = window_event_listener(ev::pointerdown, move |_| stir());
        let typed = window_event_listener(ev::keydown, move |_| stir());
        on_cleanup(move || {
            moved.remove();
            touched.remove();
            typed.remove();
            if let Some(last) = waiting.try_get_value().flatten() {
                last.clear();
            }
        });
    }

    fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
        target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
    }

    fn now() -> f64 {
        window().performance().map_or(0.0, |clock| clock.now() / 1_000.0)
    }

    fn is_shown() -> bool {
        !document().hidden()
    }

    /// Tells the server how long each page is in front of somebody: every few seconds, when the page is turned, and when the
    /// tab is hidden or left; a beacon arrives after its page has gone, too. Hears with it whether the document is still
    /// theirs, and asks for that alone when nobody reads.
    pub fn count(at_hand: AtHand) {
        let watch = StoredValue::new(Stopwatch::new(now(), is_shown()));
        let on = StoredValue::new(at_hand.page.get_untracked());
        let asked = StoredValue::new(now());
        let spent = move || watch.try_update_value(|watch| watch.take(now())).unwrap_or_default();
        let tell = move |at_latest: f64| {
            let (spent, Some(page), Some(before)) = (spent(), on.try_get_value(), asked.try_get_value()) else {
                return;
            };
            if at_hand.closed.try_get_untracked() != Some(false) {
                return;
            }
            if spent > 0 || now() - before >= at_latest {
                asked.set_value(now());
                ask(at_hand, page, spent);
            }
        };
        let part = move || {
            if let (spent @ 1.., Some(page)) = (spent(), on.try_get_value()) {
                send(at_hand, page, spent);
            }
        };
        let sign = move || {
            let _ = watch.try_update_value(|watch| watch.sign_of_life(now()));
        };
        let beat = set_interval_with_handle(move || tell(ASK_AGAIN_AFTER), BEAT).ok();
        Effect::new(move |_| {
            let page = at_hand.page.get();
            tell(ASK_AGAIN_AFTER);
            on.set_value(page);
        });
        let shown = document_listener("visibilitychange", move || {
            let _ = watch.try_update_value(|watch| watch.show(now(), is_shown()));
            // Hidden may be the last that is heard of a page; shown again, it is asked for at once.
            if is_shown() { tell(0.0) } else { part() }
        });
        let signs = [
            window_event_listener(ev::pointermove, move |_| sign()),
            window_event_listener(ev::pointerdown, move |_| sign()),
            window_event_listener(ev::keydown, move |_| sign()),
            window_event_listener(ev::wheel, move |_| sign()),
            window_event_listener_untyped("pagehide", move |_| part()),
        ];
        on_cleanup(move || {
            part();
            signs.into_iter().for_each(|listener| listener.remove());
            shown.remove();
            if let Some(beat) = beat {
                beat.clear();
            }
        });
    }

    /// `visibilitychange` bubbles to the window.
    fn document_listener(name: &str, act: impl Fn() + 'static) -> WindowListenerHandle {
        window_event_listener_untyped(name, move |_| act())
    }

    /// Tells it, and hears whether the document is still theirs to read; if not, its pages go.
    fn ask(at_hand: AtHand, page: i32, milliseconds: i64) {
        leptos::task::spawn_local(async move {
            match (at_hand.doors.beat)(at_hand.document, page, milliseconds).await.map_err(|error| error.refusal) {
                Err(Refusal::NotFound) => drop(at_hand.closed.try_set(true)),
                Err(Refusal::SignedOut) => drop(window().location().reload()),
                // Not heard is not ended; the next time tells.
                _ => {}
            }
        });
    }

    /// Tells it without waiting for an answer, as the page is left.
    fn send(at_hand: AtHand, page: i32, milliseconds: i64) {
        let Ok(beat) = web_sys::UrlSearchParams::new() else { return };
        beat.append("file_id", &at_hand.document.file.to_string());
        if let Some(share) = at_hand.document.share {
            beat.append("share_id", &share.to_string());
        }
        beat.append("page", &page.to_string());
        beat.append("milliseconds", &milliseconds.to_string());
        // Not told is not counted; reading goes on.
        let _ = window().navigator().send_beacon_with_opt_url_search_params((at_hand.doors.beat_at)(), Some(&beat));
    }
}
