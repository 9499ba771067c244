//! How much room an account has for files, told before anything is sent.

use sqlx::PgConnection;

use super::{
    model::{Room, size},
    upload_rows,
};
use crate::{
    platform::Platform,
    shared::{
        error::{AppError, Result},
        ids::AccountId,
    },
};

/// What `owner` uses of their room, with what is still arriving.
pub async fn of(db: &mut PgConnection, platform: &Platform, owner: AccountId) -> Result<Room> {
    let used = upload_rows::used(db, owner).await?;
    Ok(Room { used, most: i64::from(platform.config.limits.stored_mb) * 1_048_576 })
}

/// Makes what comes for `owner` at the same time queue up until the transaction ends, so that their room holds for all of it.
pub async fn lock(tx: &mut PgConnection, owner: AccountId) -> Result<()> {
    upload_rows::lock_owner(tx, owner).await
}

/// Goes on if `bytes` more of `owner` fit; otherwise a complaint by `field`.
pub async fn check(
    db: &mut PgConnection,
    platform: &Platform,
    owner: AccountId,
    bytes: i64,
    field: &str,
) -> Result<()> {
    let room = of(db, platform, owner).await?;
    if room.used + bytes <= room.most {
        return Ok(());
    }
    let message = format!(
        "There is no room for this: your files take {} of {}, and it has {}. Remove something first.",
        size(room.used),
        size(room.most),
        size(bytes),
    );
    Err(AppError { fields: AppError::field(field, message.clone()).fields, ..AppError::too_large(message) })
}
