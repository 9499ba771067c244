//! A person as others see them, and the form that says so.

use leptos::prelude::*;

use crate::{
    accounts::{
        api::{RemoveAvatar, SaveProfile, UploadAvatar},
        model::{Kind, Profile, PublicProfile},
    },
    kit::{
        field::{FileField, Submit, TextArea, TextField, Tone},
        form::{Form, path},
        when::Date,
    },
    media::model::Accept,
    shared::ids::FileId,
};

/// A face, or the first letter of a name.
#[component]
pub fn Avatar(#[prop(into)] name: String, avatar: Option<FileId>) -> impl IntoView {
    match avatar {
        Some(file) => {
            view! { <img class="avatar" src=format!("/files/{file}?w=160") alt="" width="80" height="80"/> }.into_any()
        }
        None => {
            let initial: String = name.chars().next().into_iter().collect();
            view! { <span class="avatar avatar-letter" aria-hidden="true">{initial}</span> }.into_any()
        }
    }
}

/// The head of a person's public page.
#[component]
pub fn Person(person: PublicProfile) -> impl IntoView {
    let kind = match person.kind {
        Kind::Creator => "Creator",
        Kind::Investor => "Investor",
        Kind::Production => "Production",
        Kind::Admin => "Staff",
    };
    let facts = [person.organisation, (!person.location.is_empty()).then_some(person.location)];
    let facts: Vec<String> = std::iter::once(kind.to_string()).chain(facts.into_iter().flatten()).collect();
    let verified = person.verified_method.zip(person.verified_at);
    view! {
        <header class="person">
            <Avatar name=person.name.clone() avatar=person.avatar/>
            <div>
                <h1>{person.name}</h1>
                <p class="muted">{facts.join(" · ")}</p>
                {(!person.headline.is_empty()).then(|| view! { <p class="person-headline">{person.headline}</p> })}
                {verified.map(|(method, at)| view! {
                    <p><span class="badge badge-good">"Verified"</span>" "{method}", "<Date at/></p>
                })}
                {(!person.website.is_empty()).then(|| view! {
                    <p><a href=person.website.clone() rel="nofollow noopener ugc">{person.website.clone()}</a></p>
                })}
            </div>
        </header>
        {(!person.bio.is_empty()).then(|| view! { <p class="prose person-bio">{person.bio}</p> })}
    }
}

/// Changes one's picture.
#[component]
pub fn AvatarForm(#[prop(into)] name: String, avatar: Option<FileId>) -> impl IntoView {
    view! {
        <div class="avatar-forms">
            <Avatar name avatar/>
            <Form to={path::<UploadAvatar>()} files=true reload=true>
                <FileField label="Picture" name="avatar" accept=Accept::Image.input() hint=Accept::Image.hint()/>
                <Submit label="Upload picture" tone=Tone::Quiet/>
            </Form>
            {avatar.map(|_| view! {
                <Form to={path::<RemoveAvatar>()} reload=true><Submit label="Remove picture" tone=Tone::Quiet/></Form>
            })}
        </div>
    }
}

/// Edits one's profile.
#[component]
pub fn ProfileForm(profile: Profile) -> impl IntoView {
    view! {
        <Form to={path::<SaveProfile>()} reload=true>
            <TextField label="Full name" name="full_name" value=profile.name autocomplete="name" required=true/>
            <TextField label="Handle" name="handle" value=profile.handle required=true
                hint="The end of your page's address: /people/your-handle"/>
            <TextField label="Headline" name="headline" value=profile.headline hint="One line: what you make or look for."/>
            <TextArea label="About you" name="bio" value=profile.bio rows=6 hint="Credits, what you care about. Everyone can read it."/>
            <TextField label="Website" name="website" value=profile.website kind="url"/>
            <TextField label="Location" name="location" value=profile.location/>
            <Submit label="Save profile"/>
        </Form>
    }
}
