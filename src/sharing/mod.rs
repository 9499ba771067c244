//! Links by which an owner lets somebody outside read chosen documents, in the reader that members use. Start at `service`
//! for the owner's side, at `recipient` for who comes by a link.

pub mod api;
#[cfg(feature = "ssr")]
pub mod door;
#[cfg(feature = "ssr")]
mod letters;
pub mod model;
#[cfg(feature = "ssr")]
pub mod recipient;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod token;
pub mod ui;
