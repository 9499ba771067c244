//! NDAs: asked for, approved, signed, ended. The heart of the product: what is behind one opens for who signed it.
//! Start at `rules::transition`, then `service`.

#[cfg(feature = "ssr")]
mod advance_rows;
#[cfg(feature = "ssr")]
pub mod advances;
pub mod api;
#[cfg(feature = "ssr")]
mod approval;
#[cfg(feature = "ssr")]
pub mod bulk;
pub mod consent;
#[cfg(feature = "ssr")]
pub mod figures;
pub mod forms;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod letters;
pub mod model;
#[cfg(feature = "ssr")]
pub mod own_templates;
pub mod owner_api;
pub mod owner_model;
#[cfg(feature = "ssr")]
pub(crate) mod paper;
#[cfg(feature = "ssr")]
pub mod pdf_templates;
#[cfg(feature = "ssr")]
pub mod reads;
#[cfg(feature = "ssr")]
pub(crate) mod rows;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod sealing;
#[cfg(feature = "ssr")]
pub(crate) mod seals;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
pub mod template;
#[cfg(feature = "ssr")]
pub(crate) mod template_rows;
#[cfg(test)]
mod tests;
#[cfg(feature = "ssr")]
pub(crate) mod texts;
pub mod ui;
#[cfg(feature = "ssr")]
mod verify;
