//! Pages of the creator portal.

mod ndas;

pub use ndas::CreatorNdasPage;
