//! Expectations of runs whose events are made by hand.

use std::sync::Arc;

use engine::{Failure, FailureKind, JobId, OutputId, QueryId, SparkVersion, StateOwner, Table};

use scenario::Profile;

use super::*;

const PIPELINES: &str = "[[pipeline]]\nname = 'counts'\nmode = 'update_state'\n\
     [[pipeline]]\nname = 'other'\nmode = 'map_with_state'";

/// A scenario with these entries, and a pipeline `counts` to check.
fn scenario(entries: &str, profile: &str) -> Scenario {
    let text = format!("timeline = [{entries}]\n[console]\nprofile = '{profile}'\n{PIPELINES}");
    scenario::parse("expect.toml", &text).expect("the entries have no mistakes")
}

/// The texts of the expectations that do not hold in a run of these events.
fn unmet(scenario: &Scenario, events: &[(i64, Event)]) -> Vec<String> {
    let mut checker = ExpectationChecker::new(scenario, &scenario.pipelines[0]);
    for (time, event) in events {
        checker.read(Time::from_millis(*time), event);
    }
    checker.finish().iter().map(ToString::to_string).collect()
}

/// The pairs that are printed at a time, of a batch with a record.
fn printed(time: i64, pairs: &[(&str, i64)]) -> (i64, Event) {
    printed_of(time, 1, pairs)
}

/// The pairs that are printed at a time, of a batch with `records` records.
fn printed_of(time: i64, records: usize, pairs: &[(&str, i64)]) -> (i64, Event) {
    let pair = |(word, count): &(&str, i64)| {
        Value::Tuple(vec![Value::String((*word).into()), Value::Long(*count)].into())
    };
    let event = Event::Printed {
        batch_time: Time::from_millis(time),
        output: OutputId(0),
        records,
        rows: pairs.iter().map(pair).collect(),
        more: false,
    };
    (time, event)
}

/// Two batches: a 1, then a 2 and b 1.
fn two_batches() -> [(i64, Event); 2] {
    [
        printed(1_000, &[("a", 1)]),
        printed(2_000, &[("a", 2), ("b", 1)]),
    ]
}

