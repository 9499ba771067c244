//! Pages of everyone who is signed in.

mod profile;

pub use profile::ProfileSettingsPage;
