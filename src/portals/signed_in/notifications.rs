//! What happened, for the one who is signed in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    kit::load::{Loaded, page_data},
    notifications::{api::notifications, ui::NotificationList},
};

#[component]
pub fn NotificationsPage() -> impl IntoView {
    let query = use_query_map();
    let page = page_data(move || query.with(|query| query.get("after")), notifications);
    view! {
        <Title text="Notifications"/>
        <div class="page">
            <header class="page-head"><h1>"Notifications"</h1></header>
            <Loaded data=page view=|page| view! { <NotificationList page/> }/>
        </div>
    }
}
