//! What is recorded of people, why, and for how long.

use leptos::prelude::*;

use super::text_page::TextPage;

/// `/privacy`.
#[component]
pub fn PrivacyPage() -> impl IntoView {
    view! {
        <TextPage
            title="Privacy"
            summary="What is stored about you, why, who sees it, and how long it stays. There is no tracking by others and nothing is sold."
        >
            <WhatIsStored/>
            <WhoSeesWhat/>
            <HowLong/>
            <h2>"Cookies"</h2>
            <p>
                "One keeps you signed in, and carries the message of a form that was refused to the page that shows it; no script \
                 can read it. One tells the browsers you have signed in with from new ones, so that we can mail you of those; it lasts 400 days. \
                 One remembers light or dark, if you chose. Who reads by a shared link has one for that link, for a day at most. \
                 There are no others, so there is no banner."
            </p>
            <h2>"Your rights"</h2>
            <p>
                "You may have a copy of what is stored about you, have it corrected, and have your account ended. Write to staff: see "
                <a href="/contact">"Contact"</a>
                ". Signed documents are kept as evidence for the other side even then, with your profile reduced to what they say."
            </p>
        </TextPage>
    }
}

#[component]
fn WhatIsStored() -> impl IntoView {
    view! {
        <h2>"What is stored"</h2>
        <ul>
            <li><strong>"Your account: "</strong>"name, email, the kind of account, your company, your password as a hash that cannot be turned back, the key of your authenticator app (sealed), your passkeys' public halves, the version of the terms you agreed to, and the profile you write."</li>
            <li><strong>"Your work: "</strong>"pitches with their published versions, and the files you upload, each with its SHA-256 and the time."</li>
            <li><strong>"Your signatures: "</strong>"the document and its SHA-256, that you opened it and reached its end, the consent you gave, the name you typed, your verified email, your company, the time in UTC, your network address and browser."</li>
            <li><strong>"What you read behind an NDA: "</strong>"that a document was opened or taken along, by whom and when, and how long each page was in front of you, kept for 13 months. Of what needs no NDA its owner sees how many read it, not who. You are told before you open it."</li>
            <li><strong>"What you read by a shared link: "</strong>"your email address, that you proved it by a code and agreed to keep what you read confidential, with time, network address and browser, and the same as above. No account is needed. Who shared it sees your address and what you read."</li>
            <li><strong>"Messages and notifications: "</strong>"what was written, and whether it was read."</li>
            <li><strong>"Your sessions: "</strong>"when you signed in, from which network address and browser, so that a stolen session can be found and ended."</li>
        </ul>
    }
}

#[component]
fn WhoSeesWhat() -> impl IntoView {
    view! {
        <h2>"Who sees it"</h2>
        <ul>
            <li>"Your public profile is what you put there. Your email is on it only if you write it there."</li>
            <li>"A project is seen by those for whom its owner set each field: everyone, members, or those with an NDA in force."</li>
            <li>"When you ask for an NDA, its owner sees who you are and why you ask. When you sign, the other side sees your name, email and network address with the signature."</li>
            <li>"Messages are seen by those in the conversation."</li>
            <li>"Logs hold no text of pitches, no passwords and no links that open anything."</li>
        </ul>
    }
}

#[component]
fn HowLong() -> impl IntoView {
    view! {
        <h2>"How long it stays"</h2>
        <div class="text-table">
            <table class="table">
                <thead><tr><th scope="col">"What"</th><th scope="col">"How long"</th></tr></thead>
                <tbody>
                    <tr><th scope="row">"Signed documents and their record"</th><td>"10 years after the NDA's term"</td></tr>
                    <tr><th scope="row">"Sessions and network addresses"</th><td>"90 days"</td></tr>
                    <tr><th scope="row">"Records of single views"</th><td>"13 months"</td></tr>
                    <tr><th scope="row">"Logs of mails"</th><td>"90 days"</td></tr>
                    <tr><th scope="row">"An account that was ended"</th><td>"30 days, in case you change your mind"</td></tr>
                    <tr><th scope="row">"Everything else"</th><td>"While your account lives"</td></tr>
                </tbody>
            </table>
        </div>
    }
}
