//! A model of Spark's console text: slow, plain, and written from the rules alone.
//!
//! The engine is fast, and its console text is hard to derive from its code. The model does each step as
//! Spark does, table for table, and each rule stands where it acts: `rules.hold(Rule::…)`, beside the
//! behaviour without the rule. Begin with [`rules`], then read [`python`] or [`jvm`] for `DStreams`,
//! [`chain`] for `mapWithState`, [`structured`] for queries.
//!
//! Three things are tested: the model prints what real Spark printed; no rule can be switched off
//! without some recording noticing; and the engine prints what the model does of any scenario.
//!
//! # Rules that are modelled, but not shown by a recording
//!
//! They cannot be switched off, as no test would fail:
//!
//! - A hash of -1 becomes -2 in Python: no word with that hash is known.
//! - A column of a table is three wide at least: the names of the columns are wider.
//! - A chain is compacted at a length of twenty: any from twelve to twenty-one gives the same text, as
//!   lengths are looked at in every tenth batch.
//! - The compacted table of a chain without entries has 64 slots: more keys do not follow.
//! - Lines at the very time of a batch are in it: every recording has its lines between batches.
//!
//! # What is not here
//!
//! The book's profile, programs in steps but `count_by_value`, windows of event time, generated lines,
//! characters that are unassigned in Unicode 14, and time zones whose offset changes.

mod append_only_map;
mod chain;
mod concurrent_hash_map;
mod dstream;
mod first_seen;
mod jvm;
mod language;
mod murmur;
mod python;
mod recordings;
mod rules;
mod split;
mod structured;
mod table;
mod text;
mod timeline;

use std::sync::LazyLock;

use proptest::prelude::*;
use random::Space;
use scenario::{Pipeline, Program, Scenario};
use suite::play;

use recordings::{Recording, recordings};
use rules::{Rule, Rules};

static RECORDINGS: LazyLock<Vec<Recording>> = LazyLock::new(recordings);

/// The console text of a pipeline, or `None` if it is not modelled.
fn print(scenario: &Scenario, pipeline: &Pipeline, rules: &Rules) -> Option<String> {
    match &pipeline.program {
        Program::Structured(query) => Some(structured::print(scenario, query, rules)),
        _ => dstream::print(scenario, pipeline, rules),
    }
}

/// Returns true if the model prints the same as Spark.
fn agrees(recording: &Recording, rules: &Rules) -> bool {
    let printed = print(&recording.scenario, &recording.pipeline, rules);
    let name = &recording.name;
    printed.unwrap_or_else(|| panic!("{name} is of a kind that is not modelled")) == recording.text
}

#[test]
fn the_model_prints_what_spark_printed() {
    let differs = |recording: &&Recording| !agrees(recording, &Rules::all());
    let differing: Vec<&str> = RECORDINGS
        .iter()
        .filter(differs)
        .map(|recording| &*recording.name)
        .collect();
    assert!(!RECORDINGS.is_empty(), "there are no recordings");
    assert!(
        differing.is_empty(),
        "the model differs from Spark in {differing:#?}"
    );
}

/// A rule is idle if the model prints every recording without it. Only recordings in which the rule was
/// asked for can differ.
#[test]
fn no_rule_is_idle() {
    let concerned: Vec<(&Recording, Rules)> = RECORDINGS
        .iter()
        .map(|recording| {
            let rules = Rules::all();
            agrees(recording, &rules);
            (recording, rules)
        })
        .collect();
    let is_idle = |rule: &&Rule| {
        let asked = concerned.iter().filter(|it| it.1.were_asked_for(**rule));
        let mut recordings = asked.map(|(recording, _)| recording);
        recordings.all(|recording| agrees(recording, &Rules::without(**rule)))
    };
    let idle: Vec<&Rule> = Rule::ALL.iter().filter(is_idle).collect();
    assert!(idle.is_empty(), "no recording shows {idle:?}");
}

/// Scenarios of which the model says what is printed, some of their words from one of the recordings.
fn modelled() -> Space {
    let words = RECORDINGS.iter().map(Recording::words);
    Space::modelled(words.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_engine_agrees_with_the_model(scenario in modelled()) {
        let pipeline = &scenario.pipelines[0];
        let model = print(&scenario, pipeline, &Rules::all());
        let model = model.expect("every random pipeline is modelled");
        let engine = play(&scenario, pipeline, 0).expect("every random pipeline can be played");
        prop_assert_eq!(engine.text, model);
    }
}
