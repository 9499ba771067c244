//! What may be said, decided without I/O.

use crate::shared::{error::FieldError, text};

/// The longest message, in characters.
pub const LONGEST: usize = 5_000;

/// How many messages a person may send in a minute.
pub const PER_MINUTE: i64 = 30;

/// How many messages a page of a conversation shows.
pub const PAGE: i64 = 50;

/// A message fit to send: 1 to 5 000 characters after tidying.
pub fn message(typed: &str) -> Result<String, FieldError> {
    let body = text::prose(typed);
    let problem = match text::chars(body.trim()) {
        0 => "Please write something first.".to_string(),
        n if n > LONGEST => format!("A message holds up to 5 000 characters; this one has {n}."),
        _ => return Ok(body),
    };
    Err(FieldError { field: "message".into(), message: problem })
}

/// The beginning of a message, on one line, for a list.
pub fn excerpt(body: &str) -> String {
    let line = text::line(body);
    match line.char_indices().nth(120) {
        Some((cut, _)) => format!("{}…", line[..cut].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_one_to_five_thousand_characters() {
        assert!(message(" \n\t ").is_err());
        assert!(message("\0").is_err());
        assert_eq!(message("Hi\r\nthere\0").as_deref(), Ok("Hi\nthere"));
        assert!(message(&"\u{1F3AC}".repeat(5_000)).is_ok());
        assert!(message(&"a".repeat(5_001)).is_err());
    }

    #[test]
    fn an_excerpt_is_one_line_and_cuts_between_characters() {
        assert_eq!(excerpt("a\nb"), "a b");
        assert_eq!(excerpt(&"é".repeat(200)), format!("{}…", "é".repeat(120)));
    }
}
