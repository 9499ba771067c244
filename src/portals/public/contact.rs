//! How to reach staff.

use leptos::prelude::*;

use super::text_page::TextPage;

/// `/contact`.
#[component]
pub fn ContactPage() -> impl IntoView {
    view! {
        <TextPage title="Contact" summary="How to reach the people who run this site, and what to write to whom.">
            <p>
                "Staff are reached by mail, at the address that the mails of this site come from; the one that verified your email, \
                 for example. Where that sender takes no answers, its domain leads to whoever runs this site."
            </p>
            <h2>"What to write to staff about"</h2>
            <ul>
                <li><strong>"Verification as a buyer. "</strong>"Your company's number, credits, website or documents that show who you are."</li>
                <li><strong>"Your data. "</strong>"A copy of what is stored about you, a correction, or the end of your account."</li>
                <li><strong>"Something that is not right. "</strong>"A project that is not its publisher's to show, a person who is not who they say, a message you should not have got. Name the page's address."</li>
                <li><strong>"A weakness you found. "</strong>"Tell us before you tell others, with the steps that show it."</li>
            </ul>
            <h2>"What to write to each other about"</h2>
            <p>
                "Questions about a project go to its owner: once its NDA is signed, a conversation between the two of you is open under \
                 Messages. Staff do not read it and cannot answer for the owner."
            </p>
        </TextPage>
    }
}
