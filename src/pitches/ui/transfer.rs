//! A large file on its way from the browser, in parts: what is shown of it, and what can be done with it. What carries it out
//! is `sending`, in the browser only; without JavaScript the ordinary form sends a file whole.

use leptos::prelude::*;

use crate::{
    kit::{
        field::{Submit, Tone},
        form::{Form, Refresh, path},
    },
    media::model::{Upload, UploadStatus, size},
    pitches::{api::CancelUpload, words::MaterialKind},
    shared::ids::PitchId,
};

/// What stands in the way of an upload, or does not.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "nothing is on its way before the browser sends it"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Sending,
    /// It cannot get through at the moment, and is tried again.
    Lost,
    Paused,
    /// All of it has arrived.
    Checking,
    Refused,
}

/// A file on its way, as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct OnItsWay {
    pub pitch: PitchId,
    pub name: String,
    pub size: i64,
    /// Bytes sent or, once all have arrived, checked.
    pub done: i64,
    pub phase: Phase,
    /// The sentence that belongs to the phase, if it has one of its own.
    pub said: Option<String>,
}

/// What the person wishes to happen with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    #[default]
    Go,
    Pause,
    Stop,
}

/// One file at a time of one kind.
#[derive(Clone, Copy)]
pub struct Transfer {
    pub shown: RwSignal<Option<OnItsWay>>,
    pub wish: RwSignal<Wish>,
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "nothing ends before the browser sends it"))]
    refresh: Option<Refresh>,
}

/// The transfers of a page, which go on while the parts of it that show them are made anew.
#[derive(Clone, Copy)]
pub struct Transfers(StoredValue<Vec<(MaterialKind, Transfer)>>);

impl Transfers {
    pub fn new() -> Self {
        let refresh = use_context::<Refresh>();
        let one = || Transfer { shown: RwSignal::new(None), wish: RwSignal::new(Wish::Go), refresh };
        Self(StoredValue::new(MaterialKind::ALL.iter().map(|kind| (*kind, one())).collect()))
    }

    fn of(self, kind: MaterialKind) -> Option<Transfer> {
        self.0.with_value(|all| all.iter().find(|(of, _)| *of == kind).map(|(_, transfer)| *transfer))
    }
}

impl Default for Transfers {
    fn default() -> Self {
        Self::new()
    }
}

impl Transfer {
    /// The page's transfer of `kind`.
    pub fn of(kind: MaterialKind) -> Option<Transfer> {
        use_context::<Transfers>()?.of(kind)
    }

    /// Something is on its way to `pitch`.
    pub fn is_busy(self, pitch: PitchId) -> bool {
        self.shown.with(|shown| shown.as_ref().is_some_and(|s| s.pitch == pitch && s.phase != Phase::Refused))
    }

    /// Changes what is shown. `false`: the page is gone.
    #[cfg(feature = "hydrate")]
    pub fn show(self, change: impl FnOnce(&mut OnItsWay)) -> bool {
        self.shown.try_update(|shown| shown.as_mut().map(change)).is_some()
    }

    /// It has ended: the page shows what has become of it.
    #[cfg(feature = "hydrate")]
    pub fn end(self) {
        self.shown.try_set(None);
        if let Some(Refresh(count)) = self.refresh {
            count.try_update(|n| *n += 1);
        }
    }
}

/// What of `kind` is on its way to a pitch, and what was left lying by an earlier page.
#[component]
pub fn Progress(
    transfer: Transfer,
    pitch: PitchId,
    /// As the server knows them.
    uploads: Vec<Upload>,
) -> impl IntoView {
    let of_this = move || transfer.shown.get().filter(|shown| shown.pitch == pitch);
    let now = Memo::new(move |_| of_this());
    let there = Memo::new(move |_| now.with(Option::is_some));
    let uploads = StoredValue::new(uploads);
    #[cfg(feature = "hydrate")]
    if let Some(waiting) = uploads.with_value(|all| all.iter().find(|u| u.status == UploadStatus::Checking).cloned()) {
        // Once the page is taken over: what is being checked is watched to its end.
        Effect::new(move || super::sending::watch(transfer, waiting.clone()));
    }
    move || {
        if there.get() {
            return view! { <Going transfer now/> }.into_any();
        }
        let left = uploads.get_value().into_iter().map(|upload| view! { <Left upload/> });
        left.collect_view().into_any()
    }
}

