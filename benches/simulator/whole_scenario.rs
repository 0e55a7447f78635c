//! The time of the book's scenario, from text to journal.
//!
//! `parse_and_run` reads the text and runs its three pipelines, as the command line does before it
//! prints; `parse` and `run/<pipeline>` are its parts. Journals are kept whole, console text is not
//! made. The figure is the time of one scenario; real Spark, started for it, takes seconds.
//!
//! `cargo bench -p benches --bench whole_scenario`

use std::error::Error;

use criterion::Criterion;
use engine::Journal;
use scenario::{Mistakes, Pipeline, Scenario};
use simulator::{RunError, RunOptions, run};

use benches::{EventCounts, criterion};

const TEXT: &str = include_str!("../../scenarios/cookbook.toml");

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion();
    whole_scenario(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

fn whole_scenario(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let scenario = parse()?;
    let shown = |batches, rows| EventCounts {
        batches,
        outputs: batches,
        rows,
    };
    // The second pipeline keeps its words, and the third shows its table only for batches with input.
    check(&scenario, "stateless", shown(4, 4))?;
    check(&scenario, "update_state", shown(4, 11))?;
    check(&scenario, "structured", shown(3, 8))?;

    let mut group = criterion.benchmark_group("whole_scenario");
    group.bench_function("parse_and_run", |bencher| {
        bencher.iter(|| parse().map(|scenario| run_all(&scenario)));
    });
    group.bench_function("parse", |bencher| bencher.iter(parse));
    for pipeline in &scenario.pipelines {
        group.bench_function(format!("run/{}", pipeline.name), |bencher| {
            bencher.iter(|| journal(&scenario, pipeline));
        });
    }
    group.finish();
    Ok(())
}

fn parse() -> Result<Scenario, Mistakes> {
    scenario::parse("cookbook.toml", TEXT)
}

/// Compares the counts of a pipeline with those of the book.
fn check(scenario: &Scenario, name: &str, expected: EventCounts) -> Result<(), Box<dyn Error>> {
    let mut pipelines = scenario.pipelines.iter();
    let pipeline = pipelines.find(|pipeline| pipeline.name == name);
    let pipeline = pipeline.ok_or_else(|| format!("the scenario has no pipeline {name}"))?;
    let mut found = EventCounts::default();
    journal(scenario, pipeline)?.replay(&mut found);
    assert_eq!(found, expected, "{name}");
    Ok(())
}

fn run_all(scenario: &Scenario) -> Result<Vec<Journal>, RunError> {
    let pipelines = scenario.pipelines.iter();
    pipelines
        .map(|pipeline| journal(scenario, pipeline))
        .collect()
}

fn journal(scenario: &Scenario, pipeline: &Pipeline) -> Result<Journal, RunError> {
    let mut journal = Journal::new();
    run(scenario, pipeline, &RunOptions::default(), &mut journal)?;
    Ok(journal)
}
