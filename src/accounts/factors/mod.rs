//! Second factors: authenticator apps, passkeys, recovery codes, and what happens when all are lost. `sign_in` is the way from a
//! right password to a session, `service` what people set up at `/settings/security`.

pub mod api;
#[cfg(feature = "ssr")]
pub mod codes;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod letters;
#[cfg(feature = "ssr")]
pub mod lost;
#[cfg(feature = "ssr")]
mod lost_rows;
pub mod model;
#[cfg(feature = "ssr")]
mod passkey_rows;
#[cfg(feature = "ssr")]
pub mod passkeys;
#[cfg(feature = "ssr")]
pub mod rules;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod sign_in;
#[cfg(feature = "ssr")]
pub mod store;
pub mod ui;
