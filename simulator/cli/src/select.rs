//! Which scenarios and pipelines a command line means.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use scenario::{Pipeline, Scenario, TimelineLines};
use snapshots::{Case, ReadError, find_scenarios, read_with_lines};

use crate::error::CommandError;

/// A scenario that was read, and what it is called.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) case: Case,
    pub(crate) scenario: Scenario,
    /// Where the entries of its timeline are written.
    pub(crate) lines: TimelineLines,
}

/// Reads every scenario at these paths. Nothing is run before all mistakes of all files are known.
pub(crate) fn load(paths: &[PathBuf]) -> Result<Vec<Loaded>, CommandError> {
    let mut loaded = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        match find_scenarios(path) {
            Ok(files) => files.iter().for_each(|file| match read(file) {
                Ok(scenario) => loaded.push(scenario),
                Err(error) => errors.push(error),
            }),
            Err(source) => errors.push(ReadError::Io {
                path: path.clone(),
                source,
            }),
        }
    }
    if !errors.is_empty() {
        return Err(CommandError::Read(errors));
    }
    if loaded.is_empty() {
        let paths: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(CommandError::NoScenario(paths.join(", ")));
    }
    Ok(loaded)
}

fn read(file: &Path) -> Result<Loaded, ReadError> {
    let (scenario, lines) = read_with_lines(file)?;
    Ok(Loaded {
        case: Case::of(file),
        scenario,
        lines,
    })
}

/// The pipelines of the scenarios, in order: all, or those of one name.
pub(crate) fn pipelines<'a>(
    loaded: &'a [Loaded],
    name: Option<&str>,
) -> Result<Vec<(&'a Loaded, &'a Pipeline)>, CommandError> {
    let all = loaded.iter().flat_map(|loaded| {
        loaded
            .scenario
            .pipelines
            .iter()
            .map(move |pipeline| (loaded, pipeline))
    });
    let found: Vec<_> = all
        .clone()
        .filter(|(_, pipeline)| name.is_none_or(|name| pipeline.name == name))
        .collect();
    if found.is_empty() {
        return Err(no_pipeline(name, all.map(|(_, pipeline)| pipeline)));
    }
    Ok(found)
}

/// The pipeline of this name, or the first one.
pub(crate) fn find_pipeline<'a>(
    scenario: &'a Scenario,
    name: Option<&str>,
) -> Result<&'a Pipeline, CommandError> {
    let found = scenario
        .pipelines
        .iter()
        .find(|pipeline| name.is_none_or(|name| pipeline.name == name));
    found.ok_or_else(|| no_pipeline(name, scenario.pipelines.iter()))
}

fn no_pipeline<'a>(name: Option<&str>, there: impl Iterator<Item = &'a Pipeline>) -> CommandError {
    let there: BTreeSet<String> = there
        .map(|pipeline| format!("`{}`", pipeline.name))
        .collect();
    let there: Vec<String> = there.into_iter().collect();
    CommandError::NoPipeline {
        name: name.unwrap_or_default().to_owned(),
        there: there.join(", "),
    }
}
