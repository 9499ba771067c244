//! The paper of what both have signed, and checking one.

use leptos::prelude::*;

use super::facts::signature_list;
use crate::{
    kit::{
        field::{FileField, Submit},
        form::{Form, path},
    },
    media::model::{href, size},
    ndas::{
        api::VerifyPaper,
        model::{Agreement, Checked, PaperFacts, Sealed, Verdict},
    },
    shared::time,
};

/// Where the parties get the paper, for as long as there is one.
#[component]
pub fn Paper(
    sealed: Option<Sealed>,
    /// Both have signed.
    signed: bool,
) -> impl IntoView {
    match (sealed, signed) {
        (Some(sealed), _) => view! { <Made sealed/> }.into_any(),
        (None, true) => view! {
            <section class="nda-paper">
                <h2>"The sealed PDF"</h2>
                <p role="status">"It is being made; this takes a few seconds. We also write to both of you when it is ready."</p>
            </section>
        }
        .into_any(),
        (None, false) => ().into_any(),
    }
}

#[component]
fn Made(sealed: Sealed) -> impl IntoView {
    view! {
        <section class="nda-paper">
            <h2>"The sealed PDF"</h2>
            <p>
                "The text, the certificate of what was recorded, and our seal over both. Keep your copy; it is also here for both \
                 of you at any time, whatever becomes of the project. Programs that show signatures call its issuer unknown, \
                 because the certificate is our own."
            </p>
            <p class="row">
                <a class="button button-main" href=href(sealed.file, None) download rel="external">"Download the PDF"</a>
                <a class="button" href="/verify">"Check a file"</a>
            </p>
            <p class="nda-checksum muted small">
                {format!("{}, sealed {}. SHA-256 of the file: ", size(sealed.size), time::exact(sealed.at))}
                <code>{sealed.sha256}</code>
            </p>
        </section>
    }
}

/// Takes a file to check.
#[component]
pub fn VerifyForm() -> impl IntoView {
    view! {
        <Form to={path::<VerifyPaper>()} files=true>
            <FileField label="PDF" name="file" accept="application/pdf"
                hint="Up to 20 MB. It is looked at and not kept."/>
            <Submit label="Check"/>
        </Form>
    }
}

/// What is to be said of a file.
#[component]
pub fn CheckedFile(checked: Checked) -> impl IntoView {
    let (class, title, words) = match checked.verdict {
        Verdict::Valid { sealed_at } => (
            "notice notice-good",
            "Valid",
            format!("This is a paper that we sealed on {}, to the last byte.", time::exact(sealed_at)),
        ),
        Verdict::Altered => (
            "notice notice-bad",
            "Altered",
            "This was sealed by us, or says so, and is not the file that we sealed. Do not rely on it.".into(),
        ),
        Verdict::Unknown => (
            "notice",
            "Unknown",
            "We did not seal this file. A print, a scan or a converted copy of a sealed PDF is another file, too."
                .into(),
        ),
    };
    view! {
        <section class="nda-verdict stack" aria-labelledby="verdict">
            <div class=class role="status"><h2 id="verdict">{title}</h2><p>{words}</p></div>
            <p class="nda-checksum muted small">"SHA-256 of the file: "<code>{checked.sha256}</code></p>
            {checked.facts.map(|facts| view! { <Facts facts/> })}
        </section>
    }
}

/// What the certificate says, for a party.
#[component]
fn Facts(facts: PaperFacts) -> impl IntoView {
    let what = match facts.of {
        Agreement::Nda(_) => "NDA",
        Agreement::Release(_) => "submission release",
    };
    view! {
        <section class="nda-signatures stack">
            <h3>"What it certifies"</h3>
            <p>
                {format!("The {what} for ")}<strong>{facts.pitch_title}</strong>". You see this as a party to it. "
                <a href=facts.of.address()>{format!("See the {what}")}</a>
            </p>
            {signature_list(facts.of, facts.signatures, Vec::new())}
        </section>
    }
}
