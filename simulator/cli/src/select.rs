//! The scenarios and pipelines that a command line selects.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use scenario::{Pipeline, Scenario};
use suite::{Case, ReadError, find_scenarios};

use crate::error::CommandError;
use crate::exit::Exit;
use crate::terminal::print_error;

/// Reads every scenario at these paths, in order. One that cannot be read, or a folder, does not keep the others
/// from it.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Result<Case, ReadError>>, CommandError> {
    let mut found = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            let name = Path::new("standard input");
            found.push(Case::read_stream(name, io::stdin().lock()));
            continue;
        }
        let files = find_scenarios(path).into_iter();
        found.extend(files.map(|file| Case::read(&file?)));
    }
    if found.is_empty() {
        let paths = paths.iter().map(|path| path.display().to_string());
        let paths: Vec<String> = paths.collect();
        return Err(CommandError::NoScenario(paths.join(", ")));
    }
    name_apart(&mut found);
    Ok(found)
}

/// The scenarios that could be read.
pub(crate) struct Loaded {
    pub(crate) cases: Vec<Case>,
    /// The exit code so far.
    pub(crate) exit: Exit,
}

/// Reads every scenario at these paths, of which `-` is standard input. The mistakes of all others are printed before
/// anything runs, and keep no scenario from it.
pub(crate) fn load(paths: &[PathBuf]) -> Result<Loaded, CommandError> {
    let mut loaded = Loaded {
        cases: Vec::new(),
        exit: Exit::Success,
    };
    let mut errors = Vec::new();
    for found in read(paths)? {
        match found {
            Ok(case) => loaded.cases.push(case),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        return Ok(loaded);
    }
    let error = CommandError::Read(errors);
    if loaded.cases.is_empty() {
        return Err(error);
    }
    print_error(&error);
    loaded.exit = error.exit();
    Ok(loaded)
}

/// Names scenarios of different files that have one name by their paths.
fn name_apart(found: &mut [Result<Case, ReadError>]) {
    let mut files: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    for case in found.iter().flatten() {
        let same = files.entry(case.name.clone()).or_default();
        same.insert(case.file.clone());
    }
    for case in found.iter_mut().flatten() {
        if files[&case.name].len() > 1 {
            case.name = case.file.display().to_string();
        }
    }
}

/// The pipelines of the cases, in order: all, or those of one name.
pub(crate) fn pipelines<'a>(
    cases: &'a [Case],
    name: Option<&str>,
) -> Result<Vec<(&'a Case, &'a Pipeline)>, CommandError> {
    let all = cases.iter().flat_map(|case| {
        let pipelines = case.scenario.pipelines.iter();
        pipelines.map(move |pipeline| (case, pipeline))
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

/// The error of a name that no pipeline has.
pub(crate) fn no_pipeline<'a>(
    name: Option<&str>,
    all: impl Iterator<Item = &'a Pipeline>,
) -> CommandError {
    let names: BTreeSet<String> = all.map(|pipeline| pipeline.name.clone()).collect();
    CommandError::NoPipeline {
        name: name.unwrap_or_default().to_owned(),
        names: names.into_iter().collect(),
    }
}
