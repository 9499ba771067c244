//! The doors of the room.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::model::{ReleaseCard, ReleaseList, ReleasePanel, ReleaseView};
#[cfg(feature = "ssr")]
use super::{
    reads,
    service::{self, OfferForm},
};
use crate::shared::{
    error::{AppError, Result},
    ids::{PitchId, ReleaseId},
};
#[cfg(feature = "ssr")]
use crate::{
    accounts::{door, model::Kind},
    ndas::{model::Tab, service::SignForm},
};

/// Offers the company's release: its signature.
#[server(prefix = "/api", endpoint = "releases/offer")]
pub async fn offer_release(
    pitch_id: PitchId,
    #[server(default)] full_legal_name: String,
    #[server(default)] extra_terms: String,
    #[server(default)] message_with_the_offer: String,
    #[server(default)] template_id: String,
    #[server(default)] template_shown: String,
    password: Option<String>,
) -> Result<(), AppError> {
    let form =
        OfferForm { full_legal_name, extra_terms, message_with_the_offer, template_id, template_shown, password };
    let id = service::offer(&door::of_kind(&[Kind::Production])?, pitch_id, &form).await?;
    leptos_axum::redirect(&format!("/releases/{id}"));
    Ok(())
}

/// Signs an offered release: the owner's signature.
#[server(prefix = "/api", endpoint = "releases/sign")]
pub async fn sign_release(
    release_id: ReleaseId,
    #[server(default)] agree_electronic: String,
    #[server(default)] full_legal_name: String,
    #[server(default)] document_sha256: String,
    password: Option<String>,
) -> Result<(), AppError> {
    let agree_electronic = agree_electronic == "true";
    let form = SignForm { agree_electronic, full_legal_name, document_sha256, password };
    service::sign(&door::publisher()?, release_id, &form).await.map(drop)
}

/// Refuses an offered release.
#[server(prefix = "/api", endpoint = "releases/refuse")]
pub async fn refuse_release(release_id: ReleaseId, #[server(default)] reason: String) -> Result<(), AppError> {
    service::refuse(&door::publisher()?, release_id, &reason).await
}

/// Takes an offer back.
#[server(prefix = "/api", endpoint = "releases/withdraw")]
pub async fn withdraw_release(release_id: ReleaseId) -> Result<(), AppError> {
    service::withdraw(&door::of_kind(&[Kind::Production])?, release_id).await
}

/// Ends a signed release.
#[server(prefix = "/api", endpoint = "releases/end")]
pub async fn end_release(release_id: ReleaseId, #[server(default)] reason: String) -> Result<(), AppError> {
    service::end(&door::publisher()?, release_id, &reason).await
}

/// The text was scrolled to its end.
#[server(prefix = "/api", endpoint = "releases/read-to-end")]
pub async fn release_read_to_end(
    release_id: ReleaseId,
    #[server(default)] document_sha256: String,
) -> Result<(), AppError> {
    service::read_to_end(&door::signed_in()?, release_id, &document_sha256).await
}

/// What the pitch page offers its viewer; `template` is the text to offer with.
#[server(prefix = "/api", endpoint = "releases/for-pitch", input = GetUrl)]
pub async fn for_pitch(pitch_id: PitchId, template: Option<String>) -> Result<ReleasePanel, AppError> {
    let template = template.and_then(|id| id.parse().ok());
    reads::panel(&door::anyone()?, pitch_id, template).await
}

/// One release with its text.
#[server(prefix = "/api", endpoint = "releases/one", input = GetUrl)]
pub async fn one_release(release_id: ReleaseId) -> Result<ReleaseView, AppError> {
    reads::one(&door::signed_in()?, release_id).await
}

/// A tab (`waiting`, `active`, `ended`) of the viewer's releases.
#[server(prefix = "/api", endpoint = "releases/list", input = GetUrl)]
pub async fn own_releases(tab: Option<String>, after: Option<String>) -> Result<ReleaseList, AppError> {
    let tab = tab.and_then(|word| word.parse().ok()).unwrap_or(Tab::Waiting);
    reads::list(&door::publisher()?, tab, after.as_deref()).await
}

/// What waits for the viewer's signature, for a dashboard.
#[server(prefix = "/api", endpoint = "releases/waiting", input = GetUrl)]
pub async fn waiting() -> Result<Vec<ReleaseCard>, AppError> {
    reads::waiting(&door::signed_in()?).await
}
