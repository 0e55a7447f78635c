//! The parts of an exploration, as one.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::report::{Report, ReportResult};
use crate::args::{FindingOutput, Shard};
use crate::error::CommandError;
use crate::exit::Exit;

/// Prints what one exploration of all schedules would have: `files` have the lines of `--json` of each part.
pub(super) fn merge(files: &[PathBuf], output: &FindingOutput) -> Result<Exit, CommandError> {
    let mut pipelines: Vec<Vec<Report>> = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|source| CommandError::ReadFile {
            path: file.clone(),
            source,
        })?;
        for line in text.lines() {
            let report: Report = serde_json::from_str(line).map_err(|error| {
                let file = file.display();
                CommandError::Merge(format!(
                    "{file} has a line that is none of `explore --json`: {error}"
                ))
            })?;
            let mut others = pipelines.iter_mut();
            match others.find(|parts| is_of_one(&parts[0], &report)) {
                Some(parts) => parts.push(report),
                None => pipelines.push(vec![report]),
            }
        }
    }
    let mut exit = Exit::Success;
    if pipelines.is_empty() {
        return Ok(Exit::NothingMatched);
    }
    for parts in pipelines {
        check(&parts)?;
        exit = exit.max(merged(parts).print(output)?);
    }
    Ok(exit)
}

fn is_of_one(part: &Report, other: &Report) -> bool {
    (&part.path, &part.pipeline) == (&other.path, &other.pipeline)
}

/// Refuses parts that are not all there are.
fn check(parts: &[Report]) -> Result<(), CommandError> {
    let first = &parts[0];
    let name = format!("{}/{}", first.scenario, first.pipeline);
    let refused = |reason: String| Err(CommandError::Merge(format!("{name}: {reason}")));
    if let Some(other) = parts
        .iter()
        .find(|part| part.schedules_of != first.schedules_of)
    {
        let [one, other] = [first, other].map(|part| &part.schedules_of);
        return refused(format!("one part has `{one}` and another `{other}`"));
    }
    let shards = parts.iter().map(|part| part.shard.as_deref()?.parse().ok());
    let Some(shards) = shards.collect::<Option<Vec<Shard>>>() else {
        return refused("one of several files has all schedules".to_owned());
    };
    let count = shards[0].count();
    let numbers: BTreeSet<usize> = shards.iter().map(|shard| shard.number()).collect();
    if shards.iter().any(|shard| shard.count() != count) {
        return refused("the parts are of different numbers of parts".to_owned());
    }
    if numbers.len() < shards.len() {
        return refused("a part is there twice".to_owned());
    }
    match (1..=count).find(|number| !numbers.contains(number)) {
        Some(missing) => refused(format!("the part {missing}/{count} is missing")),
        None => Ok(()),
    }
}

/// The report of all parts: the first schedule that breaks an invariant, or the number of all.
fn merged(parts: Vec<Report>) -> Report {
    let all = Report {
        shard: None,
        ..parts[0].clone()
    };
    let broken = parts.iter().filter_map(|part| match &part.result {
        ReportResult::Broken(broken) => Some(broken),
        _ => None,
    });
    let result = match broken.min_by_key(|broken| broken.index) {
        Some(first) => ReportResult::Broken(first.clone()),
        None => sum(parts),
    };
    Report { result, ..all }
}

fn sum(parts: Vec<Report>) -> ReportResult {
    let results = parts.into_iter().map(|part| part.result);
    let sum = results.reduce(|sum, part| match (sum, part) {
        (
            ReportResult::Holds { schedules, is_cut },
            ReportResult::Holds {
                schedules: more,
                is_cut: is_other_cut,
            },
        ) => ReportResult::Holds {
            schedules: schedules + more,
            is_cut: is_cut || is_other_cut,
        },
        (sum, _) => sum,
    });
    sum.unwrap_or(ReportResult::Holds {
        schedules: 0,
        is_cut: false,
    })
}
