//! The wall of posters.

use leptos::{either::EitherOf3, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    kit::{
        empty::Empty,
        head::Description,
        load::{Loaded, page_data},
        pager::Pager,
    },
    pitches::{
        api,
        model::Wall,
        ui::{Filters, PosterWall, Query},
    },
};

/// `/browse`.
#[component]
pub fn BrowsePage() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(|map| Query::read(|name| map.get(name).unwrap_or_default())));
    let data = page_data(
        move || query.get(),
        |q| async move { api::browse(q.q, q.genre, q.format, q.budget, q.stage, q.sort, q.after).await },
    );
    view! {
        <Title text="Browse"/>
        <Description content="Published film and series projects: what they are about, what stage they are at, and what is behind an NDA."/>
        <section class="page-wide browse">
            <header class="page-head"><h1>"Browse"</h1></header>
            {move || {
                let query = query.get();
                let unknown = query.unknown.join(" and ");
                view! {
                    <Filters query/>
                    {(!unknown.is_empty()).then(|| view! {
                        <p class="notice notice-warn">{format!("We did not know what was asked for as {unknown}, so it was left out.")}</p>
                    })}
                }
            }}
            <Loaded data view=move |wall| view! { <Found wall query=query.get_untracked()/> }/>
        </section>
    }
}

/// What was found, or an honest word that nothing was.
#[component]
fn Found(wall: Wall, query: Query) -> impl IntoView {
    if !wall.is_empty() {
        let more = wall.next.map(|next| query.with("after", &next));
        return EitherOf3::A(view! { <PosterWall cards=wall.items/> <Pager href=more/> });
    }
    if query.chips().is_empty() && query.after.is_empty() {
        EitherOf3::B(view! {
            <Empty title="Nothing is published yet" text="The first pitch that a creator or a production company publishes will hang here.">
                <a class="button" href="/how-it-works">"How it works"</a>
            </Empty>
        })
    } else {
        EitherOf3::C(view! {
            <Empty title="Nothing matches" text="No published pitch has all of that. Take a filter away, or look at everything.">
                <a class="button" href="/browse">"Show everything"</a>
            </Empty>
        })
    }
}
