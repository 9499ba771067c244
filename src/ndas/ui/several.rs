//! Several requests decided with one form, and what became of them.

use leptos::prelude::*;

use super::decide::{Given, SignatureFields};
use crate::{
    kit::{
        field::{Checkbox, Submit, TextArea, Tone},
        form::{Form, form_state, path},
    },
    ndas::{
        model::{NdaCard, Step},
        owner_api::{ApproveMany, DeclineMany},
        owner_model::{DecidedList, Signs},
    },
};

/// Requests to tick, and one form that decides them all. Nothing is ticked before.
#[component]
pub fn DecideSeveral(cards: Vec<NdaCard>, signs: Signs) -> impl IntoView {
    let listed = cards.iter().map(|card| card.id.to_string()).collect::<Vec<_>>().join(",");
    let boxes = cards.into_iter().map(|card| {
        let label = format!("{} for “{}”", card.requester.name, card.pitch_title);
        view! { <Checkbox label name=format!("nda_{}", card.id) hint=card.purpose/> }
    });
    view! {
        <section id="several" class="nda-several stack">
            <h2>"Decide several at once"</h2>
            <p class="muted">"Each is decided by itself, with what you type here. What could not be decided is told afterwards."</p>
            <Form to={path::<ApproveMany>()} also=vec![path::<DeclineMany>()] class="nda-several-form">
                <fieldset class="field">
                    <legend>"Requests on this page"</legend>
                    <Checkbox label="All on this page" name="all_on_this_page"/>
                    {boxes.collect_view()}
                    <Problem/>
                </fieldset>
                <input type="hidden" name="listed" value=listed/>
                <div class="nda-decide-forms">
                    <div class="form">
                        <SignatureFields signs given=Given::ForSeveral/>
                        <Submit label="Approve those ticked"/>
                    </div>
                    <div class="form">
                        <TextArea label="Reason for all of them" name="reason" rows=2 hint="The other sides are told it, and may ask again after a day."/>
                        <Submit label="Decline those ticked" tone=Tone::Danger to={path::<DeclineMany>()}/>
                    </div>
                </div>
            </Form>
        </section>
    }
}

/// The sentence about what is ticked.
#[component]
fn Problem() -> impl IntoView {
    let complaint = form_state().complaint("requests");
    view! { <p class="field-problem">{move || complaint.get()}</p> }
}

/// What became of requests that were decided together.
#[component]
pub fn DecidedNotice(decided: DecidedList) -> impl IntoView {
    let words = match (decided.step, decided.done) {
        (Step::Approve, 1) => "One request was approved.".to_string(),
        (Step::Approve, n) => format!("{n} requests were approved."),
        (_, 1) => "One request was declined.".to_string(),
        (_, n) => format!("{n} requests were declined."),
    };
    let class = if decided.not_done.is_empty() { "notice notice-good" } else { "notice notice-warn" };
    let not = decided.not_done.into_iter().map(|not| {
        view! { <li><a href=format!("/ndas/{}", not.nda)>{not.whose}</a>": "{not.why}</li> }
    });
    let not = not.collect_view();
    view! {
        <div class=class role="status">
            <p>{words}</p>
            {(!not.is_empty()).then(|| view! { <p>"Not decided:"</p><ul>{not}</ul> })}
        </div>
    }
}
