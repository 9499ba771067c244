//! Templates of one's own: the list, a new one, one on its page.

use leptos::prelude::*;

use super::document::DocumentText;
use crate::{
    kit::{
        badge::{Badge, BadgeTone},
        empty::Empty,
        field::{FileField, Submit, TextArea, TextField, Tone},
        form::{Form, path},
        pager::Pager,
        tabs::Tabs,
        when::{Ago, Date},
    },
    ndas::{
        forms::STANDARD_RELEASE_ID,
        model::Text,
        owner_api::{ArchiveTemplate, CreateTemplate, DeleteTemplate, EditTemplate, RestoreTemplate, UploadTemplate},
        owner_model::{TemplateCard, TemplateKind, TemplateList, TemplateVersion, TemplateView},
    },
};

const HOME: &str = "/settings/templates";
const NAME_HINT: &str = "Up to 100 characters. The other side reads it on the signed paper.";

/// The templates, those in use or those put away.
#[component]
pub fn Templates(
    list: TemplateList,
    archived: bool,
    /// The viewer is of a company, which has releases, too.
    company: bool,
) -> impl IntoView {
    let standard = TemplateKind::Nda.standard_id();
    let tabs = vec![
        (HOME.to_string(), "In use".to_string(), !archived),
        (format!("{HOME}?archived=true"), "Archived".to_string(), archived),
    ];
    let more = list.page.next.map(|after| format!("{HOME}?archived={archived}&after={after}"));
    let items = list.page.items.into_iter().map(|card| view! { <li><Line card/></li> }).collect_view();
    let nothing = if archived {
        view! { <Empty title="Nothing is archived" text="A template that is not offered any more waits here; it can be brought back."/> }.into_any()
    } else {
        view! {
            <Empty title="No template of your own yet" text="Requests are approved with the standard NDA until you write one.">
                <a class="button" href=format!("{HOME}/{standard}")>"Read the standard NDA"</a>
            </Empty>
        }
        .into_any()
    };
    view! {
        <Tabs items=tabs label="Templates by state"/>
        {if items.is_empty() { nothing } else { view! { <ul class="list">{items}</ul> }.into_any() }}
        <Pager href=more/>
        {list.writes.then(|| view! {
            <p class="row nda-templates-new">
                <a class="button button-main" href=format!("{HOME}/new")>"New template"</a>
                <a class="button" href=format!("{HOME}/new?from={standard}")>"Begin with the standard NDA"</a>
                <a class="button" href=format!("{HOME}/new?pdf=true")>"Upload a PDF"</a>
            </p>
        })}
        {(list.writes && company).then(|| view! {
            <div class="stack nda-templates-new">
                <p class="muted">"Submission releases are what your company offers to owners of projects before it reads."</p>
                <p class="row">
                    <a class="button" href=format!("{HOME}/new?kind=release")>"New release template"</a>
                    <a class="button" href=format!("{HOME}/new?from={STANDARD_RELEASE_ID}")>"Begin with the standard release"</a>
                    <a href=format!("{HOME}/{STANDARD_RELEASE_ID}")>"Read the standard release"</a>
                </p>
            </div>
        })}
    }
}

#[component]
fn Line(card: TemplateCard) -> impl IntoView {
    view! {
        <div class="nda-line">
            <h2><a href=format!("{HOME}/{}", card.id)>{card.name}</a></h2>
            <p class="muted small">{format!("{}, version {}, ", sort(card.kind), card.version)}<Ago at=card.changed_at/>". "{made(card.documents)}</p>
        </div>
    }
}

/// What a text is for, as people call it.
fn sort(kind: TemplateKind) -> &'static str {
    match kind {
        TemplateKind::Nda => "NDA",
        TemplateKind::Release => "Submission release",
    }
}

fn made(documents: i64) -> String {
    match documents {
        0 => "No agreement was made from it yet.".into(),
        1 => "One agreement was made from it.".into(),
        n => format!("{n} agreements were made from it."),
    }
}

/// Writing a new one.
#[component]
pub fn NewTemplate(
    kind: TemplateKind,
    /// What it begins with.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <Form to={path::<CreateTemplate>()} class="nda-template">
            <input type="hidden" name="kind" value=kind.word()/>
            <Fields kind name=String::new() text/>
            <Submit label="Save template"/>
        </Form>
    }
}

