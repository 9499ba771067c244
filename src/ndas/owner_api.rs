//! The doors of the owner's tools: templates, several decisions at once, approval in advance, figures.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, MultipartData, MultipartFormData};

use super::owner_model::{DecidedList, Figures, Outcome, PitchNdas, TemplateList, TemplateView};
#[cfg(feature = "ssr")]
use super::{
    advances, api::named, bulk, figures, model::Step, own_templates, owner_model::TemplateKind, pdf_templates,
    service::ApproveForm,
};
#[cfg(feature = "ssr")]
use crate::accounts::{door, model::Kind};
use crate::shared::{
    error::{AppError, Result},
    ids::{PitchId, TemplateId},
};

/// The fields of a form by name.
type Fields = BTreeMap<String, String>;

/// One's own templates.
#[server(prefix = "/api", endpoint = "ndas/templates", input = GetUrl)]
pub async fn templates(#[server(default)] archived: bool, after: Option<String>) -> Result<TemplateList, AppError> {
    own_templates::list(&door::publisher()?, archived, after.as_deref()).await
}

/// One template with how it reads.
#[server(prefix = "/api", endpoint = "ndas/template", input = GetUrl)]
pub async fn one_template(template_id: TemplateId) -> Result<TemplateView, AppError> {
    own_templates::one(&door::publisher()?, template_id).await
}

/// `kind` is what it is for: `release`, or else an NDA.
#[server(prefix = "/api", endpoint = "ndas/create-template")]
pub async fn create_template(
    #[server(default)] kind: String,
    #[server(default)] name: String,
    #[server(default)] text: String,
) -> Result<(), AppError> {
    let kind = kind.parse().unwrap_or(TemplateKind::Nda);
    let id = own_templates::create_for(&door::publisher()?, kind, &name, &text).await?;
    leptos_axum::redirect(&format!("/settings/templates/{id}"));
    Ok(())
}

/// `version` is the one that the change began with.
#[server(prefix = "/api", endpoint = "ndas/edit-template")]
pub async fn edit_template(
    template_id: TemplateId,
    version: i32,
    #[server(default)] name: String,
    #[server(default)] text: String,
) -> Result<(), AppError> {
    own_templates::edit(&door::publisher()?, template_id, version, &name, &text).await
}

/// Takes in a template as a PDF, `pdf`: with `template_id` as the next version of that one.
#[server(prefix = "/api", endpoint = "ndas/upload-template", input = MultipartFormData)]
pub async fn upload_template(data: MultipartData) -> Result<(), AppError> {
    let form = data.into_inner().ok_or_else(|| AppError::internal("a multipart form without a body"))?;
    let id = pdf_templates::upload(&door::publisher()?, form).await?;
    leptos_axum::redirect(&format!("/settings/templates/{id}"));
    Ok(())
}

#[server(prefix = "/api", endpoint = "ndas/archive-template")]
pub async fn archive_template(template_id: TemplateId) -> Result<(), AppError> {
    own_templates::archive(&door::publisher()?, template_id).await
}

#[server(prefix = "/api", endpoint = "ndas/restore-template")]
pub async fn restore_template(template_id: TemplateId) -> Result<(), AppError> {
    own_templates::restore(&door::publisher()?, template_id).await
}

#[server(prefix = "/api", endpoint = "ndas/delete-template")]
pub async fn delete_template(template_id: TemplateId, #[server(default)] confirm_name: String) -> Result<(), AppError> {
    own_templates::delete(&door::publisher()?, template_id, &confirm_name).await?;
    leptos_axum::redirect("/settings/templates");
    Ok(())
}

/// What the owner of a pitch has set for its NDAs.
#[server(prefix = "/api", endpoint = "ndas/of-pitch", input = GetUrl)]
pub async fn of_pitch(pitch_id: PitchId, template: Option<String>) -> Result<PitchNdas, AppError> {
    advances::of_pitch(&door::publisher()?, pitch_id, named(template)).await
}

/// Sets the template that approvals for a pitch begin with.
#[server(prefix = "/api", endpoint = "ndas/set-pitch-template")]
pub async fn set_pitch_template(pitch_id: PitchId, #[server(default)] template_id: String) -> Result<(), AppError> {
    advances::set_template(&door::publisher()?, pitch_id, &template_id).await
}

/// Signs in advance for every verified buyer who asks; the fields are those of approving, and `agree_electronic`.
#[server(prefix = "/api", endpoint = "ndas/approve-in-advance")]
pub async fn approve_in_advance(pitch_id: PitchId, #[server(flatten)] fields: Fields) -> Result<(), AppError> {
    let agreed = fields.get("agree_electronic").is_some_and(|value| value == "true");
    advances::give(&door::publisher()?, pitch_id, &ApproveForm::read(fields), agreed).await
}

/// Ends approval in advance.
#[server(prefix = "/api", endpoint = "ndas/end-advance")]
pub async fn end_advance(pitch_id: PitchId) -> Result<(), AppError> {
    advances::end(&door::publisher()?, pitch_id).await
}

/// Approves the requests that are ticked: `nda_{id}` is `true`; the other fields are those of approving one.
#[server(prefix = "/api", endpoint = "ndas/approve-many")]
pub async fn approve_many(#[server(flatten)] fields: Fields) -> Result<Outcome, AppError> {
    let (caller, ids) = (door::publisher()?, bulk::ticked(&fields)?);
    let outcome = bulk::approve(&caller, &ids, &ApproveForm::read(fields)).await?;
    leptos_axum::redirect(&told(&caller, Step::Approve, &outcome));
    Ok(outcome)
}

/// Declines the requests that are ticked.
#[server(prefix = "/api", endpoint = "ndas/decline-many")]
pub async fn decline_many(
    #[server(default)] reason: String,
    #[server(flatten)] fields: Fields,
) -> Result<Outcome, AppError> {
    let caller = door::publisher()?;
    let outcome = bulk::decline(&caller, &bulk::ticked(&fields)?, &reason).await?;
    leptos_axum::redirect(&told(&caller, Step::Decline, &outcome));
    Ok(outcome)
}

/// The inbox, where it is said what became of the requests.
#[cfg(feature = "ssr")]
fn told(caller: &door::Caller, step: Step, outcome: &Outcome) -> String {
    let ids: Vec<String> = outcome.all().map(|id| id.to_string()).collect();
    let side = if caller.viewer.kind == Kind::Production { "side=received&" } else { "" };
    format!("{}/ndas?{side}tab=waiting&{step}={}", caller.viewer.kind.home(), ids.join(","))
}

/// What became of requests that were decided together; nothing of an unknown step.
#[server(prefix = "/api", endpoint = "ndas/decided", input = GetUrl)]
pub async fn decided(
    #[server(default)] step: String,
    #[server(default)] ids: String,
) -> Result<Option<DecidedList>, AppError> {
    let caller = door::publisher()?;
    match step.parse() {
        Ok(step @ (Step::Approve | Step::Decline)) => bulk::decided(&caller, step, &ids).await.map(Some),
        _ => Ok(None),
    }
}

/// What the viewer's NDAs of the last twelve months look like in numbers.
#[server(prefix = "/api", endpoint = "ndas/figures", input = GetUrl)]
pub async fn own_figures() -> Result<Figures, AppError> {
    figures::of_owner(&door::publisher()?).await
}
