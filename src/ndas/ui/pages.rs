//! The pages of an agreement that is an uploaded PDF: pictures, with what they say beside them.

use leptos::prelude::*;

use crate::{media::model::href, ndas::model::Pages};

/// All pages, one below the other. What they say is there for who listens, and for all in place of the pictures once the box
/// is ticked; that takes no script.
#[component]
pub fn AgreementPages(pages: Pages) -> impl IntoView {
    let (file, count) = (pages.file, pages.words.len());
    let each = pages.words.into_iter().zip(1..).map(|(words, page)| {
        let parts = words.split("\n\n").map(|part| view! { <p>{part.to_string()}</p> }).collect_view();
        let at = |width: u32| format!("{}/page/{page}?w={width}", href(file, None));
        view! {
            <li>
                // As tall as paper until it is there, so that the end is not in view before.
                <img src=at(1600) srcset=format!("{} 800w, {} 1600w", at(800), at(1600)) sizes="(max-width: 48rem) 100vw, 46rem"
                    width="800" height="1131" loading="lazy" decoding="async" alt=""/>
                <div class="nda-page-words">
                    <h2>{format!("Page {page} of {count}")}</h2>
                    {parts}
                </div>
            </li>
        }
    });
    view! {
        <div class="nda-pages">
            <p class="nda-pages-bar small">
                <label><input type="checkbox" class="nda-as-words"/>" Show the words instead of the pages"</label>
                <a href=href(file, None) rel="external">"Open the PDF"</a>
            </p>
            <ol>{each.collect_view()}</ol>
        </div>
    }
}
