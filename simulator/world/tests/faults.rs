//! A driver that dies and starts again, by what its console shows.

use report::{Console, Zone};
use scenario::Profile;
use simulator::{RunOptions, run};

/// The console of a word count over lines that come each second, on which these things happen.
#[track_caller]
fn console(source: &str, cluster: &str, faults: &str) -> String {
    let text = format!(
        "timeline = [\n{faults}\n]\n[clock]\nstop = '5s'\n[console]\nprofile = 'jvm'\n[cluster]\n{cluster}\n\
         [[pipeline]]\nname = 'p'\nmode = 'update_state'\nsource = '{source}'\n"
    );
    let scenario = scenario::parse("faults.toml", &text).expect("the scenario has no mistakes");
    let mut console = Console::new(Profile::Jvm, Zone::UTC, Vec::new());
    let options = RunOptions {
        ..RunOptions::default()
    };
    run(&scenario, &scenario.pipelines[0], &options, &mut console).expect("it keeps the rules");
    let text = console.finish().expect("memory takes all");
    let text = String::from_utf8(text).expect("it is text");
    let rule = "-------------------------------------------";
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && *line != rule);
    lines.collect::<Vec<_>>().join("\n")
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
