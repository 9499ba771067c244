//! The doors of changed passwords and addresses.

use leptos::{prelude::*, server_fn::codec::GetUrl};

#[cfg(feature = "ssr")]
use super::service;
#[cfg(feature = "ssr")]
use crate::accounts::door;
use crate::shared::error::Result;

#[server(prefix = "/api", endpoint = "accounts/change-password")]
pub async fn change_password(
    #[server(default)] new_password: String,
    #[server(default)] password: String,
) -> Result<()> {
    service::password(&door::signed_in()?, &new_password, Some(&password)).await?;
    leptos_axum::redirect("/settings/security?changed=password");
    Ok(())
}

/// The address that waits to be confirmed.
#[server(prefix = "/api", endpoint = "accounts/waiting-email", input = GetUrl)]
pub async fn waiting_email() -> Result<Option<String>> {
    service::waiting_email(&door::signed_in()?).await
}

#[server(prefix = "/api", endpoint = "accounts/change-email")]
pub async fn change_email(#[server(default)] new_email: String, #[server(default)] password: String) -> Result<()> {
    service::email(&door::signed_in()?, &new_email, Some(&password)).await
}

#[server(prefix = "/api", endpoint = "auth/confirm-email")]
pub async fn confirm_email(#[server(default)] token: String) -> Result<()> {
    service::confirm_email(&door::anyone()?, &token).await?;
    leptos_axum::redirect("/confirm-email?done=true");
    Ok(())
}

#[server(prefix = "/api", endpoint = "auth/keep-email")]
pub async fn keep_email(#[server(default)] token: String) -> Result<()> {
    service::keep_email(&door::anyone()?, &token).await?;
    leptos_axum::redirect("/keep-email?done=true");
    Ok(())
}
