//! How one signs in.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    accounts::factors::{api::own_factors, ui::FactorsOnPage},
    kit::load::{Loaded, page_data},
};

/// `/settings/security`.
#[component]
pub fn SecurityPage() -> impl IntoView {
    let data = page_data(|| (), |()| own_factors());
    view! {
        <Title text="Security"/>
        <div class="page security">
            <header class="page-head">
                <div>
                    <h1>"Security"</h1>
                    <p>"What signing in asks for besides your password."</p>
                </div>
            </header>
            <Loaded data view=|factors| view! { <FactorsOnPage factors/> }/>
        </div>
    }
}
