//! Lines of the file and of the seed, in the order in which they arrive.

use super::*;
use crate::InOrder;

fn arrivals(entries: &str, seed: u64) -> Vec<(i64, Vec<String>)> {
    let text =
        format!("timeline = [{entries}]\n[[pipeline]]\nname = \"p\"\nsteps = [{{ print = 1 }}]");
    let scenario = scenario::parse("timeline.toml", &text).expect("the entries have no mistakes");
    let mut arrivals = Arrivals::new(&scenario, Source::Memory, &InOrder { seed });
    let entries = arrivals.until(Time::from_millis(i64::MAX));
    entries
        .map(|(time, records)| {
            let lines = records.iter().map(ToString::to_string).collect();
            (time.as_millis(), lines)
        })
        .collect()
}

#[track_caller]
fn check(entries: &str, expected: &[(i64, &[&str])]) {
    let expected: Vec<(i64, Vec<String>)> = expected
        .iter()
        .map(|(time, lines)| (*time, lines.iter().map(ToString::to_string).collect()))
        .collect();
    assert_eq!(arrivals(entries, 0), expected);
}

#[test]
fn an_entry_without_lines_does_not_end_the_arrivals() {
    check(
        "{ at = '1s', lines = ['a'] }, { at = '2s', lines = [] }, { at = '3s', lines = ['b'] }",
        &[(1_000, &["a"]), (3_000, &["b"])],
    );
}

#[test]
fn a_pipeline_in_words_takes_the_lines_of_its_source_and_those_of_all() {
    check(
        "{ at = '1s', lines = ['a'] }, { at = '2s', stream = 'lines', lines = ['b'] }, \
         { at = '3s', stream = 'localhost:9999', lines = ['c'] }",
        &[(1_000, &["a"]), (2_000, &["b"])],
    );
}

#[test]
fn lines_are_cut_into_contiguous_partitions() {
    check(
        "{ at = '1s', lines = ['a', 'b', 'c', 'd', 'e'], partitions = 3 }",
        &[(1_000, &["a"]), (1_000, &["b", "c"]), (1_000, &["d", "e"])],
    );
}

#[test]
fn generated_lines_come_at_a_steady_rate_and_after_what_is_written_at_the_instant() {
    check(
        "{ at = '1s', generate = { rate = 3, duration = '1s', keys = 1 } }, { at = '1333ms', lines = ['a'] }",
        &[
            (1_000, &["key-0"]),
            (1_333, &["a"]),
            (1_333, &["key-0"]),
            (1_666, &["key-0"]),
        ],
    );
}

#[test]
fn the_seed_decides_what_is_generated() {
    let entries = "{ at = '1s', generate = { rate = 100, duration = '1s', keys = 1000, words = 3, skew = 1.1 } }";
    assert_eq!(arrivals(entries, 1), arrivals(entries, 1));
    assert_ne!(arrivals(entries, 1), arrivals(entries, 2));
}

#[test]
fn a_skew_makes_the_first_keys_common() {
    let share = |skew: &str| {
        let entries = format!(
            "{{ at = '1s', generate = {{ rate = 1000, duration = '1s', keys = 100, skew = {skew} }} }}"
        );
        arrivals(&entries, 7)
            .iter()
            .filter(|(_, lines)| lines == &["key-0"])
            .count()
    };
    assert!(share("0.0") < 30, "of 1000 lines, some ten have each key");
    assert!(
        share("1.5") > 300,
        "of 1000 lines, some 400 have the first key"
    );
}

#[test]
fn a_socket_cuts_lines_as_java_reads_them() {
    assert_eq!(socket_lines("a\nb\r\nc\rd"), ["a", "b", "c", "d"]);
    assert_eq!(socket_lines("a\r"), ["a"]);
    assert_eq!(socket_lines("a\n"), ["a", ""]);
    assert_eq!(socket_lines(""), [""]);
}

#[test]
fn a_block_has_at_least_a_line_however_many_partitions_there_are() {
    check(
        "{ at = '1s', lines = ['a', 'b'], partitions = 5 }",
        &[(1_000, &["a"]), (1_000, &["b"])],
    );
    check("{ at = '1s', lines = [], partitions = 5 }", &[]);
}

#[test]
fn many_generators_take_turns_in_the_order_of_time_and_then_of_writing() {
    let every = |start: &str, rate: u32| {
        format!(
            "{{ at = '{start}', generate = {{ rate = {rate}, duration = '1s', keys = 1, words = {rate} }} }}"
        )
    };
    let two = "key-0 key-0";
    let three = "key-0 key-0 key-0";
    check(
        &format!("{}, {}", every("0s", 3), every("0s", 2)),
        &[
            (0, &[three]),
            (0, &[two]),
            (333, &[three]),
            (500, &[two]),
            (666, &[three]),
        ],
    );
}

#[test]
fn a_generator_ends_after_its_duration() {
    let last = |duration: &str| {
        let entries =
            format!("{{ at = '1s', generate = {{ rate = 10, duration = '{duration}' }} }}");
        let lines = arrivals(&entries, 0);
        (lines.len(), lines.last().map(|(time, _)| *time))
    };
    assert_eq!(last("1s"), (10, Some(1_900)));
    assert_eq!(last("199ms"), (1, Some(1_000)));
    assert_eq!(last("99ms"), (0, None));
}

#[test]
fn other_entries_change_nothing_of_what_is_generated() {
    let generate = "{ at = '1s', generate = { rate = 50, duration = '1s', keys = 1000 } }";
    let expect = "{ at = '0s', expect = { rows = [] } }";
    let alone = arrivals(generate, 7);
    assert_eq!(arrivals(&format!("{expect}, {generate}"), 7), alone);
    let with_lines = arrivals(&format!("{{ at = '0s', lines = ['a'] }}, {generate}"), 7);
    assert_eq!(with_lines[1..], alone);
    let twice = arrivals(&format!("{generate}, {generate}"), 7);
    let (even, odd): (Vec<_>, Vec<_>) = (0..).zip(twice).partition(|(at, _)| at % 2 == 0);
    let lines =
        |lines: Vec<(usize, _)>| lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>();
    assert_eq!(lines(even), alone, "the first is as without the second");
    assert_ne!(lines(odd), alone, "the second draws other words");
}

#[test]
#[should_panic(expected = "an arrival is taken at its time")]
fn nothing_is_taken_before_its_time() {
    let scenario =
        "timeline = [{ at = '1s', lines = ['a'] }]\n[[pipeline]]\nname = 'p'\nmode = 'stateless'";
    let scenario = scenario::parse("timeline.toml", scenario).expect("it has no mistakes");
    let mut arrivals = Arrivals::new(&scenario, Source::Memory, &InOrder::default());
    arrivals.take(Time::from_millis(999));
}
