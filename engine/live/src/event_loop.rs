//! The loop of a live program: wait for the next input, pass it to the machine, do what follows.

use std::future::pending;

use engine::{
    DriverEvent, Event, Finished, Host, Input, Job, Machine, Outbox, Reader, Save, Text, Time,
    Write, drive,
};
use engine_storage::Folder;
use tokio::task::JoinSet;

use crate::diagnostic::DiagnosticHandler;
use crate::saver::{Saved, Saver};
#[cfg(feature = "kafka")]
use crate::sources::topic::OpenTopic;
use crate::sources::{Packet, Sources};
use crate::writer::{Writer, Written};
use crate::{LiveClock, LiveDiagnostic, LiveError, StopRequests, Threads};

/// The outside world as the loop sees it.
pub(crate) struct Environment {
    pub(crate) clock: LiveClock,
    pub(crate) sources: Sources,
    pub(crate) stop: StopRequests,
    pub(crate) diagnostics: DiagnosticHandler,
}

impl Environment {
    /// Reports a request to stop, unless that was done where it came from.
    fn report(&self, diagnostic: LiveDiagnostic) {
        if !self.stop.is_reported {
            self.diagnostics.report(diagnostic);
        }
    }
}

/// A machine, and the real world that drives it.
pub(crate) struct EventLoop<'a, M> {
    machine: M,
    environment: Environment,
    host: LiveHost<'a>,
    outbox: Outbox,
    /// The time of the last input.
    now: Time,
    is_stopping: bool,
}

/// Carries out the effects of the machine.
pub(crate) struct LiveHost<'a> {
    workers: Threads,
    reader: &'a mut dyn Reader,
    /// The running jobs, each on a thread of its own so that receiving goes on.
    jobs: JoinSet<Finished>,
    /// `None` of a program that writes nothing.
    writer: Option<Writer>,
    /// Started by the first save.
    saver: Option<Saver>,
    results: Folder,
    /// True if the program ends when a block cannot be logged.
    ends_at_rejection: bool,
    /// The reason for which a block could not be logged.
    rejected: Option<Text>,
}

impl<'a> LiveHost<'a> {
    pub(crate) fn new(
        workers: Threads,
        reader: &'a mut dyn Reader,
        writer: Option<Writer>,
        results: Folder,
    ) -> LiveHost<'a> {
        LiveHost {
            workers,
            reader,
            jobs: JoinSet::new(),
            writer,
            saver: None,
            results,
            ends_at_rejection: false,
            rejected: None,
        }
    }

    /// The same host, whose program ends when a block cannot be logged, or goes on without it.
    pub(crate) fn ends_at_rejection(self, ends_at_rejection: bool) -> LiveHost<'a> {
        LiveHost {
            ends_at_rejection,
            ..self
        }
    }

    /// Waits for the next write to end: for ever if nothing is written.
    async fn written(writer: &mut Option<Writer>) -> Written {
        let written = match writer {
            Some(writer) => writer.next().await,
            None => None,
        };
        match written {
            Some(written) => written,
            None => pending().await,
        }
    }

    /// Waits for the next save to end: for ever if nothing is saved.
    async fn saved(saver: &mut Option<Saver>) -> Saved {
        let ended = match saver {
            Some(saver) => saver.next().await,
            None => None,
        };
        match ended {
            Some(ended) => ended,
            None => pending().await,
        }
    }
}

impl Host for LiveHost<'_> {
    fn run(&mut self, _: Time, job: Job) {
        let workers = self.workers.clone();
        self.jobs.spawn_blocking(move || job.run(&workers));
    }

    fn write(&mut self, now: Time, write: Write) {
        let writer = self.writer.as_ref();
        let writer = writer.expect("a machine that writes is refused if it has no folder");
        writer.write(now, write);
    }

    fn save(&mut self, _: Time, save: Save) {
        let results = &self.results;
        let saver = self
            .saver
            .get_or_insert_with(|| Saver::new(results.clone()));
        saver.save(save);
    }

    fn record(&mut self, now: Time, event: Event) {
        if let Event::Driver(DriverEvent::BlockRejected { reason, .. }) = &event
            && self.ends_at_rejection
        {
            self.rejected = Some(reason.clone());
        }
        self.reader.read(now, &event);
    }
}

