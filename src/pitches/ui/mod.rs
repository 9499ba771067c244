//! The pieces of pages.
