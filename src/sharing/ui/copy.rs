//! An address to copy.

use leptos::prelude::*;

/// Shows an address, and takes it to the clipboard where there is a script.
#[component]
pub fn Copy(#[prop(into)] address: String) -> impl IntoView {
    let ready = RwSignal::new(false);
    let copied = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let take = {
        let address = address.clone();
        move |_| {
            #[cfg(feature = "hydrate")]
            leptos::task::spawn_local({
                let address = address.clone();
                async move {
                    let written = window().navigator().clipboard().write_text(&address);
                    copied.set(wasm_bindgen_futures::JsFuture::from(written).await.is_ok());
                }
            });
            #[cfg(not(feature = "hydrate"))]
            let _ = (&address, copied);
        }
    };
    view! {
        <p class="share-address">
            <input type="text" readonly aria-label="Address of the link" value=address/>
            <button type="button" class="button" hidden=move || !ready.get() on:click=take>
                {move || if copied.get() { "Copied" } else { "Copy" }}
            </button>
            <span class="visually-hidden" role="status">{move || copied.get().then_some("The address was copied.")}</span>
        </p>
    }
}
