//! Whoever registered an address need not be who reads its mail. When its reader comes for the first time, by whatever link, what
//! was planted there goes.

use serde_json::json;
use sqlx::PgConnection;

use super::{changes, devices, factors, store};
use crate::{
    platform::{
        Platform,
        outbox::{self, Event},
    },
    shared::{error::Result, ids::AccountId},
};

/// The reader of `account`'s address has used a link there: a change of address that waits ends. If they came for the first time,
/// the password, the factors and everything that was begun with them go, too.
pub async fn by_mail(tx: &mut PgConnection, platform: &Platform, account: AccountId) -> Result<()> {
    // Changes before the account, as those who confirm one lock them.
    changes::rows::end_waiting(tx, account, platform.now()).await?;
    // A factor that is added at this moment is there, or waits.
    factors::store::lock(tx, account).await?;
    match store::viewer(tx, account, false).await? {
        Some(viewer) if !viewer.email_verified => take_over(tx, platform, account).await,
        _ => Ok(()),
    }
}

/// Leaves nothing of the account by which anybody could come in, and calls its address verified.
pub async fn take_over(tx: &mut PgConnection, platform: &Platform, account: AccountId) -> Result<()> {
    let now = platform.now();
    store::drop_password(tx, account).await?;
    store::end_sessions(tx, account).await?;
    factors::store::drop_all(tx, account).await?;
    factors::store::drop_halves(tx, account).await?;
    factors::lost::keep(tx, platform, account).await?;
    devices::rows::forget(tx, account).await?;
    store::set_email_verified(tx, account, now).await?;
    outbox::record(tx, Event::new(now, Some(account), account.0, "account.email_verified", json!({}))?).await
}
