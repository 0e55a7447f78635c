//! A law of time: what is printed depends on what came when, and on nothing that a driver does.

use std::time::Duration;

use engine::StreamingContext;
use proptest::prelude::*;

use crate::support::Run;

/// Something that a driver does, some milliseconds after what it did before.
#[derive(Clone, Copy, Debug)]
enum Step {
    Receive,
    Wake,
    EndJob,
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let step = proptest::sample::select(vec![Step::Receive, Step::Wake, Step::EndJob]);
    proptest::collection::vec((1_i64..700, step), 0..40)
}

/// Counts words in state, in each batch, and in each third batch's window of two.
fn write_counts(ssc: &StreamingContext) {
    let words = ssc.receiver_stream("lines").map(|word| (word, 1));
    words.reduce_by_key(|x, y| x + y).print();
    let sum =
        |values: &[i64], sum: Option<i64>| Some(values.iter().sum::<i64>() + sum.unwrap_or(0));
    words
        .update_state_by_key(sum)
        .window(Duration::from_secs(2), Duration::from_secs(3))
        .print();
}

fn word(at: i64) -> String {
    format!("word{}", at % 5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// `JOB-2` and `JOB-3` as a law: what is printed depends only on what came when.
    #[test]
    fn job_2_no_overrun_and_no_late_waking_changes_what_is_printed(steps in steps()) {
        let mut prompt = Run::start(1_000, 0, write_counts);
        let mut late = Run::start_and_hold(write_counts);
        let mut now = 0;
        for (after, step) in steps {
            now += after;
            prompt.wake_until(now - 1);
            match step {
                Step::Receive => {
                    prompt.record(now, &word(now));
                    late.record(now, &word(now));
                }
                Step::Wake => late.wake(now),
                Step::EndJob if late.is_busy() => late.end_job(now),
                Step::EndJob => {}
            }
        }
        let end = now + 1_000;
        prompt.wake_until(end);
        late.wake(end);
        while late.is_busy() {
            late.end_job(end);
        }
        prop_assert_eq!(late.printed(), prompt.printed());
        prop_assert_eq!(late.submitted(), prompt.submitted());
    }
}
