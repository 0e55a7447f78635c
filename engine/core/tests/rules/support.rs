//! A program stepped by hand, whose jobs end when a test says so, and its journal as short lines.

use std::sync::Arc;
use std::time::Duration;

use engine::render::Notation;
use engine::testing::Held;
use engine::{
    BlockManager, Engine, Event, Inline, Input, Job, Machine, Outbox, SparkContext, StreamId,
    StreamingContext, Text, Time, Workers, WriteError, drive,
};

/// A program in progress and its journal.
pub(crate) struct Run {
    engine: Engine,
    surroundings: Held,
    holds: bool,
}

impl Run {
    /// A program with one batch every `interval_ms`, started at `start_ms`, whose jobs take no time.
    pub(crate) fn start(
        interval_ms: u64,
        start_ms: i64,
        write: impl FnOnce(&StreamingContext),
    ) -> Run {
        let ssc = StreamingContext::new(&cluster(), Duration::from_millis(interval_ms));
        write(&ssc);
        Run::start_program(&ssc, start_ms)
    }

    fn start_program(ssc: &StreamingContext, start_ms: i64) -> Run {
        let program = ssc.build().expect("the program keeps the rules");
        let mut run = Run {
            engine: Engine::new(program),
            surroundings: Held::default(),
            holds: false,
        };
        run.hand_in(start_ms, Input::Started);
        run
    }

    /// As [`start`](Run::start) every second from 0, but jobs run until a test ends them.
    pub(crate) fn start_and_hold(write: impl FnOnce(&StreamingContext)) -> Run {
        Run::start_and_hold_on(&cluster(), write)
    }

    /// As [`start_and_hold`](Run::start_and_hold), on this cluster.
    pub(crate) fn start_and_hold_on(
        cluster: &SparkContext,
        write: impl FnOnce(&StreamingContext),
    ) -> Run {
        let ssc = StreamingContext::new(cluster, Duration::from_secs(1));
        write(&ssc);
        let mut run = Run::start_program(&ssc, 0);
        run.holds = true;
        run
    }

    /// A program as [`start`](Run::start) runs it every second from 0, whose blocks are where this one says.
    pub(crate) fn start_on(
        block_manager: Arc<dyn BlockManager>,
        write: impl FnOnce(&StreamingContext),
    ) -> Run {
        let ssc = StreamingContext::new(&cluster(), Duration::from_secs(1));
        write(&ssc);
        let program = ssc.build().expect("the program keeps the rules");
        let mut run = Run {
            engine: Engine::new(program).with_block_manager(block_manager),
            surroundings: Held::default(),
            holds: true,
        };
        run.hand_in(0, Input::Started);
        run
    }

    /// Hands in something that happens at `now_ms`.
    pub(crate) fn hand_in(&mut self, now_ms: i64, input: Input) {
        let now = Time::from_millis(now_ms);
        let outbox = &mut Outbox::new();
        drive(&mut self.engine, now, input, outbox, &mut self.surroundings);
        if !self.holds && self.is_busy() {
            self.end_job(now_ms);
        }
    }

    /// Ends the job that runs; of several the oldest.
    pub(crate) fn end_job(&mut self, now_ms: i64) {
        self.end_job_with(now_ms, &Inline);
    }

    /// Ends the job that runs, which had these workers.
    pub(crate) fn end_job_with(&mut self, now_ms: i64, workers: &dyn Workers) {
        let finished = self.surroundings.jobs.remove(0).run(workers);
        self.hand_in(now_ms, Input::JobFinished(finished));
    }

    /// Ends the newest of the jobs that run.
    pub(crate) fn end_newest_job(&mut self, now_ms: i64) {
        let job = self.surroundings.jobs.pop().expect("a job is running");
        self.hand_in(now_ms, Input::JobFinished(job.run(&Inline)));
    }

