//! Reading a document page by page: its pages as pictures that carry the reader's mark, its words, and what its owner learns of
//! who read how far and how long. Start at `service`; `sitting` is what happens with a document that is open to its reader.

pub mod api;
pub mod model;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod sitting;
#[cfg(feature = "ssr")]
pub mod store;
pub mod ui;
