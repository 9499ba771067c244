//! Sends a large file in parts, from the browser: three at once, each with its checksum. A part that does not get through is
//! tried again for as long as the page is open; what the server has already, from this page or an earlier one, is not sent
//! again if its bytes are the same.

use std::{cell::Cell, collections::BTreeMap};

use js_sys::{ArrayBuffer, Object, Promise, Uint8Array};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, File, Request, RequestInit, Response};

use super::transfer::{OnItsWay, Phase, Transfer, Wish};
use crate::{
    kit::form::path,
    media::model::{Upload, UploadStatus},
    pitches::{
        api::{BeginUpload, CancelUpload, FinishUpload, UploadState},
        words::MaterialKind,
    },
    shared::{
        error::{AppError, Refusal},
        ids::PitchId,
    },
};

/// Parts that are on their way at once.
const AT_ONCE: usize = 3;
/// The longest pause between two tries, in milliseconds.
const LONGEST_WAIT: i32 = 8_000;
/// How often the server is asked how far its check is, in milliseconds.
const ASK_EVERY: i32 = 700;

/// Why sending ends before its end.
enum End {
    /// The person wishes so, or has left the page.
    Stopped,
    Refused(AppError),
}

type Step<T> = Result<T, End>;

thread_local! {
    /// Breaks off what is on its way when somebody pauses or cancels.
    static UNDER_WAY: Cell<Option<AbortController>> = const { Cell::new(None) };
}

/// Begins to send `file` as the `kind` of a pitch.
pub fn start(transfer: Transfer, pitch: PitchId, kind: MaterialKind, file: File) {
    transfer.wish.set(Wish::Go);
    let (name, size) = (file.name(), file.size() as i64);
    transfer.shown.set(Some(OnItsWay { pitch, name, size, done: 0, phase: Phase::Sending, said: None }));
    spawn_local(async move { ended(transfer, send(transfer, pitch, kind, file).await) });
}

/// Watches an upload that has arrived earlier until it was checked.
pub fn watch(transfer: Transfer, upload: Upload) {
    if transfer.shown.with_untracked(Option::is_some) {
        return;
    }
    let Upload { pitch, name, size, checked, .. } = upload;
    transfer.wish.set(Wish::Go);
    transfer.shown.set(Some(OnItsWay { pitch, name, size, done: checked, phase: Phase::Checking, said: None }));
    let id = upload.id.to_string();
    spawn_local(async move { ended(transfer, checked_through(transfer, &id).await) });
}

/// Somebody pressed a button: what is on its way is broken off, except to go on.
pub fn pressed(transfer: Transfer, wish: Wish) {
    let refused = transfer.shown.with_untracked(|shown| shown.as_ref().is_some_and(|s| s.phase == Phase::Refused));
    match wish {
        Wish::Go => drop(transfer.show(|shown| (shown.phase, shown.said) = (Phase::Sending, None))),
        Wish::Stop if refused => transfer.end(),
        Wish::Pause | Wish::Stop => {
            if wish == Wish::Pause {
                transfer.show(|shown| (shown.phase, shown.said) = (Phase::Paused, None));
            }
            if let Some(under_way) = UNDER_WAY.take() {
                under_way.abort();
            }
        }
    }
}

fn ended(transfer: Transfer, how: Step<()>) {
    match how {
        Ok(()) | Err(End::Stopped) => transfer.end(),
        Err(End::Refused(error)) => {
            transfer.show(|shown| (shown.phase, shown.said) = (Phase::Refused, Some(error.message)));
        }
    }
}

async fn send(transfer: Transfer, pitch: PitchId, kind: MaterialKind, file: File) -> Step<()> {
    let size = file.size() as i64;
    let form = [
        ("pitch_id", pitch.to_string()),
        ("kind", kind.to_string()),
        ("name", file.name()),
        ("size", size.to_string()),
    ];
    let begun = persist(transfer, async || post(path::<BeginUpload>(), &form).await).await?;
    let upload: Upload = read(&begun)?;
    let id = [("upload_id", upload.id.to_string())];
    let sent = send_parts(transfer, &upload, &file).await;
    if matches!(sent, Err(End::Stopped)) && transfer.wish.try_get_untracked() == Some(Wish::Stop) {
        // If that does not get through, it expires.
        let _ = post(path::<CancelUpload>(), &id).await;
    }
    sent?;
    persist(transfer, async || post(path::<FinishUpload>(), &id).await).await?;
    transfer.show(|shown| (shown.done, shown.phase, shown.said) = (0, Phase::Checking, None));
    checked_through(transfer, &id[0].1).await
}

async fn send_parts(transfer: Transfer, upload: &Upload, file: &File) -> Step<()> {
    let here: BTreeMap<u32, &str> = upload.parts.iter().map(|part| (part.number, part.sha256.as_str())).collect();
    let next = Cell::new(0);
    let one_after_another = async || {
        loop {
            let number = next.replace(next.get() + 1);
            let Some(bytes) = upload.part_size(number) else { return Ok::<(), End>(()) };
            let known = here.get(&number).copied();
            persist(transfer, async || send_part(upload, number, known, file).await).await?;
            if !transfer
                .show(|shown| (shown.done, shown.phase, shown.said) = (shown.done + bytes, Phase::Sending, None))
            {
                return Err(End::Stopped);
            }
        }
    };
    futures::future::try_join_all((0..AT_ONCE).map(|_| one_after_another())).await.map(drop)
}

