//! A pitch as a film's page in a good magazine.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;

use super::{desk::desk, poster::Poster};
use crate::{
    kit::{
        badge::{Badge, BadgeTone},
        head::{Canonical, Description, Named, Preview},
        icon::Icon,
    },
    media::model::href,
    pitches::{
        content::{Character, Comparable, Contact, Episode, Financing, Layer, PitchContent, TeamMember},
        model::{PitchPage, SeenMaterial},
        words::{MaterialKind, PitchStatus, Visibility},
    },
};

/// Everything this reader may see; `children` is their next act, always in the same place.
#[component]
pub fn Article(page: PitchPage, children: Children) -> impl IntoView {
    let poster = page.poster();
    let content = page.content.clone();
    let facts = facts(&content);
    let genre = content.genre.map(|g| g.label()).unwrap_or_default();
    let owner = page.owner.clone().map(|owner| match owner.handle {
        Some(handle) => Either::Left(view! { <a href=format!("/people/{handle}")>{owner.name}</a> }),
        None => Either::Right(view! { <span>{owner.name}</span> }),
    });
    view! {
        <PitchMeta page=page.clone()/>
        <article class="pitch page">
            <Standing page=page.clone()/>
            <header class="pitch-head">
                <figure class="pitch-poster">
                    <Poster title=content.title.clone() file=poster line=genre sizes="(min-width: 60rem) 22rem, 90vw" eager=true/>
                </figure>
                <div class="pitch-words">
                    <h1 class="display">{content.shown_title().to_string()}</h1>
                    {owner.map(|owner| view! { <p class="pitch-owner">"by "{owner}</p> })}
                    <p class="pitch-logline">{content.logline.clone()}</p>
                    <ul class="pitch-facts" aria-label="At a glance">
                        {facts.into_iter().map(|fact| view! { <li>{fact}</li> }).collect_view()}
                    </ul>
                    {page.demo.then(|| view! { <p><Badge text="Demo pitch" tone=BadgeTone::Muted/></p> })}
                    <div class="pitch-actions">{children()}</div>
                </div>
            </header>
            <Trailer materials=page.materials.clone()/>
            <Body content=content.clone()/>
            <Files materials=page.materials.clone() layer=page.layer/>
            <Withheld page/>
        </article>
    }
}

fn facts(content: &PitchContent) -> Vec<String> {
    let mut facts: Vec<String> = content.genres().map(|g| g.label().to_string()).collect();
    facts.extend(content.format.map(|f| f.label().to_string()));
    facts.extend(content.stage.map(|s| s.label().to_string()));
    facts.extend(content.budget_label());
    facts.extend([content.language.clone(), content.country.clone()].into_iter().filter(|f| !f.is_empty()));
    facts
}

/// Title and link preview. Only what anyone may see is in it.
#[component]
pub fn PitchMeta(page: PitchPage) -> impl IntoView {
    let address = format!("{}/pitch/{}", page.site, page.slug);
    let public = page.content.seen_by(Layer::Guest);
    let poster = page.materials.iter().find(|m| m.kind == MaterialKind::Poster && Layer::Guest.sees(m.visibility));
    let picture = poster
        .filter(|_| page.status == PitchStatus::Published)
        .map(|m| format!("{}{}", page.site, href(m.document.file, Some(1280))));
    let hidden = page.status != PitchStatus::Published || page.preview || page.version.is_some();
    view! {
        <Title text=public.shown_title().to_string()/>
        <Description content=public.logline.clone()/>
        <Preview property="og:type" content="website"/>
        <Preview property="og:site_name" content="Pitchey"/>
        <Preview property="og:title" content=public.shown_title().to_string()/>
        <Preview property="og:description" content=public.logline/>
        <Preview property="og:url" content=address.clone()/>
        <Named name="twitter:card" content=if picture.is_some() { "summary_large_image" } else { "summary" }/>
        {picture.map(|picture| view! { <Preview property="og:image" content=picture/> })}
        {hidden.then(|| view! { <Named name="robots" content="noindex"/> })}
        <Canonical href=address/>
    }
}

/// What the owner is looking at, and for signers that the pitch is no longer public.
#[component]
fn Standing(page: PitchPage) -> impl IntoView {
    if page.layer == Layer::Owner || page.preview {
        return view! { <OwnersBar page/> }.into_any();
    }
    (page.status != PitchStatus::Published)
        .then(|| view! { <p class="notice">"This pitch is no longer published. You still read it under what you signed."</p> })
        .into_any()
}

