//! The pieces of the notifications page.
