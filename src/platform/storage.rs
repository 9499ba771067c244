//! Files.
#[derive(Clone, Debug)]
pub struct Storage;
