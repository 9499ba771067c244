//! The terms that a registration agrees to. A change of meaning is a new `TERMS_VERSION`.

use leptos::prelude::*;

use super::text_page::TextPage;
use crate::accounts::rules::TERMS_VERSION;

/// `/terms`.
#[component]
pub fn TermsPage() -> impl IntoView {
    view! {
        <TextPage title="Terms" summary="What you agree to when you create an account, in plain words.">
            <p class="muted">"Version of "<time datetime=TERMS_VERSION>{TERMS_VERSION}</time></p>
            <YourAccount/>
            <YourWork/>
            <TheNda/>
            <TheSite/>
        </TextPage>
    }
}

#[component]
fn YourAccount() -> impl IntoView {
    view! {
        <h2>"1. Your account"</h2>
        <ul>
            <li>"You are 18 or older, and an account stands for one person. Colleagues sign up for themselves."</li>
            <li>"What you say about yourself and your company is true. If you act for a company, you may do so."</li>
            <li>"You keep your password to yourself. What is done with your account counts as done by you until you tell us that it is in other hands."</li>
            <li>"You can draft before your email is verified. Publishing, signing and sending need a verified email."</li>
        </ul>
    }
}

#[component]
fn YourWork() -> impl IntoView {
    view! {
        <h2>"2. Your work stays yours"</h2>
        <ul>
            <li>"You keep all rights in what you write and upload. You allow us to store it and to show it to exactly those for whom you set it: everyone, members, or those with an NDA in force."</li>
            <li>"You publish only what is yours to show, and name as attached only people who are."</li>
            <li>"You can unpublish, archive or delete a project at any time. Who signed its NDA reads an unpublished or archived project until that NDA ends."</li>
            <li>"What an owner states about financing, budgets and attachments is supplied by the owner. We do not check it."</li>
        </ul>
    }
}

#[component]
fn TheNda() -> impl IntoView {
    view! {
        <h2>"3. The NDA"</h2>
        <ul>
            <li>"An NDA is an agreement between the owner of a project and the person who signs to read it. We provide the text and the record; we are not a party to it."</li>
            <li>"Approving a request is the owner's signature, typing the legal name and pressing Sign NDA is the reader's. Both are simple electronic signatures. You agree to sign electronically each time, and may ask the other side for paper instead."</li>
            <li>"Who signs as part of a company also signs for it, and states that they may."</li>
            <li>"Expiry and revocation end access. They do not end the duty of confidence, whose duration the NDA states."</li>
            <li>"With a signature we record the document and its SHA-256, its opening and reading, your consent, typed name, verified email, company, the time, your network address and browser. The other side sees your name, email and address on the network."</li>
            <li>"Our texts are not legal advice."</li>
        </ul>
    }
}

#[component]
fn TheSite() -> impl IntoView {
    view! {
        <h2>"4. What happens between people"</h2>
        <ul>
            <li>"Nothing said or written here obliges anyone to finance, buy or make a project. Whatever binds you is what you sign with each other."</li>
            <li>"We move no money and hold none, take no fee on a deal, and recommend no investment. A project shown here is not an offer of securities."</li>
            <li>"Write to people as you would in a room with them. No copying of projects in bulk, no attempts at what is not meant for you."</li>
        </ul>
        <h2>"5. The site"</h2>
        <ul>
            <li>"We may take down what breaks these terms or the law, and close an account that goes on doing so. Signed documents stay available to both sides."</li>
            <li>"We keep the site running with care, but cannot promise that it never fails. Keep your own copy of your work."</li>
            <li>"When these terms change in substance, their version changes. The version you agreed to is recorded with your account."</li>
            <li>"The law of your country may give you rights that no terms can take away. It stands above this page."</li>
        </ul>
    }
}
