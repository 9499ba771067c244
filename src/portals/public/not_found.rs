//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

/// 404. Says the same whether a page never was or is not for the viewer.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not here"/>
        <section class="refused">
            <h1>"Not here"</h1>
            <p>
                "There is nothing at this address, or nothing that you may see. A project that is no longer published \
                 is gone from here, too; who signed its NDA still finds it among their NDAs."
            </p>
            <p class="row">
                <a class="button button-main" href="/browse">"Browse projects"</a>
                <a class="button" href="/">"Front page"</a>
            </p>
        </section>
    }
}
