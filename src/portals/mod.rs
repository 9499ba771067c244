//! Pages: they compose pieces of rooms and decide nothing. `shell` stands around every one of them, `public` is what
//! anyone may see; the portals hold what only their kind of person has.

pub mod public;
pub mod shell;
