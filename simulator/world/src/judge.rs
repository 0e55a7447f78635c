//! Whether a pipeline did what its scenario expects.

use std::collections::VecDeque;
use std::time::Duration;

use engine::sink::cell_text;
use engine::{Counters, Event, Reader, Time, Value};
use scenario::{Expect, Pipeline, Profile, Scenario, TimelineEvent};

use crate::verdict::{Verdict, differing_counters};

/// Follows a run and judges each expectation when its instant has passed.
///
/// Rows are compared as text: those of a DStream as they are printed, those of a table as cells
/// between bars without padding, `|green|3|`; times in them are UTC.
#[derive(Debug)]
pub struct Judge<'a> {
    pipeline: &'a str,
    profile: Profile,
    waiting: VecDeque<Waiting<'a>>,
    /// The last batch without input, of which the cookbook shows no rows.
    empty_batch: Option<Time>,
    printed: Vec<String>,
    /// What the last batch that updated states took, over all its outputs.
    updated: (Option<Time>, Counters),
    verdicts: Vec<Verdict>,
}

/// An expectation whose instant has not passed.
#[derive(Debug)]
struct Waiting<'a> {
    /// The index of its entry on the timeline.
    entry: usize,
    time: Time,
    at: Duration,
    expect: &'a Expect,
}

impl<'a> Judge<'a> {
    /// A judge of one pipeline's run.
    pub fn new(scenario: &'a Scenario, pipeline: &'a Pipeline) -> Judge<'a> {
        let entries = scenario.timeline.iter().enumerate();
        let mine = entries.filter_map(|(index, entry)| match &entry.event {
            TimelineEvent::Expect(expect) if expect.means(&pipeline.name) => Some(Waiting {
                entry: index,
                time: scenario.clock.start.checked_add(entry.at)?,
                at: entry.at,
                expect,
            }),
            _ => None,
        });
        Judge {
            pipeline: &pipeline.name,
            profile: pipeline.profile.unwrap_or(scenario.console.profile),
            waiting: mine.collect(),
            empty_batch: None,
            printed: Vec::new(),
            updated: (None, Counters::default()),
            verdicts: Vec::new(),
        }
    }

    /// The expectations that did not hold, once the run has ended.
    pub fn finish(mut self) -> Vec<Verdict> {
        self.judge_before(None);
        self.verdicts
    }

    /// Judges what was expected before `time`; all that is left if there is none.
    fn judge_before(&mut self, time: Option<Time>) {
        let has_passed = |it: &mut Waiting| time.is_none_or(|time| it.time < time);
        while let Some(waiting) = self.waiting.pop_front_if(has_passed) {
            let expect = waiting.expect;
            let is_exact = expect
                .rows
                .as_ref()
                .is_none_or(|rows| *rows == self.printed);
            let has_all = expect.contains.iter().all(|row| self.printed.contains(row));
            let counts = differing_counters(expect, &self.updated.1).next().is_none();
            if !(is_exact && has_all && counts) {
                self.verdicts.push(Verdict {
                    pipeline: self.pipeline.to_owned(),
                    entry: waiting.entry,
                    at: waiting.at,
                    expected: expect.clone(),
                    actual: self.printed.clone(),
                    counters: self.updated.1,
                });
            }
        }
    }
}

impl Reader for Judge<'_> {
    fn read(&mut self, time: Time, event: &Event) {
        if self.waiting.is_empty() {
            return;
        }
        self.judge_before(Some(time));
        match event {
            Event::BatchSubmitted {
                batch_time,
                records: 0,
            } => self.empty_batch = Some(*batch_time),
            Event::Printed {
                batch_time, rows, ..
            } => {
                let hidden =
                    self.profile == Profile::Cookbook && self.empty_batch == Some(*batch_time);
                let shown = if hidden { &[][..] } else { rows };
                self.printed = shown.iter().map(|row| self.profile.row(row)).collect();
            }
            Event::StateUpdated {
                batch_time,
                counters,
                ..
            } => {
                if self.updated.0 != Some(*batch_time) {
                    self.updated = (Some(*batch_time), Counters::default());
                }
                self.updated.1 += *counters;
            }
            // The next micro-batch may begin at the same time.
            Event::QueryProgress { .. } => self.updated.0 = None,
            Event::TableShown { table, .. } => {
                self.printed = table.rows.iter().map(|row| cells(row)).collect();
            }
            _ => {}
        }
    }
}

