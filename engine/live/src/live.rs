//! The settings of a live run, and the ways to start one.

use std::fmt;
use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use engine::{Machine, Reader, StreamId, StreamSource, Text, Time};
use engine_storage::{Folder, Place};
use tokio::runtime::Builder;
use tokio::sync::mpsc;

use crate::diagnostic::DiagnosticHandler;
use crate::event_loop::{Environment, EventLoop, LiveHost};
#[cfg(feature = "kafka")]
use crate::sources::topic::{OpenTopic, Topic};
use crate::sources::{Packet, Receivers, SourceSettings, Sources};
use crate::writer::Writer;
use crate::{LineDecoder, LiveClock, LiveDiagnostic, LiveError, StopRequests, Threads};

/// Runs programs on the system clock, with real sockets (`StreamingContext.start` and
/// `awaitTermination`).
///
/// ```no_run
/// use std::time::Duration;
/// use engine::{Engine, Journal, SparkContext, StreamingContext};
/// use engine_live::Live;
///
/// let sc = SparkContext::local(2, "NetworkWordCount");
/// let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
/// ssc.socket_text_stream("localhost", 9999).print();
///
/// let mut journal = Journal::new();
/// Live::new().run(Engine::new(ssc.build()?), &mut journal)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Live {
    workers: Threads,
    start_time: Option<Time>,
    settings: SourceSettings,
    receivers: Receivers,
    checkpoint: Option<Place>,
    results: Folder,
}

impl Live {
    /// The defaults of Spark, with as many threads as the computer runs at once. Each diagnostic, such as that
    /// a server is waited for, is a line on standard error.
    pub fn new() -> Live {
        Live {
            workers: Threads::default(),
            start_time: None,
            settings: SourceSettings {
                line_limit: LineDecoder::LIMIT_DEFAULT,
                reconnects: true,
                restart_delay: Duration::from_secs(2),
                replays: false,
                diagnostics: DiagnosticHandler::new(|diagnostic| {
                    // There is no place left to report that it cannot be written.
                    writeln!(io::stderr(), "{diagnostic}").ok();
                }),
            },
            receivers: Receivers::new(),
            checkpoint: None,
            results: Folder::shared(Path::new(".")),
        }
    }

    /// Keeps the checkpoints of a program in a folder, or in another place. A program that is to go on from what is there is made by
    /// [`Engine::recover`](engine::Engine::recover), of what a [`CheckpointFolder`](engine_storage::CheckpointFolder)
    /// reads.
    pub fn checkpoint(mut self, place: impl Into<Place>) -> Live {
        self.checkpoint = Some(place.into());
        self
    }

    /// Saves results in a folder, relative to which a program names them. Default: the working directory.
    pub fn results(mut self, folder: &Path) -> Live {
        self.results = Folder::shared(folder);
        self
    }

    /// Spreads each stage of a job over this number of [`Threads`], up to [`Threads::MAX`]. The output does not
    /// depend on it.
    pub fn workers(self, count: usize) -> Live {
        let workers = Threads::new(count);
        Live { workers, ..self }
    }

    /// Skips lines from sockets that are longer than this number of bytes. Default: 16 MiB.
    pub fn line_limit(mut self, bytes: usize) -> Live {
        self.settings.line_limit = bytes;
        self
    }

    /// Sets the wait of a receiver whose connection is lost before it starts again
    /// (`spark.streaming.receiverRestartDelay`, `RCV-1`). Default: 2 s.
    pub fn restart_delay(mut self, delay: Duration) -> Live {
        self.settings.restart_delay = delay;
        self
    }

    /// Asks each server, on each connection, for the lines from a number on: the number and a line end are the first and
    /// only thing that is sent to it. A server that keeps its lines then loses none in a crash of a program that [logs
    /// records](engine::StreamingContext::log_records), and sends none twice; lines that are too long are not counted
    /// over a crash. Default: nothing is sent.
    pub fn replay(mut self) -> Live {
        self.settings.replays = true;
        self
    }

    /// Calls `callback` with each diagnostic, from the thread on which it arises, and prints none.
    pub fn on_diagnostic(mut self, callback: impl FnMut(LiveDiagnostic) + Send + 'static) -> Live {
        self.settings.diagnostics = DiagnosticHandler::new(callback);
        self
    }

