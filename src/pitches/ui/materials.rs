//! The files of a pitch in its editor: one little form for each kind, and what was uploaded.

use leptos::{ev::SubmitEvent, html, prelude::*};

use super::transfer::{Progress, Transfer};

use crate::{
    kit::{
        badge::Badge,
        field::{Checkbox, Select, Submit, Tone},
        form::{Form, Refresh, form_state, path},
        icon::Icon,
        when::Ago,
    },
    media::model::{Accept, Upload, href, receipt, size},
    pitches::{
        api::{self, DeleteMaterial, SetDownload, SetVisibility},
        model::{Material, Overview},
        rules,
        words::{MaterialKind, Visibility},
    },
    shared::{error::AppError, flash::Flash, ids::PitchId},
};

/// Every kind that can be uploaded, with what is there.
#[component]
pub fn Materials(pitch: Overview) -> impl IntoView {
    let Overview { id, materials, uploads, room, .. } = pitch;
    let refusal = refused_upload();
    let kinds = MaterialKind::ALL.iter().map(|kind| (*kind, rules::accepts(*kind)));
    let blocks = kinds.map(|(kind, accept)| {
        let there: Vec<Material> = materials.iter().filter(|m| m.kind == kind).cloned().collect();
        let problem = refusal.as_ref().and_then(|e| e.on_field(kind.word())).map(str::to_string);
        let uploads: Vec<Upload> = uploads.iter().filter(|u| u.kind == kind.word()).cloned().collect();
        view! { <Block id kind accept there uploads problem/> }
    });
    let blocks = blocks.collect_view();
    let general =
        refusal.filter(|e| e.fields.iter().all(|f| f.field.parse::<MaterialKind>().is_err())).map(|e| e.message);
    view! {
        <section class="editor-section" id="materials" aria-labelledby="materials-title">
            <h2 id="materials-title">"Materials"</h2>
            <p class="muted">"Uploads and who sees them take effect at once, also while the pitch is published. A new file is a new version; readers get the newest."</p>
            <p class="muted small">{format!("Your files use {} of {}.", size(room.used), size(room.most))}</p>
            {general.map(|message| view! { <p class="notice notice-bad" role="alert">{message}</p> })}
            <ul class="editor-materials">{blocks}</ul>
        </section>
    }
}

/// The refusal of an upload that was posted without JavaScript; such a form has no values to tell it by.
fn refused_upload() -> Option<AppError> {
    let flash = use_context::<Option<Flash>>().flatten()?;
    (flash.action == path::<api::Upload>()).then_some(flash.error)
}

#[component]
fn Block(
    id: PitchId,
    kind: MaterialKind,
    accept: Accept,
    there: Vec<Material>,
    uploads: Vec<Upload>,
    problem: Option<String>,
) -> impl IntoView {
    let nothing = there.is_empty();
    let there = there.into_iter().map(|material| view! { <There material/> }).collect_view();
    let input = NodeRef::<html::Input>::new();
    let refresh = use_context::<Refresh>();
    // Uploaded: the input is free for the next file, and the list is loaded again.
    let on_done = Callback::new(move |_: String| {
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
        if let Some(Refresh(count)) = refresh {
            count.update(|n| *n += 1);
        }
    });
    let transfer = Transfer::of(kind).filter(|_| accept.in_parts().is_some());
    // A large file goes in parts, which can be paused and survive a lost connection; a small one as a whole, like every form.
    let before = Callback::new(move |event: SubmitEvent| {
        if let Some(transfer) = transfer {
            send_in_parts(&event, transfer, id, kind, input);
        }
    });
    view! {
        <li class="editor-material">
            <h3>{kind.label()}</h3>
            {there}
            {transfer.map(|transfer| view! { <Progress transfer pitch=id uploads/> })}
            <div hidden=move || transfer.is_some_and(|t| t.is_busy(id))>
                <Form to={path::<api::Upload>()} files=true class="editor-upload" before on_done=on_done>
                    <input type="hidden" name="pitch_id" value=id.to_string()/>
                    <FileInput kind accept problem input/>
                    <Submit label={if nothing || kind == MaterialKind::Other { "Upload" } else { "Upload new version" }} tone=Tone::Quiet/>
                </Form>
            </div>
        </li>
    }
}

/// Takes a large file over from the form.
#[cfg(feature = "hydrate")]
fn send_in_parts(
    event: &SubmitEvent,
    transfer: Transfer,
    pitch: PitchId,
    kind: MaterialKind,
    input: NodeRef<html::Input>,
) {
    let Some(input) = input.get_untracked() else { return };
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    if file.size() > LARGE && !file.type_().starts_with("image/") {
        event.prevent_default();
        input.set_value("");
        super::sending::start(transfer, pitch, kind, file);
    }
}

/// From so many bytes on a file goes in parts.
#[cfg(feature = "hydrate")]
const LARGE: f64 = 5.0 * 1024.0 * 1024.0;

#[cfg(not(feature = "hydrate"))]
fn send_in_parts(_: &SubmitEvent, _: Transfer, _: PitchId, _: MaterialKind, _: NodeRef<html::Input>) {}

