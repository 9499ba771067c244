//! What signers ask about what is behind the NDA, and what the owner answers: to the asker, or to everyone who has signed.
//! Start at `service::ask`.

pub mod api;
#[cfg(feature = "ssr")]
mod letters;
pub mod model;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
pub mod ui;