/// Sends one part, unless the server has these very bytes.
async fn send_part(upload: &Upload, number: u32, known: Option<&str>, file: &File) -> Result<(), AppError> {
    let start = i64::from(number) * upload.part;
    let end = start + upload.part_size(number).unwrap_or(0);
    let slice = file.slice_with_f64_and_f64(start as f64, end as f64).map_err(unreadable)?;
    let bytes: ArrayBuffer = JsFuture::from(slice.array_buffer()).await.map_err(unreadable)?.unchecked_into();
    let sha256 = sha256(&bytes).await.map_err(no_checksum)?;
    if known == Some(sha256.as_str()) {
        return Ok(());
    }
    let init = RequestInit::new();
    init.set_method("PUT");
    init.set_body(&bytes);
    let to = format!("/api/files/part/{}/{number}", upload.id);
    let asked = ask(&to, &init, ("x-part-sha256", &sha256)).await;
    // Not as it was sent, says the server: the same again.
    asked.map(drop).map_err(|error| match error.refusal {
        Refusal::Conflict => AppError { refusal: Refusal::Unavailable, ..error },
        _ => error,
    })
}

async fn sha256(bytes: &ArrayBuffer) -> Result<String, JsValue> {
    let subtle = window().crypto()?.subtle();
    let hash =
        JsFuture::from(subtle.digest_with_str_and_buffer_source("SHA-256", bytes.unchecked_ref::<Object>())?).await?;
    Ok(Uint8Array::new(&hash).to_vec().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Asks how far the check is until it is through.
async fn checked_through(transfer: Transfer, id: &str) -> Step<()> {
    let to = format!("{}?upload_id={id}", path::<UploadState>());
    loop {
        sleep(ASK_EVERY).await;
        let init = RequestInit::new();
        let upload: Upload =
            read(&persist(transfer, async || ask(&to, &init, ("accept", "application/json")).await).await?)?;
        match upload.status {
            // The page, loaded again, says why it was refused.
            UploadStatus::Done | UploadStatus::Refused => return Ok(()),
            UploadStatus::Arriving | UploadStatus::Checking => {
                let there = transfer.show(|shown| {
                    (shown.done, shown.phase, shown.said) = (upload.checked, Phase::Checking, upload.note)
                });
                if !there {
                    return Err(End::Stopped);
                }
            }
        }
    }
}

/// Tries until it succeeds, is refused, or is not wished for any more.
async fn persist<T>(transfer: Transfer, attempt: impl AsyncFn() -> Result<T, AppError>) -> Step<T> {
    let mut wait = 500;
    loop {
        wished_for(transfer).await?;
        let error = match attempt().await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        if !matches!(error.refusal, Refusal::Unavailable | Refusal::TooMany | Refusal::Internal) {
            return Err(End::Refused(error));
        }
        if transfer.wish.try_get_untracked() == Some(Wish::Go) {
            let offline = !window().navigator().on_line();
            let said = (!offline).then_some(error.message);
            transfer.show(|shown| (shown.phase, shown.said) = (Phase::Lost, said));
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

/// Waits while it is paused.
async fn wished_for(transfer: Transfer) -> Step<()> {
    loop {
        match transfer.wish.try_get_untracked() {
            Some(Wish::Go) => return Ok(()),
            Some(Wish::Pause) => sleep(200).await,
            Some(Wish::Stop) | None => return Err(End::Stopped),
        }
    }
}

async fn post(to: &str, form: &[(&str, String)]) -> Result<String, AppError> {
    let fields = web_sys::UrlSearchParams::new().map_err(unreachable_server)?;
    for (name, value) in form {
        fields.append(name, value);
    }
    let init = RequestInit::new();
    init.set_method("POST");
    // Sent as a form by its type.
    init.set_body(&fields);
    ask(to, &init, ("accept", "application/json")).await
}

/// Sends a request; the text of its answer, or why it was refused.
async fn ask(to: &str, init: &RequestInit, (header, value): (&str, &str)) -> Result<String, AppError> {
    let under_way = UNDER_WAY.take().map_or_else(AbortController::new, Ok).map_err(unreachable_server)?;
    init.set_signal(Some(&under_way.signal()));
    UNDER_WAY.set(Some(under_way));
    let request = Request::new_with_str_and_init(to, init).map_err(unreachable_server)?;
    request.headers().set(header, value).map_err(unreachable_server)?;
    let response = JsFuture::from(window().fetch_with_request(&request)).await.map_err(unreachable_server)?;
    let response: Response = response.unchecked_into();
    let text = JsFuture::from(response.text().map_err(unreachable_server)?).await.map_err(unreachable_server)?;
    let text = text.as_string().unwrap_or_default();
    if response.ok() {
        return Ok(text);
    }
    Err(serde_json::from_str(&text).unwrap_or_else(|_| unreachable_server(JsValue::NULL)))
}

fn read<T: serde::de::DeserializeOwned>(answer: &str) -> Step<T> {
    let odd = |_| End::Refused(AppError::new(Refusal::Internal, "Something went wrong on our side. Please try again."));
    serde_json::from_str(answer).map_err(odd)
}

fn unreachable_server(_: JsValue) -> AppError {
    AppError::unavailable("We cannot reach Pitchey at the moment. It goes on by itself.")
}

fn unreadable(_: JsValue) -> AppError {
    AppError::new(
        Refusal::Invalid,
        "The file cannot be read any more: it was changed, moved or removed. Choose it again.",
    )
}

fn no_checksum(_: JsValue) -> AppError {
    AppError::new(Refusal::Invalid, "Large files can be sent over a secure connection (https) only.")
}

async fn sleep(milliseconds: i32) {
    let timer = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(timer).await;
}
