//! The record of what happened, as a chain: every event becomes a row that holds the hash of the row before, so that a row
//! that was changed or taken out is found. Start at `chain`.

pub mod chain;
pub mod jobs;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
