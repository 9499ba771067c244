//! What the pitch page offers its viewer about submission releases: below the NDA, and only to those whom they concern.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::forms::OfferForm;
use crate::{
    kit::{
        load::{Loaded, page_data},
        when::Ago,
    },
    ndas::{
        model::ReadableMaterial,
        owner_model::Offer,
        ui::{ChooseTemplate, Materials, OfferedTexts},
    },
    releases::{
        api::for_pitch,
        model::{LastRelease, ReleaseCard, ReleasePanel, ReleaseStatus},
    },
    shared::ids::{PitchId, ReleaseId, ThreadId},
};

/// The place of the release on a pitch page: offer, waiting since, sign, read.
#[component]
pub fn ReleaseOnPitch(pitch: PitchId) -> impl IntoView {
    let query = use_query_map();
    let key = move || (pitch, query.with(|query| query.get("template")));
    let panel = page_data(key, |(pitch, template)| for_pitch(pitch, template));
    view! { <Loaded data=panel view=move |panel| shown(pitch, panel)/> }
}

fn shown(pitch: PitchId, panel: ReleasePanel) -> AnyView {
    let inside = match panel {
        ReleasePanel::Nothing => return ().into_any(),
        ReleasePanel::Own { waiting } => own(waiting).into_any(),
        ReleasePanel::MayOffer { organisation, offer, last } => {
            view! { {last.map(|last| view! { <LastOne last/> })}<MakeOffer pitch organisation offer/> }.into_any()
        }
        ReleasePanel::ReadsAlong { organisation } => view! {
            <p class="muted">{format!("An owner or editor of {organisation} can offer its submission release here.")}</p>
        }
        .into_any(),
        ReleasePanel::NotYet { last, again_at } => view! {
            <LastOne last/>
            <p>"Your company can offer again "<Ago at=again_at/>"."</p>
        }
        .into_any(),
        ReleasePanel::Waiting { release, since } => view! {
            <p>"Your company offered its release "<Ago at=since/>". It is the owner's turn; we write to you when they decide."</p>
            <p><a class="button" href=format!("/releases/{release}")>"See the release"</a></p>
        }
        .into_any(),
        ReleasePanel::Signed { release, organisation, thread, materials } => {
            view! { <Signed release organisation thread materials/> }.into_any()
        }
    };
    view! {
        <section class="nda-panel release-panel stack" aria-labelledby="release-panel-title">
            <h2 id="release-panel-title">"Submission release"</h2>
            {inside}
        </section>
    }
    .into_any()
}

/// What waits for the owner's answer.
fn own(waiting: Vec<ReleaseCard>) -> impl IntoView {
    let each = waiting.into_iter().map(|card| {
        let company = card.company.organisation.unwrap_or_default();
        view! {
            <li>
                <p><strong>{company}</strong>" offered its submission release "<Ago at=card.offered_at/>"."</p>
                <p><a class="button button-main" href=format!("/releases/{}", card.id)>"Read and decide"</a></p>
            </li>
        }
    });
    view! { <ul class="stack release-waiting">{each.collect_view()}</ul> }
}

/// How the last one ended.
#[component]
fn LastOne(last: LastRelease) -> impl IntoView {
    let words = match last.status {
        ReleaseStatus::Refused => "The owner refused your company's last release.",
        ReleaseStatus::Withdrawn => "Your company's last release was withdrawn.",
        ReleaseStatus::Ended => "Your company's release has ended.",
        ReleaseStatus::Offered | ReleaseStatus::Signed => "",
    };
    let reason = (!last.reason.is_empty()).then(|| format!(" The reason given: {}", last.reason));
    view! { <p class="notice">{words}{reason}" "<a href=format!("/releases/{}", last.release)>"See it"</a></p> }
}

/// The text, and the form that signs it for the company.
#[component]
fn MakeOffer(pitch: PitchId, organisation: String, offer: Offer) -> impl IntoView {
    let at = use_location().pathname.get_untracked();
    let open = offer.chosen.is_some();
    let signs = offer.signs(Some(pitch));
    view! {
        <p>
            "Does your company read only on its own terms? Offer its submission release: once the owner has signed it, too, all \
             of your company's people read what is behind the NDA."
        </p>
        <details class="nda-give release-make" open=open>
            <summary>"Offer your submission release"</summary>
            <ChooseTemplate offer=offer.clone() at keep=Vec::new() pitch=Some(pitch) alone="You offer the standard release."/>
            <OfferedTexts texts=offer.texts by="offering"/>
            <OfferForm pitch signs organisation/>
        </details>
    }
}

/// It is open: what to read, and with whom to talk.
#[component]
fn Signed(
    release: ReleaseId,
    organisation: String,
    thread: Option<ThreadId>,
    materials: Vec<ReadableMaterial>,
) -> impl IntoView {
    view! {
        <p>{format!("The release of {organisation} is signed: its people read what is behind the NDA until either side ends it.")}</p>
        <Materials materials/>
        <p class="row">
            {thread.map(|thread| view! { <a class="button button-main" href=format!("/messages/{thread}")>"Talk to the owner"</a> })}
            <a class="button" href=format!("/releases/{release}")>"See the signed release"</a>
        </p>
    }
}
