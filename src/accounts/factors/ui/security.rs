//! One's factors, to look at and to change.

use leptos::prelude::*;

use super::{PasskeyButton, browser};
use crate::{
    accounts::{
        factors::{
            api::{
                AskNewPasskey, BeginApp, CancelApp, CodesKept, ConfirmApp, KeepMine, MakeCodes, RemoveApp,
                RemovePasskey,
            },
            model::{Factors, Passkey, Qr, Setup, Used},
        },
        ui::viewer,
    },
    kit::{
        badge::{Badge, BadgeTone},
        field::{PasswordAgain, Submit, TextField, Tone},
        form::{Form, form_state, path},
        when::{Ago, Date},
    },
};

/// Everything about one's factors.
#[component]
pub fn FactorsOnPage(factors: Factors) -> impl IntoView {
    let on = factors.on();
    let owed = factors.required && !on;
    let can_confirm = !fresh() && !factors.passkeys.is_empty();
    view! {
        {owed.then(|| view! { <p class="notice notice-warn">"Staff need a second factor. Set one up to go on."</p> })}
        {factors.dropped_at.map(|at| view! {
            <div class="notice notice-warn">
                <p>"Somebody who has your password says that all your factors are lost. On "<Date at/>" we remove them. If it is not you, stop it and change your password."</p>
                <Form to={path::<KeepMine>()}><Submit label="Keep my second factors"/></Form>
            </div>
        })}
        {(!factors.new_codes.is_empty()).then(|| view! { <NewCodes codes=factors.new_codes.clone()/> })}
        {can_confirm.then(|| view! {
            <div class="security-confirm">
                <p class="muted">"Changes here ask who you are: by your password in each form, or once for all of them."</p>
                <PasskeyButton label="Confirm with a passkey" next="/settings/security"/>
            </div>
        })}
        <AppPart app=factors.app setup=factors.setup/>
        <PasskeysPart passkeys=factors.passkeys possible=factors.passkeys_possible/>
        {on.then(|| view! { <CodesPart left=factors.recovery_codes_left/> })}
    }
}

fn fresh() -> bool {
    viewer().is_some_and(|viewer| viewer.fresh)
}

/// "Added 3 November 2026, used 2 hours ago".
#[component]
fn Uses(used: Used) -> impl IntoView {
    let last = match used.last {
        Some(at) => view! { ", used "<Ago at/> }.into_any(),
        None => view! { ", not used yet" }.into_any(),
    };
    view! { <span class="muted">"Added "<Date at=used.since/>{last}</span> }
}

/// Recovery codes, this once.
#[component]
fn NewCodes(codes: Vec<String>) -> impl IntoView {
    let file: String = codes.iter().map(|code| format!("{code}%0D%0A")).collect();
    let file = format!("data:text/plain;charset=utf-8,Pitchey recovery codes%0D%0AEach works once.%0D%0A%0D%0A{file}");
    view! {
        <section class="new-codes" aria-labelledby="new-codes">
            <h2 id="new-codes">"Your recovery codes"</h2>
            <p>"Keep them where you keep important papers. Each one signs you in once when your phone or key is not at hand. They are shown now and never again."</p>
            <ol>{codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}</ol>
            <div class="row">
                <a class="button button-quiet" href=file download="pitchey-recovery-codes.txt" rel="external">"Download"</a>
                <PrintButton/>
                <Form to={path::<CodesKept>()}><Submit label="I have kept them"/></Form>
            </div>
        </section>
    }
}

/// Prints the page; shown where there is a script to do it.
#[component]
fn PrintButton() -> impl IntoView {
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    view! {
        <button type="button" class="button button-quiet" hidden=move || !alive.get() on:click=|_| drop(window().print())>"Print"</button>
    }
}

#[component]
fn AppPart(app: Option<Used>, setup: Option<Setup>) -> impl IntoView {
    let there = app.is_some();
    let (label, tone) = if there { ("On", BadgeTone::Good) } else { ("Off", BadgeTone::Muted) };
    let begin = if there { "Set up another phone" } else { "Set up authenticator app" };
    view! {
        <section class="security-part" aria-labelledby="app">
            <header class="row row-between"><h2 id="app">"Authenticator app"</h2><Badge text=label tone/></header>
            <p>"An app on your phone shows six digits that change every half minute. Signing in asks for them after the password."</p>
            {app.map(|used| view! { <p><Uses used/></p> })}
            {match setup {
                Some(setup) => view! { <SetUp setup/> }.into_any(),
                None => view! {
                    <div class="security-acts">
                        <Act to={path::<BeginApp>()} label=begin open=!there tone=if there { Tone::Quiet } else { Tone::Main }/>
                        {there.then(|| view! { <Act to={path::<RemoveApp>()} label="Remove authenticator app" tone=Tone::Danger/> })}
                    </div>
                }.into_any(),
            }}
        </section>
    }
}

