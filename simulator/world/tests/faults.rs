//! A driver that dies and starts again, by what its console shows.

use report::{Console, Zone};
use scenario::Profile;
use simulator::{RunOptions, run};

/// The console of a word count over lines that come each second, on which these things happen.
#[track_caller]
fn console(source: &str, cluster: &str, faults: &str) -> String {
    let pipeline = format!("mode = 'update_state'\nsource = '{source}'");
    let (text, ended) = play(&pipeline, cluster, faults);
    assert_eq!(ended, Ok(()));
    text
}

/// The console of a query that counts words in update mode.
#[track_caller]
fn query_console(source: &str, cluster: &str, faults: &str) -> String {
    let (text, ended) = play(&query(source), cluster, faults);
    assert_eq!(ended, Ok(()));
    let rows = text
        .lines()
        .filter(|line| !line.starts_with('+') && !line.contains("word"));
    rows.collect::<Vec<_>>().join("\n")
}

fn query(source: &str) -> String {
    format!("mode = 'structured'\noutput = 'update'\nsource = '{source}'")
}

/// The console of a pipeline without rules and blank lines, and the end of its run.
fn play(pipeline: &str, cluster: &str, faults: &str) -> (String, Result<(), String>) {
    let text = format!(
        "timeline = [\n{faults}\n]\n[clock]\nstop = '5s'\n[console]\nprofile = 'jvm'\n[cluster]\n\
         shuffle_partitions = 1\n{cluster}\n[[pipeline]]\nname = 'p'\n{pipeline}\n"
    );
    let scenario = scenario::parse("faults.toml", &text).expect("the scenario has no mistakes");
    let mut console = Console::new(Profile::Jvm, Zone::UTC, Vec::new());
    let options = RunOptions {
        ..RunOptions::default()
    };
    let ended = run(&scenario, &scenario.pipelines[0], &options, &mut console);
    let ended = ended.map_err(|error| error.to_string());
    let text = console.finish().expect("memory takes all");
    let text = String::from_utf8(text).expect("it is text");
    let rule = "-------------------------------------------";
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && *line != rule);
    (lines.collect::<Vec<_>>().join("\n"), ended)
}

const CHECKPOINT: &str = "checkpoint = 'checkpoint'";

/// A line each second, and a driver that dies at 2.5 s and is down until 3.5 s.
const DOWN_FOR_A_SECOND: &str = "
    { at = '1s', lines = ['a'] },
    { at = '2s', lines = ['a'] },
    { at = '2.5s', crash = 'driver' },
    { at = '3s', lines = ['a'] },
    { at = '3.5s', restart = 'driver' },
    { at = '4s', lines = ['a'] },
    { at = '5s', lines = ['a'] },";

#[test]
fn rec_5_a_source_that_keeps_its_lines_loses_none() {
    assert_eq!(
        console("direct", CHECKPOINT, DOWN_FOR_A_SECOND),
        "Time: 1000 ms\n(a,1)\nTime: 2000 ms\n(a,2)\n-- driver crashed\n\
         -- driver recovered: checkpoint of 2000 ms; again 2000 ms, 3000 ms\n\
         Time: 2000 ms\n(a,2)\nTime: 3000 ms\n(a,3)\nTime: 4000 ms\n(a,4)\nTime: 5000 ms\n(a,5)"
    );
}

#[test]
fn wal_4_a_receiver_without_a_log_loses_all_since_the_last_saved_state() {
    assert_eq!(
        console("memory", CHECKPOINT, DOWN_FOR_A_SECOND),
        "Time: 1000 ms\n(a,1)\nTime: 2000 ms\n(a,2)\n-- driver crashed\n\
         -- driver recovered: checkpoint of 2000 ms; again 2000 ms, 3000 ms; lost input-0-0, input-0-1\n\
         Time: 2000 ms\nTime: 3000 ms\nTime: 4000 ms\n(a,1)\nTime: 5000 ms\n(a,2)"
    );
}

