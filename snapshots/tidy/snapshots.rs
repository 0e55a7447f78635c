//! No snapshot waits for review, and the schema belongs to the language.

use std::path::PathBuf;

use crate::files::{files, home, read};

#[test]
fn no_snapshot_waits_for_review() {
    let waiting: Vec<PathBuf> = files("")
        .into_iter()
        .filter(|file| file.to_string_lossy().ends_with(".snap.new"))
        .collect();
    assert!(
        waiting.is_empty(),
        "read and accept or reject them with `cargo insta review`, or delete them: {waiting:#?}"
    );
}

#[test]
fn the_schema_beside_the_scenarios_is_current() {
    let current = format!("{:#}\n", scenario::schema());
    let kept = read(&home().join("scenarios/.schema.json"));
    assert!(
        kept == current,
        "write it anew: cargo run -- schema > scenarios/.schema.json"
    );
}
