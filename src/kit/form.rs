//! The one way to post. A `Form` is a plain HTML form to a server function's address: without JavaScript the browser
//! posts it and the server redirects back, with a `Flash` when it was refused. With JavaScript the same fields go to the
//! same address in place, and the answer lands by the fields. A submit button's `formaction` is honoured in both.

use leptos::{context::Provider, prelude::*, server_fn::ServerFn};

use crate::shared::{error::AppError, flash::Flash};

/// The address of a server function: `{path::<SignIn>()}`.
pub fn path<S: ServerFn>() -> &'static str {
    S::PATH
}

/// What the fields and buttons of a form know of it.
#[derive(Clone, Copy)]
pub struct FormState {
    /// Why the last post was refused.
    pub refusal: RwSignal<Option<AppError>>,
    /// A post is under way.
    pub busy: RwSignal<bool>,
    /// What the page says above everything of a post that was refused before it.
    pub told: Option<Told>,
    /// The share of the body that was sent, 0 to 1; only while files are uploading.
    pub progress: RwSignal<Option<f64>>,
    prefix: StoredValue<String>,
    flash: StoredValue<Option<Flash>>,
}

impl FormState {
    fn new(to: &str, also: &[&str], of: Option<&(&'static str, String)>) -> Self {
        let flash = flash_of(&[&[to], also].concat(), of);
        let place = to.trim_start_matches("/api/").replace('/', "-");
        let prefix = of.map_or(place.clone(), |(_, value)| format!("{place}-{value}"));
        Self {
            refusal: RwSignal::new(flash.as_ref().map(|f| f.error.clone())),
            busy: RwSignal::new(false),
            told: use_context::<Told>(),
            progress: RwSignal::new(None),
            prefix: StoredValue::new(prefix),
            flash: StoredValue::new(flash),
        }
    }

    /// The element id of the field `name`: the same on both sides.
    pub fn id(&self, name: &str) -> String {
        self.prefix.with_value(|prefix| format!("{prefix}-{name}"))
    }

    /// What `name` starts with: what was typed before a refusal, else `otherwise`.
    pub fn initial(&self, name: &str, otherwise: String) -> String {
        self.flash
            .with_value(|flash| flash.as_ref().and_then(|f| f.value(name)).map(str::to_string))
            .unwrap_or(otherwise)
    }

    /// Whether the form is shown again after a refusal, so that an absent value means "left empty" or "unticked".
    pub fn was_refused(&self) -> bool {
        self.flash.with_value(Option::is_some)
    }

    /// The sentence by the field `name`.
    pub fn complaint(&self, name: &str) -> Signal<Option<String>> {
        let (refusal, name) = (self.refusal, name.to_string());
        Signal::derive(move || refusal.with(|r| r.as_ref().and_then(|e| e.on_field(&name)).map(str::to_string)))
    }
}

/// What is left of a post to one of `addresses` that led to this page and was refused.
fn flash_of(addresses: &[&str], of: Option<&(&'static str, String)>) -> Option<Flash> {
    let Told(flash) = use_context::<Told>()?;
    flash.get_untracked().filter(|flash| {
        addresses.contains(&flash.action.as_str())
            && of.is_none_or(|(name, value)| flash.value(name) == Some(value.as_str()))
    })
}

/// Whether the form that posts to one of `addresses` (about `of`, if there are several) is shown again after a refusal: then
/// it is not folded away.
pub fn was_refused(addresses: &[&str], of: Option<&(&'static str, String)>) -> bool {
    flash_of(addresses, of).is_some()
}

/// The form around the current view.
pub fn form_state() -> FormState {
    use_context::<FormState>().unwrap_or_else(|| FormState::new("", &[], None))
}

/// The post that led to this page and was refused: its sentence stands above the page, whether or not its form is still on
/// it. Gone with the next post or the next page.
#[derive(Clone, Copy)]
pub struct Told(pub RwSignal<Option<Flash>>);

/// Who posts, as a hidden field: what they typed is handed back to nobody else.
#[derive(Clone)]
pub struct PostedBy(pub String);

/// The name of that field.
pub const POSTED_BY: &str = "posted_by";

/// Bumped after every act that succeeded: what was loaded before it is loaded again.
#[derive(Clone, Copy)]
pub struct Refresh(pub RwSignal<u32>);

/// A form posted to the server function at `to`.
#[component]
pub fn Form(
    /// The address: `{path::<SignIn>()}`.
    to: &'static str,
    /// The thing it is about, posted as a hidden field and telling apart equal forms on one page: `("nda_id", id)`.
    #[prop(optional, into)]
    of: Option<(&'static str, String)>,
    /// Other addresses that its buttons post to with `formaction`.
    #[prop(optional)]
    also: Vec<&'static str>,
    #[prop(optional, into)] class: String,
    /// Holds file inputs.
    #[prop(optional)]
    files: bool,
    /// Success loads the next page afresh from the server instead of in place (signing in and out).
    #[prop(optional)]
    reload: bool,
    /// Called in the browser before anything is sent; a default that it prevents is prevented.
    #[prop(optional, into)]
    before: Option<Callback<leptos::ev::SubmitEvent>>,
    /// Called with the answer (JSON) after success; then the page is not refreshed by itself.
    #[prop(optional, into)]
    on_done: Option<Callback<String>>,
    children: Children,
) -> impl IntoView {
    let state = FormState::new(to, &also, of.as_ref());
    let refresh = use_context::<Refresh>();
    let navigate = leptos_router::hooks::use_navigate();
    // A form with files says first of all whose file it is.
    let posted_by = use_context::<PostedBy>().filter(|_| !files);
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        if let Some(before) = before {
            before.run(event.clone());
        }
        #[cfg(feature = "hydrate")]
        super::send::submit(event, state, super::send::After { refresh, reload, on_done, navigate: navigate.clone() });
        #[cfg(not(feature = "hydrate"))]
        let _ = (event, &navigate, refresh, reload, on_done);
    };
    view! {
        <form
            action=to
            method="post"
            class=format!("form {class}")
            enctype=if files { "multipart/form-data" } else { "application/x-www-form-urlencoded" }
            on:submit=on_submit
        >
            {of.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })}
            {posted_by.map(|PostedBy(who)| view! { <input type="hidden" name=POSTED_BY value=who/> })}
            // Its own context, also for what is shown later: another form may stand beside it.
            <Provider value=state><Refused/>{children()}</Provider>
        </form>
    }
}

/// The refusal of the form as a whole: shown above its fields, announced once.
#[component]
fn Refused() -> impl IntoView {
    let state = form_state();
    let told = move |error: &AppError| {
        state.told.is_some_and(|Told(told)| told.with(|t| t.as_ref().map(|f| &f.error) == Some(error)))
    };
    view! {
        <div class="form-refusal" role="alert">
            {move || state.refusal.get().filter(|error| !told(error)).map(|error| view! { <p class="notice notice-bad">{error.message}</p> })}
        </div>
    }
}
