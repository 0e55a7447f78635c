//! The pipelines of a scenario that are compared, and a check that equivalent ones count the same.

use std::collections::BTreeMap;

use engine::{Event, Reader, Text, Time, Value};
use scenario::{Emit, MapWithState, MappedTotals, Pipeline, Program, Scenario, Update};
use simulator::RunOptions;

use super::replay::follow;
use crate::error::CommandError;

/// The DStream pipelines that keep a state. If only one of the two operators has a word count, the same word
/// count by the other one is added.
pub(super) fn stateful_pipelines(scenario: &Scenario) -> Vec<Pipeline> {
    let stateful = scenario
        .pipelines
        .iter()
        .filter(|pipeline| keeps_state(pipeline));
    let mut pipelines: Vec<Pipeline> = stateful.cloned().collect();
    let has = |kind: fn(&Program) -> bool| pipelines.iter().any(|pipeline| kind(&pipeline.program));
    if !(has(is_update_state) && has(is_map_with_state)) {
        pipelines.extend(pipelines.iter().find_map(counterpart));
    }
    pipelines
}

fn keeps_state(pipeline: &Pipeline) -> bool {
    pipeline.program.keeps_state() && !matches!(pipeline.program, Program::Structured(_))
}

fn is_update_state(program: &Program) -> bool {
    matches!(program, Program::UpdateState { .. })
}

fn is_map_with_state(program: &Program) -> bool {
    matches!(program, Program::MapWithState(_))
}

/// The same running totals by the other operator, if it can compute them.
fn counterpart(pipeline: &Pipeline) -> Option<Pipeline> {
    let (program, name) = counterpart_program(pipeline)?;
    Some(Pipeline {
        name: format!("{name} (added)"),
        profile: pipeline.profile,
        count_lines: pipeline.count_lines,
        cost: pipeline.cost,
        program,
    })
}

/// The other operator's program and its name, for programs that only add up.
fn counterpart_program(pipeline: &Pipeline) -> Option<(Program, &'static str)> {
    match &pipeline.program {
        Program::UpdateState {
            update: Update::Sum,
            initial,
            source,
        } => {
            let program = MapWithState {
                totals: MappedTotals {
                    initial: initial.clone(),
                    ..MappedTotals::default()
                },
                source: *source,
            };
            Some((Program::MapWithState(program), "map_with_state"))
        }
        Program::MapWithState(program)
            if program.totals.drop_at.is_none() && program.totals.timeout.is_none() =>
        {
            let program = Program::UpdateState {
                update: Update::Sum,
                initial: program.totals.initial.clone(),
                source: program.source,
            };
            Some((program, "update_state"))
        }
        _ => None,
    }
}

/// Runs every pipeline that only adds up, and compares the totals after the last batch.
pub(super) fn check_agreement(
    scenario: &Scenario,
    pipelines: &[Pipeline],
    options: &RunOptions<'_>,
) -> Result<(), CommandError> {
    let mut everything = scenario.clone();
    everything.console.rows = usize::MAX;
    let mut first: Option<(&Pipeline, LastTotals)> = None;
    for pipeline in pipelines {
        let Some(all) = printing_all(pipeline) else {
            continue;
        };
        let mut totals = LastTotals::default();
        follow(&everything, &all, options, &mut totals)?;
        match &first {
            None => first = Some((pipeline, totals)),
            Some((other, expected)) if !have_same_start(other, pipeline) || *expected == totals => {
            }
            Some((other, _)) => {
                return Err(CommandError::Unequal {
                    first: other.name.clone(),
                    second: pipeline.name.clone(),
                });
            }
        }
    }
    Ok(())
}

/// The pipeline, changed to print all totals in every batch; none if it does more than add up.
fn printing_all(pipeline: &Pipeline) -> Option<Pipeline> {
    counterpart_program(pipeline)?;
    let mut pipeline = pipeline.clone();
    if let Program::MapWithState(program) = &mut pipeline.program {
        program.totals.emit = Emit::Snapshots;
    }
    Some(pipeline)
}

/// True if both begin with the same totals and read the same lines.
fn have_same_start(one: &Pipeline, other: &Pipeline) -> bool {
    let start = |pipeline: &Pipeline| match &pipeline.program {
        Program::UpdateState {
            initial, source, ..
        } => Some((initial.clone(), *source, pipeline.profile)),
        Program::MapWithState(program) => Some((
            program.totals.initial.clone(),
            program.source,
            pipeline.profile,
        )),
        _ => None,
    };
    start(one) == start(other)
}

/// The totals that were printed last.
#[derive(Debug, Default, PartialEq)]
struct LastTotals {
    by_word: BTreeMap<Text, i64>,
}

impl Reader for LastTotals {
    fn read(&mut self, _: Time, event: &Event) {
        if let Event::Printed { rows, .. } = event {
            self.by_word = rows.iter().filter_map(total).collect();
        }
    }
}

fn total(row: &Value) -> Option<(Text, i64)> {
    match row {
        Value::Tuple(pair) => match pair.as_slice() {
            [Value::String(word), Value::Long(total)] => Some((word.clone(), *total)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(pipelines: &str) -> Scenario {
        let text = format!(
            "timeline = [{{ at = '1s', lines = ['blue green blue'] }}, {{ at = '3s', lines = ['red'] }}]\n\
             {pipelines}"
        );
        scenario::parse("pair.toml", &text).expect("the scenario has no mistakes")
    }

    #[track_caller]
    fn check(pipelines: &str, expected: &[&str]) {
        let scenario = scenario(pipelines);
        let pipelines = stateful_pipelines(&scenario);
        let names: Vec<&str> = pipelines
            .iter()
            .map(|pipeline| pipeline.name.as_str())
            .collect();
        assert_eq!(names, expected);
        let agreement = check_agreement(&scenario, &pipelines, &RunOptions::default());
        assert!(agreement.is_ok(), "{agreement:?}");
    }

    const UPDATE: &str = "[[pipeline]]\nname = 'u'\nmode = 'update_state'\n";
    const MAP: &str = "[[pipeline]]\nname = 'm'\nmode = 'map_with_state'\n";

    #[test]
    fn a_word_count_that_stands_alone_gets_its_counterpart() {
        check(UPDATE, &["u", "map_with_state (added)"]);
        check(MAP, &["m", "update_state (added)"]);
        check(
            &format!("{UPDATE}initial = {{ blue = 7 }}"),
            &["u", "map_with_state (added)"],
        );
    }

    #[test]
    fn a_word_count_that_does_more_than_add_up_has_none() {
        check(&format!("{UPDATE}update = 'drop_idle'"), &["u"]);
        check(&format!("{MAP}timeout = '30s'"), &["m"]);
    }

    #[test]
    fn two_word_counts_are_unchanged_and_others_left_out() {
        let stateless = "[[pipeline]]\nname = 's'\nmode = 'stateless'\n";
        check(&format!("{UPDATE}{MAP}{stateless}"), &["u", "m"]);
        check(stateless, &[]);
    }

    #[test]
    fn totals_are_those_after_the_last_batch() {
        let scenario = scenario(&format!("{UPDATE}{MAP}"));
        let mut expected = LastTotals::default();
        let options = RunOptions::default();
        let pipeline = printing_all(&scenario.pipelines[1]).expect("it adds up");
        follow(&scenario, &pipeline, &options, &mut expected).expect("it keeps the rules");
        let words =
            [("blue", 2), ("green", 1), ("red", 1)].map(|(word, total)| (Text::from(word), total));
        assert_eq!(expected.by_word, BTreeMap::from(words));
    }
}
