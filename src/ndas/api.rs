//! The doors of the room.

use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, MultipartData, MultipartFormData};

use super::model::{self, Checked, NdaList, NdaView, Panel};
#[cfg(feature = "ssr")]
use super::{
    model::Tab,
    reads,
    service::{self, ApproveForm, SignForm},
    verify,
};
use crate::shared::{
    error::{AppError, Result},
    ids::{NdaId, PitchId},
};
#[cfg(feature = "ssr")]
use crate::{
    accounts::{door, sessions::key},
    shared::ids::TemplateId,
};

/// Asks for an NDA.
#[server(prefix = "/api", endpoint = "ndas/request")]
pub async fn request_nda(
    pitch_id: PitchId,
    #[server(default)] purpose: String,
    #[server(default)] note_to_the_owner: String,
) -> Result<(), AppError> {
    let asked = service::request(&door::buyer()?, pitch_id, &purpose, &note_to_the_owner).await?;
    leptos_axum::redirect(&format!("/pitch/{}", asked.pitch_slug));
    Ok(())
}

/// Approves a request: the owner's signature.
#[server(prefix = "/api", endpoint = "ndas/approve")]
pub async fn approve_nda(
    nda_id: NdaId,
    #[server(default)] full_legal_name: String,
    #[server(default)] term_in_days: String,
    #[server(default)] extra_terms: String,
    #[server(default)] template_id: String,
    #[server(default)] template_shown: String,
    password: Option<String>,
) -> Result<(), AppError> {
    let form = ApproveForm { full_legal_name, term_in_days, extra_terms, template_id, template_shown, password };
    service::approve(&door::publisher()?, nda_id, &form).await
}

/// Declines a request.
#[server(prefix = "/api", endpoint = "ndas/decline")]
pub async fn decline_nda(nda_id: NdaId, #[server(default)] reason: String) -> Result<(), AppError> {
    service::decline(&door::publisher()?, nda_id, &reason).await
}

/// Revokes an approved or signed NDA.
#[server(prefix = "/api", endpoint = "ndas/revoke")]
pub async fn revoke_nda(nda_id: NdaId, #[server(default)] reason: String) -> Result<(), AppError> {
    service::revoke(&door::publisher()?, nda_id, &reason).await
}

/// Takes a request or an unsigned approval back.
#[server(prefix = "/api", endpoint = "ndas/withdraw")]
pub async fn withdraw_nda(nda_id: NdaId) -> Result<(), AppError> {
    service::withdraw(&door::buyer()?, nda_id).await
}

/// Signs an approved NDA: the requester's signature.
#[server(prefix = "/api", endpoint = "ndas/sign")]
pub async fn sign_nda(
    nda_id: NdaId,
    #[server(default)] agree_electronic: String,
    #[server(default)] full_legal_name: String,
    #[server(default)] document_sha256: String,
    password: Option<String>,
) -> Result<(), AppError> {
    let agree_electronic = agree_electronic == "true";
    let form = SignForm { agree_electronic, full_legal_name, document_sha256, password };
    service::sign(&door::buyer()?, nda_id, &form).await.map(drop)
}

/// The text was scrolled to its end.
#[server(prefix = "/api", endpoint = "ndas/read-to-end")]
pub async fn nda_read_to_end(nda_id: NdaId, #[server(default)] document_sha256: String) -> Result<(), AppError> {
    service::read_to_end(&door::signed_in()?, nda_id, &document_sha256).await
}

/// Looks at a posted PDF, `file`, and leads to what is to be said of it: to this browser, which alone knows which file it was.
#[server(prefix = "/api", endpoint = "ndas/verify", input = MultipartFormData)]
pub async fn verify_paper(data: MultipartData) -> Result<(), AppError> {
    let form = data.into_inner().ok_or_else(|| AppError::internal("a multipart form without a body"))?;
    let found = verify::look(&door::anyone()?, form).await?;
    door::keep(key::CHECKED, &found).await?;
    leptos_axum::redirect(&format!("/verify?found={}", found.word()));
    Ok(())
}

/// What is to be said of the file that this browser sent last; nothing where the address means another one.
#[server(prefix = "/api", endpoint = "ndas/verdict", input = GetUrl)]
pub async fn verdict(#[server(default)] found: String) -> Result<Option<Checked>, AppError> {
    match door::kept::<verify::Found>(key::CHECKED).await?.filter(|kept| kept.word() == found) {
        Some(found) => verify::verdict(&door::anyone()?, &found).await.map(Some),
        None => Ok(None),
    }
}

/// What the pitch page offers its viewer.
#[server(prefix = "/api", endpoint = "ndas/for-pitch", input = GetUrl)]
pub async fn for_pitch(pitch_id: PitchId) -> Result<Panel, AppError> {
    reads::panel(&door::anyone()?, pitch_id).await
}

/// One NDA with its text.
#[server(prefix = "/api", endpoint = "ndas/one", input = GetUrl)]
pub async fn one_nda(nda_id: NdaId, template: Option<String>) -> Result<NdaView, AppError> {
    reads::one(&door::signed_in()?, nda_id, named(template)).await
}

/// A tab (`waiting`, `active`, `ended`) of the NDAs asked of the viewer.
#[server(prefix = "/api", endpoint = "ndas/received", input = GetUrl)]
pub async fn received_ndas(
    tab: Option<String>,
    after: Option<String>,
    template: Option<String>,
) -> Result<NdaList, AppError> {
    reads::received(&door::publisher()?, chosen(tab), after.as_deref(), named(template)).await
}

/// A tab (`waiting`, `active`, `ended`) of the NDAs the viewer asked for.
#[server(prefix = "/api", endpoint = "ndas/sent", input = GetUrl)]
pub async fn sent_ndas(tab: Option<String>, after: Option<String>) -> Result<NdaList, AppError> {
    reads::sent(&door::buyer()?, chosen(tab), after.as_deref()).await
}

/// What waits for the viewer, for a dashboard.
#[server(prefix = "/api", endpoint = "ndas/waiting", input = GetUrl)]
pub async fn waiting() -> Result<model::Waiting, AppError> {
    reads::waiting(&door::signed_in()?).await
}

/// How many NDAs stand where on the viewer's sides, for a dashboard.
#[server(prefix = "/api", endpoint = "ndas/numbers", input = GetUrl)]
pub async fn numbers() -> Result<model::Numbers, AppError> {
    reads::numbers(&door::signed_in()?).await
}

/// A mangled template is none.
#[cfg(feature = "ssr")]
pub(super) fn named(template: Option<String>) -> Option<TemplateId> {
    template.and_then(|id| id.parse().ok())
}

/// A mangled tab is the first one, as a mangled cursor is the first page.
#[cfg(feature = "ssr")]
fn chosen(tab: Option<String>) -> Tab {
    tab.and_then(|word| word.parse().ok()).unwrap_or(Tab::Waiting)
}
