//! The house has floors, and arrows go one way: a file imports only from lower floors or from rooms earlier in the list.

use std::{fs, path::Path};

/// From the ground up. What stands together on a line may import from each other.
const FLOORS: &[&[&str]] = &[
    &["shared"],
    &["kit"],
    &["platform"],
    &["media"],
    &["accounts"],
    &["pitches"],
    &["reading"],
    &["sharing"],
    &["messages"],
    &["ndas"],
    &["releases"],
    &["questions"],
    &["notifications"],
    &["audit"],
    &["portals"],
    &["app", "server"],
    &["demo"],
];

/// The one arrow up: the demo data is loaded at the server's start.
const ALLOWED: &[(&str, &str)] = &[("server", "demo")];

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}

/// The words after `crate::` in a file's imports and paths, including those in `crate::{..}`, without its tests.
fn imports(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut found = Vec::new();
    for part in source.split("crate::").skip(1) {
        match part.strip_prefix('{') {
            None => found.push(part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()),
            Some(group) => {
                let mut depth = 0;
                let mut word = String::new();
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => found.push(std::mem::take(&mut word)),
                        _ if depth == 0 => word.push(c),
                        _ => {}
                    }
                }
                found.push(word);
            }
        }
    }
    found.into_iter().map(|word| word.trim().split("::").next().unwrap_or_default().trim().to_string()).collect()
}

fn check(folder: &Path, own: &str, wrong: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_test = path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("test"));
        if path.is_dir() {
            check(&path, own, wrong);
        } else if path.extension().is_some_and(|e| e == "rs") && !is_test {
            let source = fs::read_to_string(&path).unwrap();
            for import in imports(&source) {
                let up = floor(&import).is_some_and(|f| f > floor(own).unwrap());
                if up && !ALLOWED.contains(&(own, import.as_str())) {
                    wrong.push(format!("{} imports {import}", path.display()));
                }
            }
        }
    }
}

#[test]
fn no_file_imports_from_a_higher_floor() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for name in FLOORS.iter().flat_map(|floor| floor.iter()).filter(|name| source.join(name).is_dir()) {
        check(&source.join(name), name, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_has_a_floor() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!path.is_dir() || floor(&name).is_some() || matches!(name.as_str(), "tests" | "commands"), "{name}");
    }
}

#[test]
fn imports_are_read_alone_and_in_groups() {
    let source =
        "use crate::shared::time;\nuse crate::{\n    kit::{field, form},\n    ndas,\n};\nlet x = crate::server::x();";
    assert_eq!(imports(source), ["shared", "kit", "ndas", "", "server"]);
}
