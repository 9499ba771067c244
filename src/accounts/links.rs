//! Links by mail that sign in: a first step in place of the password.

use chrono::TimeDelta;

use super::{
    claims,
    door::Visitor,
    mails,
    model::Kind,
    rules,
    service::{hash_token, keep_token, spent_link},
    store,
};
use crate::{
    platform::mail::queue_letter,
    shared::{
        error::{AppError, Result},
        ids::AccountId,
    },
};

/// Mails a link that signs in, if the address is an account's; the answer is always the same.
pub async fn mail_link(visitor: &Visitor, email: &str) -> Result<()> {
    let platform = &visitor.platform;
    let email = rules::email(email).map_err(|e| AppError::fields(vec![e]))?;
    platform.limits.mail_asked(&visitor.client.address)?;
    let mut tx = platform.begin().await?;
    let account = store::credentials_by_email(&mut tx, &email).await?;
    if let Some(account) = account.filter(|a| platform.limits.mail_to("sign-in", &a.email)) {
        let lives = TimeDelta::minutes(rules::SIGN_IN_LINK_MINUTES);
        let token = keep_token(&mut tx, platform, account.id, &account.email, "sign-in", lives).await?;
        queue_letter(&mut tx, mails::sign_in_link(platform, &account.email, &token)).await?;
    }
    Ok(tx.commit().await?)
}

/// Uses such a link up: whose it is. It proves the address; a password that somebody set before that was proved, and sessions
/// begun with it, are not theirs.
pub async fn use_link(visitor: &Visitor, token: &str) -> Result<(AccountId, Kind)> {
    let (platform, now) = (&visitor.platform, visitor.platform.now());
    platform.limits.sign_in(&visitor.client.address)?;
    let mut tx = platform.begin().await?;
    let account = store::use_token(&mut tx, &hash_token(token), &["sign-in"], now).await?.ok_or_else(spent_link)?;
    let viewer = store::viewer(&mut tx, account, false).await?.ok_or_else(spent_link)?;
    claims::by_mail(&mut tx, platform, account).await?;
    tx.commit().await?;
    Ok((account, viewer.kind))
}
