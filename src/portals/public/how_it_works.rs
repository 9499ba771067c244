//! How a project gets from a page to a conversation.

use leptos::prelude::*;

use super::text_page::TextPage;

/// `/how-it-works`.
#[component]
pub fn HowItWorksPage() -> impl IntoView {
    view! {
        <TextPage
            title="How it works"
            summary="Half of a project is for everyone, the valuable half is for those who signed. This is the whole way from one to the other."
        >
            <h2>"If you have a project"</h2>
            <ol>
                <li>
                    <strong>"Write it. "</strong>
                    "A pitch is one long document that saves itself: title, logline, synopsis, world, characters, team, financing, \
                     and the files that belong to it. Seven fields are enough to publish; the rest is yours to fill."
                </li>
                <li>
                    <strong>"Decide who sees what. "</strong>
                    "Every field and file is public, for members with a verified email, or behind the NDA. Title, logline, genre and \
                     format are always public. Financing never leaves the NDA."
                </li>
                <li>
                    <strong>"Publish. "</strong>
                    "Your project appears under Browse. You can go on working on it: others see the last version you published, until \
                     you publish again."
                </li>
                <li>
                    <strong>"Answer requests. "</strong>
                    "You see who asks, from which company, and why. You approve by typing your legal name, which is your signature, and \
                     you set how long access lasts; or you decline and say why. You can use a text of your own, answer several at \
                     once, or sign in advance for every verified buyer who asks."
                </li>
            </ol>
            <h2>"If you finance or produce"</h2>
            <ol>
                <li>
                    <strong>"Look around. "</strong>
                    "Browse by genre, format, budget and stage. What is behind an NDA is listed by kind, never by content."
                </li>
                <li>
                    <strong>"Get verified. "</strong>
                    "Before you can ask for an NDA, staff check that you are who you say: a company number, credits, a website. How and \
                     when you were verified is shown with your name."
                </li>
                <li>
                    <strong>"Ask for the NDA. "</strong>
                    "Say what you want to read it for. The owner answers; an approval waits for your signature for 14 days."
                </li>
                <li>
                    <strong>"Sign and read. "</strong>
                    "You read the whole text, agree to sign electronically, type your legal name and press Sign NDA. The project opens \
                     for you, and for nobody else, and a conversation with its owner opens with it."
                </li>
            </ol>
            <h2>"What a signature here is"</h2>
            <p>
                "A simple electronic signature. With it we record the exact document and its SHA-256, when you opened it and reached its \
                 end, the consent you gave, the name you typed, your verified email, whom you act for, the time in UTC, your address on \
                 the network and your browser. Both sides keep the document."
            </p>
            <p>
                "The standard NDA is a sensible text, but not legal advice; nor is a text of the owner's own, which says whose it is. \
                 Where much depends on it, ask a lawyer first."
            </p>
            <h2>"When access ends"</h2>
            <p>
                "An NDA runs for the term that the owner chose, from 30 days to three years, or until the owner revokes it. Either ends \
                 access to the project. Neither ends the duty to keep what was read confidential: that has its own duration, which the \
                 text states."
            </p>
            <h2>"What Pitchey does not do"</h2>
            <p>
                "It moves no money, holds none, takes no fee on a deal and recommends no investment. What people agree on, they agree \
                 on with each other."
            </p>
        </TextPage>
    }
}
