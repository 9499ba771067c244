//! The owner's side: the list of pitches, a new one, and one pitch at a glance.

use leptos::{either::Either, prelude::*};

use super::{autosave::SavedAgo, poster::Poster};
use crate::{
    accounts::{model::Kind, ui::viewer_kind},
    kit::{
        badge::{Badge, BadgeTone},
        empty::Empty,
        field::{Select, Submit, TextArea, TextField, Tone},
        form::{Form, path},
        pager::Pager,
        when::Date,
    },
    pitches::{
        api::{Archive, Create, Delete, Publish, Unpublish},
        form::label_of,
        model::{MyPitch, Overview},
        words::{Budget, Format, Genre, PitchStatus, Stage},
    },
    shared::{ids::PitchId, paging::Page},
};

/// Where this person writes: `/creator/pitches` or `/production/pitches`.
pub fn desk() -> String {
    format!("{}/pitches", viewer_kind().unwrap_or(Kind::Creator).home())
}

/// Where the NDAs of this person's pitches are answered.
fn inbox() -> String {
    format!("{}/ndas", viewer_kind().unwrap_or(Kind::Creator).home())
}

#[component]
pub fn StatusBadge(
    status: PitchStatus,
    /// The working copy is ahead of what is published.
    #[prop(optional)]
    edits: bool,
) -> impl IntoView {
    let tone = match status {
        PitchStatus::Published => BadgeTone::Good,
        PitchStatus::InReview => BadgeTone::Warn,
        PitchStatus::TakenDown => BadgeTone::Bad,
        PitchStatus::Draft | PitchStatus::Archived => BadgeTone::Muted,
    };
    view! {
        <Badge text=status.label() tone/>
        {edits.then(|| view! { " "<Badge text="Unpublished edits" tone=BadgeTone::Warn/> })}
    }
}

/// All of one's pitches.
#[component]
pub fn MyPitches(page: Page<MyPitch>) -> impl IntoView {
    let desk = desk();
    let new = format!("{desk}/new");
    if page.is_empty() {
        return Either::Left(view! {
            <Empty title="No pitch yet" text="A title is enough to begin. It stays a draft, seen by nobody else, until you publish it.">
                <a class="button button-main" href=new>"New pitch"</a>
            </Empty>
        });
    }
    let more = page.next.map(|next| format!("{desk}?after={next}"));
    let rows = page.items.into_iter().map(|pitch| view! { <Row pitch desk=desk.clone()/> }).collect_view();
    Either::Right(view! {
        <ul class="pitch-desk">{rows}</ul>
        <Pager href=more/>
    })
}

#[component]
fn Row(pitch: MyPitch, desk: String) -> impl IntoView {
    let overview = format!("{desk}/{}", pitch.id);
    let ndas = nda_words(pitch.requests, pitch.signed);
    view! {
        <li class="pitch-desk-row">
            <a class="pitch-desk-poster" href=overview.clone() tabindex="-1" aria-hidden="true">
                <Poster title=pitch.title.clone() file=pitch.poster sizes="5rem"/>
            </a>
            <div class="stack">
                <h2><a href=overview.clone()>{pitch.title}</a></h2>
                <p class="row"><StatusBadge status=pitch.status edits=pitch.unpublished_edits/>{ndas}</p>
                <p class="muted">"Saved "<SavedAgo at=pitch.saved_at/></p>
            </div>
            <p class="row">
                <a class="button" href=format!("{overview}/edit")>"Edit"</a>
                <a class="button button-text" href=format!("/pitch/{}", pitch.slug)>"View"</a>
            </p>
        </li>
    }
}

/// "2 requests wait · 1 NDA in force", with the way there.
fn nda_words(requests: i64, signed: i64) -> Option<impl IntoView + use<>> {
    let plural = |n: i64, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let mut words = Vec::new();
    if requests > 0 {
        words.push(plural(requests, "request waits", "requests wait"));
    }
    if signed > 0 {
        words.push(plural(signed, "NDA in force", "NDAs in force"));
    }
    (!words.is_empty()).then(|| view! { <a href=inbox()>{words.join(" · ")}</a> })
}

