//! The loop of a live program: wait for what happens first, hand it in, do what follows.

use engine::{Event, Finished, Host, Input, Job, Machine, Outbox, Reader, Time, Write, drive};
use tokio::task::JoinSet;

use crate::notice::Notices;
use crate::sources::{Packet, Sources};
use crate::{LiveClock, Notice, StopRequests, Threads};

/// The part of the real world that a program sees.
pub(crate) struct World {
    pub(crate) clock: LiveClock,
    pub(crate) sources: Sources,
    pub(crate) stop: StopRequests,
    pub(crate) workers: Threads,
    pub(crate) notices: Notices,
}

/// A machine that the real world drives.
pub(crate) struct Drive<'a, M> {
    machine: M,
    clock: LiveClock,
    sources: Sources,
    stop: StopRequests,
    notices: Notices,
    host: LiveHost<'a>,
    outbox: Outbox,
    /// The time of the last input.
    now: Time,
    stopping: bool,
}

/// The surroundings of a live machine.
struct LiveHost<'a> {
    workers: Threads,
    reader: &'a mut dyn Reader,
    /// The jobs that are running, each on a thread of its own so that receiving goes on.
    jobs: JoinSet<Finished>,
}

impl Host for LiveHost<'_> {
    fn run(&mut self, _: Time, job: Job) {
        let workers = self.workers.clone();
        self.jobs.spawn_blocking(move || job.run(&workers));
    }

    fn write(&mut self, _: Time, write: Write) {
        panic!(
            "a machine that writes is refused before it starts, and this one asks for {write:?}"
        );
    }

    fn record(&mut self, now: Time, event: Event) {
        self.reader.read(now, &event);
    }
}

enum Happened {
    StopRequested,
    Finished(Finished),
    Due,
    Received(Packet),
}

impl<'a, M: Machine> Drive<'a, M> {
    pub(crate) fn new(machine: M, world: World, reader: &'a mut dyn Reader) -> Drive<'a, M> {
        Drive {
            now: world.clock.now(),
            machine,
            clock: world.clock,
            sources: world.sources,
            stop: world.stop,
            notices: world.notices,
            host: LiveHost {
                workers: world.workers,
                reader,
                jobs: JoinSet::new(),
            },
            outbox: Outbox::new(),
            stopping: false,
        }
    }

    /// Runs the program to its end. Jobs that a second request to stop leaves behind run on until
    /// their process or runtime ends; nobody hears of them.
    pub(crate) async fn run(mut self) {
        self.hand_in(self.now, Input::Started);
        while !self.machine.is_stopped() {
            match self.wait().await {
                Happened::StopRequested if self.stopping => {
                    return self.notices.tell(Notice::StoppingAtOnce);
                }
                Happened::StopRequested => self.stop().await,
                Happened::Finished(finished) => self.hand_in_now(Input::JobFinished(finished)),
                Happened::Due => self.hand_in_now(Input::Woken),
                Happened::Received(packet) => self.receive(packet),
            }
        }
    }

    /// Waits for whatever happens first. Of what has happened already packets come last: they are
    /// handed in before anything else in any case, and a server that never pauses may not keep the
    /// machine from being woken.
    async fn wait(&mut self) -> Happened {
        let due = self.machine.next_wake();
        tokio::select! {
            biased;
            () = self.stop.next() => Happened::StopRequested,
            Some(job) = self.host.jobs.join_next() => {
                Happened::Finished(job.expect("a job keeps its panics, and nobody aborts it"))
            }
            () = self.clock.wait_until(due) => Happened::Due,
            packet = self.sources.next() => Happened::Received(packet),
        }
    }

    /// Stops the receivers, hands in what they had read, and has the machine work it off (`JOB-6`).
    async fn stop(&mut self) {
        self.stopping = true;
        self.notices.tell(Notice::Stopping);
        self.sources.close().await;
        self.hand_in_now(Input::StopRequested);
    }

    /// Hands in something that happens now, and before it all that was read until now: a record
    /// belongs to the batch in whose interval it was read.
    fn hand_in_now(&mut self, input: Input) {
        while let Some(packet) = self.sources.next_ready() {
            self.receive(packet);
        }
        self.hand_in(self.clock.now(), input);
    }

    fn receive(&mut self, packet: Packet) {
        let Packet {
            time,
            stream,
            records,
        } = packet;
        for record in records {
            self.hand_in(time, Input::Received { stream, record });
        }
    }

    /// Hands in something that happened at `time` and does what follows from it.
    fn hand_in(&mut self, time: Time, input: Input) {
        // On a runtime with many threads a packet may come just too late for its time.
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
    use std::time::Duration;

    use engine::{Event, StreamId, Text};
    use tokio::time::advance;

    use super::*;

    /// Keeps what it is handed, and wants to be woken at each of these times.
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

    struct Nobody;

    impl Reader for Nobody {
        fn read(&mut self, _: Time, _: &Event) {}
    }

    /// Drives a machine that wants to be woken at `wakes`, from time 0 on. Before the loop comes to
    /// wait, these records were read and the clock reads `now`; the stop comes a second later.
    async fn inputs(wakes: &[i64], records: &[(i64, usize, &str)], now: u64) -> Vec<String> {
        let clock = LiveClock::start_at(Time::EPOCH);
        let packets = records.iter().map(|&(millis, stream, record)| Packet {
            time: Time::from_millis(millis),
            stream: StreamId(stream),
            records: vec![Text::from(record)],
        });
        let (stopper, stop) = StopRequests::channel();
        let world = World {
            clock,
            sources: Sources::of_packets(packets),
            stop,
            workers: Threads::new(1),
            notices: Notices::new(|_| {}),
        };
        let mut log = Log {
            wakes: wakes.iter().copied().map(Time::from_millis).collect(),
            ..Log::default()
        };
        let mut nobody = Nobody;
        let drive = Drive::new(&mut log, world, &mut nobody);
        let user = async {
            advance(Duration::from_millis(now)).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            stopper.stop();
        };
        tokio::join!(user, drive.run());
        log.inputs
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_read_before_a_wake_is_handed_in_before_it() {
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
