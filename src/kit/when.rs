//! Moments as people read them: relative, the exact one on hover. "Now" comes from the server with the page, so that
//! both sides write the same words.

use leptos::prelude::*;

use crate::shared::time::{self, Time};

/// The time at which the page was made; moves on in the browser.
#[derive(Clone, Copy)]
pub struct Now(pub RwSignal<Time>);

/// "5 minutes ago", with the exact time on hover.
#[component]
pub fn Ago(at: Time) -> impl IntoView {
    let now = use_context::<Now>();
    view! {
        <time datetime=at.to_rfc3339() title=time::exact(at)>
            {move || now.map_or_else(|| time::date(at), |Now(now)| time::relative(at, now.get()))}
        </time>
    }
}

/// "23 November 2026", with the exact time on hover.
#[component]
pub fn Date(at: Time) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339() title=time::exact(at)>{time::date(at)}</time> }
}
