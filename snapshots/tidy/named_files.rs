//! Documents for developers name no source that is not there.

use std::path::Path;

use crate::files::{SOURCES, files, home, read};

const DOCUMENTS: [&str; 3] = [
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "engine/core/src/rules.md",
];

#[test]
fn sources_that_a_document_names_are_there() {
    let files: Vec<_> = SOURCES.iter().flat_map(|folder| files(folder)).collect();
    for document in DOCUMENTS {
        let text = read(&home().join(document));
        let mut missing: Vec<String> = named_sources(&text).collect();
        // A name may leave out the folders that the reader knows by then, and `<name>` stands for one.
        missing
            .retain(|name| !name.contains('<') && !files.iter().any(|file| file.ends_with(name)));
        assert!(
            missing.is_empty(),
            "no such files in {document}: {missing:#?}"
        );
    }
}

/// The sources in backticks, each of those in braces by itself.
fn named_sources(text: &str) -> impl Iterator<Item = String> {
    let is_source = |name: &&str| {
        let extension = Path::new(name).extension();
        extension.is_some_and(|it| it == "rs" || it == "py")
    };
    let names = text.split('`').skip(1).step_by(2).filter(is_source);
    names.flat_map(in_braces)
}

/// The names that `a{b,c}d` stands for.
fn in_braces(name: &str) -> Vec<String> {
    let Some((before, rest)) = name.split_once('{') else {
        return vec![name.to_owned()];
    };
    let (choices, after) = rest.split_once('}').expect("a brace is closed");
    let choices = choices.split(',');
    choices
        .map(|choice| format!("{before}{choice}{after}"))
        .collect()
}

#[test]
fn names_in_braces_are_names_of_their_own() {
    let text = "In `a/{b,c}.rs`, not in `d.toml` or e.rs.";
    let names: Vec<String> = named_sources(text).collect();
    assert_eq!(names, ["a/b.rs", "a/c.rs"]);
}