#[component]
fn Fields(kind: TemplateKind, name: String, text: String) -> impl IntoView {
    let added = match kind {
        TemplateKind::Nda => {
            "Whatever you write, Pitchey adds at the end: how long access lasts and that its end does not end the duty of \
             confidence, how both sides sign, and that the text is yours and not legal advice. The purpose and your extra terms \
             are added where your text does not name them."
        }
        TemplateKind::Release => {
            "Whatever you write, Pitchey adds at the end: for whom access is, that either side may end it and that its end does \
             not end the duties about what was shown, that no licence is given, how both sides sign, and that the text is yours \
             and not legal advice. Your extra terms are added where your text does not name them."
        }
    };
    view! {
        <TextField label="Name" name="name" value=name required=true hint=NAME_HINT/>
        <TextArea label="Text" name="text" value=text rows=16 required=true
            hint="200 to 30 000 characters. Empty lines part the paragraphs; # begins the title, ## a heading, - an item of a list."/>
        <Variables kind/>
        <p class="notice">{added}</p>
    }
}

/// What can be named in a text.
#[component]
fn Variables(kind: TemplateKind) -> impl IntoView {
    let each = kind.variables().iter().map(|(name, meaning)| {
        let needed = kind.required().contains(name).then_some(" (needed)");
        view! { <dt><code>{format!("{{{{{name}}}}}")}</code></dt><dd>{*meaning}{needed}</dd> }
    });
    view! {
        <details class="nda-variables" open>
            <summary>"What is filled in"</summary>
            <dl class="facts small">{each.collect_view()}</dl>
        </details>
    }
}

/// A template: how it reads, its text to change, its versions, putting it away.
#[component]
pub fn TemplateOnPage(template: TemplateView) -> impl IntoView {
    let id = template.id;
    let filled = match &template.preview_of {
        Some(whose) => {
            format!("Filled in with the request of {whose}. What is decided only when approving is in [brackets].")
        }
        None if template.kind == TemplateKind::Release => {
            "What is filled in when offering it is in [brackets].".to_string()
        }
        None => "Nobody has asked yet: what will be filled in is in [brackets].".to_string(),
    };
    let text = Text { body: template.preview.clone(), pages: template.pages.clone(), sha256: None };
    let is_text = template.pages.is_none();
    let changes = template.writes && !template.standard;
    view! {
        <header class="page-head">
            <div>
                <p class="kicker"><a href=HOME>"Templates"</a></p>
                <h1>{template.name.clone()}</h1>
                <p class="row">
                    <span class="muted">{format!("{}, version {}", sort(template.kind), template.version)}</span>
                    {template.archived.then(|| view! { <Badge text="Archived" tone=BadgeTone::Muted/> })}
                </p>
            </div>
            {(template.writes && is_text).then(|| view! {
                <p class="row"><a class="button" href=format!("{HOME}/new?from={id}")>"Write a new one from this"</a></p>
            })}
        </header>
        <div class="stack stack-wide">
            <section class="stack">
                <h2>"How it reads"</h2>
                <p class="muted">{filled}</p>
                // It scrolls by itself: the keyboard reaches it, too.
                <div class="nda-reads" tabindex="0" role="region" aria-label="The text"><DocumentText text/></div>
            </section>
            {changes.then(|| match is_text {
                true => view! { <Edit template=template.clone()/> }.into_any(),
                false => view! { <EditPdf template=template.clone()/> }.into_any(),
            })}
            <Versions versions=template.versions.clone()/>
            {changes.then(|| view! { <PutAway template/> })}
        </div>
    }
}

#[component]
fn Edit(template: TemplateView) -> impl IntoView {
    view! {
        <section class="stack">
            <h2>"Change it"</h2>
            <p class="muted">"Another text is saved as a new version. Agreements made from earlier versions keep theirs."</p>
            <Form to={path::<EditTemplate>()} of=("template_id", template.id.to_string()) class="nda-template">
                <input type="hidden" name="version" value=template.version.to_string()/>
                <Fields kind=template.kind name=template.name text=template.text/>
                <Submit label="Save template"/>
            </Form>
        </section>
    }
}

