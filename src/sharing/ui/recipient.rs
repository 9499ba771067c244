//! What somebody sees who comes by a link: who shares what, the way in, and then the documents.

use leptos::{either::EitherOf3, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    kit::{
        empty::Empty,
        field::{Checkbox, Submit, TextField},
        form::{Form, path},
        head::Named,
        when::Date,
    },
    reading::ui::Doors,
    shared::error::AppError,
    sharing::{
        api::{self, AskCode, EnterLink, SharedBeat},
        model::{Opened, Shared, Step},
        rules,
    },
};

/// The server functions behind the reader of who came by a link.
pub const DOORS: Doors = Doors {
    words: |document, page| {
        Box::pin(async move {
            let share = document.share.ok_or_else(AppError::not_found)?;
            api::words(share, document.file, page).await
        })
    },
    beat: |document, page, milliseconds| {
        Box::pin(async move {
            let share = document.share.ok_or_else(AppError::not_found)?;
            api::beat(share, document.file, page, milliseconds).await
        })
    },
    beat_at: path::<SharedBeat>,
};

/// A link: its door, or what it opens.
#[component]
pub fn SharedLink(token: String, shared: Shared) -> impl IntoView {
    let query = use_query_map();
    let anew = Memo::new(move |_| query.with(|query| query.get("again").is_some()));
    let heading = match (&shared.title, &shared.step) {
        (Some(title), _) => title.clone(),
        (None, _) => "Shared with you".to_string(),
    };
    let Shared { by, title, passcode, step } = shared;
    let what = match title {
        Some(_) => format!("{by} shares this project with you."),
        None => format!("{by} shares a project with you."),
    };
    view! {
        <Title text=heading.clone()/>
        <Named name="robots" content="noindex, nofollow"/>
        <section class="page page-form shared">
            <header class="stack">
                <h1>{heading}</h1>
                <p>{what}</p>
            </header>
            {move || match (step.clone(), anew.get()) {
                (Step::In(opened), _) => EitherOf3::A(view! { <Documents token=token.clone() opened/> }),
                (Step::Code, false) => EitherOf3::B(view! { <CodeForm token=token.clone()/> }),
                (Step::Code | Step::Address, _) => EitherOf3::C(view! { <AddressForm token=token.clone() passcode/> }),
            }}
        </section>
    }
}

/// Who is it?
#[component]
fn AddressForm(token: String, passcode: bool) -> impl IntoView {
    view! {
        <p>"It is confidential, so please say who you are: we send a code to your email address. You need no account."</p>
        <Form to={path::<AskCode>()}>
            <input type="hidden" name="token" value=token/>
            <TextField label="Email" name="email" kind="email" autocomplete="email" required=true hint="The one that the link was sent to."/>
            {passcode.then(|| view! {
                <TextField label="Passcode" name="passcode" kind="password" autocomplete="off" required=true hint="You got it from who shares this, by another way."/>
            })}
            <Submit label="Send me a code"/>
        </Form>
    }
}

/// Is it them, and do they promise?
#[component]
fn CodeForm(token: String) -> impl IntoView {
    let anew = format!("/s/{token}?again=true");
    view! {
        <p class="notice notice-good" role="status">
            {format!("If that address is on the list of this link, a code is on its way there. It works for {} minutes.", rules::CODE_MINUTES)}
        </p>
        <Form to={path::<EnterLink>()}>
            <input type="hidden" name="token" value=token/>
            <TextField label="Code" name="code" autocomplete="one-time-code" required=true hint="Six digits, from the mail."/>
            <Checkbox label=rules::PROMISE name="keep_confidential" required=true hint=rules::PROMISE_DETAILS/>
            <Submit label="Open the documents"/>
        </Form>
        <p class="muted">"No mail after a minute, or another address? "<a href=anew>"Ask for a new code"</a>"."</p>
    }
}

/// What the link opens.
#[component]
fn Documents(token: String, opened: Opened) -> impl IntoView {
    if opened.documents.is_empty() {
        return view! { <Empty title="Nothing to read any more" text="Who shared this took the documents away. Please ask them for a new link."/> }.into_any();
    }
    let rows = opened.documents.into_iter().map(|document| {
        view! {
            <li>
                <a href=format!("/s/{token}/{}", document.file)>{document.label}</a>
                <span class="muted">{document.described}</span>
            </li>
        }
    });
    view! {
        {(!opened.note.is_empty()).then(|| view! { <blockquote class="shared-note">{opened.note.clone()}</blockquote> })}
        <ul class="shared-documents">{rows.collect_view()}</ul>
        <p class="muted">
            "You read as "{opened.email}". The owner sees when, which pages and for how long; every page carries your email \
             address, the time and your network address. The link works until "<Date at=opened.until/>"."
        </p>
    }
    .into_any()
}