#[test]
fn wal_3_a_receiver_with_a_log_loses_what_was_sent_while_it_was_down() {
    let cluster = format!("{CHECKPOINT}\nwrite_ahead_log = true");
    assert_eq!(
        console("memory", &cluster, DOWN_FOR_A_SECOND),
        "Time: 1000 ms\n(a,1)\nTime: 2000 ms\n(a,2)\n-- driver crashed\n\
         -- driver recovered: checkpoint of 2000 ms; again 2000 ms, 3000 ms\n\
         Time: 2000 ms\n(a,2)\nTime: 3000 ms\n(a,2)\nTime: 4000 ms\n(a,3)\nTime: 5000 ms\n(a,4)"
    );
}

#[test]
fn without_a_checkpoint_a_driver_starts_anew() {
    assert_eq!(
        console("direct", "", DOWN_FOR_A_SECOND),
        "Time: 1000 ms\n(a,1)\nTime: 2000 ms\n(a,2)\n-- driver crashed\n\
         Time: 4000 ms\n(a,1)\nTime: 5000 ms\n(a,2)"
    );
}

#[test]
fn ckp_5_a_folder_without_a_whole_checkpoint_is_no_beginning() {
    let damaged = "
        { at = '1s', lines = ['a'] },
        { at = '1.5s', crash = 'driver' },
        { at = '1.5s', corrupt = 'newest checkpoint' },
        { at = '1.5s', corrupt = 'newest checkpoint' },
        { at = '2.5s', restart = 'driver' },
        { at = '3s', lines = ['a'] },";
    let shown = console("direct", CHECKPOINT, damaged);
    assert_eq!(
        shown,
        "Time: 1000 ms\n(a,1)\n-- driver crashed\n\
         -- driver not recovered: no checkpoint can be read; the newest, checkpoint-1000: it is damaged at byte 10"
    );
}

#[test]
fn ckp_5_a_folder_without_files_is_a_new_beginning() {
    let emptied = "
        { at = '1s', lines = ['a'] },
        { at = '1.5s', crash = 'driver' },
        { at = '1.5s', delete = 'all' },
        { at = '2.5s', restart = 'driver' },
        { at = '3s', lines = ['a'] },";
    let shown = console("direct", CHECKPOINT, emptied);
    assert_eq!(
        shown,
        "Time: 1000 ms\n(a,1)\n-- driver crashed\n\
         Time: 3000 ms\n(a,1)\nTime: 4000 ms\n(a,1)\nTime: 5000 ms\n(a,1)"
    );
}

#[test]
fn ckp_3_nothing_that_was_acknowledged_is_lost_with_the_power() {
    let power = "
        { at = '1s', lines = ['a'] },
        { at = '2s', lines = ['a'] },
        { at = '2.5s', crash = 'driver' },
        { at = '2.5s', lose = 'unsynced' },
        { at = '2.5s', restart = 'driver' },
        { at = '3s', lines = ['a'] },
        { at = '4s', lines = ['a'] },
        { at = '5s', lines = ['a'] },";
    let cluster = format!("{CHECKPOINT}\nwrite_ahead_log = true");
    assert_eq!(
        console("memory", &cluster, power),
        "Time: 1000 ms\n(a,1)\nTime: 2000 ms\n(a,2)\n-- driver crashed\n\
         -- driver recovered: checkpoint of 2000 ms; again 2000 ms\n\
         Time: 2000 ms\n(a,2)\nTime: 3000 ms\n(a,3)\nTime: 4000 ms\n(a,4)\nTime: 5000 ms\n(a,5)"
    );
}

#[test]
fn ckp_3_a_checkpoint_that_cannot_be_written_is_said_and_the_program_goes_on() {
    let failing = "
        { at = '1s', lines = ['a'] },
        { at = '1.5s', fail = 'checkpoint', times = 1 },
        { at = '2s', lines = ['a'] },";
    let shown = console("direct", CHECKPOINT, failing);
    assert!(
        shown
            .contains("-- checkpoint of 2000 ms not written: the disk fails\nTime: 2000 ms\n(a,2)")
            || shown.contains(
                "Time: 2000 ms\n(a,2)\n-- checkpoint of 2000 ms not written: the disk fails"
            ),
        "{shown}"
    );
}

