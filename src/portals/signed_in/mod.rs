//! Pages of everyone who is signed in.

mod messages;
mod nda;
mod notifications;
mod profile;
mod read;
mod release;
mod security;
mod templates;
mod thread;

pub use messages::MessagesPage;
pub use nda::NdaPage;
pub use notifications::NotificationsPage;
pub use profile::ProfileSettingsPage;
pub use read::ReadPage;
pub use release::ReleasePage;
pub use security::SecurityPage;
pub use templates::{NewTemplatePage, TemplatePage, TemplatesPage};
pub use thread::ThreadPage;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::shared::error::{AppError, Result};

/// The id in the address, `/ndas/:id`; one that is none is not found.
fn id_in_path<Id: std::str::FromStr>() -> impl Fn() -> Result<Id> + Copy + Send + Sync + 'static {
    let params = use_params_map();
    move || params.with(|params| params.get("id")).and_then(|id| id.parse().ok()).ok_or_else(AppError::not_found)
}
