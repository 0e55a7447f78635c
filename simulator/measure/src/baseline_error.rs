//! Errors of a baseline, with the remedy.

use crate::json::JSON_FORMAT;

/// An error that keeps a run from being compared with a baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The text is no JSON.
    #[error("it is no JSON")]
    Json(#[from] serde_json::Error),
    /// The JSON is of another kind or version.
    #[error("it has no `\"format\": {JSON_FORMAT}`: write it anew with --json")]
    Format,
    /// A part of the JSON is missing or of another kind.
    #[error("its `{0}` is not what --json writes: write it anew")]
    Shape(&'static str),
    /// The baseline has other settings: those that differ, as command line options.
    #[error("it was taken with {0}: compare with the same")]
    Settings(String),
    /// No pair of sizes is in both runs.
    #[error("it has none of the sizes of this run")]
    NothingInCommon,
    /// The baseline is of a scenario, and the run of drawn words.
    #[error(
        "it is of the scenario `{0}`, and this run is of drawn words: name the scenario, or write a baseline \
         with --json without one"
    )]
    OfScenario(String),
    /// The baseline is of drawn words, and the run of a scenario.
    #[error(
        "it is of drawn words, and this run is of a scenario: write one with --json and the scenario"
    )]
    OfDrawnWords,
    /// The baseline is of another scenario.
    #[error(
        "it is of the scenario `{before}`, and this run is of `{now}`: write one of `{now}` with --json"
    )]
    OtherScenario {
        /// The scenario of the baseline.
        before: String,
        /// The scenario of the run.
        now: String,
    },
    /// The baseline has other batches of the scenario.
    #[error("the scenario has other batches by now: write it anew with --json")]
    OtherTimeline,
    /// No pipeline is in both runs.
    #[error("it has none of the pipelines of this run: write it anew with --json")]
    NoPipelineInCommon,
}
