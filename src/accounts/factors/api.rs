//! The doors of second factors.

use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::model::{Challenge, Choices, Factors};
#[cfg(feature = "ssr")]
use super::{codes::Typed, lost, service, sign_in};
#[cfg(feature = "ssr")]
use crate::accounts::door;
use crate::shared::{
    error::Result,
    ids::{ChallengeId, PasskeyId},
};

/// What the one whose password was right may show; `None`: nobody waits here.
#[server(prefix = "/api", endpoint = "auth/factor-choices", input = GetUrl)]
pub async fn factor_choices() -> Result<Option<Choices>> {
    sign_in::choices(&door::anyone()?).await
}

#[server(prefix = "/api", endpoint = "auth/enter-code")]
pub async fn enter_code(#[server(default)] code: String) -> Result<()> {
    let next = sign_in::enter_code(&door::anyone()?, Typed::App(&code)).await?;
    leptos_axum::redirect(&next);
    Ok(())
}

#[server(prefix = "/api", endpoint = "auth/enter-recovery-code")]
pub async fn enter_recovery_code(#[server(default)] recovery_code: String) -> Result<()> {
    let next = sign_in::enter_code(&door::anyone()?, Typed::Recovery(&recovery_code)).await?;
    leptos_axum::redirect(&next);
    Ok(())
}

/// Asks for a passkey: to prove who is signed in, as the second factor of the one who waits, else as the whole sign-in.
#[server(prefix = "/api", endpoint = "auth/ask-passkey")]
pub async fn ask_passkey() -> Result<Challenge> {
    sign_in::ask_passkey(&door::anyone()?).await
}

/// Does so with it; the answer is where to go.
#[server(prefix = "/api", endpoint = "auth/enter-passkey")]
pub async fn enter_passkey(
    challenge_id: ChallengeId,
    #[server(default)] credential: String,
    #[server(default)] next: String,
) -> Result<String> {
    sign_in::enter_passkey(&door::anyone()?, challenge_id, &credential, &next).await
}

/// All factors are lost: asks to have them dropped after three days.
#[server(prefix = "/api", endpoint = "auth/tell-loss")]
pub async fn tell_loss() -> Result<()> {
    lost::ask(&door::anyone()?).await
}

/// Stops that, by the link of a mail.
#[server(prefix = "/api", endpoint = "auth/keep-factors")]
pub async fn keep_factors(#[server(default)] token: String) -> Result<()> {
    lost::keep_by_link(&door::anyone()?, &token).await?;
    leptos_axum::redirect("/login/keep-factors?kept=true");
    Ok(())
}

#[server(prefix = "/api", endpoint = "factors/mine", input = GetUrl)]
pub async fn own_factors() -> Result<Factors> {
    service::factors(&door::signed_in()?).await
}

#[server(prefix = "/api", endpoint = "factors/begin-app")]
pub async fn begin_app(#[server(default)] password: String) -> Result<()> {
    service::begin_app(&door::signed_in()?, Some(&password)).await
}

#[server(prefix = "/api", endpoint = "factors/cancel-app")]
pub async fn cancel_app() -> Result<()> {
    service::cancel_app(&door::signed_in()?).await
}

#[server(prefix = "/api", endpoint = "factors/confirm-app")]
pub async fn confirm_app(#[server(default)] code: String, #[server(default)] password: String) -> Result<()> {
    service::confirm_app(&door::signed_in()?, &code, Some(&password)).await
}

#[server(prefix = "/api", endpoint = "factors/remove-app")]
pub async fn remove_app(#[server(default)] password: String) -> Result<()> {
    service::drop_app(&door::signed_in()?, Some(&password)).await
}

#[server(prefix = "/api", endpoint = "factors/ask-new-passkey")]
pub async fn ask_new_passkey(
    #[server(default)] name: String,
    #[server(default)] password: String,
) -> Result<Challenge> {
    service::ask_new_passkey(&door::signed_in()?, &name, Some(&password)).await
}

#[server(prefix = "/api", endpoint = "factors/add-passkey")]
pub async fn add_passkey(challenge_id: ChallengeId, #[server(default)] credential: String) -> Result<()> {
    service::add_passkey(&door::signed_in()?, (challenge_id, &credential)).await
}

#[server(prefix = "/api", endpoint = "factors/remove-passkey")]
pub async fn remove_passkey(passkey_id: PasskeyId, #[server(default)] password: String) -> Result<()> {
    service::drop_passkey(&door::signed_in()?, passkey_id, Some(&password)).await
}

#[server(prefix = "/api", endpoint = "factors/make-codes")]
pub async fn make_codes(#[server(default)] password: String) -> Result<()> {
    service::make_codes(&door::signed_in()?, Some(&password)).await
}

/// The new codes are written down: they are shown no more.
#[server(prefix = "/api", endpoint = "factors/codes-kept")]
pub async fn codes_kept() -> Result<()> {
    door::signed_in()?;
    door::forget_new_codes().await
}

/// Stops a request to drop one's factors.
#[server(prefix = "/api", endpoint = "factors/keep")]
pub async fn keep_mine() -> Result<()> {
    lost::keep_mine(&door::signed_in()?).await
}
