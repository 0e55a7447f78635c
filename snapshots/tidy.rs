//! What must stay true of the repository, as tests: snapshots, sizes, edges between crates, rules.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use snapshots::{Case, find_scenarios, read_scenario};

/// Lines of a file at most.
const FILE_LINES_MAX: usize = 600;

/// Lines of a function at most.
const FUNCTION_LINES_MAX: usize = 70;

/// The crates of ours that another may use.
const OURS: [&str; 11] = [
    "engine",
    "engine-live",
    "engine-structured",
    "measure",
    "oracle",
    "peers",
    "random",
    "report",
    "scenario",
    "simulator",
    "snapshots",
];

/// Which crates of ours each crate may use; what the design forbids, Cargo then refuses.
const EDGES: [(&str, &[&str]); 13] = [
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
    ("snapshots", &["engine", "report", "scenario", "simulator"]),
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
fn every_snapshot_has_a_scenario_and_every_scenario_its_snapshots() {
    let expected: BTreeSet<PathBuf> = cases()
        .iter()
        .flat_map(|(case, names)| snapshots_of(case, names))
        .collect();
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
fn no_file_and_no_function_is_too_long() {
    let mut complaints = Vec::new();
    for file in sources() {
        let text = read(&file);
        if text.lines().count() > FILE_LINES_MAX {
            complaints.push(format!(
                "{} has more than {FILE_LINES_MAX} lines",
                file.display()
            ));
        }
        complaints.extend(long_functions(&file, &text));
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn every_file_says_in_its_first_line_what_it_is() {
    let silent: Vec<PathBuf> = sources()
        .into_iter()
        .filter(|file| !read(file).starts_with("//! "))
        .collect();
    assert!(
        silent.is_empty(),
        "files that do not begin with `//!` and a sentence: {silent:#?}"
    );
}

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

#[test]
fn every_rule_has_a_test_of_its_name() {
    let rules = read(&home().join("engine/core/src/rules.md"));
    let ids = rules
        .lines()
        .filter_map(|line| line.strip_prefix("- **")?.split("**").next());
    let texts: Vec<String> = sources().iter().map(|file| read(file)).collect();
    let has_test = |id: &str| {
        let name = id.to_lowercase().replace('-', "_");
        texts
            .iter()
            .any(|text| text.contains(&format!("fn {name}_")))
    };
    let untested: Vec<&str> = ids.filter(|id| !has_test(id)).collect();
    assert!(
        untested.is_empty(),
        "rules without a test whose name begins with them: {untested:?}"
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

/// The functions of a file, as rustfmt lays them out, that are too long.
fn long_functions(file: &Path, text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
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
            file.display(),
            start + 1
        )
    })
    .collect()
}

/// How many lines the function has that begins on the first of these; one if it has no body.
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

fn cases() -> Vec<(Case, Vec<String>)> {
    let files = find_scenarios(&home().join("scenarios")).expect("the folder scenarios is there");
    let read = |file: PathBuf| {
        let scenario = read_scenario(&file).expect("the scenarios have no mistakes");
        (
            Case::of(&file),
            scenario
                .pipelines
                .into_iter()
                .map(|pipeline| pipeline.name)
                .collect(),
        )
    };
    files.into_iter().map(read).collect()
}

fn snapshots_of(case: &Case, pipelines: &[String]) -> Vec<PathBuf> {
    pipelines
        .iter()
        .map(|pipeline| case.snapshot(pipeline))
        .collect()
}

/// The folder that has `scenarios` and `snapshots`.
fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("")
}

fn read(file: &Path) -> String {
    fs::read_to_string(file)
        .unwrap_or_else(|error| panic!("failed to read {}: {error}", file.display()))
}

/// Every Rust file of ours.
fn sources() -> Vec<PathBuf> {
    let folders = ["engine", "simulator", "snapshots", "benches"];
    let all = folders.iter().flat_map(|folder| files(folder));
    all.filter(|file| file.extension() == Some(OsStr::new("rs")))
        .collect()
}

/// Every file below a folder of the repository, but for what is built or hidden.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![if folder.is_empty() {
        home()
    } else {
        home().join(folder)
    }];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("its entries can be read").path();
            let name = path
                .file_name()
                .map(OsStr::to_string_lossy)
                .unwrap_or_default()
                .into_owned();
            if name.starts_with('.') || name == "target" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}
