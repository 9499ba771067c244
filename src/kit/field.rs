//! Fields: a label, the control, a hint, and the sentence when it does not hold.

use leptos::prelude::*;

use super::form::form_state;

/// The frame around one control.
#[component]
fn Field(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    /// Gets the control's id and the ids that describe it.
    control: impl FnOnce(String, String) -> AnyView,
) -> impl IntoView {
    let state = form_state();
    let id = state.id(&name);
    let complaint = state.complaint(&name);
    let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
    let described_by = if hint.is_empty() { problem_id.clone() } else { format!("{hint_id} {problem_id}") };
    view! {
        <div class="field" class:field-bad=move || complaint.with(Option::is_some)>
            <label for=id.clone()>{label}</label>
            {control(id, described_by)}
            {(!hint.is_empty()).then(|| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            <p class="field-problem" id=problem_id>{move || complaint.get()}</p>
        </div>
    }
}

/// A field of one line.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] value: String,
    /// The input's type: `text`, `email`, `password`, `number`, `url`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] autocomplete: String,
    /// Which keys a phone shows: `numeric`.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let state = form_state();
    let complaint = state.complaint(&name);
    let value = if kind == "password" { String::new() } else { state.initial(&name, value) };
    let posted_as = name.clone();
    let control = move |id: String, described_by: String| {
        view! {
            <input
                id=id name=posted_as type=kind value=value autocomplete=autocomplete inputmode=inputmode required=required
                aria-describedby=described_by
                aria-invalid=move || complaint.with(Option::is_some).then_some("true")
            />
        }
        .into_any()
    };
    view! { <Field name=name label=label hint=hint control=control/> }
}

/// A field of several lines; grows with its text.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] value: String,
    #[prop(default = 4)] rows: u32,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let state = form_state();
    let complaint = state.complaint(&name);
    let value = state.initial(&name, value);
    let posted_as = name.clone();
    let control = move |id: String, described_by: String| {
        view! {
            <textarea
                id=id name=posted_as rows=rows required=required
                aria-describedby=described_by
                aria-invalid=move || complaint.with(Option::is_some).then_some("true")
            >{value}</textarea>
        }
        .into_any()
    };
    view! { <Field name=name label=label hint=hint control=control/> }
}

/// A file to send; what may be sent is told before.
#[component]
pub fn FileField(
    #[prop(into)] label: String,
    name: &'static str,
    /// Media types, as in `accept` of an input.
    accept: &'static str,
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let complaint = form_state().complaint(name);
    let control = move |id: String, described_by: String| {
        view! {
            <input
                id=id
                name=name
                type="file"
                accept=accept
                required=true
                aria-describedby=described_by
                aria-invalid=move || complaint.with(Option::is_some).then_some("true")
            />
        }
        .into_any()
    };
    view! { <Field name=name label=label hint=hint control=control/> }
}

/// One choice of several.
#[component]
pub fn Select(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    /// Values and their labels.
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    /// The label of "nothing chosen yet"; left out where one must be chosen.
    #[prop(optional, into)]
    none: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let state = form_state();
    let complaint = state.complaint(&name);
    let chosen = state.initial(&name, value);
    let posted_as = name.clone();
    let control = move |id: String, described_by: String| {
        let options = options.into_iter().map(|(value, label)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{label}</option> }
        });
        view! {
            <select
                id=id name=posted_as required=required aria-describedby=described_by
                aria-invalid=move || complaint.with(Option::is_some).then_some("true")
            >
                {(!none.is_empty()).then(|| view! { <option value="">{none}</option> })}
                {options.collect_view()}
            </select>
        }
        .into_any()
    };
    view! { <Field name=name label=label hint=hint control=control/> }
}

/// A box to tick; posts `true`.
#[component]
pub fn Checkbox(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional)] checked: bool,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let state = form_state();
    let complaint = state.complaint(&name);
    let id = state.id(&name);
    let problem_id = format!("{id}-problem");
    let checked = if state.was_refused() { !state.initial(&name, String::new()).is_empty() } else { checked };
    view! {
        <div class="field field-check" class:field-bad=move || complaint.with(Option::is_some)>
            <input
                id=id.clone() name=name type="checkbox" value="true" checked=checked required=required
                aria-describedby=problem_id.clone()
                aria-invalid=move || complaint.with(Option::is_some).then_some("true")
            />
            <label for=id>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="field-hint">{hint}</p> })}
            <p class="field-problem" id=problem_id>{move || complaint.get()}</p>
        </div>
    }
}

/// One of a few, all of them seen.
#[component]
pub fn RadioGroup(
    #[prop(into)] legend: String,
    name: &'static str,
    /// Value, label and a line that explains it (may be empty).
    options: Vec<(String, String, String)>,
    #[prop(optional, into)] value: String,
) -> impl IntoView {
    let state = form_state();
    let complaint = state.complaint(name);
    let chosen = state.initial(name, value);
    let group = state.id(name);
    let options = options
        .into_iter()
        .map(|(value, label, explanation)| {
            let id = format!("{group}-{value}");
            let checked = value == chosen;
            view! {
                <div class="radio">
                    <input id=id.clone() type="radio" name=name value=value checked=checked/>
                    <label for=id>{label}</label>
                    {(!explanation.is_empty()).then(|| view! { <p class="field-hint">{explanation}</p> })}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field field-radios" class:field-bad=move || complaint.with(Option::is_some)>
            <legend>{legend}</legend>
            {options}
            <p class="field-problem">{move || complaint.get()}</p>
        </fieldset>
    }
}

/// How much a button matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// The one act this form is for.
    #[default]
    Main,
    /// Another way out.
    Quiet,
    /// Takes something away.
    Danger,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Main => "button button-main",
            Tone::Quiet => "button button-quiet",
            Tone::Danger => "button button-danger",
        }
    }
}

/// Submits the form around it; shows that it is under way, and how far an upload is.
#[component]
pub fn Submit(
    #[prop(into)] label: String,
    #[prop(optional)] tone: Tone,
    /// Posts to another address than the form's.
    #[prop(optional)]
    to: Option<&'static str>,
) -> impl IntoView {
    let state = form_state();
    let progress = move || state.progress.get().map(|share| format!("{}%", (share * 100.0) as u32));
    view! {
        <button
            type="submit" class=tone.class() formaction=to
            disabled=move || state.busy.get()
            aria-busy=move || state.busy.get().then_some("true")
        >
            {label}
            {move || progress().map(|percent| view! { <span class="button-progress">" " {percent}</span> })}
        </button>
    }
}

/// The password, asked for again before a legal act when signing in was a while ago; also when the page has been open so
/// long that the server asks for it.
#[component]
pub fn PasswordAgain(
    /// The person proved who they are just now; nothing is asked.
    fresh: bool,
) -> impl IntoView {
    let complaint = form_state().complaint("password");
    let asked =
        Memo::new(move |before: Option<&bool>| before == Some(&true) || !fresh || complaint.with(Option::is_some));
    move || {
        asked.get().then(|| {
            view! {
                <TextField label="Password" name="password" kind="password" autocomplete="current-password"
                    hint="It has been a while since you signed in: confirm that it is you. A code of your authenticator app will do, too."/>
            }
        })
    }
}
