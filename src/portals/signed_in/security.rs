//! How one signs in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    accounts::{
        changes::{
            api::waiting_email,
            ui::{EmailPart, PasswordPart},
        },
        devices::{api::own_sessions, ui::SessionsPart},
        factors::{api::own_factors, ui::FactorsOnPage},
    },
    kit::load::{Loaded, page_data},
};

/// `/settings/security`.
#[component]
pub fn SecurityPage() -> impl IntoView {
    let (factors, sessions) = (page_data(|| (), |()| own_factors()), page_data(|| (), |()| own_sessions()));
    let waiting = page_data(|| (), |()| waiting_email());
    let changed = use_query_map().with_untracked(|query| query.get("changed").as_deref() == Some("password"));
    view! {
        <Title text="Security"/>
        <div class="page security">
            <header class="page-head">
                <div>
                    <h1>"Security"</h1>
                    <p>"How you sign in, and where you are signed in."</p>
                </div>
            </header>
            <Loaded data=factors view=|factors| view! { <FactorsOnPage factors/> }/>
            <PasswordPart changed/>
            <Loaded data=waiting view=|waiting| view! { <EmailPart waiting/> }/>
            <Loaded data=sessions view=|sessions| view! { <SessionsPart sessions/> }/>
        </div>
    }
}
