//! Crates use only the crates that the table of rooms in `ARCHITECTURE.md` allows them.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use crate::files::{SOURCES, files, home, read};

/// Written in a row instead of names.
const ALL: &str = "all libraries";

#[test]
fn crates_use_only_the_crates_below_them() {
    let architecture = read(&home().join("ARCHITECTURE.md"));
    let allowed = allowed(&architecture);
    let files = SOURCES.iter().flat_map(|folder| files(folder));
    for file in files.filter(|file| file.file_name() == Some(OsStr::new("Cargo.toml"))) {
        let manifest: toml::Table = read(&file).parse().expect("a manifest is TOML");
        let name = manifest["package"]["name"].as_str();
        let name = name.expect("a crate has a name");
        let allowed_here = allowed.get(name).copied();
        let allowed_here = allowed_here.unwrap_or_else(|| panic!("{name} has no row in the table"));
        // Cargo refuses an edge that is not in a manifest.
        let dependencies = manifest["dependencies"].as_table();
        for dependency in dependencies.expect("dependencies are a table").keys() {
            let is_ours = allowed.contains_key(dependency.as_str());
            let is_allowed = quoted(allowed_here).any(|it| it == dependency) || allowed_here == ALL;
            assert!(!is_ours || is_allowed, "{name} may not use {dependency}");
        }
    }
}

/// By crate, the cell of the table with the crates that it may use, without those for its tests.
fn allowed(architecture: &str) -> BTreeMap<&str, &str> {
    let rows = architecture.lines().filter(|line| line.starts_with("| `"));
    let rows = rows.filter_map(|row| {
        let mut cells = row.split('|').skip(1);
        let name = quoted(cells.next()?).next()?;
        Some((name, cells.next()?.split(';').next()?.trim()))
    });
    rows.collect()
}

/// The names in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}
