//! Files are short and begin with a sentence, and rules have tests.

use crate::files::{home, read, sources};

/// Lines of a file at most.
const FILE_LINES_MAX: usize = 600;

#[test]
fn no_file_is_too_long() {
    let mut sources = sources();
    sources.retain(|source| source.text.lines().count() > FILE_LINES_MAX);
    let long: Vec<String> = sources.into_iter().map(|source| source.path).collect();
    assert!(
        long.is_empty(),
        "files of more than {FILE_LINES_MAX} lines: {long:#?}"
    );
}

#[test]
fn every_file_begins_with_a_sentence_about_it() {
    let mut sources = sources();
    sources.retain(|source| !source.text.starts_with("//! "));
    let silent: Vec<String> = sources.into_iter().map(|source| source.path).collect();
    assert!(
        silent.is_empty(),
        "files that do not begin with `//!` and a sentence: {silent:#?}"
    );
}

#[test]
fn every_rule_has_a_test_of_its_name() {
    let rules = read(&home().join("engine/core/src/rules.md"));
    let ids = rules
        .lines()
        .filter_map(|line| line.strip_prefix("- **")?.split("**").next());
    let sources = sources();
    let has_test = |id: &str| {
        let name = format!("fn {}_", id.to_lowercase().replace('-', "_"));
        sources.iter().any(|source| source.text.contains(&name))
    };
    let untested: Vec<&str> = ids.filter(|id| !has_test(id)).collect();
    assert!(
        untested.is_empty(),
        "rules without a test whose name begins with them: {untested:?}"
    );
}
