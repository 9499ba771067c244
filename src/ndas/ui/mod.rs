//! The pieces of the NDA pages: what a person sees of an NDA and the forms that move it.

mod card;
mod decide;
mod document;
mod facts;
mod lists;
mod panel;
mod sealed;
mod sign;
mod view;

pub use card::{NdaLine, status_label};
pub use lists::{ReceivedNdas, SentNdas};
pub use panel::NdaPanel;
pub use sealed::{CheckedFile, VerifyForm};
pub use view::NdaOnPage;
