//! Pitches: what they say (`content`), who may see which of it, publishing, their materials. Start at `service`.

pub mod api;
pub mod content;
#[cfg(feature = "ssr")]
pub mod files;
pub mod form;
pub mod form_rows;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod materials;
pub mod model;
#[cfg(feature = "ssr")]
pub mod receipt;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
pub mod ui;
#[cfg(feature = "ssr")]
pub mod uploads;
pub mod values;
#[cfg(feature = "ssr")]
pub mod wall;
pub mod words;
