//! Work on files that nobody waits for.

use std::io::Cursor;

use bytes::Bytes;
use chrono::TimeDelta;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, imageops::FilterType};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::store;
use crate::{
    platform::Platform,
    shared::{
        error::{AppError, Result},
        ids::FileId,
    },
};

/// Widths of the pictures that are made of an uploaded one, as far as it is that wide.
pub const WIDTHS: [u32; 4] = [160, 320, 640, 1280];
const QUALITY: f32 = 80.0;

/// Makes the smaller WebP pictures of an uploaded image.
#[derive(Debug, Serialize, Deserialize)]
pub struct MakeVariants {
    pub file_id: FileId,
}

/// Removes files that nothing refers to a day after they came. Scheduled.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SweepFiles;

fn platform(ctx: &WorkerContext) -> Result<&Platform> {
    ctx.get_ext::<Platform>().ok_or_else(|| AppError::internal("the worker runs without a Platform"))
}

impl TaskHandler for MakeVariants {
    const IDENTIFIER: &'static str = "make_variants";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        make_variants(platform(&ctx)?, self.file_id).await
    }
}

impl TaskHandler for SweepFiles {
    const IDENTIFIER: &'static str = "sweep_files";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        sweep(platform(&ctx)?).await
    }
}

/// One picture at a time: a large one takes 160 MB while it is open.
static OPEN_PICTURES: Semaphore = Semaphore::const_new(1);

/// Makes and stores the variants of `file`; doing it twice does no harm.
pub async fn make_variants(platform: &Platform, file: FileId) -> Result<()> {
    let mut db = platform.db.acquire().await?;
    let Some(stored) = store::load(&mut db, file).await? else { return Ok(()) };
    drop(db);
    let original = platform.storage.bytes(&stored.key).await?;
    let permit = OPEN_PICTURES.acquire().await.map_err(AppError::internal)?;
    let made = tokio::task::spawn_blocking(move || shrink(&original)).await.map_err(AppError::internal)?;
    drop(permit);
    let made = match made {
        Ok(made) => made,
        Err(error) => {
            // Trying again does not mend it; the original is served as it is.
            tracing::warn!(%error, %file, "no smaller pictures can be made of this one");
            return Ok(());
        }
    };
    let mut widths = Vec::new();
    for (width, webp) in made {
        let width = i32::try_from(width).map_err(AppError::internal)?;
        platform.storage.put(&stored.variant_key(width), webp).await?;
        widths.push(width);
    }
    store::set_variants(&mut *platform.db.acquire().await?, file, &widths).await
}

/// Decodes within limits, turns it upright, and scales it down.
fn shrink(original: &[u8]) -> anyhow::Result<Vec<(u32, Bytes)>> {
    let mut reader = ImageReader::new(Cursor::new(original)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(256 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    let mut made = Vec::new();
    // From wide to narrow, each from the one before: the large picture is read once.
    // One that is narrower than all of them is made once as it is: nobody but its owner gets what was uploaded.
    let narrow = (picture.width() < WIDTHS[0]).then(|| picture.width());
    for width in WIDTHS.into_iter().rev().filter(|w| *w <= picture.width()).chain(narrow).collect::<Vec<_>>() {
        let height = (u64::from(picture.height()) * u64::from(width)).div_ceil(u64::from(picture.width())).max(1);
        picture = picture.resize_exact(width, u32::try_from(height)?, FilterType::CatmullRom);
        let rgba = picture.to_rgba8();
        let webp = webp::Encoder::from_rgba(&rgba, rgba.width(), rgba.height()).encode(QUALITY);
        made.push((width, Bytes::copy_from_slice(&webp)));
    }
    made.reverse();
    Ok(made)
}

/// Removes what nothing refers to. The row goes last: what could not be removed is tried again.
pub async fn sweep(platform: &Platform) -> Result<()> {
    let mut tx = platform.begin().await?;
    for orphan in store::orphans(&mut tx, platform.now() - TimeDelta::days(1)).await? {
        for width in &orphan.variants {
            platform.storage.delete(&orphan.variant_key(*width)).await?;
        }
        platform.storage.delete(&orphan.key).await?;
        store::delete(&mut tx, orphan.id).await?;
    }
    Ok(tx.commit().await?)
}
