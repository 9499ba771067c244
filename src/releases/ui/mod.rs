//! The pieces of the release pages: what a person sees of a release and the forms that move it.

mod card;
mod forms;
mod lists;
mod panel;
mod view;

pub use lists::Releases;
pub use panel::ReleaseOnPitch;
pub use view::ReleaseOnPage;
