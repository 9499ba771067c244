//! The parts every page is made of. No domain word in here.
//! `form` is the one way to post, `load` the one way to show what was loaded.

pub mod field;
pub mod form;
pub mod load;
#[cfg(feature = "hydrate")]
mod send;
pub mod when;
