//! Templates of one's own.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::id_in_path;
use crate::{
    accounts::{model::Kind, ui::viewer_kind},
    kit::{
        empty::Empty,
        load::{Loaded, page_data},
    },
    ndas::{
        owner_api::{one_template, templates},
        owner_model::TemplateKind,
        ui::{NewPdfTemplate, NewTemplate, TemplateOnPage, Templates},
    },
};

/// The page around what only people who publish need; others are told so.
#[component]
fn ForOwners(children: ChildrenFn) -> impl IntoView {
    let publishes = viewer_kind().is_some_and(Kind::publishes);
    view! {
        <Title text="Templates"/>
        <section class="page nda-templates">
            {if publishes {
                children().into_any()
            } else {
                view! { <Empty title="Templates are for those who publish" text="An NDA is made from the owner's text; you read it before you sign."/> }.into_any()
            }}
        </section>
    }
}

/// `/settings/templates`.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    view! { <ForOwners><TemplatesList/></ForOwners> }
}

#[component]
fn TemplatesList() -> impl IntoView {
    let query = use_query_map();
    let asked = move || query.with(|q| (q.get("archived").as_deref() == Some("true"), q.get("after")));
    let list = page_data(asked, |(archived, after)| templates(archived, after));
    let company = viewer_kind() == Some(Kind::Production);
    let what = if company {
        "Texts of your own: NDAs to approve requests with, and submission releases to offer."
    } else {
        "Texts of your own to approve requests with."
    };
    view! {
        <header class="page-head">
            <div>
                <h1>"Templates"</h1>
                <p>{what}" Have a lawyer look at them: nothing here is legal advice."</p>
            </div>
        </header>
        <Loaded data=list view=move |list| view! { <Templates list archived=asked().0 company/> }/>
    }
}

/// `/settings/templates/new`; with `?from=`, beginning with the text of another one; with `?kind=release`, for releases; with
/// `?pdf=true`, as a PDF.
#[component]
pub fn NewTemplatePage() -> impl IntoView {
    let query = use_query_map();
    let pdf = Memo::new(move |_| query.with(|query| query.get("pdf").is_some()));
    view! {
        <ForOwners>
            <header class="page-head"><div>
                <p class="kicker"><a href="/settings/templates">"Templates"</a></p>
                <h1>"New template"</h1>
            </div></header>
            {move || if pdf.get() { view! { <NewPdfTemplate/> }.into_any() } else { view! { <NewTemplateForm/> }.into_any() }}
        </ForOwners>
    }
}

#[component]
fn NewTemplateForm() -> impl IntoView {
    let query = use_query_map();
    let asked = move || query.with(|q| (q.get("from").and_then(|id| id.parse().ok()), q.get("kind")));
    let begun = page_data(asked, |(from, kind)| async move {
        match from {
            Some(from) => one_template(from).await.map(|template| (template.kind, template.text)),
            None => Ok((kind.and_then(|kind| kind.parse().ok()).unwrap_or(TemplateKind::Nda), String::new())),
        }
    });
    view! { <Loaded data=begun view=|(kind, text)| view! { <NewTemplate kind text/> }/> }
}

/// `/settings/templates/{id}`.
#[component]
pub fn TemplatePage() -> impl IntoView {
    view! { <ForOwners><OneTemplate/></ForOwners> }
}

#[component]
fn OneTemplate() -> impl IntoView {
    let template = page_data(id_in_path(), |id| async move { one_template(id?).await });
    view! { <Loaded data=template view=|template| view! { <TemplateOnPage template/> }/> }
}
