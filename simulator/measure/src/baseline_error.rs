//! What is wrong with a baseline, and what to do about it.

use crate::json::JSON_FORMAT;

/// Why something is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is no JSON.
    #[error("it is no JSON")]
    Json(#[from] serde_json::Error),
    /// It is JSON of another kind, or of another version.
    #[error("it has no `\"format\": {JSON_FORMAT}`: write it anew with --json")]
    Format,
    /// A part of it is missing or of another kind.
    #[error("its `{0}` is not what --json writes: write it anew")]
    Shape(&'static str),
    /// It was taken with other settings, so that it compares nothing.
    #[error(
        "it was taken with --skew {skew}, --cores {cores}, --workers {workers}, --time {time_ms}ms and \
         --runs {runs}: compare with the same"
    )]
    Settings {
        /// The exponent of Zipf's law then.
        skew: f64,
        /// The partitions then.
        cores: u64,
        /// The worker threads then.
        workers: u64,
        /// How long all runs together should take then.
        time_ms: u64,
        /// How many runs there were then.
        runs: usize,
    },
    /// No pair of sizes is in both runs.
    #[error("it has none of the sizes of this run")]
    NothingInCommon,
    /// It is of a scenario, and this run is of drawn words.
    #[error(
        "it is of the scenario `{0}`, and this run is of drawn words: name the scenario, or write a baseline \
         with --json without one"
    )]
    OfScenario(String),
    /// It is of drawn words, and this run is of a scenario.
    #[error(
        "it is of drawn words, and this run is of a scenario: write one with --json and the scenario"
    )]
    OfDrawnWords,
    /// It is of another scenario.
    #[error(
        "it is of the scenario `{then}`, and this run is of `{now}`: write one of `{now}` with --json"
    )]
    OtherScenario {
        /// The scenario then.
        then: String,
        /// The scenario now.
        now: String,
    },
    /// A run of a scenario that was taken with other settings.
    #[error(
        "it was taken with --seed {seed}, --workers {workers}, `cores = {cores}` in [cluster], \
         --time {time_ms}ms and --runs {runs}: compare with the same"
    )]
    ScenarioSettings {
        /// The seed then.
        seed: u64,
        /// The cores of the cluster then.
        cores: u64,
        /// The worker threads then.
        workers: u64,
        /// How long all runs together should take then.
        time_ms: u64,
        /// How many runs there were then.
        runs: usize,
    },
    /// The scenario's batches had other records then.
    #[error("the scenario has other batches by now: write it anew with --json")]
    OtherTimeline,
    /// No pipeline is in both runs.
    #[error("it has none of the pipelines of this run: write it anew with --json")]
    NoPipelineInCommon,
}
