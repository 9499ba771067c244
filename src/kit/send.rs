//! Sends a form in place, in the browser: same fields, same address, progress for files, the answer by the fields.

use leptos::{ev::SubmitEvent, prelude::*};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, FormData, HtmlElement, HtmlFormElement, ProgressEvent, UrlSearchParams, XmlHttpRequest};

use super::form::{FormState, Refresh, Told};
use crate::shared::error::{AppError, Refusal};

/// What happens after success.
pub struct After<N> {
    pub refresh: Option<Refresh>,
    pub reload: bool,
    pub on_done: Option<Callback<String>>,
    pub navigate: N,
}

/// Takes the submit event over from the browser.
pub fn submit<N>(event: SubmitEvent, state: FormState, after: After<N>)
where
    N: Fn(&str, leptos_router::NavigateOptions) + 'static,
{
    if event.default_prevented() {
        return;
    }
    let Some(form) = event.target().and_then(|t| t.dyn_into::<HtmlFormElement>().ok()) else { return };
    event.prevent_default();
    if state.busy.get_untracked() {
        return;
    }
    state.busy.set(true);
    state.refusal.set(None);
    if let Some(Told(told)) = state.told {
        told.set(None);
    }
    if let Err(error) = post(&form, event.submitter(), state, after) {
        leptos::logging::warn!("the form could not be sent: {error:?}");
        state.busy.set(false);
        state.refusal.set(Some(unreachable_server()));
    }
}

fn unreachable_server() -> AppError {
    AppError::unavailable("We could not reach Pitchey. Check your connection; what you typed is still here.")
}

fn post<N>(
    form: &HtmlFormElement,
    submitter: Option<HtmlElement>,
    state: FormState,
    after: After<N>,
) -> Result<(), JsValue>
where
    N: Fn(&str, leptos_router::NavigateOptions) + 'static,
{
    let data = FormData::new_with_form(form)?;
    let of_button = |name: &str| submitter.as_ref().and_then(|b| Element::get_attribute(b, name));
    if let Some(name) = of_button("name") {
        data.append_with_str(&name, &of_button("value").unwrap_or_default())?;
    }
    let to = of_button("formaction").or_else(|| form.get_attribute("action")).unwrap_or_default();
    let request = XmlHttpRequest::new()?;
    request.open("POST", &to)?;
    request.set_request_header("Accept", "application/json")?;
    listen(&request, form.clone(), state, after)?;
    if form.enctype() == "multipart/form-data" {
        watch_progress(&request, state)?;
        request.send_with_opt_form_data(Some(&data))
    } else {
        let encoded = UrlSearchParams::new_with_str_sequence_sequence(&data)?.to_string();
        request.set_request_header("Content-Type", "application/x-www-form-urlencoded")?;
        request.send_with_opt_str(encoded.as_string().as_deref())
    }
}

fn listen<N>(request: &XmlHttpRequest, form: HtmlFormElement, state: FormState, after: After<N>) -> Result<(), JsValue>
where
    N: Fn(&str, leptos_router::NavigateOptions) + 'static,
{
    let answered = request.clone();
    let on_end = Closure::once_into_js(move || {
        state.busy.try_set(false);
        state.progress.try_set(None);
        match outcome(&answered) {
            Ok(Some(location)) if after.reload => {
                let _ = window().location().assign(&location);
            }
            Ok(Some(location)) => {
                bump(after.refresh);
                (after.navigate)(&location, Default::default());
            }
            Ok(None) if after.reload => {
                let _ = window().location().reload();
            }
            Ok(None) => match after.on_done {
                Some(done) => done.run(answered.response_text().ok().flatten().unwrap_or_default()),
                None => bump(after.refresh),
            },
            Err(error) => {
                state.refusal.try_set(Some(error));
                focus_first_complaint(form);
            }
        }
    });
    request.add_event_listener_with_callback("loadend", on_end.unchecked_ref())
}

fn bump(refresh: Option<Refresh>) {
    if let Some(Refresh(count)) = refresh {
        count.update(|n| *n += 1);
    }
}

/// Where to go after success, or why it was refused.
fn outcome(request: &XmlHttpRequest) -> Result<Option<String>, AppError> {
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match status {
        200..300 => Ok(request.get_response_header("location").ok().flatten()),
        0 => Err(unreachable_server()),
        _ => Err(serde_json::from_str(&text).unwrap_or_else(|_| match status {
            413 => AppError::too_large("That is more than we can take in one go."),
            503 => unreachable_server(),
            _ => AppError::new(Refusal::Internal, "Something went wrong on our side. Please try again."),
        })),
    }
}

fn watch_progress(request: &XmlHttpRequest, state: FormState) -> Result<(), JsValue> {
    let on_progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            state.progress.try_set(Some(event.loaded() / event.total()));
        }
    });
    request.upload()?.add_event_listener_with_callback("progress", on_progress.as_ref().unchecked_ref())?;
    on_progress.forget();
    Ok(())
}

/// Once the complaints are on the page, the first of them gets the focus.
fn focus_first_complaint(form: HtmlFormElement) {
    request_animation_frame(move || {
        if let Ok(Some(field)) = form.query_selector("[aria-invalid=true]")
            && let Ok(field) = field.dyn_into::<HtmlElement>()
        {
            let _ = field.focus();
        }
    });
}
