//! The doors of accounts.

use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, MultipartData, MultipartFormData},
};

use super::model::{Profile, PublicProfile};
#[cfg(feature = "ssr")]
use super::{avatar, door, factors, links, rules, service};
#[cfg(feature = "ssr")]
use crate::shared::error::AppError;
use crate::shared::error::Result;

#[server(prefix = "/api", endpoint = "auth/register")]
pub async fn register(
    #[server(default)] account_type: String,
    #[server(default)] full_name: String,
    #[server(default)] company: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] agree_terms: bool,
) -> Result<()> {
    let typed = rules::Registration { account_type, full_name, company, email, password, agree_terms };
    service::register(&door::anyone()?, typed).await?;
    leptos_axum::redirect("/verify-email");
    Ok(())
}

#[server(prefix = "/api", endpoint = "auth/verify-email")]
pub async fn verify_email(#[server(default)] token: String) -> Result<()> {
    let visitor = door::anyone()?;
    service::verify_email(&visitor, &token).await?;
    leptos_axum::redirect(visitor.viewer.map_or("/login?verified=true", |v| v.kind.home()));
    Ok(())
}

#[server(prefix = "/api", endpoint = "auth/resend-verification")]
pub async fn resend_verification(#[server(default)] email: String) -> Result<()> {
    service::resend_verification(&door::anyone()?, &email).await?;
    leptos_axum::redirect("/verify-email?sent=true");
    Ok(())
}

#[server(prefix = "/api", endpoint = "auth/forgot-password")]
pub async fn forgot_password(#[server(default)] email: String) -> Result<()> {
    service::forgot_password(&door::anyone()?, &email).await?;
    leptos_axum::redirect("/forgot-password?sent=true");
    Ok(())
}

#[server(prefix = "/api", endpoint = "auth/reset-password")]
pub async fn reset_password(#[server(default)] token: String, #[server(default)] new_password: String) -> Result<()> {
    service::reset_password(&door::anyone()?, &token, &new_password).await?;
    leptos_axum::redirect("/login?reset=true");
    Ok(())
}

#[server(prefix = "/api", endpoint = "auth/sign-in")]
pub async fn sign_in(
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<()> {
    let visitor = door::anyone()?;
    let account = service::sign_in(&visitor, &email, &password).await?;
    leptos_axum::redirect(&factors::sign_in::after_first_step(&visitor, account, "password", &next).await?);
    Ok(())
}

/// Mails a link that signs in.
#[server(prefix = "/api", endpoint = "auth/mail-link")]
pub async fn mail_link(#[server(default)] email: String) -> Result<()> {
    links::mail_link(&door::anyone()?, &email).await?;
    leptos_axum::redirect("/login/link?mailed=true");
    Ok(())
}

#[server(prefix = "/api", endpoint = "auth/use-link")]
pub async fn use_link(#[server(default)] token: String) -> Result<()> {
    let visitor = door::anyone()?;
    let account = links::use_link(&visitor, &token).await?;
    leptos_axum::redirect(&factors::sign_in::after_first_step(&visitor, account, "link", "").await?);
    Ok(())
}

#[server(prefix = "/api", endpoint = "auth/sign-out")]
pub async fn sign_out() -> Result<()> {
    door::end_session().await?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Proves who one is for the next ten minutes.
#[server(prefix = "/api", endpoint = "auth/step-up")]
pub async fn step_up(#[server(default)] password: String) -> Result<()> {
    door::signed_in()?.prove(&password).await
}

#[server(prefix = "/api", endpoint = "accounts/profile", input = GetUrl)]
pub async fn own_profile() -> Result<Profile> {
    service::own_profile(&door::signed_in()?).await
}

#[server(prefix = "/api", endpoint = "accounts/person", input = GetUrl)]
pub async fn person(handle: String) -> Result<PublicProfile> {
    service::public_profile(&door::anyone()?, &handle).await
}

#[server(prefix = "/api", endpoint = "accounts/save-profile")]
pub async fn save_profile(
    #[server(default)] full_name: String,
    #[server(default)] handle: String,
    #[server(default)] headline: String,
    #[server(default)] bio: String,
    #[server(default)] website: String,
    #[server(default)] location: String,
) -> Result<()> {
    let typed = Profile { name: full_name, handle, headline, bio, website, location, avatar: None };
    service::save_profile(&door::signed_in()?, typed).await
}

/// One image, `avatar`.
#[server(prefix = "/api", endpoint = "accounts/avatar", input = MultipartFormData)]
pub async fn upload_avatar(data: MultipartData) -> Result<()> {
    let form = data.into_inner().ok_or_else(|| AppError::internal("a multipart form without a body"))?;
    avatar::upload(&door::signed_in()?, form).await
}

#[server(prefix = "/api", endpoint = "accounts/remove-avatar")]
pub async fn remove_avatar() -> Result<()> {
    avatar::remove(&door::signed_in()?).await
}