#[component]
fn OwnersBar(page: PitchPage) -> impl IntoView {
    let here = format!("/pitch/{}", page.slug);
    let desk = format!("{}/{}", desk(), page.id);
    let said = match (page.preview, page.layer, page.status) {
        _ if page.version.is_some() => "An earlier published version; only you see it.",
        (true, Layer::Guest, _) => "Your working copy, as a guest would see it.",
        (true, Layer::Member, _) => "Your working copy, as a signed-in member would see it.",
        (true, ..) => "Your working copy, as someone who signed the NDA would see it.",
        (false, _, PitchStatus::Published) => "This is yours: you see everything in it. It is published.",
        (false, ..) => "This is yours: you see everything in it. It is not published.",
    };
    let views = [
        ("", "Everything", Layer::Owner),
        ("guest", "Guest", Layer::Guest),
        ("member", "Member", Layer::Member),
        ("signer", "Signer", Layer::Signer),
    ];
    let links = views.into_iter().map(|(word, label, layer)| {
        let href = if word.is_empty() { here.clone() } else { format!("{here}?as={word}") };
        view! { <a href=href rel="nofollow" aria-current=(layer == page.layer && page.version.is_none()).then_some("page")>{label}</a> }
    });
    view! {
        <aside class="pitch-ownbar" aria-label="Your view of this pitch">
            <p>{said}</p>
            <nav class="tabs" aria-label="See it as">{links.collect_view()}</nav>
            <a class="button" href=desk>"Manage"</a>
        </aside>
    }
}

/// The texts, those that say something.
#[component]
fn Body(content: PitchContent) -> impl IntoView {
    view! {
        <Prose title="Synopsis" text=content.short_synopsis/>
        <Prose title="Long synopsis" text=content.long_synopsis/>
        <Prose title="Why now" text=content.why_now/>
        <Prose title="Tone and style" text=content.tone/>
        <Prose title="Themes" text=content.themes/>
        <Prose title="World" text=content.world/>
        <Prose title="Target audience" text=content.audience/>
        <Comparables rows=content.comparables/>
        <Characters rows=content.characters/>
        <Episodes rows=content.episodes/>
        <Team rows=content.team/>
        <Money financing=content.financing/>
        <Contacts contact=content.contact/>
        {(!content.tags.is_empty()).then(|| view! {
            <ul class="chips" aria-label="Tags">
                {content.tags.into_iter().map(|tag| view! { <li class="chip">{tag}</li> }).collect_view()}
            </ul>
        })}
    }
}

#[component]
fn Prose(title: &'static str, text: String) -> impl IntoView {
    (!text.is_empty()).then(|| {
        let paragraphs = text.split("\n\n").map(|p| view! { <p>{p.to_string()}</p> }).collect_view();
        view! { <section class="pitch-part"><h2>{title}</h2><div class="prose pitch-prose">{paragraphs}</div></section> }
    })
}

#[component]
fn Comparables(rows: Vec<Comparable>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let rows = rows.into_iter().map(|row| {
            view! { <li><cite>{row.title}</cite>{(!row.why.is_empty()).then(|| format!(": {}", row.why))}</li> }
        });
        view! { <section class="pitch-part"><h2>"Comparable titles"</h2><ul class="pitch-list">{rows.collect_view()}</ul></section> }
    })
}

#[component]
fn Characters(rows: Vec<Character>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let rows = rows.into_iter().map(|row| {
            let facts: Vec<String> = [row.role, row.age, row.gender].into_iter().filter(|f| !f.is_empty()).collect();
            view! {
                <li>
                    <h3>{row.name}</h3>
                    {(!facts.is_empty()).then(|| view! { <p class="muted">{facts.join(" · ")}</p> })}
                    <p>{row.description}</p>
                    {(!row.arc.is_empty()).then(|| view! { <p><strong>"Arc. "</strong>{row.arc}</p> })}
                    {(!row.actor.is_empty()).then(|| view! { <p class="muted">"Attached: "{row.actor}</p> })}
                </li>
            }
        });
        view! { <section class="pitch-part"><h2>"Characters"</h2><ul class="pitch-people">{rows.collect_view()}</ul></section> }
    })
}

#[component]
fn Team(rows: Vec<TeamMember>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let rows = rows.into_iter().map(|row| {
            view! {
                <li>
                    <h3>{row.name}</h3>
                    <p class="muted">{row.role}" "{row.status.map(|s| view! { <Badge text=s.label()/> })}</p>
                    <p>{row.bio}</p>
                    {(!row.credits.is_empty()).then(|| view! {
                        <p><a href=row.credits rel="nofollow noopener external" target="_blank">"Credits"</a></p>
                    })}
                </li>
            }
        });
        view! { <section class="pitch-part"><h2>"Team and attachments"</h2><ul class="pitch-people">{rows.collect_view()}</ul></section> }
    })
}

#[component]
fn Episodes(rows: Vec<Episode>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let rows = rows.into_iter().map(|row| view! { <li><h3>{row.title}</h3><p>{row.synopsis}</p></li> });
        view! { <section class="pitch-part"><h2>"Episodes"</h2><ol class="pitch-episodes">{rows.collect_view()}</ol></section> }
    })
}

