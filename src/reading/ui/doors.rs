//! The server functions behind a reader: those of who is signed in, or those of who came by a shared link.

use std::pin::Pin;

use crate::{
    kit::form::path,
    reading::{
        api::{self, Beat},
        model::PageWords,
    },
    shared::{
        error::Result,
        ids::{FileId, ShareId},
    },
};

/// What a server function will answer.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// A document, and by which link it is read, if by one.
#[derive(Clone, Copy, Debug)]
pub struct Document {
    pub file: FileId,
    pub share: Option<ShareId>,
}

/// What a reader asks for and tells.
#[derive(Clone, Copy)]
pub struct Doors {
    pub words: fn(Document, i32) -> Answer<PageWords>,
    pub beat: fn(Document, i32, i64) -> Answer<()>,
    /// Where a beat is posted that waits for no answer.
    pub beat_at: fn() -> &'static str,
}

impl Doors {
    /// Those of who is signed in.
    pub const SIGNED_IN: Self = Self {
        words: |document, page| Box::pin(api::words(document.file, page)),
        beat: |document, page, milliseconds| Box::pin(api::beat(document.file, page, milliseconds)),
        beat_at: path::<Beat>,
    };
}
