//! Words both sides speak: ids, errors, pages, times. No I/O, no domain rule.
//! Start at `error`: everything that can be refused is refused with it.

pub mod error;
pub mod flash;
pub mod ids;
pub mod paging;
pub mod text;
pub mod time;
pub mod word;
