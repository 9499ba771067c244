//! A person as others see them, and what they have published.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    accounts::{api::person, model::PublicProfile, ui::Person},
    kit::{
        load::{Loaded, page_data},
        pager::Pager,
    },
    pitches::{api::of_person, model::Wall, ui::PosterWall},
};

/// `/people/{handle}`.
#[component]
pub fn PersonPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let handle = move || params.with(|p| p.get("handle").unwrap_or_default());
    let after = move || query.with(|q| q.get("after").unwrap_or_default());
    let who = page_data(handle, person);
    let wall = page_data(move || (handle(), after()), |(handle, after)| async move { of_person(handle, after).await });
    view! {
        <section class="page">
            <Loaded data=who view=|person: PublicProfile| view! {
                <Title text=person.name.clone()/>
                <Person person/>
            }/>
        </section>
        <Loaded data=wall view=move |wall: Wall| (!wall.is_empty()).then(|| view! { <Projects wall handle=handle()/> })/>
    }
}

/// The posters of what they have published.
#[component]
fn Projects(wall: Wall, handle: String) -> impl IntoView {
    let more = wall.next.map(|next| format!("/people/{handle}?after={next}"));
    view! {
        <section class="page-wide person-projects">
            <h2>"Projects"</h2>
            <PosterWall cards=wall.items/>
            <Pager href=more/>
        </section>
    }
}
