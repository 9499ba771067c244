//! Conversations: one per pitch and pair of people, opened when an NDA is signed.
//! Start at `service::send`.

pub mod api;
pub mod model;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(test)]
mod tests;
pub mod ui;
