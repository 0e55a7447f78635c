//! A query that differs from Spark's, without the parts that do not matter.

use oracle::{Answer, Spark};
use scenario::{Program, Scenario};
use suite::Played;

use super::comparison::compare;
use super::keep;
use super::pipeline::{SparkPipeline, saying_what_is_refused};
use crate::args::SparkArguments;
use crate::error::CommandError;

/// The most scenarios that are tried for one that differs, each of which Spark plays.
const TRIES: usize = 200;

/// Writes the smallest scenario found that still differs, if it is one of a query in SQL: the text of a program in Java
/// is compiled before Spark is started. It fails where the pipeline fails, on Spark and here: a text that lost its
/// meaning is no example of two tables that differ.
pub(super) fn find(
    spark: &mut Spark,
    pipeline: &SparkPipeline,
    answer: &Answer,
    arguments: &SparkArguments,
) -> Result<(), CommandError> {
    let is_query = |it: &Program| matches!(it, Program::Structured(query) if query.sql.is_some());
    if !is_query(&pipeline.pipeline.program) {
        return Ok(());
    }
    let fails = failing(answer, &pipeline.played(arguments.seed)?);
    let mut smallest = None;
    let mut part = 0;
    for _ in 0..TRIES {
        let scenario = smallest.as_ref().unwrap_or(&pipeline.scenario);
        let Some(tried) = random::smaller(scenario).into_iter().nth(part) else {
            break;
        };
        let tried = saying_what_is_refused(tried);
        if differs(spark, &tried, fails, arguments)? {
            smallest = Some(tried);
        } else {
            part += 1;
        }
    }
    if let Some(scenario) = smallest {
        let name = format!("{}_smaller", pipeline.scenario_name);
        let smallest = SparkPipeline::new(&name, &scenario, &scenario.pipelines[0]);
        keep(&smallest, &name, arguments)?;
    }
    Ok(())
}

/// Returns true if the scenario fails on Spark and here as stated, and prints something else.
fn differs(
    spark: &mut Spark,
    scenario: &Scenario,
    fails: Option<[bool; 2]>,
    arguments: &SparkArguments,
) -> Result<bool, CommandError> {
    let pipeline = SparkPipeline::new("smaller", scenario, &scenario.pipelines[0]);
    let Ok(replay) = pipeline.replay(0, arguments.seed) else {
        return Ok(false);
    };
    let Ok(ours) = pipeline.played(arguments.seed) else {
        return Ok(false);
    };
    let answer = spark.replay(&replay)?;
    Ok(fails.is_some()
        && failing(&answer, &ours) == fails
        && !compare(&answer, &ours, pipeline.measure())
            .problems
            .is_empty())
}

/// True for Spark, and for ours, if the query has failed there; `None` if Spark has not played it.
fn failing(answer: &Answer, ours: &Played) -> Option<[bool; 2]> {
    match answer {
        Answer::Console { failure, .. } => Some([failure.is_some(), !ours.failures.is_empty()]),
        Answer::Failed(_) => None,
    }
}
