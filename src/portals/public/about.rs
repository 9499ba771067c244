//! What Pitchey is.

use leptos::prelude::*;

use super::text_page::TextPage;

/// `/about`.
#[component]
pub fn AboutPage() -> impl IntoView {
    view! {
        <TextPage
            title="About"
            summary="Pitchey is a place where film and series projects are found, and read under an NDA, before they are made."
        >
            <p>
                "Whoever shows a project too early loses it; whoever shows it to nobody never makes it. Between the two stands an \
                 agreement that is tedious to arrange by mail and easily forgotten. Pitchey puts it where the project is: anyone sees \
                 the public half, and the rest opens for the one person who signed."
            </p>
            <h2>"Who is here"</h2>
            <ul>
                <li><strong>"Creators"</strong>" write, direct and make films. They publish pitches and decide who reads what."</li>
                <li><strong>"Investors"</strong>" finance them, as a person or for a fund."</li>
                <li><strong>"Production companies"</strong>" look for projects to make, and publish their own."</li>
            </ul>
            <p>
                "Investors and production companies are verified by staff before they may ask for an NDA. What someone states about \
                 themselves is labelled as self-attested, and never as more."
            </p>
            <h2>"What we hold ourselves to"</h2>
            <ul>
                <li>"Nothing on these pages is invented. A number is counted, an empty list says that it is empty, demo data says that it is demo data."</li>
                <li>"A field that you may not see is not hidden on the page: it is not sent to you at all."</li>
                <li>"What was signed stays with both who signed it, exactly as they signed it."</li>
                <li>"No advertisement, no tracking by others, no success fee."</li>
            </ul>
        </TextPage>
    }
}