/// A file input that says what it takes, and in the browser refuses what is too large before it is sent.
#[component]
fn FileInput(
    kind: MaterialKind,
    accept: Accept,
    problem: Option<String>,
    input: NodeRef<html::Input>,
) -> impl IntoView {
    let state = form_state();
    let id = format!("upload-{kind}");
    let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
    let complaint = state.complaint(kind.word());
    let shown = move || complaint.get().or_else(|| problem.clone());
    let bad = shown.clone();
    let label = match kind {
        MaterialKind::Other => "Another document",
        // The form beside it has a budget, too.
        MaterialKind::Budget => "Budget document",
        kind => kind.label(),
    };
    let on_change = move |event: leptos::ev::Event| state.refusal.set(too_large(&event, kind, accept));
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                node_ref=input type="file" id=id name=kind.word() accept=accept.input() required
                aria-describedby=format!("{hint_id} {problem_id}")
                aria-invalid=move || bad().map(|_| "true")
                on:change=on_change
            />
            <p class="field-hint" id=hint_id>{accept.hint()}</p>
            <p class="field-problem" id=problem_id role="alert">{shown}</p>
        </div>
    }
}

/// The complaint about a chosen file that is too large; the choice is taken back. Only the browser can know.
#[cfg(feature = "hydrate")]
fn too_large(event: &leptos::ev::Event, kind: MaterialKind, accept: Accept) -> Option<AppError> {
    let input = event_target::<web_sys::HtmlInputElement>(event);
    let bytes = input.files()?.get(0)?.size();
    let most = accept.most();
    (bytes > most as f64).then(|| {
        input.set_value("");
        let message = format!("This file is {}; the most we take here is {}.", size(bytes as i64), size(most as i64));
        AppError::field(kind.word(), message)
    })
}

#[cfg(not(feature = "hydrate"))]
fn too_large(_: &leptos::ev::Event, _: MaterialKind, _: Accept) -> Option<AppError> {
    None
}

/// What was uploaded of a kind: the newest, who sees it, and the versions before.
#[component]
fn There(material: Material) -> impl IntoView {
    let id = material.id.to_string();
    let kind = material.kind;
    let mut versions = material.versions.into_iter();
    let newest = versions.next();
    let older: Vec<_> = versions.collect();
    let sees = material.visibility;
    let is_document = newest.as_ref().is_some_and(|v| v.document.media_type == "application/pdf");
    let choices: Vec<(String, String)> = rules::material_choices(kind)
        .iter()
        .map(|v: &Visibility| (v.word().to_string(), v.label().to_string()))
        .collect();
    let picture = newest.as_ref().filter(|v| v.document.media_type.starts_with("image/")).map(|v| {
        view! { <img class="editor-material-picture" src=href(v.document.file, Some(160)) alt="" width="80" height="120"/> }
    });
    view! {
        <div class="editor-there">
            {picture}
            {newest.map(|v| view! {
                <p>
                    <a href=href(v.document.file, None) rel="external"><Icon name="document"/>{v.document.name.clone()}</a>
                    <span class="muted">" "{v.document.described()}", version "{v.number}", "<Ago at=v.document.uploaded_at/></span>
                </p>
                <p class="muted small editor-hash">
                    {format!("SHA-256 {}", v.document.sha256)}" · "
                    <a href=receipt(v.document.file) rel="external">"Receipt"</a>
                </p>
            })}
            {(choices.len() > 1).then(|| view! {
                <Form to={path::<SetVisibility>()} of=("material_id", id.clone()) class="form-inline editor-sees">
                    <Select label="Who sees it" name="visibility" options=choices value=sees.word()/>
                    <Submit label="Set" tone=Tone::Quiet/>
                </Form>
            })}
            {(rules::material_choices(kind).len() == 1).then(|| view! { <p><Badge text="NDA"/></p> })}
            {(is_document && sees != Visibility::Public).then(|| view! {
                <Form to={path::<SetDownload>()} of=("material_id", id.clone()) class="form-inline editor-sees">
                    <Checkbox label="Allow download" name="allow_download" checked=material.allow_download
                        hint="Readers may take a copy along, with their email, the time and their address on every page."/>
                    <Submit label="Set" tone=Tone::Quiet/>
                </Form>
            })}
            {(!older.is_empty()).then(|| view! {
                <details>
                    <summary>{format!("Earlier versions ({})", older.len())}</summary>
                    <ul class="list">
                        {older.into_iter().map(|v| view! {
                            <li>
                                <a href=href(v.document.file, None) rel="external">{format!("Version {}", v.number)}</a>
                                <span class="muted">" "{v.document.described()}", "<Ago at=v.document.uploaded_at/></span>
                                " "<a href=receipt(v.document.file) rel="external">"Receipt"</a>
                            </li>
                        }).collect_view()}
                    </ul>
                </details>
            })}
            <details>
                <summary>{format!("Remove this {}", kind.label().to_lowercase())}</summary>
                <Form to={path::<DeleteMaterial>()} of=("material_id", id)>
                    <p>"It disappears for all readers, with its earlier versions."</p>
                    <Submit label="Remove" tone=Tone::Danger/>
                </Form>
            </details>
        </div>
    }
}