/// A button that asks who it is first; behind a summary unless it is what one comes for.
#[component]
fn Act(
    to: &'static str,
    #[prop(into)] label: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional)] open: bool,
    #[prop(optional, into)] of: Option<(&'static str, String)>,
) -> impl IntoView {
    let button = label.clone();
    let inside = move || view! { <PasswordAgain fresh=fresh()/><Submit label=button tone/> };
    let form = match of {
        Some(of) => view! { <Form to of>{inside()}</Form> }.into_any(),
        None => view! { <Form to>{inside()}</Form> }.into_any(),
    };
    if open {
        return form;
    }
    view! { <details class="stack"><summary>{label}</summary>{form}</details> }.into_any()
}

/// The secret to scan or type, and the field for the first code.
#[component]
fn SetUp(setup: Setup) -> impl IntoView {
    view! {
        <div class="security-setup">
            <Picture qr=setup.qr/>
            <div class="stack">
                <p>"Scan the picture with your app, or type this key into it:"</p>
                <p><code class="security-secret">{setup.secret}</code></p>
                <Form to={path::<ConfirmApp>()}>
                    <TextField label="Code" name="code" inputmode="numeric" autocomplete="one-time-code" required=true
                        hint="The six digits that the app shows now."/>
                    <PasswordAgain fresh=fresh()/>
                    <Submit label="Turn on"/>
                </Form>
                <Form to={path::<CancelApp>()}><Submit label="Cancel" tone=Tone::Quiet/></Form>
            </div>
        </div>
    }
}

/// A QR code, dark on light in both themes: phones read no other.
#[component]
fn Picture(qr: Qr) -> impl IntoView {
    const MARGIN: u32 = 4;
    let side = qr.size + 2 * MARGIN;
    view! {
        <svg class="qr" viewBox=format!("-{MARGIN} -{MARGIN} {side} {side}") role="img" aria-label="QR code of the key beside" shape-rendering="crispEdges">
            <rect x=format!("-{MARGIN}") y=format!("-{MARGIN}") width=side height=side fill="#fff"/>
            <path d=qr.path fill="#000"/>
        </svg>
    }
}

#[component]
fn PasskeysPart(passkeys: Vec<Passkey>, possible: bool) -> impl IntoView {
    let none = passkeys.is_empty();
    let (label, tone) = if none { ("Off", BadgeTone::Muted) } else { ("On", BadgeTone::Good) };
    view! {
        <section class="security-part" aria-labelledby="passkeys">
            <header class="row row-between"><h2 id="passkeys">"Passkeys"</h2><Badge text=label tone/></header>
            <p>"Your device, or a key you plug in, proves that it is you, by your finger, face or PIN. A passkey signs in without the password, and nobody can be tricked into giving it away."</p>
            <ul class="security-list">{passkeys.into_iter().map(|passkey| view! { <OnePasskey passkey/> }).collect_view()}</ul>
            {if possible {
                view! { <AddPasskey/> }.into_any()
            } else {
                view! { <p class="notice">"This site is opened by its number; passkeys belong to a name."</p> }.into_any()
            }}
        </section>
    }
}

#[component]
fn OnePasskey(passkey: Passkey) -> impl IntoView {
    view! {
        <li>
            <div><strong>{passkey.name}</strong><Uses used=passkey.used/></div>
            <Act to={path::<RemovePasskey>()} of=("passkey_id", passkey.id.to_string()) label="Remove" tone=Tone::Danger/>
        </li>
    }
}

/// A name first; then the browser is asked.
#[component]
fn AddPasskey() -> impl IntoView {
    let knows = browser::knows_passkeys();
    let refusal = RwSignal::new(None);
    let on_done = Callback::new(move |answer: String| {
        refusal.set(None);
        browser::make(answer, refusal);
    });
    view! {
        <p class="muted" hidden=move || knows.get()>"Your browser offers no passkeys here; they need JavaScript."</p>
        <div hidden=move || !knows.get()>
            <Form to={path::<AskNewPasskey>()} on_done>
                <TextField label="Name of the passkey" name="name" autocomplete="off" required=true hint="So that you know it again: my laptop, the blue key."/>
                <PasswordAgain fresh=fresh()/>
                <MadeRefused refusal/>
                <Submit label="Add a passkey" tone=Tone::Quiet/>
            </Form>
        </div>
    }
}

/// Why no passkey was made, said where the form says its own.
#[component]
fn MadeRefused(refusal: RwSignal<Option<crate::shared::error::AppError>>) -> impl IntoView {
    let state = form_state();
    Effect::new(move |_| {
        if let Some(error) = refusal.get() {
            state.refusal.set(Some(error));
        }
    });
}

#[component]
fn CodesPart(left: i64) -> impl IntoView {
    let (words, tone) = match left {
        0 => ("None left".to_string(), BadgeTone::Bad),
        1..=3 => (format!("{left} left"), BadgeTone::Warn),
        _ => (format!("{left} left"), BadgeTone::Good),
    };
    view! {
        <section class="security-part" aria-labelledby="codes">
            <header class="row row-between"><h2 id="codes">"Recovery codes"</h2><Badge text=words tone/></header>
            <p>"For when your phone or key is not at hand. Each signs you in once; making new ones ends the old."</p>
            <div class="security-acts"><Act to={path::<MakeCodes>()} label="Make new codes" tone=Tone::Quiet/></div>
        </section>
    }
}
