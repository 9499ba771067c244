//! What there can be several of in a pitch: its rows in the form, `character_1_name`, `plan_2_amount`.

use super::{
    content::{Character, Comparable, Episode, PitchContent, PlanLine, TeamMember},
    values::{NOT_A_LINK, Values, choice, fits, is_link},
};
use crate::shared::{error::FieldError, text};

/// A field of a row.
pub struct Cell {
    pub name: &'static str,
    pub label: &'static str,
    /// In characters.
    pub max: usize,
    pub long: bool,
}

/// Something that there can be several of.
pub trait Row: Default + PartialEq + Clone + 'static {
    /// The first part of its fields' names.
    const NAME: &'static str;
    const MAX: usize;
    const CELLS: &'static [Cell];

    fn rows(content: &PitchContent) -> &Vec<Self>;
    fn rows_mut(content: &mut PitchContent) -> &mut Vec<Self>;
    fn cell(&self, name: &str) -> String;
    fn set_cell(&mut self, name: &str, value: String) -> Result<(), String>;
}

macro_rules! row {
    ($type:ident, $name:literal, $max:literal, $($path:ident).+; $($cell:ident, $label:literal, $cmax:literal, $long:literal;)+ $(=> $word:ident, $wlabel:literal;)?) => {
        impl Row for $type {
            const NAME: &'static str = $name;
            const MAX: usize = $max;
            const CELLS: &'static [Cell] = &[
                $(Cell { name: stringify!($cell), label: $label, max: $cmax, long: $long },)+
                $(Cell { name: stringify!($word), label: $wlabel, max: 40, long: false },)?
            ];

            fn rows(content: &PitchContent) -> &Vec<Self> { &content.$($path).+ }
            fn rows_mut(content: &mut PitchContent) -> &mut Vec<Self> { &mut content.$($path).+ }

            fn cell(&self, name: &str) -> String {
                match name {
                    $(stringify!($cell) => self.$cell.clone(),)+
                    $(stringify!($word) => self.$word.map(|w| w.word().to_string()).unwrap_or_default(),)?
                    _ => String::new(),
                }
            }

            fn set_cell(&mut self, name: &str, value: String) -> Result<(), String> {
                match name {
                    $(stringify!($cell) => self.$cell = value,)+
                    $(stringify!($word) => self.$word = choice(&value)?,)?
                    _ => {}
                }
                Ok(())
            }
        }
    };
}

row! { Character, "character", 20, characters;
    name, "Name", 100, false;
    role, "Role", 100, false;
    age, "Age", 40, false;
    gender, "Gender", 40, false;
    description, "Description", 2000, true;
    arc, "Arc", 2000, true;
    actor, "Attached actor", 100, false;
}
row! { TeamMember, "team", 30, team;
    name, "Name", 100, false;
    role, "Role", 100, false;
    bio, "Short biography", 2000, true;
    credits, "Link to credits", 300, false;
    => status, "Status";
}
row! { Episode, "episode", 60, episodes;
    title, "Episode title", 120, false;
    synopsis, "What happens", 1500, true;
}
row! { Comparable, "comparable", 5, comparables;
    title, "Comparable title", 100, false;
    why, "In what way", 200, false;
}
row! { PlanLine, "plan", 20, financing.plan;
    source, "Source", 120, false;
    amount, "Amount", 60, false;
}

/// Does something for every sort of row.
macro_rules! each_row {
    ($($act:ident)::+($($arg:expr),*)) => {{
        $($act)::+::<Character>($($arg),*);
        $($act)::+::<TeamMember>($($arg),*);
        $($act)::+::<Episode>($($arg),*);
        $($act)::+::<Comparable>($($arg),*);
        $($act)::+::<PlanLine>($($arg),*);
    }};
}

pub const ROWS: [(&str, &[Cell]); 5] = [
    (Character::NAME, Character::CELLS),
    (TeamMember::NAME, TeamMember::CELLS),
    (Episode::NAME, Episode::CELLS),
    (Comparable::NAME, Comparable::CELLS),
    (PlanLine::NAME, PlanLine::CELLS),
];

/// The name of a row's field: `character_1_name` for the first character.
pub fn cell_name(row: &str, index: usize, cell: &str) -> String {
    format!("{row}_{}_{cell}", index + 1)
}

/// Reads `character_1_name` as the row's name, its index from 0, and the cell's name.
pub fn parse_cell(name: &str) -> Option<(&'static str, usize, &'static str)> {
    let (row, cells) = ROWS.iter().find(|(row, _)| name.strip_prefix(row).is_some_and(|rest| rest.starts_with('_')))?;
    let (number, cell) = name[row.len() + 1..].split_once('_')?;
    let cell = cells.iter().find(|c| c.name == cell)?;
    let index = number.parse::<usize>().ok()?.checked_sub(1)?;
    (index < 1_000).then_some((*row, index, cell.name))
}

pub fn patch<R: Row>(content: &mut PitchContent, posted: &Values, complaints: &mut Vec<FieldError>) {
    let rows = R::rows_mut(content);
    let mut touched = false;
    for (name, value) in posted {
        let Some((row, index, cell)) = parse_cell(name) else { continue };
        let Some(spec) = R::CELLS.iter().find(|c| row == R::NAME && c.name == cell) else { continue };
        let value = if spec.long { text::prose(value) } else { text::line(value) };
        if index >= R::MAX {
            if !value.is_empty() {
                complaints.push(FieldError { field: name.clone(), message: format!("At most {} of these.", R::MAX) });
            }
            continue;
        }
        let outcome = match fits(&value, spec.max) {
            Ok(()) if cell == "credits" && !value.is_empty() && !is_link(&value) => Err(NOT_A_LINK.into()),
            other => other,
        };
        if rows.len() <= index {
            rows.resize(index + 1, R::default());
        }
        if let Err(message) = outcome.and_then(|()| rows[index].set_cell(cell, value)) {
            complaints.push(FieldError { field: name.clone(), message });
        }
        touched = true;
    }
    while touched && rows.last().is_some_and(|row| *row == R::default()) {
        rows.pop();
    }
}

/// Moves or removes a row, as its buttons say: `character_2_up`, `character_2_down`, `character_2_remove`.
pub fn rearrange(content: &mut PitchContent, act: &str) {
    fn act_on<R: Row>(content: &mut PitchContent, row: &str, index: usize, verb: &str) {
        let rows = R::rows_mut(content);
        match verb {
            _ if row != R::NAME || index >= rows.len() => {}
            "up" if index > 0 => rows.swap(index - 1, index),
            "down" if index + 1 < rows.len() => rows.swap(index, index + 1),
            "remove" => drop(rows.remove(index)),
            _ => {}
        }
    }
    let mut parts = act.split('_');
    let (Some(row), Some(number), Some(verb)) = (parts.next(), parts.next(), parts.next()) else { return };
    let Some(index) = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1)) else { return };
    each_row!(act_on(content, row, index, verb));
}

pub(super) use each_row;
