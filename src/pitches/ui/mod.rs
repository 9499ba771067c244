//! The pieces that pages show pitches with.

mod article;
mod autosave;
mod desk;
mod editor;
mod materials;
mod poster;
mod rows;
#[cfg(feature = "hydrate")]
mod sending;
mod transfer;
mod wall;

pub use article::{Article, PitchMeta};
pub use desk::{Acts, MyPitches, NewPitch, PitchOverview, StatusBadge, desk};
pub use editor::Editor;
pub use materials::Materials;
pub use poster::{Poster, PosterWall};
pub use transfer::Transfers;
pub use wall::{Filters, Query};
