//! Passkeys in the browser: it is asked with the server's options and gives its answer, both as the JSON of WebAuthn.

use leptos::prelude::*;

use crate::shared::error::AppError;

/// Asks for a passkey: signs in with it, or proves who is signed in. Shown only where the browser knows passkeys.
#[component]
pub fn PasskeyButton(
    #[prop(into)] label: String,
    /// Where to go then.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let (busy, refusal) = (RwSignal::new(false), RwSignal::new(None::<AppError>));
    let knows = knows_passkeys();
    let press = move |_| {
        #[cfg(feature = "hydrate")]
        enter(busy, refusal, next.clone());
        #[cfg(not(feature = "hydrate"))]
        let _ = &next;
    };
    view! {
        <div class="passkey" hidden=move || !knows.get()>
            <button
                type="button" class="button button-quiet" on:click=press
                disabled=move || busy.get() aria-busy=move || busy.get().then_some("true")
            >
                {label}
            </button>
            <div role="alert">{move || refusal.get().map(|error| view! { <p class="notice notice-bad">{error.message}</p> })}</div>
        </div>
    }
}

/// Whether the browser knows passkeys, once its script has taken over.
pub fn knows_passkeys() -> RwSignal<bool> {
    let knows = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| knows.set(webauthn::is_there()));
    knows
}

#[cfg(feature = "hydrate")]
fn enter(busy: RwSignal<bool>, refusal: RwSignal<Option<AppError>>, next: String) {
    use crate::accounts::factors::api::{ask_passkey, enter_passkey};
    busy.set(true);
    refusal.set(None);
    leptos::task::spawn_local(async move {
        let entered = async {
            let asked = ask_passkey().await?;
            let signed = webauthn::get(&asked.options).await?;
            enter_passkey(asked.id, signed, next).await
        };
        match entered.await {
            Ok(next) => drop(window().location().assign(&next)),
            Err(error) => {
                busy.try_set(false);
                refusal.try_set(Some(error));
            }
        }
    });
}

/// Makes the passkey that the server asked for in `answer` and hands it in; then the page is loaded again.
pub fn make(answer: String, refusal: RwSignal<Option<AppError>>) {
    #[cfg(feature = "hydrate")]
    leptos::task::spawn_local(async move {
        use crate::accounts::factors::{api::add_passkey, model::Challenge};
        let made = async {
            let asked: Challenge = serde_json::from_slice(answer.as_bytes()).map_err(|_| webauthn::unused())?;
            let made = webauthn::create(&asked.options).await?;
            add_passkey(asked.id, made).await
        };
        match made.await {
            Ok(()) => drop(window().location().reload()),
            Err(error) => drop(refusal.try_set(Some(error))),
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (answer, refusal);
}

#[cfg(feature = "hydrate")]
mod webauthn {
    use js_sys::{Function, JSON, Object, Promise, Reflect};
    use leptos::prelude::window;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    use crate::shared::error::{AppError, Refusal, Result};

    /// What reads the server's options; in browsers since 2024.
    const READS_CREATE: &str = "parseCreationOptionsFromJSON";
    const READS_GET: &str = "parseRequestOptionsFromJSON";

    /// Passkeys belong to names: a site that was opened by its number has none.
    pub fn is_there() -> bool {
        let by_number = |host: &str| host.ends_with([']', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        let named = window().location().hostname().is_ok_and(|host| !by_number(&host));
        named && class().is_ok_and(|class| Reflect::has(&class, &READS_GET.into()).unwrap_or(false))
    }

    pub async fn create(options: &str) -> Result<String> {
        ask("create", READS_CREATE, options).await.map_err(|error| said(&error))
    }

    pub async fn get(options: &str) -> Result<String> {
        ask("get", READS_GET, options).await.map_err(|error| said(&error))
    }

    async fn ask(verb: &str, reader: &str, options: &str) -> std::result::Result<String, JsValue> {
        let options = call(&class()?, reader, &JSON::parse(options)?)?;
        let wish = Object::new();
        Reflect::set(&wish, &"publicKey".into(), &options)?;
        let container = Reflect::get(&window().navigator(), &"credentials".into())?;
        let answer: Promise = call(&container, verb, &wish)?.dyn_into()?;
        let credential = JsFuture::from(answer).await?;
        Ok(JSON::stringify(&credential)?.into())
    }

    fn class() -> std::result::Result<JsValue, JsValue> {
        let class = Reflect::get(&window(), &"PublicKeyCredential".into())?;
        if class.is_undefined() { Err(class) } else { Ok(class) }
    }

    fn call(on: &JsValue, method: &str, with: &JsValue) -> std::result::Result<JsValue, JsValue> {
        let method: Function = Reflect::get(on, &method.into())?.dyn_into()?;
        method.call1(on, with)
    }

    /// Why the browser gave none, in words: mostly because its person did not want to.
    fn said(error: &JsValue) -> AppError {
        let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
        match name.as_str() {
            "InvalidStateError" => AppError::conflict("This device holds a passkey of yours already."),
            _ => unused(),
        }
    }

    pub fn unused() -> AppError {
        AppError::new(Refusal::Invalid, "No passkey was used. Try again, or choose another way.")
    }
}