/// The first words of a pitch. Everything else is written in the editor, where this leads.
#[component]
pub fn NewPitch() -> impl IntoView {
    view! {
        <Form to={path::<Create>()} class="pitch-new">
            <TextField label="Title" name="title" required=true hint="3 to 100 characters. You can change it later; the address of the page stays."/>
            <TextArea label="Logline" name="logline" rows=3 hint="The whole story in up to 60 words."/>
            <Select label="Genre" name="genre" options=Genre::options() none="Choose one"/>
            <Select label="Format" name="format" options=Format::options() none="Choose one"/>
            <Select label="Budget" name="budget" options=Budget::options() none="Choose one"/>
            <Select label="Stage" name="stage" options=Stage::options() none="Choose one"/>
            <TextArea label="Short synopsis" name="short_synopsis" hint="50 to 1 000 characters; public unless you say otherwise."/>
            <TextArea label="Long synopsis" name="long_synopsis" rows=6 hint="Behind the NDA unless you say otherwise."/>
            <p class="muted">"Only the title is needed to begin. Poster, deck, script and everything else come on the next page."</p>
            <Submit label="Save draft"/>
        </Form>
    }
}

/// One pitch at a glance: where it stands, what waits, what there is.
#[component]
pub fn PitchOverview(
    pitch: Overview,
    /// What is set for its NDAs.
    #[prop(optional, into)]
    ndas: ViewFn,
    /// What other rooms tell of it.
    children: Children,
) -> impl IntoView {
    let edit = format!("{}/{}/edit", desk(), pitch.id);
    let view = format!("/pitch/{}", pitch.slug);
    let asked = nda_words(pitch.requests, pitch.signed);
    let missing = pitch.missing.iter().map(|m| label_of(&m.field).to_lowercase()).collect::<Vec<_>>().join(", ");
    let editor = pitch.editor;
    view! {
        <header class="page-head">
            <div class="pitch-title">
                <h1>{pitch.title.clone()}</h1>
                <StatusBadge status=pitch.status edits=pitch.unpublished_edits/>
            </div>
            <p class="row">
                {editor.then(|| view! { <a class="button button-main" href=edit>"Edit"</a> })}
                <a class="button" href=view>"View as reader"</a>
            </p>
        </header>
        <section class="stack">
            <p>"Saved "<SavedAgo at=pitch.saved_at/>"."</p>
            {(!missing.is_empty()).then(|| view! { <p class="notice notice-warn">{format!("Missing before it can be published: {missing}.")}</p> })}
            {pitch.demo.then(|| view! { <p><Badge text="Demo pitch" tone=BadgeTone::Muted/></p> })}
        </section>
        <section class="pitch-part">
            <h2>"NDAs"</h2>
            {match asked {
                Some(link) => Either::Left(view! { <p>{link}</p> }),
                None => Either::Right(view! { <p class="muted">"Nobody has asked yet. Requests arrive here and by notification once the pitch is published."</p> }),
            }}
            {ndas.run()}
        </section>
        {children()}
        <Versions pitch=pitch.clone()/>
        <Documents pitch=pitch.clone()/>
        {editor.then(|| view! { <Acts pitch/> })}
    }
}

