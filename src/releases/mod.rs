//! Submission releases, the NDA the other way round: a production company offers its text with its signature, the owner of a
//! project signs or refuses. A signed one opens what is behind the NDA to the company's seats. Start at `rules::transition`.

pub mod api;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod letters;
pub mod model;
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
mod store;
#[cfg(feature = "ssr")]
mod text;
pub mod ui;
