//! What is shared by a link, for who needs no account.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    kit::{
        head::Named,
        load::{Loaded, page_data},
    },
    reading::ui::Reader,
    shared::{error::AppError, ids::FileId},
    sharing::{
        api,
        ui::{DOORS, SharedLink},
    },
};

/// The token in the address.
fn token() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()))
}

/// `/s/{token}`.
#[component]
pub fn SharedPage() -> impl IntoView {
    let token = token();
    let data = page_data(move || token.get(), api::link);
    view! { <Loaded data view=move |shared| view! { <SharedLink token=token.get_untracked() shared/> }/> }
}

/// `/s/{token}/{file}`: a document, in the reader that members use.
#[component]
pub fn SharedReadPage() -> impl IntoView {
    let token = token();
    let params = use_params_map();
    let file = move || params.with(|params| params.get("file")).and_then(|id| id.parse::<FileId>().ok());
    let data = page_data(
        move || (token.get(), file()),
        |(token, file)| async move { api::document(token, file.ok_or_else(AppError::not_found)?).await },
    );
    view! {
        <Named name="robots" content="noindex, nofollow"/>
        <Loaded data view=|reading| reading.map(|reading| view! { <Reader reading doors=DOORS/> })/>
    }
}