/// The file that is being sent: how far, and what can be done with it.
#[component]
fn Going(transfer: Transfer, now: Memo<Option<OnItsWay>>) -> impl IntoView {
    let of = move |get: fn(&OnItsWay) -> String| move || now.with(|now| now.as_ref().map(get).unwrap_or_default());
    let phase = Memo::new(move |_| now.with(|now| now.as_ref().map(|n| n.phase)));
    let wish = move |wish: Wish| move |_| press(transfer, wish);
    let refused = move || phase.get() == Some(Phase::Refused);
    view! {
        <div class="transfer" class:transfer-bad=refused>
            <p class="transfer-name">{of(|now| now.name.clone())}</p>
            <progress
                max="100" aria-label="How much of it is done"
                value=move || now.with(|now| now.as_ref().map_or(0, percent)).to_string()
            ></progress>
            <p class="transfer-figures">
                {of(|now| format!("{} %", percent(now)))}
                <span class="muted">{of(|now| format!("{} of {}", size(now.done), size(now.size)))}</span>
            </p>
            <p class="transfer-said" role="status">{of(said)}</p>
            <p class="row">
                {move || match phase.get() {
                    Some(Phase::Sending | Phase::Lost) => Some(view! { <button type="button" class="button" on:click=wish(Wish::Pause)>"Pause"</button> }.into_any()),
                    Some(Phase::Paused) => Some(view! { <button type="button" class="button button-main" on:click=wish(Wish::Go)>"Continue"</button> }.into_any()),
                    _ => None,
                }}
                {move || match phase.get() {
                    Some(Phase::Checking) | None => None,
                    Some(Phase::Refused) => Some(view! { <button type="button" class="button" on:click=wish(Wish::Stop)>"Close"</button> }.into_any()),
                    Some(_) => Some(view! { <button type="button" class="button button-text" on:click=wish(Wish::Stop)>"Cancel upload"</button> }.into_any()),
                }}
            </p>
        </div>
    }
}

fn percent(now: &OnItsWay) -> i64 {
    now.done * 100 / now.size.max(1)
}

fn said(now: &OnItsWay) -> String {
    let usual = match now.phase {
        Phase::Sending => "Sending. You can go on writing meanwhile.",
        Phase::Lost => "The connection is lost. It goes on by itself when it is back.",
        Phase::Paused => "Paused. What has arrived is kept for a day.",
        Phase::Checking => "All of it has arrived and is being checked. You can leave this page.",
        Phase::Refused => "This file was refused.",
    };
    now.said.clone().unwrap_or_else(|| usual.into())
}

fn press(transfer: Transfer, wish: Wish) {
    transfer.wish.set(wish);
    #[cfg(feature = "hydrate")]
    super::sending::pressed(transfer, wish);
}

/// An upload of an earlier page: waiting for the same file, being checked, or refused.
#[component]
fn Left(upload: Upload) -> impl IntoView {
    let id = upload.id.to_string();
    let (here, whole) = (size(upload.arrived()), size(upload.size));
    let (text, act) = match upload.status {
        UploadStatus::Arriving => (
            format!("{here} of {whole} are here. Choose the same file again, and it goes on from there."),
            Some("Cancel upload"),
        ),
        UploadStatus::Checking => (upload.note.clone().unwrap_or("It has arrived and is being checked.".into()), None),
        UploadStatus::Refused => (upload.note.clone().unwrap_or_default(), Some("Close")),
        UploadStatus::Done => (String::new(), None),
    };
    view! {
        <div class="transfer" class:transfer-bad=upload.status == UploadStatus::Refused>
            <p class="transfer-name">{upload.name}</p>
            <p class="transfer-said" role=(upload.status == UploadStatus::Refused).then_some("alert")>{text}</p>
            {act.map(|label| view! {
                <Form to={path::<CancelUpload>()} of=("upload_id", id)>
                    <Submit label tone=Tone::Quiet/>
                </Form>
            })}
        </div>
    }
}
