//! `millrace schema`, `millrace reference` and `millrace completions`: texts for other programs and for readers.

use crate::support::{Folder, TestResult};

#[test]
fn the_schema_is_the_one_beside_the_scenarios() -> TestResult {
    let schema = Folder::with(&[])?.millrace("schema")?.printed();
    assert!(
        schema == include_str!("../../../../scenarios/.schema.json"),
        "write it anew: cargo run -- schema > scenarios/.schema.json"
    );
    Ok(())
}

#[test]
fn the_reference_is_the_page_beside_the_scenarios() -> TestResult {
    let reference = Folder::with(&[])?.millrace("reference")?.printed();
    assert!(
        reference == include_str!("../../../../scenarios/REFERENCE.md"),
        "write it anew: cargo run -- reference > scenarios/REFERENCE.md"
    );
    Ok(())
}

#[test]
fn completions_know_every_command() -> TestResult {
    let folder = Folder::with(&[])?;
    for shell in ["bash", "zsh", "fish"] {
        let script = folder.millrace(&format!("completions {shell}"))?.printed();
        for word in [
            "run",
            "test",
            "listen",
            "record",
            "new",
            "bench",
            "active-share",
            "schema",
            "reference",
            "completions",
            "pipeline",
            "update_state",
        ] {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
    }
    Ok(())
}
