//! The questions of a pitch, on its page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    kit::{
        badge::{Badge, BadgeTone},
        field::{Checkbox, Submit, TextArea, Tone},
        form::{Form, path},
        load::{Loaded, page_data},
        pager::Pager,
        when::Ago,
    },
    questions::{
        api::{AnswerQuestion, AskQuestion, WithdrawQuestion, questions_of},
        model::{Asker, Part, Question, Questions, Waiting},
    },
    shared::ids::{PitchId, QuestionId},
};

/// Questions and answers, for the owner and for those who have signed; nothing for others.
#[component]
pub fn PitchQuestions(
    pitch: PitchId,
    /// The pitch's address, to go on from.
    slug: String,
) -> impl IntoView {
    let query = use_query_map();
    let after = move || query.with(|q| q.get("questions").unwrap_or_default());
    let questions = page_data(move || (pitch, after()), |(pitch, after)| questions_of(pitch, after));
    let slug = StoredValue::new(slug);
    view! {
        <Loaded data=questions view=move |questions| {
            questions.map(|questions| view! { <Listed pitch slug=slug.get_value() questions/> })
        }/>
    }
}

/// Rows for a list of what waits for an owner: the projects with questions to answer.
pub fn waiting_rows(waiting: Vec<Waiting>) -> impl IntoView {
    let row = |one: Waiting| {
        let words = match one.count {
            1 => "One question waits for your answer".to_string(),
            n => format!("{n} questions wait for your answer"),
        };
        view! {
            <li>
                <div class="waiting-what">
                    <p>{words}" about “"{one.title}"”"</p>
                    <p class="waiting-since">"Asked "<Ago at=one.since/></p>
                </div>
                <a class="button button-main" href=format!("/pitch/{}#questions", one.slug)>"Answer"</a>
            </li>
        }
    };
    waiting.into_iter().map(row).collect_view()
}

#[component]
fn Listed(pitch: PitchId, slug: String, questions: Questions) -> impl IntoView {
    let part = questions.part;
    let more = questions.page.next.map(|after| format!("/pitch/{slug}?questions={after}#questions"));
    let nothing = questions.page.items.is_empty().then(|| view! { <p class="muted">{nothing_yet(part)}</p> });
    let items = questions.page.items.into_iter().map(|question| view! { <li><Asked question part/></li> });
    view! {
        <section class="questions page stack" id="questions" aria-labelledby="questions-title">
            <h2 id="questions-title">"Questions and answers"</h2>
            {(part == Part::Asks).then(|| view! { <AskForm pitch/> })}
            {waiting(part, questions.waiting)}
            {nothing}
            <ol class="questions-list">{items.collect_view()}</ol>
            <Pager href=more label="Earlier questions"/>
        </section>
    }
}

fn nothing_yet(part: Part) -> &'static str {
    match part {
        Part::Asks => "Nobody's question has been answered for all yet.",
        Part::Answers | Part::Reads => "Nobody has asked anything yet. Those who have signed can ask here.",
    }
}

fn waiting(part: Part, count: i64) -> impl IntoView {
    let words = match (part, count) {
        (_, 0) => return None,
        (Part::Asks, 1) => "One question of yours waits for its answer.".to_string(),
        (Part::Asks, n) => format!("{n} questions of yours wait for their answers."),
        (_, 1) => "One question waits for your answer.".to_string(),
        (_, n) => format!("{n} questions wait for your answer."),
    };
    Some(view! { <p>{words}</p> })
}

#[component]
fn AskForm(pitch: PitchId) -> impl IntoView {
    view! {
        <Form to={path::<AskQuestion>()} of=("pitch_id", pitch.to_string()) class="questions-ask">
            <TextArea label="Question" name="question" rows=2 required=true
                hint="The owner sees your name. They may show question and answer to everyone who has signed, without your name."/>
            <Submit label="Ask" tone=Tone::Quiet/>
        </Form>
    }
}

/// One question with its answer, or the form to answer it.
#[component]
fn Asked(question: Question, part: Part) -> impl IntoView {
    let id = question.id;
    let published = question.published;
    let answered = question.answer.is_some();
    let words = question.answer.as_ref().map(|answer| answer.body.clone()).unwrap_or_default();
    let answer = question.answer.map(|answer| {
        view! {
            <div class="questions-answer">
                <p class="questions-words">{answer.body}</p>
                <p class="muted small">"Answered "<Ago at=answer.at/></p>
            </div>
        }
    });
    let own = (question.mine && !answered).then(|| view! { <WithdrawForm id/> });
    view! {
        <article class="questions-item stack" id=format!("question-{id}")>
            <p class="muted small">{by(question.mine, question.asker)}" asked "<Ago at=question.asked_at/>" "<Seen published answered part/></p>
            <p class="questions-words questions-asked">{question.body}</p>
            {answer}
            {own}
            {(part == Part::Answers).then(|| view! { <AnswerForm id words published/> })}
        </article>
    }
}

fn by(mine: bool, asker: Option<Asker>) -> impl IntoView {
    match asker {
        Some(asker) => {
            let of = asker.organisation.map(|organisation| format!(", {organisation}"));
            view! { <a href=format!("/people/{}", asker.handle)>{asker.name}</a>{of} }.into_any()
        }
        None if mine => "You".into_any(),
        None => "Somebody who signed".into_any(),
    }
}

/// Who sees it.
#[component]
fn Seen(published: bool, answered: bool, part: Part) -> impl IntoView {
    let words = match (published, answered, part) {
        (true, ..) => "Seen by all who signed",
        (false, true, Part::Asks) => "Seen by you and the owner",
        (false, true, _) => "Seen by the asker only",
        (false, false, _) => return ().into_any(),
    };
    view! { <Badge text=words tone=BadgeTone::Muted/> }.into_any()
}

#[component]
fn WithdrawForm(id: QuestionId) -> impl IntoView {
    view! {
        <Form to={path::<WithdrawQuestion>()} of=("question_id", id.to_string()) class="form-inline">
            <Submit label="Take back" tone=Tone::Quiet/>
        </Form>
    }
}

#[component]
fn AnswerForm(
    id: QuestionId,
    /// The answer so far.
    words: String,
    published: bool,
) -> impl IntoView {
    let first = words.is_empty();
    let label = if first { "Answer" } else { "Change the answer" };
    view! {
        <details class="questions-reply" open=first>
            <summary>{label}</summary>
            <Form to={path::<AnswerQuestion>()} of=("question_id", id.to_string())>
                <TextArea label="Answer" name="answer" rows=3 required=true value=words/>
                {if published {
                    view! { <p class="muted small">"Everyone who has signed sees question and answer."</p> }.into_any()
                } else {
                    view! { <Checkbox label="Show question and answer to everyone who has signed, without the name" name="publish"/> }.into_any()
                }}
                <Submit label=label/>
            </Form>
        </details>
    }
}
