//! The faces of the product: pages composed of pieces of rooms. No SQL, no server function, no business `if` in here.

pub mod public;
pub mod signed_in;
