//! Rate limits.
#[derive(Clone, Debug)]
pub struct Limits;
