//! Keyset pages: a list goes on after an opaque cursor, never at an offset.

use serde::{Deserialize, Serialize};

/// One page of a list and the cursor of the next, if there is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts a page from `limit + 1` fetched rows; the cursor is made from the last row kept.
    pub fn cut(mut rows: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

/// Writes a cursor: the sort values of the last row, hex-encoded JSON, so that it is opaque and URL-safe.
#[cfg(feature = "ssr")]
pub fn write_cursor(values: &impl Serialize) -> String {
    hex::encode(serde_json::to_vec(values).unwrap_or_default())
}

/// Reads a cursor; a mangled one is `None`, which shows the first page.
#[cfg(feature = "ssr")]
pub fn read_cursor<T: serde::de::DeserializeOwned>(cursor: Option<&str>) -> Option<T> {
    serde_json::from_slice(&hex::decode(cursor?).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_next_only_when_a_row_more_was_found() {
        assert_eq!(Page::cut(vec![1, 2, 3], 2, |n| n.to_string()), Page { items: vec![1, 2], next: Some("2".into()) });
        assert_eq!(Page::cut(vec![1, 2], 2, |n| n.to_string()).next, None);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_mangled_cursor_reads_as_none() {
        assert_eq!(read_cursor::<(i64, String)>(Some("zz")), None);
        let cursor = write_cursor(&(7, "a"));
        assert_eq!(read_cursor::<(i64, String)>(Some(&cursor)), Some((7, "a".into())));
    }
}
