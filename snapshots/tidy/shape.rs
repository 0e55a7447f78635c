//! Files and functions are short, files begin with a sentence, and rules have tests.

use crate::files::{Source, home, read, sources};

/// Lines of a file at most.
const FILE_LINES_MAX: usize = 600;

/// Lines of a function at most.
const FUNCTION_LINES_MAX: usize = 70;

#[test]
fn no_file_and_no_function_is_too_long() {
    let mut problems = Vec::new();
    for source in sources() {
        if source.text.lines().count() > FILE_LINES_MAX {
            problems.push(format!(
                "{} has more than {FILE_LINES_MAX} lines",
                source.path
            ));
        }
        problems.extend(long_functions(&source));
    }
    assert!(problems.is_empty(), "{problems:#?}");
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

/// The functions of a file, as rustfmt lays them out, that are too long.
fn long_functions(source: &Source) -> Vec<String> {
    let lines: Vec<&str> = source.text.lines().collect();
    let begins = [
        "fn ",
        "pub fn ",
        "pub(crate) fn ",
        "pub(super) fn ",
        "async fn ",
        "pub async fn ",
    ];
    let starts = (0..lines.len()).filter(|at| {
        begins
            .iter()
            .any(|begin| lines[*at].trim_start().starts_with(begin))
    });
    let lengths = starts.map(|start| (start, function_lines(&lines[start..])));
    let long = lengths.filter(|(_, length)| *length > FUNCTION_LINES_MAX);
    long.map(|(start, length)| {
        format!(
            "{}:{} has a function of {length} lines",
            source.path,
            start + 1
        )
    })
    .collect()
}

/// The number of lines of the function that begins on the first of these; one if it has no body.
fn function_lines(lines: &[&str]) -> usize {
    let signature_end = lines
        .iter()
        .position(|line| line.ends_with(['{', '}', ';']))
        .unwrap_or_default();
    if !lines[signature_end].ends_with('{') {
        return 1;
    }
    let indent = lines[0].len() - lines[0].trim_start().len();
    let closing = format!("{}}}", " ".repeat(indent));
    lines
        .iter()
        .position(|line| *line == closing)
        .map_or(lines.len(), |end| end + 1)
}
