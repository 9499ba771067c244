//! The smaller pictures of an uploaded image: made before the upload is answered, so that nobody but its owner ever gets
//! what a camera wrote, and a picture that cannot be decoded is refused by its field.

use std::{io::Cursor, time::Duration};

use bytes::Bytes;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, imageops::FilterType};
use tokio::sync::Semaphore;

use crate::shared::error::{AppError, Result};

/// Widths of the pictures that are made of an uploaded one, as far as it is that wide.
const WIDTHS: [u32; 4] = [160, 320, 640, 1280];
const QUALITY: f32 = 80.0;

/// One picture at a time: a large one takes 160 MB while it is open.
static OPEN_PICTURES: Semaphore = Semaphore::const_new(1);
/// How long a picture waits for those before it.
const A_TURN: Duration = Duration::from_secs(20);

/// WebP pictures of `original` by their width in pixels, the narrowest first; a complaint by `field` if it is damaged.
pub async fn smaller(original: Bytes, field: &str) -> Result<Vec<(i32, Bytes)>> {
    let turn = tokio::time::timeout(A_TURN, OPEN_PICTURES.acquire()).await;
    let turn = turn.map_err(|_| AppError::too_many("Many pictures are arriving right now. Please try again.", 10))?;
    let turn = turn.map_err(AppError::internal)?;
    // The turn ends with the work, also when who sent the picture has gone.
    let shrunk = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        shrink(&original)
    });
    let made = shrunk.await.map_err(AppError::internal)?;
    made.map_err(|error| {
        tracing::info!(%error, "an uploaded picture could not be decoded");
        AppError::field(field, "This image is damaged: it cannot be shown. Please export it again and send that.")
    })
}

/// Decodes within limits, turns it upright, and scales it down.
fn shrink(original: &[u8]) -> anyhow::Result<Vec<(i32, Bytes)>> {
    let mut reader = ImageReader::new(Cursor::new(original)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(256 * 1024 * 1024);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
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
        let encoder = webp::Encoder::from_rgba(&rgba, rgba.width(), rgba.height());
        let webp = encoder.encode_simple(false, QUALITY).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        made.push((i32::try_from(width)?, Bytes::copy_from_slice(&webp)));
    }
    made.reverse();
    Ok(made)
}
