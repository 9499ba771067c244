//! The pieces of second factors that pages are made of.

mod browser;
mod security;
mod sign_in;

pub use browser::PasskeyButton;
pub use security::FactorsOnPage;
pub use sign_in::{FactorForms, KeepFactorsForm, StartAgain};
