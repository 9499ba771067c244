//! The faces of the product: pages that compose pieces of rooms. No SQL, no server function, no business `if` in here.
//! `shell` stands around every page, `public` is what anyone may see, `signed_in` what everyone with an account has; the
//! portals hold what only their kind of person has. `bundles` says which pages the browser loads together.

pub mod bundles;
pub mod creator;
pub mod dashboards;
pub mod investor;
pub mod production;
pub mod public;
pub mod publishing;
pub mod shell;
pub mod signed_in;
