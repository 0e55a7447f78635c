//! `millrace schema` and `millrace completions`: texts for other programs.

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
            "completions",
            "pipeline",
            "update_state",
        ] {
            assert!(script.contains(word), "{shell} does not complete {word}");
        }
    }
    Ok(())
}