/// A template that is a PDF: another file is another version.
#[component]
fn EditPdf(template: TemplateView) -> impl IntoView {
    let (name, version) = (template.name.clone(), template.version.to_string());
    view! {
        <section class="stack">
            <h2>"Change it"</h2>
            <p class="muted">"Another file is saved as a new version. Agreements made from earlier versions keep theirs."</p>
            <Form to={path::<UploadTemplate>()} of=("template_id", template.id.to_string()) files=true class="nda-template">
                <input type="hidden" name="version" value=version/>
                <PdfFields name/>
                <Submit label="Upload new version"/>
            </Form>
            <Rename template/>
        </section>
    }
}

#[component]
fn Rename(template: TemplateView) -> impl IntoView {
    view! {
        <details class="nda-template-rename">
            <summary>"Change only the name"</summary>
            <Form to={path::<EditTemplate>()} of=("template_id", template.id.to_string())>
                <input type="hidden" name="version" value=template.version.to_string()/>
                <TextField label="New name" name="name" value=template.name required=true hint=NAME_HINT/>
                <Submit label="Rename" tone=Tone::Quiet/>
            </Form>
        </details>
    }
}

/// Uploading a new one.
#[component]
pub fn NewPdfTemplate() -> impl IntoView {
    view! {
        <Form to={path::<UploadTemplate>()} files=true class="nda-template">
            <PdfFields name=String::new()/>
            <Submit label="Upload template"/>
        </Form>
    }
}

#[component]
fn PdfFields(name: String) -> impl IntoView {
    view! {
        <TextField label="Name" name="name" value=name required=true hint=NAME_HINT/>
        <FileField label="PDF" name="pdf" accept="application/pdf"
            hint="Up to 40 pages and 8 MB, with text on every page: who signs must be able to have it read to them."/>
        <p class="notice">
            "A PDF is signed as it is. After its pages Pitchey adds a page of its own: between whom, about which project, the \
             purpose, how long access lasts, your extra terms, how both sides sign, and that the document is yours and not legal \
             advice. Leave these open in your document, or say that they are on that page."
        </p>
    }
}

#[component]
fn Versions(versions: Vec<TemplateVersion>) -> impl IntoView {
    let rows = versions.into_iter().map(|version| {
        view! {
            <tr>
                <th scope="row">"Version "{version.number}</th>
                <td data-label="Written"><Date at=version.at/></td>
                <td data-label="By">{if version.by.is_empty() { "Pitchey".to_string() } else { version.by }}</td>
                <td data-label="Agreements" class="number">{version.documents}</td>
            </tr>
        }
    });
    view! {
        <section class="stack">
            <h2>"Versions"</h2>
            <table class="table">
                <thead><tr>
                    <th scope="col">"Version"</th><th scope="col">"Written"</th><th scope="col">"By"</th>
                    <th scope="col" class="number">"Agreements"</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </section>
    }
}

/// Archiving, which can be undone, and deleting, which is confirmed by the name.
#[component]
fn PutAway(template: TemplateView) -> impl IntoView {
    let id = template.id.to_string();
    let (restored, put_away) = match template.kind {
        TemplateKind::Nda => (
            "Offers it again when you approve.",
            "It is not offered any more, and automatic approval with it ends. You can restore it.",
        ),
        TemplateKind::Release => (
            "Lets you choose it again when you offer a release.",
            "It cannot be chosen for new releases any more. You can restore it.",
        ),
    };
    let archive = if template.archived {
        view! {
            <Form to={path::<RestoreTemplate>()} of=("template_id", id.clone()) class="form-inline">
                <Submit label="Restore" tone=Tone::Quiet/>
                <p class="muted small">{restored}</p>
            </Form>
        }
        .into_any()
    } else {
        view! {
            <Form to={path::<ArchiveTemplate>()} of=("template_id", id.clone()) class="form-inline">
                <Submit label="Archive" tone=Tone::Quiet/>
                <p class="muted small">{put_away}</p>
            </Form>
        }
        .into_any()
    };
    view! {
        <section class="stack">
            <h2>"Put it away"</h2>
            {archive}
            <details class="nda-template-delete">
                <summary>"Delete this template"</summary>
                <Form to={path::<DeleteTemplate>()} of=("template_id", id)>
                    <p>"Agreements made from it stay as they are, with their evidence. The template itself cannot be brought back."</p>
                    <TextField label="Type the name to confirm" name="confirm_name" required=true autocomplete="off" hint=template.name/>
                    <Submit label="Delete" tone=Tone::Danger/>
                </Form>
            </details>
        </section>
    }
}
