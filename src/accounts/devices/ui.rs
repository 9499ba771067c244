//! One's sessions.

use leptos::prelude::*;

use super::{
    api::{EndOtherSessions, EndSession},
    model::SessionSeen,
};
use crate::kit::{
    badge::{Badge, BadgeTone},
    field::{Submit, Tone},
    form::{Form, path},
    when::{Ago, Date},
};

/// Where one is signed in, each with the way to end it.
#[component]
pub fn SessionsPart(sessions: Vec<SessionSeen>) -> impl IntoView {
    let others = sessions.iter().any(|session| !session.here);
    view! {
        <section class="security-part" aria-labelledby="sessions">
            <h2 id="sessions">"Where you are signed in"</h2>
            <p>"A session ends 24 hours after it was last used, and after 30 days in any case."</p>
            <ul class="security-list">{sessions.into_iter().map(|session| view! { <OneSession session/> }).collect_view()}</ul>
            {others.then(|| view! {
                <Form to={path::<EndOtherSessions>()}><Submit label="End all other sessions" tone=Tone::Quiet/></Form>
            })}
        </section>
    }
}

#[component]
fn OneSession(session: SessionSeen) -> impl IntoView {
    view! {
        <li>
            <div>
                <strong>{session.device}</strong>
                <span class="muted">
                    {session.address}", signed in "<Date at=session.started/>", used "<Ago at=session.seen/>
                </span>
            </div>
            {if session.here {
                view! { <Badge text="This one" tone=BadgeTone::Good/> }.into_any()
            } else {
                view! {
                    <Form to={path::<EndSession>()} of=("session_id", session.id)><Submit label="End session" tone=Tone::Quiet/></Form>
                }.into_any()
            }}
        </li>
    }
}
