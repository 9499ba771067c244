//! The pieces of the conversation pages.

mod list;
mod thread;

pub use list::ThreadList;
pub use thread::{Conversation, ProjectCard};
