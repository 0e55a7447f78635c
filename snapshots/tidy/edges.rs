//! Crates use only the crates below them.

use crate::files::{home, read};

/// The crates of this repository that another may use.
const OURS: [&str; 12] = [
    "engine",
    "engine-live",
    "engine-structured",
    "measure",
    "millrace",
    "oracle",
    "peers",
    "random",
    "report",
    "scenario",
    "simulator",
    "suite",
];

/// The crates that each crate may use; Cargo refuses an edge that is not in a manifest.
const EDGES: [(&str, &[&str]); 16] = [
    ("engine/core", &[]),
    ("engine/structured", &["engine"]),
    ("engine/live", &["engine"]),
    ("simulator/scenario", &["engine"]),
    ("simulator/random", &["engine", "scenario"]),
    (
        "simulator/world",
        &["engine", "engine-structured", "random", "scenario"],
    ),
    ("simulator/report", &["engine", "scenario"]),
    ("simulator/oracle", &["engine", "scenario"]),
    (
        "simulator/measure",
        &["engine", "engine-structured", "random"],
    ),
    (
        "simulator/suite",
        &["engine", "report", "scenario", "simulator"],
    ),
    (
        "simulator/millrace",
        &[
            "engine",
            "engine-live",
            "engine-structured",
            "report",
            "scenario",
            "simulator",
            "suite",
        ],
    ),
    ("simulator/millrace/example", &["millrace"]),
    ("snapshots", &["engine", "scenario", "suite"]),
    (
        "benches",
        &[
            "engine",
            "engine-structured",
            "measure",
            "peers",
            "scenario",
            "simulator",
        ],
    ),
    ("benches/peers", &["engine", "measure"]),
    ("simulator/cli", &OURS),
];

#[test]
fn crates_use_only_the_crates_below_them() {
    for (krate, allowed) in EDGES {
        let manifest: toml::Table = read(&home().join(krate).join("Cargo.toml"))
            .parse()
            .expect("a manifest is TOML");
        let dependencies = manifest["dependencies"]
            .as_table()
            .expect("dependencies are a table");
        for dependency in dependencies
            .keys()
            .filter(|name| OURS.contains(&name.as_str()))
        {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{krate} may not use {dependency}"
            );
        }
    }
}
