//! Pages of the investor portal.

mod ndas;

pub use ndas::InvestorNdasPage;
