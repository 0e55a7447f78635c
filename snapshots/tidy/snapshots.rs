//! The snapshots belong to the scenarios, and the schema to the language.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use suite::{Case, find_scenarios};

use crate::files::{files, home, read};

#[test]
fn every_snapshot_has_a_scenario_and_every_scenario_its_snapshots() {
    let expected: BTreeSet<PathBuf> = cases().iter().flat_map(snapshots_of).collect();
    let found: BTreeSet<PathBuf> = files("snapshots")
        .into_iter()
        .filter(|file| file.extension() == Some(OsStr::new("snap")))
        .collect();
    let orphans: Vec<&PathBuf> = found.difference(&expected).collect();
    assert!(
        orphans.is_empty(),
        "snapshots without a scenario and pipeline, to be removed: {orphans:#?}"
    );
    let missing: Vec<&PathBuf> = expected.difference(&found).collect();
    assert!(
        missing.is_empty(),
        "snapshots that are missing (`cargo insta review` accepts new ones): {missing:#?}"
    );
}

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

fn cases() -> Vec<Case> {
    let files = find_scenarios(&home().join("scenarios")).expect("the folder scenarios is there");
    let read = |file: &PathBuf| Case::read(file).expect("the scenarios have no mistakes");
    files.iter().map(read).collect()
}

fn snapshots_of(case: &Case) -> impl Iterator<Item = PathBuf> {
    let pipelines = case.scenario.pipelines.iter();
    pipelines.map(|pipeline| case.snapshots.file(&pipeline.name))
}
