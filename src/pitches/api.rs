//! The doors of this room. Forms post flat names; a save may bring all fields of the form or some.

use std::collections::BTreeMap;

use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, MultipartData, MultipartFormData},
};

use super::model::{Created, EditPage, MyPitch, Overview, PitchCard, PitchPage, Published, Saved, Uploaded, Wall};
#[cfg(feature = "ssr")]
use super::{
    content::Layer,
    files,
    model::Search,
    service::{self, View},
    uploads,
};
#[cfg(feature = "ssr")]
use crate::accounts::door;
#[cfg(feature = "ssr")]
use crate::shared::{error::AppError, text};
use crate::{
    media::model,
    shared::{
        error::Result,
        ids::{FileId, MaterialId, PitchId},
        paging::Page,
    },
};

/// The fields of the form by name.
type Fields = BTreeMap<String, String>;

/// Where the caller writes their pitches.
#[cfg(feature = "ssr")]
fn desk(caller: &door::Caller) -> String {
    format!("{}/pitches", caller.viewer.kind.home())
}

#[server(prefix = "/api", endpoint = "pitches/create")]
pub async fn create(#[server(flatten)] fields: Fields) -> Result<Created> {
    let caller = door::publisher()?;
    let created = service::create(&caller, fields).await?;
    leptos_axum::redirect(&format!("{}/{}/edit", desk(&caller), created.pitch_id));
    Ok(created)
}

#[server(prefix = "/api", endpoint = "pitches/save")]
pub async fn save(
    pitch_id: PitchId,
    #[server(default)] revision: Option<i32>,
    #[server(flatten)] fields: Fields,
) -> Result<Saved> {
    service::save(&door::publisher()?, pitch_id, revision, fields).await
}

#[server(prefix = "/api", endpoint = "pitches/publish")]
pub async fn publish(
    pitch_id: PitchId,
    #[server(default)] revision: Option<i32>,
    #[server(flatten)] fields: Fields,
) -> Result<Published> {
    let caller = door::publisher()?;
    let published = service::publish(&caller, pitch_id, revision, fields).await?;
    leptos_axum::redirect(&format!("{}/{pitch_id}", desk(&caller)));
    Ok(published)
}

#[server(prefix = "/api", endpoint = "pitches/unpublish")]
pub async fn unpublish(pitch_id: PitchId) -> Result<()> {
    service::unpublish(&door::publisher()?, pitch_id).await
}

#[server(prefix = "/api", endpoint = "pitches/archive")]
pub async fn archive(pitch_id: PitchId) -> Result<()> {
    service::archive(&door::publisher()?, pitch_id).await
}

#[server(prefix = "/api", endpoint = "pitches/delete")]
pub async fn delete(pitch_id: PitchId, #[server(default)] confirm_title: String) -> Result<()> {
    let caller = door::publisher()?;
    service::delete(&caller, pitch_id, &confirm_title).await?;
    leptos_axum::redirect(&desk(&caller));
    Ok(())
}

/// `pitch_id` first, then one file under the name of its kind.
#[server(prefix = "/api", endpoint = "files/upload", input = MultipartFormData)]
pub async fn upload(data: MultipartData) -> Result<Uploaded> {
    let form = data.into_inner().ok_or_else(|| AppError::internal("a multipart form without a body"))?;
    files::upload(&door::publisher()?, form).await
}

/// Announces a large file. Its parts follow at `/api/files/part/{upload}/{number}`: see `server::parts`.
#[server(prefix = "/api", endpoint = "files/begin-upload")]
pub async fn begin_upload(pitch_id: PitchId, kind: String, name: String, size: i64) -> Result<model::Upload> {
    uploads::begin(&door::publisher()?, pitch_id, &kind, &name, size).await
}

#[server(prefix = "/api", endpoint = "files/upload-state", input = GetUrl)]
pub async fn upload_state(upload_id: FileId) -> Result<model::Upload> {
    uploads::state(&door::publisher()?, upload_id).await
}

#[server(prefix = "/api", endpoint = "files/finish-upload")]
pub async fn finish_upload(upload_id: FileId) -> Result<model::Upload> {
    uploads::finish(&door::publisher()?, upload_id).await
}

#[server(prefix = "/api", endpoint = "files/cancel-upload")]
pub async fn cancel_upload(upload_id: FileId) -> Result<()> {
    uploads::cancel(&door::publisher()?, upload_id).await
}

