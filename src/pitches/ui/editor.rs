//! Writing a pitch: one long document with its sections in a rail, the saved state at the top, and what is missing as a
//! list that jumps to the field. It is one plain form; in the browser it also saves by itself (`autosave`).

use leptos::prelude::*;

use super::{
    autosave::{Autosave, SavedState},
    rows::Rows,
};
use crate::{
    kit::{
        field::{Select, Submit, TextArea, TextField, Tone},
        form::{Form, form_state, path},
    },
    pitches::{
        api::{Publish, Save},
        content::{Character, Comparable, Episode, Field, PitchContent, PlanLine, TeamMember},
        form::{self, TEXTS, label_of},
        model::EditPage,
        words::{Budget, Currency, Format, Genre, Stage},
    },
    shared::error::FieldError,
};

const SECTIONS: [(&str, &str); 8] = [
    ("essentials", "Essentials"),
    ("story", "Story"),
    ("people", "Characters"),
    ("episodes", "Episodes"),
    ("team", "Team"),
    ("financing", "Financing"),
    ("contact", "Contact"),
    ("materials", "Materials"),
];

/// The form of a pitch.
#[component]
pub fn Editor(page: EditPage) -> impl IntoView {
    let id = page.id;
    let rail = SECTIONS
        .into_iter()
        .map(|(anchor, label)| view! { <li><a href=format!("#{anchor}") rel="external">{label}</a></li> });
    let slug = page.slug.clone();
    let autosave = Autosave::new(&page);
    let previews = [("guest", "guest"), ("member", "member"), ("signer", "signer")]
        .map(|(word, label)| view! { <li><a href=format!("/pitch/{slug}?as={word}")>{label}</a></li> });
    view! {
        <nav class="editor-rail" aria-label="Sections">
            <ul>{rail.collect_view()}</ul>
            <p class="muted small">"See it as"</p>
            <ul>{previews.collect_view()}</ul>
        </nav>
        <Form
            to={path::<Save>()} of=("pitch_id", id.to_string()) also={vec![path::<Publish>()]} class="editor-form"
            on_done=Callback::new(move |answer: String| autosave.answered(&answer))
        >
            <div class="editor-page" node_ref=autosave.page on:input=move |_| autosave.typed()>
                <Meet autosave/>
                <Top autosave/>
                <input type="hidden" name="revision" value=autosave.revision.get_untracked().to_string() prop:value=move || autosave.revision.get().to_string()/>
                <input type="hidden" name="base" value=autosave.base.get_untracked() prop:value=move || autosave.base.get()/>
                <input type="hidden" name="unanswered" prop:value=move || autosave.unanswered.get()/>
                <Clashing autosave/>
                // A new number is a new form: rows that were moved are shown where they are now.
                <For each=move || [autosave.generation.get()] key=|generation| *generation let:_generation>
                    <Body content=autosave.content.get_untracked()/>
                </For>
            </div>
        </Form>
    }
}

/// Makes autosave and form known to each other, before anything asks either.
#[component]
fn Meet(autosave: Autosave) -> impl IntoView {
    autosave.attach(form_state());
}

/// Saved state, and what is missing.
#[component]
fn Top(autosave: Autosave) -> impl IntoView {
    let state = form_state();
    let missing = move || {
        let item = |FieldError { field, message }: FieldError| {
            let to = format!("#{}", state.id(&field));
            view! { <li><a href=to rel="external">{label_of(&field)}</a>" "<span class="muted">{message}</span></li> }
        };
        autosave.missing.get().into_iter().map(item).collect_view()
    };
    view! {
        <div class="editor-top">
            <p class="editor-saved"><SavedState autosave/></p>
            <p class="row">
                <Submit label="Save draft" tone=Tone::Quiet/>
                <Submit label="Publish" to={path::<Publish>()}/>
            </p>
        </div>
        {move || (!autosave.missing.with(Vec::is_empty)).then(|| view! {
            <details class="editor-missing" open>
                <summary>"Missing before it can be published"</summary>
                <ul>{missing()}</ul>
            </details>
        })}
    }
}

