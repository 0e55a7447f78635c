//! What real Spark printed: the scenarios below `scenarios/spark`, with their snapshots.

use std::fs;
use std::path::{Path, PathBuf};

use scenario::{Pipeline, Scenario, TimelineEvent};
use snapshots::{Case, decode, find_scenarios, read_scenario};

/// A pipeline that was recorded.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) name: String,
    pub(crate) scenario: Scenario,
    pub(crate) pipeline: Pipeline,
    /// What Spark printed.
    pub(crate) text: String,
}

/// Folders of recordings that the model does not speak of.
const NOT_MODELLED: [&str; 2] = ["event_time", "steps"];

/// All recordings of what is modelled, the smallest first.
pub(crate) fn recordings() -> Vec<Recording> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("scenarios/spark");
    let files = find_scenarios(&home).expect("the recordings can be listed");
    let is_modelled = |file: &&PathBuf| {
        let folder = file.parent().unwrap_or(&home);
        !NOT_MODELLED.iter().any(|name| folder.ends_with(name))
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
    let case = Case::of(file);
    let scenario = read_scenario(file).expect("a recording is a scenario");
    let pipelines = scenario.pipelines.iter();
    pipelines
        .map(|pipeline| Recording {
            name: format!("{}/{}", case.name(), pipeline.name),
            scenario: scenario.clone(),
            pipeline: pipeline.clone(),
            text: text(&case.snapshot(&pipeline.name)),
        })
        .collect()
}

fn text(snapshot: &Path) -> String {
    let file = fs::read_to_string(snapshot).expect("a recording has its snapshot");
    let (_, content) = file
        .split_once("\n---\n")
        .expect("a snapshot begins with its metadata");
    decode(content.trim_end_matches('\n')).expect("a snapshot is of console text")
}