#[component]
fn Versions(pitch: Overview) -> impl IntoView {
    let rows = pitch.versions.into_iter().map(|v| {
        view! {
            <tr>
                <th scope="row">"Version "{v.number}</th>
                <td data-label="Title">{v.title}</td>
                <td data-label="Published"><Date at=v.published_at/></td>
                <td data-label="By">{v.published_by}</td>
                <td>{v.live.then(|| view! { <Badge text="Current" tone=BadgeTone::Good/> })}</td>
                <td><a href=format!("/pitch/{}?version={}", pitch.slug, v.number)>"Read"</a></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="pitch-part">
            <h2>"Published versions"</h2>
            {if rows.is_empty() {
                Either::Left(view! { <p class="muted">"Not published yet."</p> })
            } else {
                Either::Right(view! {
                    <table class="table">
                        <thead><tr>
                            <th scope="col">"Version"</th><th scope="col">"Title"</th><th scope="col">"Published"</th>
                            <th scope="col">"By"</th><th scope="col"><span class="visually-hidden">"State"</span></th>
                            <th scope="col"><span class="visually-hidden">"Read it"</span></th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                })
            }}
        </section>
    }
}

#[component]
fn Documents(pitch: Overview) -> impl IntoView {
    let rows = pitch.materials.into_iter().map(|m| {
        let count = m.versions.len();
        let newest = m.versions.into_iter().next();
        view! {
            <tr>
                <th scope="row">{m.kind.label()}</th>
                <td data-label="File">{newest.as_ref().map(|v| view! { <a href=crate::media::model::href(v.document.file, None) rel="external">{v.document.name.clone()}</a> })}</td>
                <td data-label="Sort">{newest.as_ref().map(|v| v.document.described())}</td>
                <td data-label="Versions">{count}</td>
                <td data-label="Seen by">{m.visibility.label()}</td>
                <td data-label="Uploaded">{newest.map(|v| view! { <Date at=v.document.uploaded_at/> })}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="pitch-part">
            <h2>"Materials"</h2>
            {if rows.is_empty() {
                Either::Left(view! { <p class="muted">"No poster, script or other document yet. Add them in the editor."</p> })
            } else {
                Either::Right(view! {
                    <table class="table">
                        <thead><tr>
                            <th scope="col">"What"</th><th scope="col">"File"</th><th scope="col">"Sort"</th>
                            <th scope="col">"Versions"</th><th scope="col">"Seen by"</th><th scope="col">"Uploaded"</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                })
            }}
        </section>
    }
}

/// What can be done with a pitch as a whole, as far as its state allows.
#[component]
pub fn Acts(
    pitch: Overview,
    /// Stands beside the editor, whose own `Publish` takes along what is typed; one without would leave it behind.
    #[prop(optional)]
    beside_editor: bool,
) -> impl IntoView {
    let id = pitch.id;
    let status = pitch.status;
    let publishable = !beside_editor
        && pitch.missing.is_empty()
        && (pitch.unpublished_edits || matches!(status, PitchStatus::Draft | PitchStatus::Archived));
    let again = if status == PitchStatus::Archived {
        "Brings it back, as your working copy is now."
    } else {
        "Makes your working copy the version that others see."
    };
    view! {
        <section class="pitch-part pitch-acts">
            <h2>"What to do with it"</h2>
            {publishable.then(|| view! {
                <Act id to={path::<Publish>()} label="Publish" tone=Tone::Main text=again/>
            })}
            {matches!(status, PitchStatus::Published | PitchStatus::InReview).then(|| view! {
                <Act id to={path::<Unpublish>()} label="Unpublish" text="Takes it back to draft. Who signed still reads it; others do not find it, open requests are declined, and offered releases withdrawn."/>
            })}
            {(status == PitchStatus::Published).then(|| view! {
                <Act id to={path::<Archive>()} label="Archive" text="Puts it away. Who signed still reads it; you can publish it again at any time."/>
            })}
            <details class="pitch-delete">
                <summary>"Delete this pitch"</summary>
                <Form to={path::<Delete>()} of=("pitch_id", id.to_string())>
                    <p>"It disappears for everyone, readers who signed included. Signed NDAs are kept as evidence. This cannot be undone."</p>
                    <TextField label="Type the title to confirm" name="confirm_title" required=true autocomplete="off" hint=pitch.title/>
                    <Submit label="Delete" tone=Tone::Danger/>
                </Form>
            </details>
        </section>
    }
}

#[component]
fn Act(
    id: PitchId,
    to: &'static str,
    label: &'static str,
    #[prop(default = Tone::Quiet)] tone: Tone,
    text: &'static str,
) -> impl IntoView {
    view! {
        <Form to=to of=("pitch_id", id.to_string()) class="pitch-act">
            <Submit label tone/>
            <p class="muted">{text}</p>
        </Form>
    }
}
