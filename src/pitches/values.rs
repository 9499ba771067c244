//! What a posted value must be like, whichever field or row it is in.

use std::collections::BTreeMap;

use crate::shared::text;

/// Field names and what is in them.
pub type Values = BTreeMap<String, String>;

/// A word of a list, or nothing; complains of a word that is not on it.
pub fn choice<T: std::str::FromStr>(value: &str) -> Result<Option<T>, String> {
    match value.trim() {
        "" => Ok(None),
        word => word.parse().map(Some).map_err(|_| "Please choose one of the list.".to_string()),
    }
}

/// What is said of a link that is none.
pub const NOT_A_LINK: &str = "A link starts with https:// or http://.";

pub fn is_link(value: &str) -> bool {
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !value.contains(char::is_whitespace))
}

/// Complains of a text that is longer than `max` characters.
pub fn fits(value: &str, max: usize) -> Result<(), String> {
    match text::chars(value) {
        count if count > max => Err(format!("At most {max} characters; this has {count}.")),
        _ => Ok(()),
    }
}
