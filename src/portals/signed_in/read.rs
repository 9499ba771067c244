//! A document, read in the page.

use leptos::prelude::*;

use super::id_in_path;
use crate::{
    kit::load::{Loaded, page_data},
    reading::{api, ui::Reader},
};

#[component]
pub fn ReadPage() -> impl IntoView {
    let data = page_data(id_in_path(), |id| async move { api::document(id?).await });
    view! { <Loaded data view=|reading| view! { <Reader reading/> }/> }
}
