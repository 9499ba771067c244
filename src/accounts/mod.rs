//! Who people are: accounts, organisations and their seats, sign-in, sessions, verification.
//! Start at `door`: every server function of the product comes in through it.

pub mod api;
#[cfg(feature = "ssr")]
pub mod avatar;
pub mod changes;
#[cfg(feature = "ssr")]
mod claims;
#[cfg(feature = "ssr")]
mod common_passwords;
pub mod devices;
#[cfg(feature = "ssr")]
pub mod door;
pub mod factors;
#[cfg(feature = "ssr")]
mod links;
#[cfg(feature = "ssr")]
mod mails;
pub mod model;
#[cfg(feature = "ssr")]
pub mod passwords;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod store;
pub mod ui;
