//! Another password, another address. Both ask who it is; both addresses are told, and the old one can take it back for
//! three days.

pub mod api;
#[cfg(feature = "ssr")]
mod letters;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;
pub mod ui;
