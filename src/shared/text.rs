//! What people type, made fit to keep: trimmed, without NUL and other control characters, counted in characters and words.

use super::error::FieldError;

/// Characters that show nothing or turn what is beside them around: a name of them is none, and a signed text with them
/// reads otherwise than it is. The joiners of emoji and Persian (U+200C, U+200D) stay.
fn deceives(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A line of text: trimmed, control and invisible characters dropped, runs of white space made one space.
pub fn line(text: &str) -> String {
    let visible: String =
        text.chars().filter(|c| !deceives(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of several lines: NUL, control and invisible characters dropped (line breaks and tabs stay), CRLF made LF, trimmed at the end.
pub fn prose(text: &str) -> String {
    let unix = text.replace("\r\n", "\n");
    let keeps = |c: &char| !deceives(*c) && (!c.is_control() || matches!(c, '\n' | '\t'));
    let kept: String = unix.chars().filter(keeps).collect();
    kept.trim_end().trim_start_matches('\n').to_string()
}

/// Words as a person counts them.
pub fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Characters as a person counts them (Unicode scalar values, not bytes).
pub fn chars(text: &str) -> usize {
    text.chars().count()
}

/// The lower-kebab form of a label, as used in addresses and form values: `Under 100k` is `under-100k`.
pub fn kebab(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for c in label.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_string()
}

/// Collects what is wrong with a form, field by field, so that a person sees all of it at once.
#[derive(Default)]
pub struct Complaints(Vec<FieldError>);

impl Complaints {
    /// Notes `message` for `field` unless `holds`.
    pub fn unless(&mut self, holds: bool, field: &str, message: impl Into<String>) -> &mut Self {
        if !holds {
            self.0.push(FieldError { field: field.into(), message: message.into() });
        }
        self
    }

    /// Notes what `result` complains of and passes its value on.
    pub fn take<T>(&mut self, result: Result<T, FieldError>) -> Option<T> {
        result.map_err(|e| self.0.push(e)).ok()
    }

    /// `Ok` when nothing was noted.
    pub fn done(self) -> super::error::Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(super::error::AppError::fields(self.0)) }
    }

    pub fn into_fields(self) -> Vec<FieldError> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_and_control_characters_never_reach_the_database() {
        assert_eq!(line("  a\0b \n c\u{7}"), "a b c");
        assert_eq!(line("\u{200b}\u{2060} \u{202e}fdp"), "fdp");
        assert_eq!(prose("a\u{202e}b\u{feff}"), "ab");
        assert_eq!(prose("\na\0b\r\nc\u{1F3AC} \n"), "ab\nc\u{1F3AC}");
    }

    #[test]
    fn labels_become_kebab() {
        assert_eq!(kebab("Coming-of-age"), "coming-of-age");
        assert_eq!(kebab("Interactive/VR"), "interactive-vr");
        assert_eq!(kebab("Under 100k"), "under-100k");
        assert_eq!(kebab("100k-500k"), "100k-500k");
    }
}
