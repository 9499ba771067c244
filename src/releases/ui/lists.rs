//! The viewer's releases: those of their company, and those offered for their projects.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::card::ReleaseLine;
use crate::{
    accounts::{model::Kind, ui::viewer_kind},
    kit::{
        empty::Empty,
        load::{Loaded, page_data},
        pager::Pager,
        tabs::Tabs,
    },
    ndas::model::Tab,
    releases::{api::own_releases, model::ReleaseList},
};

/// The viewer's releases, a tab at a time.
#[component]
pub fn Releases(
    /// The page's address up to the query's `tab`: `/creator/ndas?side=releases&`.
    base: &'static str,
) -> impl IntoView {
    let query = use_query_map();
    let asked = move || query.with(|query| (query.get("tab"), query.get("after")));
    let list = page_data(asked, |(tab, after)| own_releases(tab, after));
    let chosen = move || asked().0.and_then(|word| word.parse().ok()).unwrap_or(Tab::Waiting);
    view! { <Loaded data=list view=move |list| shown(list, chosen(), base)/> }
}

fn shown(list: ReleaseList, current: Tab, base: &'static str) -> impl IntoView {
    let label = |tab| match tab {
        Tab::Waiting => "Waiting",
        Tab::Active => "In force",
        Tab::Ended => "Ended",
    };
    let counts = list.counts;
    let tab =
        |tab: &Tab| (format!("{base}tab={tab}"), format!("{} ({})", label(*tab), counts.of(*tab)), *tab == current);
    let tabs: Vec<_> = Tab::ALL.iter().map(tab).collect();
    let more = list.page.next.map(|after| format!("{base}tab={current}&after={after}"));
    let items = list.page.items.into_iter().map(|card| view! { <li><ReleaseLine card/></li> }).collect_view();
    view! {
        <Tabs items=tabs label="Releases by state"/>
        {if items.is_empty() { nothing(current).into_any() } else { view! { <ul class="list nda-list">{items}</ul> }.into_any() }}
        <Pager href=more/>
    }
}

fn nothing(tab: Tab) -> impl IntoView {
    let company = viewer_kind() == Some(Kind::Production);
    let (title, text) = match tab {
        Tab::Waiting if company => (
            "No release is waiting",
            "Offer your company's submission release on the page of a project; the owner's answer waits here. So do releases that others offer for your own projects.",
        ),
        Tab::Waiting => (
            "No release is waiting",
            "Some production companies read only on the terms of their own submission release. When one offers you its release, you read it here and decide.",
        ),
        Tab::Active => {
            ("No release is in force", "Releases that both sides have signed stay here until one of the two ends them.")
        }
        Tab::Ended => ("Nothing has ended", "Refused, withdrawn and ended releases stay here, with their evidence."),
    };
    let browse = company.then(|| view! { <a class="button" href="/browse">"Browse projects"</a> });
    view! { <Empty title text>{browse}</Empty> }
}