/// A reason for which the loop wakes.
enum Wakeup {
    StopRequested,
    JobFinished(Finished),
    Written(Written),
    Saved(Saved),
    TimeReached,
    Received(Packet),
}

impl<'a, M: Machine> EventLoop<'a, M> {
    pub(crate) fn new(
        machine: M,
        environment: Environment,
        host: LiveHost<'a>,
    ) -> EventLoop<'a, M> {
        EventLoop {
            now: environment.clock.now(),
            machine,
            environment,
            host,
            outbox: Outbox::new(),
            is_stopping: false,
        }
    }

    /// Hands in what a topic has had, before the program starts, and reads what comes.
    #[cfg(feature = "kafka")]
    pub(crate) fn open_topic(&mut self, mut topic: OpenTopic) {
        let replayed = Input::Replayed {
            stream: topic.stream,
            time: self.now,
            records: std::mem::take(&mut topic.past).into(),
        };
        self.handle(self.now, replayed);
        self.environment.sources.receive(topic);
    }

    /// Runs the program to its end. Jobs that a second request to stop leaves behind run on until
    /// their process or runtime ends; their results are dropped.
    pub(crate) async fn run(mut self) -> Result<(), LiveError> {
        self.handle(self.now, Input::Started);
        while !self.machine.is_stopped() {
            if let Some(reason) = self.host.rejected.take() {
                return Err(LiveError::NotLogged { reason });
            }
            match self.wait().await {
                Wakeup::StopRequested if self.is_stopping => {
                    self.environment.report(LiveDiagnostic::StoppingAtOnce);
                    return Ok(());
                }
                Wakeup::StopRequested => self.stop().await,
                Wakeup::JobFinished(finished) => self.handle_now(Input::JobFinished(finished)),
                Wakeup::Written((id, result)) => self.handle_now(Input::Written { id, result }),
                Wakeup::Saved((id, result)) => self.handle_now(Input::Saved { id, result }),
                Wakeup::TimeReached => self.handle_now(Input::Woken),
                Wakeup::Received(packet) => self.receive(packet),
            }
        }
        Ok(())
    }

    /// Waits for the first wakeup.
    ///
    /// The branches are polled in this order. Packets come last: `handle_now` takes those that are
    /// ready before any other input anyway, and a server that never pauses must not keep the machine
    /// from being woken or stopped. A branch that is not chosen is dropped, which loses nothing:
    /// both channels and the set of jobs keep what they have, and the timer starts again from the
    /// same time.
    async fn wait(&mut self) -> Wakeup {
        let wake_time = self.machine.next_wake();
        let Environment {
            clock,
            sources,
            stop,
            ..
        } = &mut self.environment;
        tokio::select! {
            biased;
            () = stop.next() => Wakeup::StopRequested,
            Some(job) = self.host.jobs.join_next() => {
                Wakeup::JobFinished(job.expect("a job catches its panics, and none is aborted"))
            }
            written = LiveHost::written(&mut self.host.writer) => Wakeup::Written(written),
            saved = LiveHost::saved(&mut self.host.saver) => Wakeup::Saved(saved),
            () = clock.wait_until(wake_time) => Wakeup::TimeReached,
            packet = sources.next() => Wakeup::Received(packet),
        }
    }

    /// Closes the receivers, passes on what they had read, and asks the machine to stop (`JOB-6`).
    async fn stop(&mut self) {
        self.is_stopping = true;
        self.environment.report(LiveDiagnostic::Stopping);
        self.environment.sources.close().await;
        self.handle_now(Input::StopRequested);
    }

    /// Handles an input that happens now, and before it all that was read until now: a record
    /// belongs to the batch in whose interval it was read.
    fn handle_now(&mut self, input: Input) {
        while let Some(packet) = self.environment.sources.try_next() {
            self.receive(packet);
        }
        self.handle(self.environment.clock.now(), input);
    }

    fn receive(&mut self, packet: Packet) {
        let stream = packet.stream;
        for record in packet.records {
            self.handle(packet.time, Input::Received { stream, record });
        }
    }

    /// Passes an input of this time to the machine, and carries out its effects.
    fn handle(&mut self, time: Time, input: Input) {
        // On a runtime with many threads a source may read the clock before the loop does, and have
        // its packet in the queue after it. Such a packet counts as read now.
        self.now = self.now.max(time);
        drive(
            &mut self.machine,
            self.now,
            input,
            &mut self.outbox,
            &mut self.host,
        );
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use engine::{Event, StreamId, Text};
    use tokio::time::advance;

    use super::*;

    /// Logs its inputs, and wants to be woken at each of these times.
    #[derive(Default)]
    struct Log {
        inputs: Vec<String>,
        wakes: Vec<Time>,
        stopped: bool,
    }

    impl Machine for &mut Log {
        fn sources(&self) -> &[engine::StreamSource] {
            &[]
        }

        fn handle(&mut self, now: Time, input: Input, _: &mut Outbox) {
            match &input {
                Input::Woken => drop(self.wakes.remove(0)),
                Input::StopRequested => self.stopped = true,
                _ => {}
            }
            let input = match input {
                Input::Received { stream, record } => format!("{}:{record}", stream.0),
                input => format!("{input:?}"),
            };
            self.inputs.push(format!("{} {input}", now.as_millis()));
        }

        fn next_wake(&self) -> Option<Time> {
            self.wakes.first().copied()
        }

        fn is_stopped(&self) -> bool {
            self.stopped
        }
    }

    struct IgnoreEvents;

    impl Reader for IgnoreEvents {
        fn read(&mut self, _: Time, _: &Event) {}
    }

    /// The inputs of a machine that wants to be woken at `wakes`, from time 0 on. Before the loop
    /// waits for the first time, these records were read and the clock reads `now`; the stop comes a
    /// second later.
    async fn inputs(wakes: &[i64], records: &[(i64, usize, &str)], now: u64) -> Vec<String> {
        let clock = LiveClock::start_at(Time::EPOCH);
        let packets = records.iter().map(|&(millis, stream, record)| Packet {
            time: Time::from_millis(millis),
            stream: StreamId(stream),
            records: vec![Text::from(record)],
        });
        let (stopper, stop) = StopRequests::channel();
        let environment = Environment {
            clock,
            sources: Sources::of_packets(packets),
            stop,
            diagnostics: DiagnosticHandler::new(|_| {}),
        };
        let mut log = Log {
            wakes: wakes.iter().copied().map(Time::from_millis).collect(),
            ..Log::default()
        };
        let mut reader = IgnoreEvents;
        let host = LiveHost::new(
            Threads::new(1),
            &mut reader,
            None,
            Folder::shared(Path::new(".")),
        );
        let event_loop = EventLoop::new(&mut log, environment, host);
        let user = async {
            advance(Duration::from_millis(now)).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            stopper.stop();
        };
        let ran = tokio::join!(user, event_loop.run()).1;
        ran.expect("nothing is logged");
        log.inputs
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_read_before_a_wake_is_handled_before_it() {
        let records = [(999, 0, "blue"), (1_001, 1, "green")];
        assert_eq!(
            inputs(&[1_000], &records, 1_002).await,
            [
                "0 Started",
                "999 0:blue",
                "1001 1:green",
                "1002 Woken",
                "2002 StopRequested"
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_time_that_is_past_wakes_at_once() {
        assert_eq!(
            inputs(&[-5, 0, 300, 7], &[], 0).await,
            [
                "0 Started",
                "0 Woken",
                "0 Woken",
                "300 Woken",
                "300 Woken",
                "1000 StopRequested"
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_wake_records_and_stops_are_waited_for() {
        assert_eq!(
            inputs(&[], &[(0, 0, "blue")], 0).await,
            ["0 Started", "0 0:blue", "1000 StopRequested"]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn time_never_runs_backwards() {
        let records = [(5, 0, "blue"), (3, 1, "green")];
        assert_eq!(
            inputs(&[], &records, 5).await,
            ["0 Started", "5 0:blue", "5 1:green", "1005 StopRequested"]
        );
    }
}