#[server(prefix = "/api", endpoint = "files/delete")]
pub async fn delete_material(material_id: MaterialId) -> Result<()> {
    files::delete(&door::publisher()?, material_id).await
}

#[server(prefix = "/api", endpoint = "pitches/set-visibility")]
pub async fn set_visibility(material_id: MaterialId, visibility: String) -> Result<()> {
    files::set_visibility(&door::publisher()?, material_id, &visibility).await
}

#[server(prefix = "/api", endpoint = "pitches/set-download")]
pub async fn set_download(material_id: MaterialId, #[server(default)] allow_download: String) -> Result<()> {
    files::set_download(&door::publisher()?, material_id, allow_download == "true").await
}

#[server(prefix = "/api", endpoint = "pitches/browse", input = GetUrl)]
pub async fn browse(
    #[server(default)] q: String,
    #[server(default)] genre: String,
    #[server(default)] format: String,
    #[server(default)] budget: String,
    #[server(default)] stage: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
) -> Result<Wall> {
    let search = search([&q, &genre, &format, &budget, &stage, &sort])?;
    service::browse(&door::anyone()?, &search, Some(after.as_str()).filter(|a| !a.is_empty())).await
}

/// What the words of the query mean; complains of those we do not know.
#[cfg(feature = "ssr")]
fn search([q, genre, format, budget, stage, sort]: [&str; 6]) -> Result<Search> {
    fn word<T: std::str::FromStr>(complaints: &mut text::Complaints, name: &str, word: &str) -> Option<T> {
        let read = if word.is_empty() { None } else { Some(word.parse::<T>().ok()) };
        complaints.unless(
            !matches!(read, Some(None)),
            name,
            format!("We do not know this {name}. Please choose one of the list."),
        );
        read.flatten()
    }
    let mut complaints = text::Complaints::default();
    let search = Search {
        q: text::line(q).chars().take(200).collect(),
        genre: word(&mut complaints, "genre", genre),
        format: word(&mut complaints, "format", format),
        budget: word(&mut complaints, "budget", budget),
        stage: word(&mut complaints, "stage", stage),
        by_title: sort == "title",
        of: None,
    };
    complaints.unless(matches!(sort, "" | "newest" | "title"), "sort", "Sort by newest or by title.");
    complaints.done()?;
    Ok(search)
}

/// What a person has published, as far as anyone may see that it is theirs.
#[server(prefix = "/api", endpoint = "pitches/of-person", input = GetUrl)]
pub async fn of_person(handle: String, #[server(default)] after: String) -> Result<Wall> {
    service::of_person(&door::anyone()?, &handle, Some(after.as_str()).filter(|a| !a.is_empty())).await
}

/// The newest few with posters.
#[server(prefix = "/api", endpoint = "pitches/front-page", input = GetUrl)]
pub async fn front_page() -> Result<Vec<PitchCard>> {
    service::front_page(&door::anyone()?).await
}

/// A pitch by its address; for its owner also a `preview` as `guest`, `member` or `signer`, or an earlier `version`.
#[server(name = ReadPitch, prefix = "/api", endpoint = "pitches/page", input = GetUrl)]
pub async fn pitch_page(
    slug: String,
    #[server(default)] preview: String,
    #[server(default)] version: String,
) -> Result<PitchPage> {
    let view = View { preview: Layer::from_preview(&preview), version: version.parse().ok() };
    service::pitch_page(&door::anyone()?, &slug, view).await
}

#[server(prefix = "/api", endpoint = "pitches/mine", input = GetUrl)]
pub async fn mine(#[server(default)] after: String) -> Result<Page<MyPitch>> {
    service::mine(&door::publisher()?, Some(after.as_str()).filter(|a| !a.is_empty())).await
}

#[server(name = ReadOverview, prefix = "/api", endpoint = "pitches/overview", input = GetUrl)]
pub async fn overview(pitch_id: PitchId) -> Result<Overview> {
    service::overview(&door::publisher()?, pitch_id).await
}

#[server(name = ReadEditor, prefix = "/api", endpoint = "pitches/edit-page", input = GetUrl)]
pub async fn edit_page(pitch_id: PitchId) -> Result<EditPage> {
    service::edit_page(&door::publisher()?, pitch_id).await
}
