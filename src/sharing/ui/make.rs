//! The form of a new link.

use leptos::{either::Either, prelude::*};

use crate::{
    kit::{
        field::{Checkbox, Submit, TextArea, TextField},
        form::{Form, form_state, path, was_refused},
    },
    shared::ids::PitchId,
    sharing::{api::MakeShare, model::Choice, rules},
};

/// Makes a link, if there is something to share.
#[component]
pub fn NewLink(pitch: PitchId, documents: Vec<Choice>) -> impl IntoView {
    if documents.is_empty() {
        return Either::Left(
            view! { <p class="muted">"A PDF is needed first: add a script, a deck or another one in the editor."</p> },
        );
    }
    let (least, most, usual) = rules::DAYS;
    Either::Right(view! {
        <Form to={path::<MakeShare>()} of=("pitch_id", pitch.to_string()) class="share-new">
            <Documents documents/>
            <TextField label="Name" name="recipient_name" required=true autocomplete="off" hint="Who gets the link."/>
            <TextField label="Email" name="email" kind="email" required=true autocomplete="off"
                hint="The link is sent there, and each time they come a code that lets them in."/>
            <TextField label="Days" name="days" kind="number" value=usual.to_string() hint=format!("{least} to {most}; then the link ends by itself.")/>
            <details class="share-more" open=was_refused(&[path::<MakeShare>()], None)>
                <summary>"Passcode, more people, a note"</summary>
                <div class="form">
                    <TextField label="Passcode" name="passcode" autocomplete="off"
                        hint="Optional, 6 to 64 characters. It is asked for besides the code; tell it to them by another way than mail."/>
                    <TextArea label="Who else may come in" name="also" rows=2
                        hint="Optional: further email addresses, or everybody at a company as @company.com. They get a code, too, when they have the link."/>
                    <TextArea label="Note" name="note" rows=3 hint="Optional, up to 500 characters; it is in the mail and above the documents."/>
                </div>
            </details>
            <p class="muted small">
                "They read page by page, without an account. Every page carries their email address; they cannot download. \
                 You see who read which pages, and can end it at any time."
            </p>
            <Submit label="Make the link and send it"/>
        </Form>
    })
}

/// Which documents the link opens. Nothing is ticked before.
#[component]
fn Documents(documents: Vec<Choice>) -> impl IntoView {
    let complaint = form_state().complaint("documents");
    let boxes = documents.into_iter().map(|document| {
        view! { <Checkbox label=document.label name=format!("material_{}", document.material) hint=document.described/> }
    });
    view! {
        <fieldset class="field share-documents" class:field-bad=move || complaint.with(Option::is_some)>
            <legend>"What they may read"</legend>
            {boxes.collect_view()}
            <p class="field-problem">{move || complaint.get()}</p>
        </fieldset>
    }
}
