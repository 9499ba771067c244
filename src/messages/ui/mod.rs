//! The pieces of the conversation pages.
