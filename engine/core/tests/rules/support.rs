//! A program stepped by hand, whose jobs end when a test says so, and its journal as short lines.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use engine::render::Notation;
use engine::{
    Effect, Engine, Event, Inline, Input, Job, Machine, Outbox, SparkContext, StreamId,
    StreamingContext, Text, Time, Workers,
};

/// A program in progress and what it has told.
pub(crate) struct Run {
    engine: Engine,
    /// Jobs that were asked for and have not ended; empty unless jobs are held.
    held: Vec<Job>,
    holds: bool,
    told: Vec<(Time, Event)>,
}

impl Run {
    /// A program with one batch every `interval_ms`, started at `start_ms`, whose jobs take no time.
    pub(crate) fn start(
        interval_ms: u64,
        start_ms: i64,
        write: impl FnOnce(&StreamingContext),
    ) -> Run {
        let sc = SparkContext::local(1, "rules");
        let ssc = StreamingContext::new(&sc, Duration::from_millis(interval_ms));
        write(&ssc);
        let program = ssc.build().expect("the program keeps the rules");
        let mut run = Run {
            engine: Engine::new(program),
            held: Vec::new(),
            holds: false,
            told: Vec::new(),
        };
        run.hand_in(start_ms, Input::Started);
        run
    }

    /// As [`start`](Run::start) every second from 0, but jobs run until they are told to end.
    pub(crate) fn start_and_hold(write: impl FnOnce(&StreamingContext)) -> Run {
        let mut run = Run::start(1_000, 0, write);
        run.holds = true;
        run
    }

    /// Hands in something that happens at `now_ms`.
    pub(crate) fn hand_in(&mut self, now_ms: i64, input: Input) {
        let now = Time::from_millis(now_ms);
        let mut outbox = Outbox::new();
        self.engine.handle(now, input, &mut outbox);
        self.take(now, &mut outbox);
        if !self.holds && !self.held.is_empty() {
            self.end_job(now_ms);
        }
    }

    fn take(&mut self, now: Time, outbox: &mut Outbox) {
        for effect in outbox.drain() {
            match effect {
                Effect::Run(job) => self.held.push(job),
                Effect::Tell(event) => self.told.push((now, event)),
            }
        }
        assert!(self.held.len() <= 1, "one job runs at a time");
    }

    /// Ends the job that runs.
    pub(crate) fn end_job(&mut self, now_ms: i64) {
        self.end_job_with(now_ms, &Inline);
    }

    /// Ends the job that runs, which had these workers.
    pub(crate) fn end_job_with(&mut self, now_ms: i64, workers: &dyn Workers) {
        let job = self.held.pop().expect("a job is running");
        self.hand_in(now_ms, Input::JobFinished(job.run(workers)));
    }

    /// A record comes in on the first stream.
    pub(crate) fn record(&mut self, now_ms: i64, record: &str) {
        self.record_of(now_ms, 0, record);
    }

    /// A record comes in on this stream.
    pub(crate) fn record_of(&mut self, now_ms: i64, stream: usize, record: &str) {
        let (stream, record) = (StreamId(stream), Text::from(record));
        self.hand_in(now_ms, Input::Received { stream, record });
    }

    /// Many records come in at once on the first stream.
    pub(crate) fn block(&mut self, now_ms: i64, records: &[&str]) {
        let block = records.iter().map(|&record| Text::from(record)).collect();
        let stream = StreamId(0);
        self.hand_in(now_ms, Input::Stored { stream, block });
    }

    /// Wakes the program, whether it asked for that or not.
    pub(crate) fn wake(&mut self, now_ms: i64) {
        self.hand_in(now_ms, Input::Woken);
    }

    /// Wakes the program whenever it asks, up to `end_ms`.
    pub(crate) fn wake_until(&mut self, end_ms: i64) {
        while let Some(time) = self.next_wake().filter(|&time| time <= end_ms) {
            self.wake(time);
        }
    }

    /// When the program wants to be woken.
    pub(crate) fn next_wake(&self) -> Option<i64> {
        self.engine.next_wake().map(Time::as_millis)
    }

    /// Asks for a graceful stop.
    pub(crate) fn stop(&mut self, now_ms: i64) {
        self.hand_in(now_ms, Input::StopRequested);
    }

    /// Whether a job runs.
    pub(crate) fn is_busy(&self) -> bool {
        !self.held.is_empty()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.engine.is_stopped()
    }

    /// All that was told, one line each.
    pub(crate) fn journal(&self) -> Vec<String> {
        self.told.iter().map(|(_, event)| line(event)).collect()
    }

    /// What was told of the life of batches, each line with the time at which it was.
    pub(crate) fn batches(&self) -> Vec<String> {
        let of_batches = self.told.iter().filter(|(_, event)| {
            matches!(
                event,
                Event::BatchSubmitted { .. }
                    | Event::BatchStarted { .. }
                    | Event::BatchCompleted { .. }
            )
        });
        of_batches
            .map(|(time, event)| format!("at {}: {}", time.as_millis(), line(event)))
            .collect()
    }

    /// The batches that were submitted, with their records.
    pub(crate) fn submitted(&self) -> Vec<(i64, usize)> {
        let batch = |(_, event): &(Time, Event)| match event {
            Event::BatchSubmitted {
                batch_time,
                records,
            } => Some((batch_time.as_millis(), *records)),
            _ => None,
        };
        self.told.iter().filter_map(batch).collect()
    }

    /// What was printed, one line a batch and output operation.
    pub(crate) fn printed(&self) -> Vec<String> {
        let printed = |(_, event): &(Time, Event)| match event {
            Event::Printed { .. } => Some(line(event)),
            _ => None,
        };
        self.told.iter().filter_map(printed).collect()
    }
}

/// So many workers, each a thread of its own that takes the next task.
pub(crate) struct Threads(pub(crate) usize);

impl Workers for Threads {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test is what drives the core"
    )]
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.0.min(count) {
                scope.spawn(|| {
                    let tasks = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                    tasks.take_while(|&index| index < count).for_each(task);
                });
            }
        });
    }
}

/// Compares lines, and shows both sides whole if they differ.
#[track_caller]
pub(crate) fn check(lines: &[String], expected: &[&str]) {
    assert_eq!(
        lines, expected,
        "the journal (left) differs from what was expected (right)"
    );
}

fn line(event: &Event) -> String {
    match event {
        Event::StreamingStarted { zero_time } => format!("started, zero time {zero_time}"),
        Event::BatchSubmitted {
            batch_time,
            records,
        } => format!("{batch_time} submitted, records {records}"),
        Event::BatchStarted { batch_time } => format!("{batch_time} started"),
        Event::OutputOperationStarted { batch_time, output } => {
            format!("{batch_time} output {} started", output.0)
        }
        Event::OutputOperationCompleted {
            batch_time,
            output,
            failure: None,
        } => format!("{batch_time} output {} completed", output.0),
        Event::OutputOperationCompleted {
            batch_time,
            output,
            failure: Some(reason),
        } => format!("{batch_time} output {} failed: {reason}", output.0),
        Event::BatchCompleted { batch_time } => format!("{batch_time} completed"),
        Event::Printed {
            batch_time,
            output,
            rows,
            more,
        } => {
            let rows: Vec<String> = rows.iter().map(|row| Notation::Java.text(row)).collect();
            let dots = if *more { "..." } else { "" };
            format!("{batch_time} output {}: {}{dots}", output.0, rows.join(" "))
        }
        Event::Stopped => "stopped".to_owned(),
        other => format!("{other:?}"),
    }
}
