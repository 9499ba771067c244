//! The parts every page is made of. No domain word in here.
//! `form` is the one way to post, `load` the one way to show what was loaded; `style/kit.css` dresses them.

pub mod badge;
pub mod empty;
pub mod field;
pub mod form;
pub mod head;
pub mod icon;
pub mod load;
pub mod pager;
#[cfg(feature = "hydrate")]
mod send;
pub mod tabs;
pub mod when;
