//! The recordings of real Spark: the scenarios below `scenarios/spark`, with their snapshots.

use std::path::{Path, PathBuf};

use scenario::{Pipeline, Scenario, TimelineEvent};
use suite::{Case, find_scenarios};

/// A pipeline that was recorded.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) name: String,
    pub(crate) scenario: Scenario,
    pub(crate) pipeline: Pipeline,
    /// The console text of Spark.
    pub(crate) text: String,
}

/// Folders of recordings that are not modelled.
const NOT_MODELLED: [&str; 3] = ["event_time", "sql", "steps"];

/// All recordings of what is modelled, the smallest first.
pub(crate) fn recordings() -> Vec<Recording> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("scenarios/spark");
    let files: Result<Vec<_>, _> = find_scenarios(&home).into_iter().collect();
    let files = files.expect("the recordings can be listed");
    let is_modelled = |file: &&PathBuf| {
        let below_home = file.strip_prefix(&home).unwrap_or(file);
        let mut folders = below_home.iter();
        !folders.any(|folder| NOT_MODELLED.iter().any(|name| folder == *name))
    };
    let files = files.iter().filter(is_modelled);
    let mut recordings: Vec<Recording> = files.flat_map(|file| recordings_of(file)).collect();
    recordings.sort_by_key(|recording| recording.text.len() + input_length(&recording.scenario));
    recordings
}

impl Recording {
    /// The words that come, and the empty one.
    pub(crate) fn words(&self) -> Vec<String> {
        let words = lines(&self.scenario).flat_map(|line| line.split(' '));
        [""].into_iter().chain(words).map(str::to_owned).collect()
    }
}

fn input_length(scenario: &Scenario) -> usize {
    lines(scenario).map(String::len).sum()
}

fn lines(scenario: &Scenario) -> impl Iterator<Item = &String> {
    let lines = scenario.timeline.iter().map(|entry| match &entry.event {
        TimelineEvent::Lines { lines, .. } => &**lines,
        _ => &[],
    });
    lines.flatten()
}

fn recordings_of(file: &Path) -> Vec<Recording> {
    let case = Case::read(file).expect("a recording is a scenario");
    let pipelines = case.scenario.pipelines.iter();
    pipelines
        .map(|pipeline| Recording {
            name: format!("{}/{}", case.name, pipeline.name),
            scenario: case.scenario.clone(),
            pipeline: pipeline.clone(),
            text: text(&case, &pipeline.name),
        })
        .collect()
}

fn text(case: &Case, pipeline: &str) -> String {
    let text = case.snapshots.read(pipeline);
    let text = text.expect("a snapshot is of console text");
    text.expect("a recording has its snapshot")
}
