//! Drivers that end jobs at once: a batch without input is done within its input, and no event tells.

use std::time::Duration;

use engine::testing::Held;
use engine::{
    Engine, Event, Host, Inline, Input, Job, Journal, Outbox, Save, SparkContext, StreamId,
    StreamingContext, Time, Write, drive,
};

/// Surroundings that end a job by the next input, and may promise that.
#[derive(Default)]
struct Surroundings {
    held: Held,
    promises: bool,
    jobs: usize,
}

impl Host for Surroundings {
    fn run(&mut self, now: Time, job: Job) {
        self.jobs += 1;
        self.held.run(now, job);
    }

    fn write(&mut self, now: Time, write: Write) {
        self.held.write(now, write);
    }

    fn save(&mut self, now: Time, save: Save) {
        self.held.save(now, save);
    }

    fn record(&mut self, now: Time, event: Event) {
        self.held.record(now, event);
    }

    fn ends_jobs_at_once(&self) -> bool {
        self.promises
    }
}

/// A program of one batch a second, lines that come in, and the times at which it is woken, all in milliseconds.
#[derive(Clone, Copy)]
struct Play {
    write: fn(&StreamingContext),
    concurrent_jobs: usize,
    lines: &'static [i64],
    wakes: &'static [i64],
}

const EVERY_SECOND: [i64; 6] = [1_000, 2_000, 3_000, 4_000, 5_000, 6_000];

impl Play {
    /// The events, and the number of jobs that the driver was asked for.
    fn run(self, promises: bool) -> (Journal, usize) {
        let cluster = SparkContext::local(1, "at once").with_concurrent_jobs(self.concurrent_jobs);
        let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
        (self.write)(&ssc);
        let mut engine = Engine::new(ssc.build().expect("the program keeps the rules"));
        let mut surroundings = Surroundings {
            promises,
            ..Surroundings::default()
        };
        let mut hand_in = |now, input| {
            let mut next = Some(input);
            while let Some(input) = next {
                let now = Time::from_millis(now);
                let outbox = &mut Outbox::new();
                drive(&mut engine, now, input, outbox, &mut surroundings);
                let jobs = &mut surroundings.held.jobs;
                let job = (!jobs.is_empty()).then(|| jobs.remove(0));
                next = job.map(|job| Input::JobFinished(job.run(&Inline)));
            }
        };
        hand_in(0, Input::Started);
        let lines = self.lines.iter().map(|time| (*time, true));
        let wakes = self.wakes.iter().map(|time| (*time, false));
        let mut inputs: Vec<(i64, bool)> = lines.chain(wakes).collect();
        inputs.sort_by_key(|(time, _)| *time);
        for (now, is_line) in inputs {
            let line = Input::Received {
                stream: StreamId(0),
                record: "a".into(),
            };
            hand_in(now, if is_line { line } else { Input::Woken });
        }
        (surroundings.held.journal, surroundings.jobs)
    }
}

fn print(ssc: &StreamingContext) {
    ssc.receiver_stream("lines").print();
}

fn print_twice(ssc: &StreamingContext) {
    let lines = ssc.receiver_stream("lines");
    lines.print();
    lines
        .map(|line| (line, 1))
        .reduce_by_key(|x, y| x + y)
        .print();
}

fn print_windows(ssc: &StreamingContext) {
    let lines = ssc.receiver_stream("lines");
    lines
        .window(Duration::from_secs(3), Duration::from_secs(2))
        .print();
}

fn call_a_function(ssc: &StreamingContext) {
    let lines = ssc.receiver_stream("lines");
    lines.print();
    lines.foreach_rdd(|_, _| Ok(()));
}

fn keep_state(ssc: &StreamingContext) {
    let ones = ssc.receiver_stream("lines").map(|line| (line, 1));
    ones.print();
    ones.update_state_by_key(|new: &[i32], old: Option<i32>| {
        Some(new.iter().sum::<i32>() + old.unwrap_or(0))
    })
    .print();
}

#[test]
fn no_event_tells_whether_the_driver_ends_jobs_at_once() {
    for write in [
        print,
        print_twice,
        print_windows,
        call_a_function,
        keep_state,
    ] {
        for lines in [&[][..], &[1_500], &[500, 3_000]] {
            for wakes in [&EVERY_SECOND[..], &[1_000, 4_000, 4_500, 6_000]] {
                for concurrent_jobs in [1, 2] {
                    let play = Play {
                        write,
                        concurrent_jobs,
                        lines,
                        wakes,
                    };
                    assert_eq!(play.run(true).0, play.run(false).0);
                }
            }
        }
    }
}

/// The number of jobs that a driver is asked for in six batches, if it ends jobs at once.
#[track_caller]
fn check_jobs(write: fn(&StreamingContext), lines: &'static [i64], expected: usize) {
    let play = Play {
        write,
        concurrent_jobs: 1,
        lines,
        wakes: &EVERY_SECOND,
    };
    assert_eq!(play.run(true).1, expected);
}

#[test]
fn a_batch_without_input_asks_for_no_job_unless_a_function_is_to_be_called() {
    check_jobs(print, &[], 0);
    check_jobs(print_twice, &[], 0);
    check_jobs(call_a_function, &[], 12);
    check_jobs(keep_state, &[], 12);
}

#[test]
fn a_batch_behind_input_asks_for_its_jobs_until_the_input_is_forgotten() {
    check_jobs(print, &[500], 2);
    check_jobs(print_windows, &[500], 3);
}
