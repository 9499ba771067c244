//! From where somebody is signed in: their sessions, listed and ended, and the mail about a browser that was not seen before.

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
mod rules;
#[cfg(feature = "ssr")]
pub mod service;
pub mod ui;