fn cells(row: &[Value]) -> String {
    let cells: Vec<String> = row.iter().map(cell_text).collect();
    format!("|{}|", cells.join("|"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::{OutputId, Table};

    use super::*;

    const PIPELINES: &str = "[[pipeline]]\nname = 'counts'\nmode = 'update_state'\n\
         [[pipeline]]\nname = 'other'\nmode = 'map_with_state'";

    /// A scenario with these entries, and a pipeline `counts` to judge.
    fn scenario(entries: &str, profile: &str) -> Scenario {
        let text = format!("timeline = [{entries}]\n[console]\nprofile = '{profile}'\n{PIPELINES}");
        scenario::parse("verdict.toml", &text).expect("the entries have no mistakes")
    }

    /// What a judge says of a run in which this happened.
    fn verdicts(scenario: &Scenario, events: &[(i64, Event)]) -> Vec<String> {
        let mut judge = Judge::new(scenario, &scenario.pipelines[0]);
        for (time, event) in events {
            judge.read(Time::from_millis(*time), event);
        }
        let verdicts = judge.finish();
        verdicts.iter().map(ToString::to_string).collect()
    }

    /// The pairs that are printed at a time.
    fn printed(time: i64, pairs: &[(&str, i64)]) -> (i64, Event) {
        let pair = |(word, count): &(&str, i64)| {
            Value::Tuple(vec![Value::Text((*word).into()), Value::Int(*count)])
        };
        let event = Event::Printed {
            batch_time: Time::from_millis(time),
            output: OutputId(0),
            rows: pairs.iter().map(pair).collect(),
            more: false,
        };
        (time, event)
    }

    fn submitted(time: i64, records: usize) -> (i64, Event) {
        let batch_time = Time::from_millis(time);
        (
            time,
            Event::BatchSubmitted {
                batch_time,
                records,
            },
        )
    }

    /// Two batches: a 1, then a 2 and b 1.
    fn two_batches() -> [(i64, Event); 2] {
        [
            printed(1_000, &[("a", 1)]),
            printed(2_000, &[("a", 2), ("b", 1)]),
        ]
    }

    /// What is said to be expected after two batches; nothing if it holds.
    #[track_caller]
    fn check(expect: &str, expected: Option<&str>) {
        let scenario = scenario(
            &format!("{{ at = '2s', expect = {{ {expect} }} }}"),
            "pyspark",
        );
        let verdicts = verdicts(&scenario, &two_batches());
        let expected = expected.map(|expected| {
            format!(
                "pipeline `counts`, expectation at 2s does not hold\n  {expected}\n  \
                 printed last: ('a', 2)  ('b', 1)"
            )
        });
        assert_eq!(verdicts, expected.as_slice());
    }

    #[test]
    fn exact_rows_hold_in_their_order_and_whole() {
        check("rows = [\"('a', 2)\", \"('b', 1)\"]", None);
        check(
            "rows = [\"('b', 1)\", \"('a', 2)\"]",
            Some("expected exactly: ('b', 1)  ('a', 2)"),
        );
        check("rows = [\"('a', 2)\"]", Some("expected exactly: ('a', 2)"));
    }

    #[test]
    fn contained_rows_hold_in_any_order_and_among_others() {
        check("contains = [\"('b', 1)\", \"('a', 2)\"]", None);
        check("contains = [\"('b', 1)\"]", None);
        check(
            "contains = [\"('b', 1)\", \"('a', 1)\"]",
            Some("expected among the rows: ('b', 1)  ('a', 1)"),
        );
    }

    #[test]
    fn counters_are_those_of_the_last_batch_that_updated_states() {
        let scenario = scenario(
            "{ at = '2s', expect = { counters = { function_calls = 5, keys_touched = 1, probes = 9 } } }",
            "pyspark",
        );
        let updated = |time, function_calls| {
            let counters = Counters {
                function_calls,
                keys_touched: 1,
                ..Counters::default()
            };
            let (batch_time, output) = (Time::from_millis(time), OutputId(0));
            let event = Event::StateUpdated {
                batch_time,
                output,
                counters,
            };
            (time, event)
        };
        assert_eq!(
            verdicts(
                &scenario,
                &[updated(1_000, 7), updated(2_000, 2), updated(2_000, 3)]
            ),
            ["pipeline `counts`, expectation at 2s does not hold\n  \
                 expected of the last batch: keys_touched = 1, and it was 2\n  \
                 expected of the last batch: probes = 9, and it was 0"]
        );
        assert_eq!(verdicts(&scenario, &[]).len(), 1, "no batch updated states");
    }

    #[test]
    fn counters_of_micro_batches_that_began_together_are_each_its_own() {
        let scenario = scenario(
            "{ at = '2s', expect = { counters = { keys_touched = 3 } } }",
            "pyspark",
        );
        let updated = |keys_touched| Event::StateUpdated {
            batch_time: Time::from_millis(1_000),
            output: OutputId(0),
            counters: Counters {
                keys_touched,
                ..Counters::default()
            },
        };
        let progress = |batch_id| Event::QueryProgress {
            batch_id,
            records: 0,
            failure: None,
        };
        let events = [updated(7), progress(0), updated(3), progress(1)];
        let events = events.map(|event| (1_000, event));
        assert_eq!(verdicts(&scenario, &events), [""; 0]);
    }

    #[test]
    fn both_have_to_hold() {
        let rows = "rows = [\"('a', 2)\", \"('b', 1)\"]";
        check(&format!("{rows}, contains = [\"('b', 1)\"]"), None);
        check(
            &format!("{rows}, contains = ['c']"),
            Some("expected exactly: ('a', 2)  ('b', 1)\n  expected among the rows: c"),
        );
    }

    #[test]
    fn no_rows_can_be_expected() {
        let scenario = scenario("{ at = '500ms', expect = { rows = [] } }", "pyspark");
        assert_eq!(verdicts(&scenario, &two_batches()), [""; 0]);
        assert_eq!(verdicts(&scenario, &[]), [""; 0]);
        assert_eq!(
            verdicts(&scenario, &[printed(500, &[("a", 1)])]),
            ["pipeline `counts`, expectation at 500ms does not hold\n  \
             expected exactly: no rows\n  printed last: ('a', 1)"]
        );
    }

    #[test]
    fn what_was_printed_last_at_or_before_its_instant_is_judged() {
        let at = |at: &str, row: &str| {
            let entry = format!("{{ at = '{at}', expect = {{ contains = [\"{row}\"] }} }}");
            verdicts(&scenario(&entry, "pyspark"), &two_batches()).len()
        };
        assert_eq!(at("999ms", "('a', 1)"), 1, "nothing has been printed");
        assert_eq!(at("1s", "('a', 1)"), 0);
        assert_eq!(at("1999ms", "('a', 1)"), 0);
        assert_eq!(at("2s", "('a', 1)"), 1, "the second batch is there by now");
        assert_eq!(at("9s", "('b', 1)"), 0, "the run has ended");
    }

    #[test]
    fn of_many_outputs_of_a_batch_the_last_one_is_judged() {
        let scenario = scenario(
            "{ at = '1s', expect = { rows = [\"('b', 1)\"] } }",
            "pyspark",
        );
        let events = [printed(1_000, &[("a", 1)]), printed(1_000, &[("b", 1)])];
        assert_eq!(verdicts(&scenario, &events), [""; 0]);
    }

    #[test]
    fn every_expectation_that_does_not_hold_is_told_in_order() {
        let scenario = scenario(
            "{ at = '1s', expect = { rows = ['x'] } }, { expect = { rows = [\"('a', 1)\"] } }, \
             { expect = { rows = ['y'] } }, { at = '1500ms', expect = { contains = ['z'] } }",
            "pyspark",
        );
        let mut judge = Judge::new(&scenario, &scenario.pipelines[0]);
        for (time, event) in &two_batches() {
            judge.read(Time::from_millis(*time), event);
        }
        let verdicts = judge.finish();
        let at: Vec<Duration> = verdicts.iter().map(|verdict| verdict.at).collect();
        assert_eq!(at, [1_000, 1_000, 1_500].map(Duration::from_millis));
        assert_eq!(verdicts[1].expected.rows, Some(vec!["y".to_owned()]));
        assert_eq!(verdicts[2].actual, ["('a', 1)"]);
        assert_eq!(verdicts[2].pipeline, "counts");
    }

    #[test]
    fn an_expectation_of_another_pipeline_is_not_judged() {
        let of = |name: &str| {
            let entry =
                format!("{{ at = '2s', expect = {{ pipeline = '{name}', rows = ['x'] }} }}");
            verdicts(&scenario(&entry, "pyspark"), &two_batches()).len()
        };
        assert_eq!(of("counts"), 1);
        assert_eq!(of("other"), 0);
    }

    #[test]
    fn rows_are_as_the_profile_prints_them() {
        let holds = |profile: &str, row: &str| {
            let entry = format!("{{ at = '2s', expect = {{ contains = [\"{row}\"] }} }}");
            verdicts(&scenario(&entry, profile), &two_batches()).is_empty()
        };
        assert!(holds("pyspark", "('a', 2)"));
        assert!(holds("jvm", "(a,2)"));
        assert!(holds("cookbook", "(u'a', 2)"));
        assert!(!holds("jvm", "('a', 2)"));
    }

    #[test]
    fn the_profile_of_the_pipeline_comes_first() {
        let mut scenario = scenario(
            "{ at = '2s', expect = { contains = ['(a,2)'] } }",
            "pyspark",
        );
        scenario.pipelines[0].profile = Some(Profile::Jvm);
        assert_eq!(verdicts(&scenario, &two_batches()), [""; 0]);
    }

    #[test]
    fn the_cookbook_shows_no_rows_of_a_batch_without_input() {
        let holds = |profile: &str, records| {
            let scenario = scenario("{ at = '2s', expect = { rows = [] } }", profile);
            let events = [submitted(2_000, records), printed(2_000, &[("a", 1)])];
            verdicts(&scenario, &events).is_empty()
        };
        assert!(holds("cookbook", 0));
        assert!(!holds("cookbook", 1));
        assert!(!holds("pyspark", 0));
    }

    #[test]
    fn rows_of_a_table_are_cells_between_bars() {
        let scenario = scenario(
            "{ at = '1s', expect = { rows = ['|a|1|', '||2|'] } }",
            "pyspark",
        );
        let row = |word: &str, count| vec![Value::Text(word.into()), Value::Int(count)];
        let table = Table {
            columns: Arc::from(["word".into(), "count".into()]),
            rows: vec![row("a", 1), row("", 2)],
            more: false,
            truncate: true,
        };
        let shown = Event::TableShown { batch_id: 0, table };
        assert_eq!(verdicts(&scenario, &[(1_000, shown)]), [""; 0]);
    }
}
