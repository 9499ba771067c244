//! Rows of the editor: characters, team, episodes, comparable titles, lines of the finance plan. Buttons move and
//! remove them; an empty one at the end takes the next.

use leptos::prelude::*;

use crate::{
    kit::{
        field::{Select, TextArea, TextField},
        form::form_state,
        icon::Icon,
    },
    pitches::{
        content::PitchContent,
        form,
        form_rows::{Row, cell_name},
    },
};

/// All rows of one sort, and an empty one.
#[component]
pub fn Rows<R: Row>(
    c: StoredValue<PitchContent>,
    /// One of them: "Character".
    one: &'static str,
    /// Which sort: a component cannot be named with its type parameter alone.
    of: std::marker::PhantomData<R>,
) -> impl IntoView {
    let _ = of;
    let rows = c.with_value(|c| R::rows(c).clone());
    let count = rows.len();
    let typed = spoken_of::<R>(count);
    let filled = rows.into_iter().enumerate().map(|(index, row)| {
        view! {
            <li class="editor-row">
                <fieldset>
                    <legend>{format!("{one} {}", index + 1)}</legend>
                    <Cells row index/>
                    <Moves name=R::NAME index last={index + 1 == count}/>
                </fieldset>
            </li>
        }
    });
    view! {
        <ol class="editor-rows">
            {filled.collect_view()}
            {(count < R::MAX).then(|| view! {
                <li class="editor-row">
                    <details open=typed>
                        <summary>{format!("Add: {}", one.to_lowercase())}</summary>
                        <fieldset>
                            <legend class="visually-hidden">{format!("{one} {}", count + 1)}</legend>
                            <Cells row=R::default() index=count/>
                            <button class="button" type="submit" name="arrange" value="add">"Save and add another"</button>
                        </fieldset>
                    </details>
                </li>
            })}
        </ol>
    }
}

/// Whether the empty row holds what was typed before a refusal.
fn spoken_of<R: Row>(index: usize) -> bool {
    let state = form_state();
    R::CELLS.iter().any(|c| !state.initial(&cell_name(R::NAME, index, c.name), String::new()).is_empty())
}

#[component]
fn Cells<R: Row>(row: R, index: usize) -> impl IntoView {
    R::CELLS
        .iter()
        .map(|cell| {
            let (name, value) = (cell_name(R::NAME, index, cell.name), row.cell(cell.name));
            match (cell.name, cell.long) {
                ("status", _) => {
                    view! { <Select label=cell.label name value options=form::statuses() none="Not said"/> }.into_any()
                }
                (_, true) => view! { <TextArea label=cell.label name value rows=2/> }.into_any(),
                _ => view! { <TextField label=cell.label name value/> }.into_any(),
            }
        })
        .collect_view()
}

#[component]
fn Moves(name: &'static str, index: usize, last: bool) -> impl IntoView {
    let button = move |verb: &'static str, label: &'static str, icon: &'static str, off: bool| {
        let value = format!("{name}_{}_{verb}", index + 1);
        view! {
            <button class="button button-text" type="submit" name="arrange" value=value disabled=off title=label>
                <Icon name=icon/><span class="visually-hidden">{label}</span>
            </button>
        }
    };
    view! {
        <div class="editor-row-moves row">
            {button("up", "Move up", "up", index == 0)}
            {button("down", "Move down", "down", last)}
            {button("remove", "Remove", "trash", false)}
        </div>
    }
}
