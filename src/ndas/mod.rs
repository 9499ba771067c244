//! NDAs: asked for, approved, signed, ended. The heart of the product: what is behind one opens for who signed it.
//! Start at `rules::transition`, then `service`.

pub mod api;
pub mod consent;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod letters;
pub mod model;
#[cfg(feature = "ssr")]
mod paper;
#[cfg(feature = "ssr")]
pub mod reads;
#[cfg(feature = "ssr")]
mod rows;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod sealing;
#[cfg(feature = "ssr")]
mod seals;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
pub mod template;
#[cfg(test)]
mod tests;
pub mod ui;
#[cfg(feature = "ssr")]
mod verify;