#[component]
fn Money(financing: Financing) -> impl IntoView {
    (financing != Financing::default()).then(|| {
        let facts = [("Budget", financing.budget), ("Raised so far", financing.raised), ("Seeking", financing.seeking)];
        let facts = facts
            .into_iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(term, value)| view! { <dt>{term}</dt><dd>{value}</dd> });
        let texts = [
            ("Distribution plan", financing.distribution),
            ("Marketing", financing.marketing),
            ("Revenue model", financing.revenue),
        ];
        let texts = texts
            .into_iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(title, text)| view! { <h3>{title}</h3><p class="pitch-prose">{text}</p> });
        let plan = (!financing.plan.is_empty()).then(|| {
            let lines = financing
                .plan
                .into_iter()
                .map(|l| view! { <tr><th scope="row">{l.source}</th><td>{l.amount}</td></tr> });
            view! {
                <table class="table">
                    <caption>"Finance plan"</caption>
                    <thead><tr><th scope="col">"Source"</th><th scope="col">"Amount"</th></tr></thead>
                    <tbody>{lines.collect_view()}</tbody>
                </table>
            }
        });
        view! {
            <section class="pitch-part">
                <h2>"Financing"</h2>
                <p class="muted">"Supplied by the owner; nobody has checked it."</p>
                <dl class="pitch-money">{facts.collect_view()}</dl>
                {plan}
                {texts.collect_view()}
            </section>
        }
    })
}

#[component]
fn Contacts(contact: Contact) -> impl IntoView {
    (contact != Contact::default()).then(|| {
        view! {
            <section class="pitch-part">
                <h2>"Contact"</h2>
                <address class="pitch-contact">
                    <p>{contact.name}</p>
                    {(!contact.email.is_empty()).then(|| view! { <p><a href=format!("mailto:{}", contact.email)>{contact.email.clone()}</a></p> })}
                    <p>{contact.phone}</p>
                    {(!contact.website.is_empty()).then(|| view! {
                        <p><a href=contact.website.clone() rel="nofollow noopener external" target="_blank">{contact.website.clone()}</a></p>
                    })}
                </address>
            </section>
        }
    })
}

/// The film that shows what it will be.
#[component]
fn Trailer(materials: Vec<SeenMaterial>) -> impl IntoView {
    materials.into_iter().find(|m| m.kind == MaterialKind::Trailer).map(|trailer| {
        view! {
            <section class="pitch-part">
                <h2>"Trailer"</h2>
                <video class="pitch-trailer" controls preload="metadata" playsinline src=href(trailer.document.file, None)>
                    <a href=href(trailer.document.file, None) rel="external">"Open the trailer"</a>
                </video>
            </section>
        }
    })
}

/// The documents this reader may open.
#[component]
fn Files(materials: Vec<SeenMaterial>, layer: Layer) -> impl IntoView {
    let told = told_of_reading(&materials, layer);
    let elsewhere = [MaterialKind::Poster, MaterialKind::Trailer];
    let files: Vec<SeenMaterial> = materials.into_iter().filter(|m| !elsewhere.contains(&m.kind)).collect();
    (!files.is_empty()).then(|| {
        let rows = files.into_iter().map(|m| {
            let (address, rel) = read_address(&m);
            view! {
                <li>
                    <a href=address rel=rel><Icon name="document"/>{m.kind.label()}</a>
                    <span class="muted">{m.document.described()}</span>
                </li>
            }
        });
        view! { <section class="pitch-part"><h2>"Documents"</h2><ul class="list pitch-files">{rows.collect_view()}</ul>{told}</section> }
    })
}

/// Who learns of it, said before a document is opened.
fn told_of_reading(materials: &[SeenMaterial], layer: Layer) -> Option<impl IntoView + use<>> {
    let read =
        |of: Visibility| materials.iter().any(|m| m.visibility == of && m.document.media_type == "application/pdf");
    let words = match layer {
        Layer::Owner => return None,
        Layer::Signer if read(Visibility::Nda) => "The owner sees when you read, which pages and for how long.",
        _ if read(Visibility::Members) || read(Visibility::Public) => {
            "The owner sees how many read these and for how long, not who."
        }
        _ => return None,
    };
    Some(view! { <p class="muted small">{words}</p> })
}

/// Where a document is read: in a page of ours if it is a PDF. A file is no page, which `rel` tells the router.
fn read_address(material: &SeenMaterial) -> (String, Option<&'static str>) {
    match material.document.media_type.as_str() {
        "application/pdf" => (format!("/read/{}", material.document.file), None),
        _ => (href(material.document.file, None), Some("external")),
    }
}

/// The clear line, and behind it what there is by kind; never what it says.
#[component]
fn Withheld(page: PitchPage) -> impl IntoView {
    let list = |kinds: Vec<String>| kinds.into_iter().map(|kind| view! { <li>{kind}</li> }).collect_view();
    let (members, nda) = (page.for_members, page.behind_nda);
    view! {
        {(!members.is_empty()).then(|| view! {
            <section class="pitch-withheld">
                <h2><Icon name="person"/>"For signed-in members"</h2>
                <p>"People with a verified email also see:"</p>
                <ul class="pitch-kinds">{list(members)}</ul>
            </section>
        })}
        {(!nda.is_empty()).then(|| view! {
            <section class="pitch-withheld">
                <h2><Icon name="lock"/>"Behind the NDA"</h2>
                <p>"Opens when the owner has approved your request and you have signed:"</p>
                <ul class="pitch-kinds">{list(nda)}</ul>
            </section>
        })}
    }
}
