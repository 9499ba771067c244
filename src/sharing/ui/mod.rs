//! Pieces of pages: an owner's links, and what is seen by who comes by one.

mod copy;
mod make;
mod owner;
mod recipient;

pub use owner::LinksOfPitch;
pub use recipient::{DOORS, SharedLink};
