//! Back-pressure in a run, seen in the records of its batches.

use engine::{Event, Journal};
use simulator::{RunOptions, run};

/// The records of the batches of a program whose lines take 8ms each, of which 200 come each second.
fn records(entry: &str) -> Vec<usize> {
    let text = format!(
        "timeline = [{{ at = '1ms', generate = {{ rate = 200, duration = '6s' }} }}, {entry}]\n\
         [clock]\nstop = '6s'\n[cost]\nrecord = '8ms'\n\
         [cluster]\nblock_interval = '100ms'\nbackpressure = {{ min_rate = 10 }}\n\
         [[pipeline]]\nname = 'lines'\nsteps = [{{ print = 1 }}]"
    );
    let scenario = scenario::parse("rates.toml", &text).expect("the text has no mistakes");
    let mut journal = Journal::new();
    let options = RunOptions::default();
    let ended = run(&scenario, &scenario.pipelines[0], &options, &mut journal);
    ended.expect("the program keeps the rules");
    let records = journal
        .entries()
        .iter()
        .filter_map(|entry| match entry.event {
            Event::BatchSubmitted { records, .. } => Some(records),
            _ => None,
        });
    records.collect()
}

#[test]
fn bp_10_a_batch_that_has_failed_counts() {
    let failing = "{ at = '2s', fail = 'task' }";
    let failed = records(failing);
    assert_eq!(failed, records("{ at = '2s', lines = [] }"));
    assert!(failed.iter().any(|records| *records < 190), "{failed:?}");
}