    /// The oldest of the jobs that run, for a test that runs it.
    pub(crate) fn take_job(&mut self) -> Job {
        self.surroundings.jobs.remove(0)
    }

    /// The oldest write that waits to be acknowledged, as text.
    pub(crate) fn write(&self) -> Option<String> {
        let write = self.surroundings.writes.first()?;
        Some(format!("{:?}", write.content))
    }

    /// Acknowledges the oldest write that waits.
    pub(crate) fn acknowledge(&mut self, now_ms: i64, result: Result<(), WriteError>) {
        let id = self.surroundings.writes.remove(0).id;
        self.hand_in(now_ms, Input::Written { id, result });
    }

    /// A record comes in on the first stream.
    pub(crate) fn record(&mut self, now_ms: i64, record: &str) {
        self.record_of(now_ms, 0, record);
    }

    /// A record comes in on this stream.
    pub(crate) fn record_of(&mut self, now_ms: i64, stream: usize, record: &str) {
        let stream = StreamId(stream);
        let record = Text::from(record);
        self.hand_in(now_ms, Input::Received { stream, record });
    }

    /// Many records come in at once on the first stream.
    pub(crate) fn block(&mut self, now_ms: i64, records: &[&str]) {
        let records = records.iter().map(|&record| Text::from(record)).collect();
        let stream = StreamId(0);
        self.hand_in(now_ms, Input::Stored { stream, records });
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
        !self.surroundings.jobs.is_empty()
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.engine.is_stopped()
    }

    /// The number of jobs that run.
    pub(crate) fn jobs(&self) -> usize {
        self.surroundings.jobs.len()
    }

    fn events(&self) -> impl Iterator<Item = (Time, &Event)> {
        let entries = self.surroundings.journal.entries().iter();
        entries.map(|entry| (entry.time, &entry.event))
    }

    /// All events, one line each.
    pub(crate) fn journal(&self) -> Vec<String> {
        self.events().map(|(_, event)| line(event)).collect()
    }

    /// The life of batches, each line with the time of the event.
    pub(crate) fn batches(&self) -> Vec<String> {
        let of_batches = self.events().filter(|(_, event)| {
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
        let batch = |(_, event): (Time, &Event)| match event {
            Event::BatchSubmitted {
                batch_time,
                records,
                ..
            } => Some((batch_time.as_millis(), *records)),
            _ => None,
        };
        self.events().filter_map(batch).collect()
    }

    /// What was printed, one line a batch and output operation.
    pub(crate) fn printed(&self) -> Vec<String> {
        let printed = |(_, event): (Time, &Event)| match event {
            Event::Printed { .. } => Some(line(event)),
            _ => None,
        };
        self.events().filter_map(printed).collect()
    }
}

fn cluster() -> SparkContext {
    SparkContext::local(1, "rules")
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
            ..
        } => format!("{batch_time} submitted, records {records}"),
        Event::BatchStarted { batch_time } => format!("{batch_time} started"),
        Event::OutputOperationStarted {
            batch_time, output, ..
        } => {
            format!("{batch_time} output {} started", output.0)
        }
        Event::OutputOperationCompleted {
            batch_time,
            output,
            failure: None,
            ..
        } => format!("{batch_time} output {} completed", output.0),
        Event::OutputOperationCompleted {
            batch_time,
            output,
            failure: Some(failure),
            ..
        } => format!("{batch_time} output {} failed: {failure}", output.0),
        Event::BatchCompleted { batch_time } => format!("{batch_time} completed"),
        Event::Printed {
            batch_time,
            output,
            rows,
            more,
            ..
        } => {
            let rows: Vec<String> = rows.iter().map(|row| Notation::Java.text(row)).collect();
            let dots = if *more { "..." } else { "" };
            format!("{batch_time} output {}: {}{dots}", output.0, rows.join(" "))
        }
        Event::Stopped => "stopped".to_owned(),
        other => format!("{other:?}"),
    }
}
