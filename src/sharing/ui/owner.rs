//! An owner's links to a pitch: whom they are for, where they stand, who read by them, and how each is ended.

use leptos::{either::Either, prelude::*};

use super::{copy::Copy, make::NewLink};
use crate::{
    kit::{
        badge::{Badge, BadgeTone},
        field::{Submit, Tone},
        form::{Form, path, was_refused},
        pager::Pager,
        when::{Ago, Date},
    },
    reading::rules::duration,
    shared::ids::{PitchId, ShareId},
    sharing::{
        api::{MakeShare, RevokeShare, SendShareAgain},
        model::{LinkReader, Share, ShareState, Shares},
    },
};

/// The links of a pitch, newest first, and the form of a new one.
#[component]
pub fn LinksOfPitch(
    pitch: PitchId,
    shares: Shares,
    /// The link that was made just now.
    #[prop(into)]
    made: Signal<Option<ShareId>>,
) -> impl IntoView {
    let next = shares.page.next.clone().map(|after| format!("?shares={after}#shares"));
    let none = shares.page.is_empty();
    let sent_to: Vec<(ShareId, String)> =
        shares.page.items.iter().map(|share| (share.id, share.email.clone())).collect();
    let sent = move || {
        let (_, email) = sent_to.iter().find(|(id, _)| Some(*id) == made.get())?;
        Some(
            view! { <p class="notice notice-good" role="status">{format!("The link is made, and on its way to {email}.")}</p> },
        )
    };
    let rows =
        shares.page.items.into_iter().map(|share| view! { <OneLink share editor=shares.editor/> }).collect_view();
    let new = shares.editor.then(|| {
        view! {
            <details class="share-make" open=was_refused(&[path::<MakeShare>()], None)>
                <summary>"New share link"</summary>
                <NewLink pitch documents=shares.documents/>
            </details>
        }
    });
    view! {
        <section class="pitch-part" id="shares">
            <h2>"Share links"</h2>
            {sent}
            {new}
            {if none {
                Either::Left(view! { <p class="muted">"No link yet. With one, somebody without an account reads the documents that you choose."</p> })
            } else {
                Either::Right(view! { <ol class="shares">{rows}</ol><Pager href=next label="Earlier links"/> })
            }}
        </section>
    }
}

#[component]
fn OneLink(share: Share, editor: bool) -> impl IntoView {
    let live = share.state == ShareState::Live;
    let (text, tone) = match share.state {
        ShareState::Live => ("Live", BadgeTone::Good),
        ShareState::Expired => ("Expired", BadgeTone::Muted),
        ShareState::Revoked => ("Revoked", BadgeTone::Bad),
    };
    let documents =
        if share.documents.is_empty() { "Nothing any more".to_string() } else { share.documents.join(", ") };
    let (id, name) = (share.id, share.name.clone());
    view! {
        <li class="share">
            <p class="share-who">
                <strong>{share.name}</strong>" "<span class="muted">{share.email}</span>" "<Badge text tone/>
            </p>
            <p>
                {documents}
                <span class="muted">
                    " · made "<Date at=share.made_at/>
                    {(share.state != ShareState::Revoked).then(|| view! { {if live { " · until " } else { " · ended " }}<Date at=share.expires_at/> })}
                    {share.passcode.then_some(" · with a passcode")}
                </span>
            </p>
            {(!share.also.is_empty()).then(|| view! { <p class="muted">"Also lets in "{share.also.join(", ")}</p> })}
            {(!share.note.is_empty()).then(|| view! { <p class="muted share-note">{share.note.clone()}</p> })}
            <LinkReaders readers=share.readers/>
            {share.address.map(|address| view! { <Copy address/> })}
            {(live && editor).then(|| view! { <LinkActs id name/> })}
        </li>
    }
}

/// Who came in, the latest first.
#[component]
fn LinkReaders(readers: Vec<LinkReader>) -> impl IntoView {
    if readers.is_empty() {
        return Either::Left(view! { <p class="muted">"Nobody has come in yet."</p> });
    }
    let rows = readers.into_iter().map(|reader| {
        let pages = match reader.pages {
            0 => "nothing read yet".to_string(),
            1 => format!("1 page, {}", duration(reader.milliseconds)),
            pages => format!("{pages} pages, {}", duration(reader.milliseconds)),
        };
        view! { <li>{reader.email}<span class="muted">" · "{pages}" · last seen "<Ago at=reader.last_at/></span></li> }
    });
    Either::Right(view! { <ul class="share-readers">{rows.collect_view()}</ul> })
}

/// What can be done with a live link.
#[component]
fn LinkActs(id: ShareId, name: String) -> impl IntoView {
    view! {
        <div class="share-acts">
            <Form to={path::<SendShareAgain>()} of=("share_id", id.to_string())>
                <Submit label="Send the mail again" tone=Tone::Quiet/>
            </Form>
            <details class="share-revoke">
                <summary>"Revoke"</summary>
                <Form to={path::<RevokeShare>()} of=("share_id", id.to_string())>
                    <p>{format!("The link of {name} ends at once, also for who is reading. This cannot be undone; you can make a new one.")}</p>
                    <Submit label="Revoke the link" tone=Tone::Danger/>
                </Form>
            </details>
        </div>
    }
}