    /// Starts the program's clock at this time instead of the system's.
    pub fn start_time(mut self, time: Time) -> Live {
        self.start_time = Some(time);
        self
    }

    /// Registers `records` as the receiver of this name
    /// ([`receiver_stream`](engine::StreamingContext::receiver_stream)). A record counts as received
    /// when it is taken out of the channel.
    ///
    /// ```
    /// use std::time::Duration;
    /// use engine::{Engine, Event, Journal, SparkContext, StreamingContext, Text};
    /// use engine_live::{Live, StopRequests};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ssc = StreamingContext::new(&SparkContext::local(1, "chat"), Duration::from_secs(1));
    /// ssc.receiver_stream("chat").print();
    ///
    /// let (chat, records) = tokio::sync::mpsc::channel(10);
    /// chat.send(Text::from("hello")).await?;
    /// let (stopper, stop) = StopRequests::channel();
    /// let mut journal = Journal::new();
    /// let live = Live::new().receiver("chat", records);
    /// let run = live.run_until(Engine::new(ssc.build()?), &mut journal, stop);
    /// let user = async {
    ///     tokio::time::sleep(Duration::from_millis(1_500)).await;
    ///     stopper.stop();
    /// };
    /// tokio::join!(run, user).0?;
    /// let printed = |event: &Event| matches!(event, Event::Printed { .. });
    /// assert!(journal.entries().iter().any(|entry| printed(&entry.event)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn receiver(mut self, name: &str, records: mpsc::Receiver<Text>) -> Live {
        self.receivers.insert(name.to_owned(), records);
        self
    }

    /// Runs a program until it ends or is stopped by ctrl-C or `SIGTERM`. `reader` follows its events.
    ///
    /// The first signal stops it gracefully (`JOB-6`): the sources are closed, the next batch
    /// processes what was received, and the timer comes to rest after two more. The second ends it at once; if this thread is held up then, as by standard
    /// output that is not read, the process ends, with exit code 130
    /// ([`of_signals`](StopRequests::of_signals)).
    ///
    /// # Errors
    ///
    /// Fails if the program has a receiver that is not registered, or checkpoints and no folder, and if the
    /// operating system refuses an event queue or signals. A server that is away is no error: the
    /// program waits for it.
    ///
    /// # Panics
    ///
    /// Panics inside a tokio runtime; use [`run_until`](Live::run_until) there.
    pub fn run<M: Machine>(self, machine: M, reader: &mut dyn Reader) -> Result<(), LiveError> {
        let stop = StopRequests::of_reported_signals(self.settings.diagnostics.clone())?;
        block_on(self.run_until(machine, reader, stop))
    }

    /// As [`run`](Live::run), on the caller's tokio runtime and with the caller's requests to stop.
    ///
    /// On a runtime whose clock is paused the program runs on that clock.
    ///
    /// # Errors
    ///
    /// Fails if the program has a receiver that is not registered, checkpoints and no folder, or limits of rate; and, where servers are
    /// asked for [lines by number](Live::replay), if what was received cannot be logged.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with I/O and time.
    pub async fn run_until<M: Machine>(
        mut self,
        machine: M,
        reader: &mut dyn Reader,
        stop: StopRequests,
    ) -> Result<(), LiveError> {
        if machine.writes() && self.checkpoint.is_none() {
            return Err(LiveError::NoCheckpointFolder);
        }
        if machine.limits_rates() {
            return Err(LiveError::RateLimits);
        }
        let replays = self.settings.replays;
        let writer = self.checkpoint.as_ref();
        let writer = writer.map(|place| Writer::new(place, replays));
        self.settings.reconnects = machine.reconnects();
        let clock = self.clock();
        #[cfg(feature = "kafka")]
        let topics = self.topics(machine.sources()).await?;
        let environment = Environment {
            clock,
            sources: self.open(machine.sources(), clock, |stream| machine.received(stream))?,
            stop,
            diagnostics: self.settings.diagnostics,
        };
        let host = LiveHost::new(self.workers, reader, writer, self.results);
        let host = host.ends_at_rejection(replays);
        #[cfg_attr(
            not(feature = "kafka"),
            expect(unused_mut, reason = "there are no topics")
        )]
        let mut event_loop = EventLoop::new(machine, environment, host);
        #[cfg(feature = "kafka")]
        for topic in topics {
            event_loop.open_topic(topic);
        }
        event_loop.run().await
    }

    /// The topics that a program reads, but for those that a receiver stands for.
    #[cfg(feature = "kafka")]
    async fn topics(&self, sources: &[StreamSource]) -> Result<Vec<OpenTopic>, LiveError> {
        let mut topics = Vec::new();
        for (number, source) in sources.iter().enumerate() {
            if let StreamSource::Topic {
                name,
                servers,
                from_start,
            } = source
                && !self.receivers.contains_key(name)
            {
                let topic = Topic {
                    stream: StreamId(number),
                    name,
                    servers,
                    from_start: *from_start,
                };
                topics.push(topic.open(&self.settings.diagnostics).await?);
            }
        }
        Ok(topics)
    }

    /// Receives from one source without any program, until ctrl-C or `SIGTERM` or until `on_record`
    /// breaks. `on_record` is called with each record and the time at which it was read.
    ///
    /// # Errors
    ///
    /// As [`run`](Live::run).
    ///
    /// # Panics
    ///
    /// Panics inside a tokio runtime; use [`receive_until`](Live::receive_until) there.
    pub fn receive(
        self,
        source: &StreamSource,
        on_record: impl FnMut(Time, Text) -> ControlFlow<()>,
    ) -> Result<(), LiveError> {
        let stop = StopRequests::of_signals()?;
        block_on(self.receive_until(source, on_record, stop))
    }

    /// As [`receive`](Live::receive), on the caller's tokio runtime and until the caller's first
    /// request to stop. Records that were read before it are passed on.
    ///
    /// # Errors
    ///
    /// Fails if the source is a receiver that is not registered.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with I/O and time.
    pub async fn receive_until(
        mut self,
        source: &StreamSource,
        mut on_record: impl FnMut(Time, Text) -> ControlFlow<()>,
        mut stop: StopRequests,
    ) -> Result<(), LiveError> {
        let clock = self.clock();
        let mut sources = self.open(std::slice::from_ref(source), clock, |_| 0)?;
        let mut on_packet = |packet: Packet| {
            packet
                .records
                .into_iter()
                .try_for_each(|record| on_record(packet.time, record))
        };
        while let Some(packet) = next_unless_stopped(&mut sources, &mut stop).await {
            if on_packet(packet).is_break() {
                return Ok(());
            }
        }
        // A source that has read something has put it in the queue, so closing them loses nothing.
        sources.close().await;
        while let Some(packet) = sources.try_next() {
            if on_packet(packet).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn clock(&self) -> LiveClock {
        self.start_time
            .map_or_else(LiveClock::start, LiveClock::start_at)
    }

    fn open(
        &mut self,
        sources: &[StreamSource],
        clock: LiveClock,
        received: impl Fn(StreamId) -> u64,
    ) -> Result<Sources, LiveError> {
        let receivers = std::mem::take(&mut self.receivers);
        Sources::open(sources, clock, &self.settings, receivers, received)
    }
}

impl Default for Live {
    fn default() -> Live {
        Live::new()
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live")
            .field("workers", &self.workers)
            .field("line_limit", &self.settings.line_limit)
            .field("restart_delay", &self.settings.restart_delay)
            .field("start_time", &self.start_time)
            .finish_non_exhaustive()
    }
}

/// The next packet, or `None` at a request to stop. The request is polled first: a server that never
/// pauses must not hide it.
async fn next_unless_stopped(sources: &mut Sources, stop: &mut StopRequests) -> Option<Packet> {
    tokio::select! {
        biased;
        () = stop.next() => None,
        packet = sources.next() => Some(packet),
    }
}

/// Runs a future on this thread. A job or a name lookup that has not ended is left behind.
fn block_on(future: impl Future<Output = Result<(), LiveError>>) -> Result<(), LiveError> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| LiveError::EventLoop { source })?;
    let result = runtime.block_on(future);
    // Dropping the runtime would wait for blocking tasks, which a second request to stop must not do.
    runtime.shutdown_background();
    result
}