/// What two people changed, side by side, and the two ways out.
#[component]
fn Clashing(autosave: Autosave) -> impl IntoView {
    move || {
        autosave.clashes.get().map(|clashes| {
            let rows = clashes.fields.into_iter().map(|clash| {
                view! {
                    <tr>
                        <th scope="row">{label_of(&clash.name)}</th>
                        <td class="pitch-prose">{shown(&clash.mine)}</td>
                        <td class="pitch-prose">{shown(&clash.theirs)}</td>
                    </tr>
                }
            });
            let mine = format!("mine:{}", clashes.seen);
            view! {
                <section class="notice notice-warn editor-clash" id="both-versions" role="alert">
                    <p>"Someone changed this, too, perhaps you in another window. Nothing is lost: choose which to keep. Whatever else you typed is saved with it."</p>
                    <table class="table">
                        <thead><tr><th scope="col">"Field"</th><th scope="col">"Yours"</th><th scope="col">"Theirs"</th></tr></thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                    <p class="row">
                        <button class="button button-main" type="submit" name="resolve" value=mine>"Keep mine"</button>
                        <button class="button" type="submit" name="resolve" value="theirs">"Take theirs"</button>
                    </p>
                </section>
            }
        })
    }
}

fn shown(value: &str) -> String {
    if value.is_empty() { "(empty)".into() } else { value.into() }
}

/// All fields, section by section.
#[component]
fn Body(content: PitchContent) -> impl IntoView {
    let word = |w: Option<&'static str>| w.unwrap_or_default();
    let mut more = content.more_genres.clone().into_iter().map(Genre::word);
    let (second, third) = (more.next().unwrap_or_default(), more.next().unwrap_or_default());
    let tags = content.tags.join(", ");
    let chosen = [
        word(content.genre.map(Genre::word)),
        second,
        third,
        word(content.format.map(Format::word)),
        word(content.stage.map(Stage::word)),
        word(content.budget.map(Budget::word)),
        word(content.currency.map(Currency::word)),
    ];
    let [genre, second, third, format, stage, budget, currency] = chosen;
    let c = StoredValue::new(content);
    view! {
        <Section anchor="essentials" title="Essentials" note="Title, logline, genre and format are always public.">
            <One c name="title"/>
            <One c name="logline" hint="The whole story in up to 60 words."/>
            <div class="editor-pair">
                <Select label="Genre" name="genre" options=Genre::options() value=genre none="Choose one"/>
                <Select label="Second genre" name="genre_2" options=Genre::options() value=second none="None"/>
                <Select label="Third genre" name="genre_3" options=Genre::options() value=third none="None"/>
                <Select label="Format" name="format" options=Format::options() value=format none="Choose one"/>
            </div>
            <Sees c field=Field::Stage>
                <Select label="Stage" name="stage" options=Stage::options() value=stage none="Choose one"/>
            </Sees>
            <Sees c field=Field::Budget>
                <Select label="Budget" name="budget" options=Budget::options() value=budget none="Choose one"/>
                <Select label="Currency" name="currency" options=Currency::options() value=currency none="Not said"/>
            </Sees>
            <Sees c field=Field::ShortSynopsis><One c name="short_synopsis" hint="50 to 1 000 characters."/></Sees>
            <Sees c field=Field::Owner><p class="editor-note">"Your name, or your company's, as the one who pitches."</p></Sees>
        </Section>
        <Section anchor="story" title="Story" note="">
            <Sees c field=Field::LongSynopsis><One c name="long_synopsis" rows=12 hint="The whole story or treatment, with its end."/></Sees>
            <Sees c field=Field::WhyNow><One c name="why_now"/></Sees>
            <Sees c field=Field::Tone><One c name="tone"/></Sees>
            <Sees c field=Field::Themes><One c name="themes"/></Sees>
            <Sees c field=Field::World><One c name="world" rows=6/></Sees>
            <Sees c field=Field::Audience><One c name="audience"/></Sees>
            <Sees c field=Field::Comparables><h3>"Comparable titles"</h3><Rows of={of::<Comparable>()} c one="Comparable"/></Sees>
            <Sees c field=Field::Tags><TextField label="Tags" name="tags" value=tags hint="Up to 12, with commas between them."/></Sees>
            <Sees c field=Field::Language><One c name="language"/></Sees>
            <Sees c field=Field::Country><One c name="country"/></Sees>
        </Section>
        <Section anchor="people" title="Characters" note="Up to 20.">
            <Sees c field=Field::Characters><Rows of={of::<Character>()} c one="Character"/></Sees>
        </Section>
        <Section anchor="episodes" title="Episodes" note="For a series.">
            <Sees c field=Field::Episodes><Rows of={of::<Episode>()} c one="Episode"/></Sees>
        </Section>
        <Section anchor="team" title="Team" note="Who is part of it, and how sure that is.">
            <Sees c field=Field::Team><Rows of={of::<TeamMember>()} c one="Team member"/></Sees>
        </Section>
        <Section anchor="financing" title="Financing" note="Always behind the NDA, and said to be supplied by you.">
            <div class="editor-pair"><One c name="financing_budget"/><One c name="raised"/><One c name="seeking"/></div>
            <h3>"Finance plan"</h3>
            <Rows of={of::<PlanLine>()} c one="Line"/>
            <One c name="distribution_plan"/>
            <One c name="marketing"/>
            <One c name="revenue_model"/>
        </Section>
        <Section anchor="contact" title="Contact" note="">
            <Sees c field=Field::Contact>
                <div class="editor-pair"><One c name="contact_name"/><One c name="contact_email"/><One c name="contact_phone"/><One c name="contact_website"/></div>
            </Sees>
        </Section>
    }
}

