//! Pieces of pages: the reader, and what an owner sees of those who read.

mod at_hand;
mod doors;
mod reader;
mod readers;

pub use doors::Doors;
pub use reader::Reader;
pub use readers::ReadersOfPitch;
