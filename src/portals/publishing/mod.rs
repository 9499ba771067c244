//! Writing and publishing pitches: one set of pages for creators and production companies.

mod edit;
mod mine;
mod new;
mod overview;

pub use edit::EditPitchPage;
pub use mine::MyPitchesPage;
pub use new::NewPitchPage;
pub use overview::PitchOverviewPage;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::shared::{
    error::{AppError, Result},
    ids::PitchId,
};

/// The pitch that the address names; a mangled id is a pitch that is not there.
fn pitch_id() -> Memo<Result<PitchId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()).parse().map_err(|_| AppError::not_found()))
}
