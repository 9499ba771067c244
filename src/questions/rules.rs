//! What may be asked and answered, decided without I/O.

use super::model::Part;
use crate::{
    pitches::content::Layer,
    shared::{error::FieldError, text},
};

/// The longest question and answer, in characters.
pub const LONGEST: (usize, usize) = (1_000, 5_000);

/// Questions a person may ask in 24 hours, over all projects.
pub const PER_DAY: i64 = 20;

/// What a reader at `layer` of a pitch may do; `None`: the questions are not for them.
pub fn part(layer: Layer, editor: bool) -> Option<Part> {
    match layer {
        Layer::Owner if editor => Some(Part::Answers),
        Layer::Owner => Some(Part::Reads),
        Layer::Signer => Some(Part::Asks),
        Layer::Guest | Layer::Member => None,
    }
}

pub fn question(typed: &str) -> Result<String, FieldError> {
    prose("question", typed, LONGEST.0, "Please write your question first.")
}

pub fn answer(typed: &str) -> Result<String, FieldError> {
    prose("answer", typed, LONGEST.1, "Please write your answer first.")
}

fn prose(field: &str, typed: &str, most: usize, nothing: &str) -> Result<String, FieldError> {
    let body = text::prose(typed).trim().to_string();
    let message = match text::chars(&body) {
        0 => nothing.to_string(),
        n if n > most => format!("At most {most} characters; this has {n}."),
        _ => return Ok(body),
    };
    Err(FieldError { field: field.into(), message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signers_ask_owners_answer_and_nobody_else_is_there() {
        assert_eq!(part(Layer::Signer, false), Some(Part::Asks));
        assert_eq!(part(Layer::Owner, true), Some(Part::Answers));
        assert_eq!(part(Layer::Owner, false), Some(Part::Reads));
        assert_eq!((part(Layer::Guest, false), part(Layer::Member, false)), (None, None));
    }

    #[test]
    fn a_question_has_something_in_it_and_an_end() {
        assert_eq!(question(" \n\0").unwrap_err().field, "question");
        assert_eq!(question(" Why?\r\n").as_deref(), Ok("Why?"));
        assert!(question(&"é".repeat(1_000)).is_ok() && question(&"é".repeat(1_001)).is_err());
        assert!(answer(&"é".repeat(5_000)).is_ok() && answer(&"é".repeat(5_001)).is_err());
    }
}
