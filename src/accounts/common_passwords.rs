//! Passwords that everybody tries first. Where the list is from and of when is said at its top.

use std::{collections::HashSet, sync::LazyLock};

const LIST: &str = include_str!("common_passwords.txt");

static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| LIST.lines().filter(|line| !line.starts_with("# ")).collect());

/// Whether many people have this password, in whatever capitals.
pub fn holds(password: &str) -> bool {
    COMMON.contains(password.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_has_is_common_and_a_sentence_is_not() {
        for common in ["password", "12345678", "Passw0rd", "QWERTY123", "iloveyou1", "letmein123"] {
            assert!(holds(common), "{common}");
        }
        for fine in ["a lamp in the tower", "correct horse battery", "# Passwords that many people have"] {
            assert!(!holds(fine), "{fine}");
        }
        assert!(COMMON.len() > 10_000 && COMMON.iter().all(|password| (8..=128).contains(&password.len())));
    }
}
