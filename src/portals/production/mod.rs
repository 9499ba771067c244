//! Pages of the production portal.

mod ndas;

pub use ndas::ProductionNdasPage;