/// Checks an expectation after two batches: its text if it does not hold, nothing if it does.
#[track_caller]
fn check(expect: &str, expected: Option<&str>) {
    let scenario = scenario(
        &format!("{{ at = '2s', expect = {{ {expect} }} }}"),
        "pyspark",
    );
    let unmet = unmet(&scenario, &two_batches());
    let expected = expected.map(|expected| {
        format!(
            "pipeline `counts`, expectation at 2s does not hold\n  {expected}\n  \
             printed last: ('a', 2)  ('b', 1)"
        )
    });
    assert_eq!(unmet, expected.as_slice());
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
fn exact_rows_may_hold_in_any_order_but_each_as_often_as_written() {
    check(
        "rows = [\"('b', 1)\", \"('a', 2)\"], any_order = true",
        None,
    );
    check(
        "rows = [\"('b', 1)\", \"('b', 1)\", \"('a', 2)\"], any_order = true",
        Some("expected exactly, in any order: ('b', 1)  ('b', 1)  ('a', 2)"),
    );
    check(
        "rows = [\"('b', 1)\"], any_order = true",
        Some("expected exactly, in any order: ('b', 1)"),
    );
}

#[test]
fn absent_rows_are_not_among_those_printed() {
    check("absent = [\"('a', 1)\", \"('c', 1)\"]", None);
    check(
        "absent = [\"('c', 1)\", \"('b', 1)\"]",
        Some("expected none of the rows: ('c', 1)  ('b', 1)"),
    );
}

/// A job that fails at a time, for this reason.
fn failed(time: i64, reason: &'static str) -> (i64, Event) {
    let event = Event::OutputOperationCompleted {
        batch_time: Time::from_millis(time),
        output: OutputId(0),
        job: JobId(0),
        failure: Some(Failure::new(FailureKind::Overflow, reason)),
    };
    (time, event)
}

#[test]
fn a_failure_is_expected_at_or_before_the_instant_by_a_part_of_its_reason() {
    let holds = |expect: &str, time: i64| {
        let scenario = scenario(&format!("{{ at = '2s', expect = {{ {expect} }} }}"), "jvm");
        let unmet = unmet(&scenario, &[failed(time, "long overflow")]);
        let reason = "long overflow";
        assert_eq!(
            scenario.expects_failure(&scenario.pipelines[0], reason),
            expect.contains("'long'")
        );
        unmet.is_empty()
    };
    assert!(holds("failure = 'long'", 1_000));
    assert!(holds("failure = 'long'", 2_000));
    assert!(!holds("failure = 'long'", 2_001), "it is too late");
    assert!(!holds("failure = 'memory'", 1_000));
    assert!(holds("failure = 'long', rows = []", 1_000));
    assert!(!holds("failure = 'long', rows = ['x']", 1_000));
}

#[test]
fn the_last_failure_is_shown_where_another_was_expected() {
    let scenario = scenario("{ at = '2s', expect = { failure = 'memory' } }", "jvm");
    assert_eq!(
        unmet(&scenario, &[failed(1_000, "long overflow")]),
        ["pipeline `counts`, expectation at 2s does not hold\n  \
          expected a failure: memory\n  failed last: long overflow"]
    );
    assert_eq!(
        unmet(&scenario, &two_batches()),
        ["pipeline `counts`, expectation at 2s does not hold\n  \
          expected a failure: memory\n  failed last: no job"]
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
        let event = Event::StateUpdated {
            batch_time: Time::from_millis(time),
            owner: StateOwner::Output(OutputId(0)),
            counters,
        };
        (time, event)
    };
    assert_eq!(
        unmet(
            &scenario,
            &[updated(1_000, 7), updated(2_000, 2), updated(2_000, 3)]
        ),
        ["pipeline `counts`, expectation at 2s does not hold\n  \
             expected of the last batch: keys_touched = 1, and it was 2\n  \
             expected of the last batch: probes = 9, and it was 0"]
    );
    assert_eq!(unmet(&scenario, &[]).len(), 1, "no batch updated states");
}

#[test]
fn counters_of_micro_batches_that_began_together_are_each_its_own() {
    let scenario = scenario(
        "{ at = '2s', expect = { counters = { keys_touched = 3 } } }",
        "pyspark",
    );
    let updated = |batch_id, keys_touched| Event::StateUpdated {
        batch_time: Time::from_millis(1_000),
        owner: StateOwner::Query {
            query: QueryId(0),
            batch_id,
        },
        counters: Counters {
            keys_touched,
            ..Counters::default()
        },
    };
    let events = [updated(0, 7), updated(1, 3)];
    let events = events.map(|event| (1_000, event));
    assert_eq!(unmet(&scenario, &events), [""; 0]);
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
    assert_eq!(unmet(&scenario, &two_batches()), [""; 0]);
    assert_eq!(unmet(&scenario, &[]), [""; 0]);
    assert_eq!(
        unmet(&scenario, &[printed(500, &[("a", 1)])]),
        ["pipeline `counts`, expectation at 500ms does not hold\n  \
         expected exactly: no rows\n  printed last: ('a', 1)"]
    );
}

#[test]
fn the_rows_that_were_printed_last_at_or_before_the_instant_are_checked() {
    let at = |at: &str, row: &str| {
        let entry = format!("{{ at = '{at}', expect = {{ contains = [\"{row}\"] }} }}");
        unmet(&scenario(&entry, "pyspark"), &two_batches()).len()
    };
    assert_eq!(at("999ms", "('a', 1)"), 1, "nothing has been printed");
    assert_eq!(at("1s", "('a', 1)"), 0);
    assert_eq!(at("1999ms", "('a', 1)"), 0);
    assert_eq!(at("2s", "('a', 1)"), 1, "the second batch is there by now");
    assert_eq!(at("9s", "('b', 1)"), 0, "the run has ended");
}

#[test]
fn of_many_outputs_of_a_batch_the_last_one_is_checked() {
    let scenario = scenario(
        "{ at = '1s', expect = { rows = [\"('b', 1)\"] } }",
        "pyspark",
    );
    let events = [printed(1_000, &[("a", 1)]), printed(1_000, &[("b", 1)])];
    assert_eq!(unmet(&scenario, &events), [""; 0]);
}

#[test]
fn every_expectation_that_does_not_hold_is_reported_in_order() {
    let scenario = scenario(
        "{ at = '1s', expect = { rows = ['x'] } }, { expect = { rows = [\"('a', 1)\"] } }, \
         { expect = { rows = ['y'] } }, { at = '1500ms', expect = { contains = ['z'] } }",
        "pyspark",
    );
    let mut checker = ExpectationChecker::new(&scenario, &scenario.pipelines[0]);
    for (time, event) in &two_batches() {
        checker.read(Time::from_millis(*time), event);
    }
    let unmet = checker.finish();
    let at: Vec<Duration> = unmet.iter().map(|expectation| expectation.at).collect();
    assert_eq!(at, [1_000, 1_000, 1_500].map(Duration::from_millis));
    assert_eq!(unmet[1].expected.rows, Some(vec!["y".to_owned()]));
    assert_eq!(unmet[2].actual, ["('a', 1)"]);
    assert_eq!(unmet[2].pipeline, "counts");
}

#[test]
fn an_expectation_of_another_pipeline_is_not_checked() {
    let of = |name: &str| {
        let entry = format!("{{ at = '2s', expect = {{ pipeline = '{name}', rows = ['x'] }} }}");
        unmet(&scenario(&entry, "pyspark"), &two_batches()).len()
    };
    assert_eq!(of("counts"), 1);
    assert_eq!(of("other"), 0);
}

#[test]
fn rows_are_as_the_profile_prints_them() {
    let holds = |profile: &str, row: &str| {
        let entry = format!("{{ at = '2s', expect = {{ contains = [\"{row}\"] }} }}");
        unmet(&scenario(&entry, profile), &two_batches()).is_empty()
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
    assert_eq!(unmet(&scenario, &two_batches()), [""; 0]);
}

#[test]
fn the_cookbook_shows_no_rows_of_a_batch_without_input() {
    let holds = |profile: &str, records| {
        let scenario = scenario("{ at = '2s', expect = { rows = [] } }", profile);
        let events = [printed_of(2_000, records, &[("a", 1)])];
        unmet(&scenario, &events).is_empty()
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
    let row = |word: &str, count| vec![Value::String(word.into()), Value::Long(count)];
    let table = Table {
        columns: Arc::from(["word".into(), "count".into()]),
        rows: vec![row("a", 1), row("", 2)],
        more: false,
        truncate: true,
        spark: SparkVersion::V3_5,
    };
    let shown = Event::TableShown {
        query: QueryId(0),
        batch_id: 0,
        table,
    };
    assert_eq!(unmet(&scenario, &[(1_000, shown)]), [""; 0]);
}

/// The events of a batch that is submitted, started and completed at these times.
fn batch(times: [i64; 3]) -> [(i64, Event); 3] {
    let batch_time = Time::from_millis(times[0]);
    let submitted = Event::BatchSubmitted {
        batch_time,
        records: 3,
        blocks: Vec::new(),
    };
    let started = Event::BatchStarted { batch_time };
    let completed = Event::BatchCompleted { batch_time };
    let [first, second, third] = times;
    [(first, submitted), (second, started), (third, completed)]
}

#[test]
fn met_2_delays_are_those_of_the_last_batch_that_completed() {
    let scenario = scenario(
        "{ at = '1s', expect = { total_delay = { at_most = '1s' }, queue_length = { at_least = 1 } } }, \
         { at = '9s', expect = { \
            scheduling_delay = { at_least = '501ms', at_most = '2s' }, processing_time = { at_least = '3s' }, \
            total_delay = { at_most = '3s' }, average_total_delay = { at_most = '1h' }, \
            queue_length = { at_least = 1 }, input_rate = { at_most = 2.5 } } }, \
         { at = '9s', expect = { \
            scheduling_delay = { at_most = '500ms' }, average_total_delay = { at_least = '2750ms', at_most = '2750ms' }, \
            queue_length = { at_most = 0 }, input_rate = { at_least = 3, at_most = 3 } } }",
        "pyspark",
    );
    let [first, second] = [[1_000, 1_000, 3_000], [2_500, 3_000, 6_000]].map(batch);
    let mut events = first.to_vec();
    events.extend(second);
    events.sort_by_key(|(time, _)| *time);
    assert_eq!(
        unmet(&scenario, &events),
        [
            "pipeline `counts`, expectation at 1s does not hold\n  \
             expected total_delay at most 1s, and no batch has completed",
            "pipeline `counts`, expectation at 9s does not hold\n  \
             expected scheduling_delay at least 501ms and at most 2s, and it was 500ms\n  \
             expected total_delay at most 3s, and it was 3.5s\n  \
             expected queue_length at least 1, and it was 0\n  \
             expected input_rate at most 2.5, and it was 3"
        ]
    );
}
