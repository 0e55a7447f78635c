//! How a program is run live, and what a user can set about it.

use std::fmt;
use std::ops::ControlFlow;
use std::time::Duration;

use engine::{Machine, Reader, StreamSource, Text, Time};
use tokio::runtime::Builder;
use tokio::sync::mpsc;

use crate::drive::{Drive, World};
use crate::notice::Notices;
use crate::sources::{Packet, Receivers, Settings, Sources};
use crate::{LineDecoder, LiveClock, LiveError, Notice, StopRequests, Threads};

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
    settings: Settings,
    receivers: Receivers,
}

impl Live {
    /// As Spark has it where nobody says otherwise, with as many threads as the computer runs at
    /// once, and nobody who is told notices.
    pub fn new() -> Live {
        Live {
            workers: Threads::default(),
            start_time: None,
            settings: Settings {
                line_limit: LineDecoder::LIMIT_DEFAULT,
                restart_delay: Duration::from_secs(2),
                notices: Notices::new(|_| {}),
            },
            receivers: Receivers::new(),
        }
    }

    /// Spreads each stage of a job over so many [`Threads`]. What comes out does not depend on it.
    pub fn workers(self, count: usize) -> Live {
        let workers = Threads::new(count);
        Live { workers, ..self }
    }

    /// Skips lines from sockets that are longer than so many bytes, 16 MiB if nobody says otherwise.
    pub fn line_limit(mut self, bytes: usize) -> Live {
        self.settings.line_limit = bytes;
        self
    }

    /// Has a receiver whose connection is lost wait this long instead of 2 s before it starts again
    /// (`spark.streaming.receiverRestartDelay`, `RCV-1`).
    pub fn restart_delay(mut self, delay: Duration) -> Live {
        self.settings.restart_delay = delay;
        self
    }

    /// Tells `told` what a person should know of the world outside.
    pub fn notices(mut self, told: impl FnMut(Notice) + Send + 'static) -> Live {
        self.settings.notices = Notices::new(told);
        self
    }

    /// Starts the program's clock at this time instead of the system's.
    pub fn start_time(mut self, time: Time) -> Live {
        self.start_time = Some(time);
        self
    }

    /// Makes `records` the receiver that a program calls by this name
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

    /// Runs a program until it ends or is stopped by ctrl-C or `SIGTERM`, and
    /// reads all it tells to `reader`.
    ///
    /// The first signal stops it gracefully (`JOB-6`): the sources are closed, and one more batch
    /// takes what was received. The second ends it at once.
    ///
    /// # Errors
    ///
    /// If the program has a receiver that is not registered, or the operating system has no room
    /// for an event queue or signals. A server that is away is waited for.
    ///
    /// # Panics
    ///
    /// Panics inside a tokio runtime: there is [`run_until`](Live::run_until).
    pub fn run<M: Machine>(self, machine: M, reader: &mut dyn Reader) -> Result<(), LiveError> {
        block_on(async {
            let stop = StopRequests::of_signals()?;
            self.run_until(machine, reader, stop).await
        })
    }

    /// As [`run`](Live::run), on the caller's tokio runtime and with the caller's requests to stop.
    ///
    /// On a runtime whose clock is paused the program runs on that clock.
    ///
    /// # Errors
    ///
    /// If the program has a receiver that is not registered.
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
        if machine.writes() {
            return Err(LiveError::NoLog);
        }
        let clock = self.clock();
        let world = World {
            clock,
            sources: self.open(machine.sources(), clock)?,
            stop,
            workers: self.workers,
            notices: self.settings.notices,
        };
        Drive::new(machine, world, reader).run().await;
        Ok(())
    }

    /// Receives from one source without any program, until ctrl-C or `SIGTERM` or until `each` breaks:
    /// each record with the time at which it was read.
    ///
    /// # Errors
    ///
    /// As [`run`](Live::run).
    ///
    /// # Panics
    ///
    /// Panics inside a tokio runtime: there is [`receive_until`](Live::receive_until).
    pub fn receive(
        self,
        source: &StreamSource,
        each: impl FnMut(Time, Text) -> ControlFlow<()>,
    ) -> Result<(), LiveError> {
        block_on(async {
            let stop = StopRequests::of_signals()?;
            self.receive_until(source, each, stop).await
        })
    }

    /// As [`receive`](Live::receive), on the caller's tokio runtime and until the caller's first
    /// request to stop. What was read before it is handed on.
    ///
    /// # Errors
    ///
    /// If the source is a receiver that is not registered.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with I/O and time.
    pub async fn receive_until(
        mut self,
        source: &StreamSource,
        mut each: impl FnMut(Time, Text) -> ControlFlow<()>,
        mut stop: StopRequests,
    ) -> Result<(), LiveError> {
        let mut sources = self.open(std::slice::from_ref(source), self.clock())?;
        let mut take = |packet: Packet| {
            let Packet { time, records, .. } = packet;
            records
                .into_iter()
                .try_for_each(|record| each(time, record))
        };
        loop {
            let packet = tokio::select! {
                biased;
                () = stop.next() => break,
                packet = sources.next() => packet,
            };
            if take(packet).is_break() {
                return Ok(());
            }
        }
        sources.close().await;
        while let Some(packet) = sources.next_ready() {
            if take(packet).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn clock(&self) -> LiveClock {
        self.start_time
            .map_or_else(LiveClock::start, LiveClock::start_at)
    }

    fn open(&mut self, sources: &[StreamSource], clock: LiveClock) -> Result<Sources, LiveError> {
        let receivers = std::mem::take(&mut self.receivers);
        Sources::open(sources, clock, &self.settings, receivers)
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

/// Runs a future on this thread. A job or a name look-up that is still going on is left behind.
fn block_on(future: impl Future<Output = Result<(), LiveError>>) -> Result<(), LiveError> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|source| LiveError::EventLoop { source })?;
    let result = runtime.block_on(future);
    runtime.shutdown_background();
    result
}
