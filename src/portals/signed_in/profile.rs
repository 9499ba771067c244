//! One's own profile.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    accounts::{
        api,
        ui::{AvatarForm, ProfileForm},
    },
    kit::load::{Loaded, page_data},
};

#[component]
pub fn ProfileSettingsPage() -> impl IntoView {
    let profile = page_data(|| (), |()| api::own_profile());
    view! {
        <Title text="Profile"/>
        <section class="page page-form">
            <h1>"Profile"</h1>
            <Loaded data=profile view=|profile| {
                let page = format!("/people/{}", profile.handle);
                view! {
                    <p class="muted">"This is your public page: "<a href=page.clone()>{page.clone()}</a></p>
                    <AvatarForm name=profile.name.clone() avatar=profile.avatar/>
                    <ProfileForm profile/>
                }
            }/>
        </section>
    }
}
