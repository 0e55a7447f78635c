//! Batches for which nothing came: empty, unless an operator makes something of nothing.

use std::time::Duration;

use engine::{DStream, Rdd, Text};

use crate::support::Run;

/// What is printed of lines that come in batch 1 and in batch 4 alone, while each job ends three seconds late.
fn check_lines_and_gaps(write: fn(&DStream<Text>) -> DStream<Text>, expected: [&str; 5]) {
    let mut run = Run::start_and_hold(|ssc| write(&ssc.receiver_stream("lines")).print());
    run.record(500, "a");
    run.record(3_500, "b");
    for second in 1..=8 {
        run.wake_until(second * 1_000);
        if second > 3 {
            run.end_job(second * 1_000);
        }
    }
    let printed = run.printed();
    let rows: Vec<&str> = printed
        .iter()
        .filter_map(|line| line.split(": ").nth(1))
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn job_3_a_batch_without_input_is_empty_whatever_came_before_and_after() {
    check_lines_and_gaps(Clone::clone, ["a", "", "", "b", ""]);
    check_lines_and_gaps(
        |lines| lines.window(Duration::from_secs(3), Duration::from_secs(1)),
        ["a", "a", "a", "b", "b"],
    );
    check_lines_and_gaps(
        |lines| {
            lines
                .window(Duration::from_secs(2), Duration::from_secs(1))
                .union(lines)
        },
        ["a a", "a", "", "b b", "b"],
    );
}

#[test]
fn plan_3_functions_of_batches_are_called_for_those_without_input() {
    check_lines_and_gaps(
        |lines| {
            lines.transform(|batch, time| {
                let time = Text::from(time.to_string().as_str());
                batch.union(&Rdd::of_rows(vec![vec![time]]))
            })
        },
        ["a 1000 ms", "2000 ms", "3000 ms", "b 4000 ms", "5000 ms"],
    );
}