#[test]
fn src_4_a_query_over_files_loses_none_of_them() {
    assert_eq!(
        query_console("direct", CHECKPOINT, DOWN_FOR_A_SECOND),
        "Batch: 0\n|   a|    1|\nBatch: 1\n|   a|    2|\n-- driver crashed\n\
         -- driver recovered: batch 2 is next\nBatch: 2\n|   a|    3|\nBatch: 3\n|   a|    4|\nBatch: 4\n|   a|    5|"
    );
}

#[test]
fn a_query_without_a_checkpoint_reads_all_its_files_anew() {
    assert_eq!(
        query_console("direct", "", DOWN_FOR_A_SECOND),
        "Batch: 0\n|   a|    1|\nBatch: 1\n|   a|    2|\n-- driver crashed\n\
         Batch: 0\n|   a|    3|\nBatch: 1\n|   a|    4|\nBatch: 2\n|   a|    5|"
    );
}

/// A line each second, and a query that dies at this point of the second micro-batch.
fn dies_in_the_second(point: &str) -> String {
    format!(
        "{{ at = '1s', lines = ['a'] }}, {{ at = '2s', crash = 'driver', {point} }}, {{ at = '2s', lines = ['a'] }},\n\
         {{ at = '3s', restart = 'driver' }}, {{ at = '4s', lines = ['a'] }},"
    )
}

#[test]
fn src_1_a_query_dies_before_or_after_each_file_of_a_micro_batch() {
    let again = "Batch: 0\n|   a|    1|\n-- driver crashed\n-- driver recovered: batch 1 runs again\n\
                 Batch: 1\n|   a|    2|\nBatch: 2\n|   a|    3|";
    let next = again.replace("runs again", "is next");
    let shown_again = again.replace(
        "-- driver crashed",
        "Batch: 1\n|   a|    2|\n-- driver crashed",
    );
    let done = shown_again.replacen(
        "batch 1 runs again\nBatch: 1\n|   a|    2|",
        "batch 2 is next",
        1,
    );
    for (point, expected) in [
        ("before = 'sources/0/1'", &*next),
        ("after = 'sources/0/1'", &*next),
        ("before = 'offsets/1'", &*next),
        ("after = 'offsets/1'", again),
        ("before = 'state/0/0/2.delta'", again),
        ("after = 'state/0/0/2.delta'", again),
        ("before = 'commits/1'", &*shown_again),
        ("after = 'commits/1'", &*done),
    ] {
        let shown = query_console("direct", CHECKPOINT, &dies_in_the_second(point));
        assert_eq!(shown, expected, "{point}");
    }
}

#[test]
fn a_driver_that_does_not_come_to_the_point_of_its_death_is_an_error() {
    for (pipeline, point, missed) in [
        (
            query("direct"),
            "before = 'commits/7'",
            "at the file commits/7",
        ),
        (
            "mode = 'update_state'".to_owned(),
            "batch = '5s', point = 'job'",
            "at its point in the batch of 5s",
        ),
    ] {
        let (_, ended) = play(&pipeline, CHECKPOINT, &dies_in_the_second(point));
        let error = ended.expect_err("it runs on");
        assert!(error.contains(missed), "{error}");
    }
}

#[test]
fn files_of_a_micro_batch_are_as_many_as_it_may_have() {
    let pipeline = format!("{}\nmax_files_per_trigger = 2", query("direct"));
    let lines = "{ at = '1s', lines = ['a', 'b', 'c'], partitions = 3 }";
    let (text, _) = play(&pipeline, "", lines);
    let batches: Vec<&str> = text.lines().filter(|line| !line.starts_with('+')).collect();
    assert_eq!(
        batches,
        [
            "Batch: 0",
            "|word|count|",
            "|   a|    1|",
            "|   b|    1|",
            "Batch: 1",
            "|word|count|",
            "|   c|    1|"
        ]
    );
}
