//! The pieces of the NDA pages.