/// Says of which sort rows are.
fn of<R>() -> std::marker::PhantomData<R> {
    std::marker::PhantomData
}

#[component]
fn Section(anchor: &'static str, title: &'static str, note: &'static str, children: Children) -> impl IntoView {
    let title_id = format!("{anchor}-title");
    let labelled_by = title_id.clone();
    view! {
        <section class="editor-section" id=anchor aria-labelledby=labelled_by>
            <h2 id=title_id>{title}</h2>
            {(!note.is_empty()).then(|| view! { <p class="muted">{note}</p> })}
            {children()}
        </section>
    }
}

/// One field of text, by its name in the form.
#[component]
fn One(
    c: StoredValue<PitchContent>,
    name: &'static str,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let label = label_of(name);
    let value = c.with_value(|c| form::text(c, name));
    match TEXTS.iter().find(|t| t.name == name).is_some_and(|t| t.long || t.name == "logline") {
        true => view! { <TextArea label name value rows hint/> }.into_any(),
        false => view! { <TextField label name value hint/> }.into_any(),
    }
}

/// Fields with the switch that says who sees them.
#[component]
fn Sees(c: StoredValue<PitchContent>, field: Field, children: Children) -> impl IntoView {
    let state = form_state();
    let name = format!("visibility_{field}");
    let id = state.id(&name);
    let now = state.initial(&name, c.with_value(|c| c.visibility_of(field)).word().to_string());
    let options = field.choices().iter().map(|v| {
        let selected = v.word() == now;
        view! { <option value=v.word() selected=selected>{v.label()}</option> }
    });
    let complaint = state.complaint(&name);
    view! {
        <div class="editor-field">
            <div class="editor-inputs">{children()}</div>
            <p class="editor-sees">
                <label class="small muted" for=id.clone()>"Seen by"</label>
                <select class="input" id=id name=name title=format!("Who sees: {}", field.label())>{options.collect_view()}</select>
                <span class="field-problem">{move || complaint.get()}</span>
            </p>
        </div>
    }
}
