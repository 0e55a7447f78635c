//! The source of lines from a TCP server (Spark's `SocketReceiver`).

use std::io;
use std::pin::pin;
use std::time::Duration;

use engine::Text;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{sleep, timeout};

use super::{PacketSender, SourceSettings};
use crate::{DecodedLine, LineDecoder, LiveDiagnostic};

/// The wait after the first attempt to connect that fails; it doubles with each that follows.
const BACKOFF_MIN: Duration = Duration::from_millis(100);

/// The longest wait between two attempts.
const BACKOFF_MAX: Duration = Duration::from_secs(2);

/// A server that has not answered after this time is waited for, which is then reported.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// The most bytes that are read at once.
const PACKET_BYTES_MAX: usize = 64 * 1024;

/// A receiver of lines, which connects again after each loss of the connection (`RCV-1`) unless its stream then
/// has ended (`MB-2c`).
pub(super) struct Socket {
    address: String,
    settings: SourceSettings,
    sender: PacketSender,
    /// The number of the next line, of a server that is asked for it on each connection.
    position: Option<u64>,
}

impl Socket {
    pub(super) fn new(
        address: String,
        settings: SourceSettings,
        sender: PacketSender,
        position: Option<u64>,
    ) -> Socket {
        Socket {
            address,
            settings,
            sender,
            position,
        }
    }

    /// Receives until the stream has ended or the task is aborted. `connect` makes one attempt to connect.
    pub(super) async fn receive<C, F, S>(mut self, mut connect: C)
    where
        C: FnMut() -> F,
        F: Future<Output = io::Result<S>>,
        S: AsyncRead + AsyncWrite + Unpin,
    {
        loop {
            let connection = self.connect_until_accepted(&mut connect).await;
            self.report(LiveDiagnostic::Connected {
                address: self.address.clone(),
                position: self.position,
            });
            let result = self.read(connection).await;
            let address = self.address.clone();
            let reason = result.err().map(|reason| reason.to_string());
            if !self.settings.reconnects {
                return self.report(LiveDiagnostic::StreamEnded { address, reason });
            }
            self.report(LiveDiagnostic::ConnectionLost {
                address,
                reason,
                restart_delay: self.settings.restart_delay,
            });
            sleep(self.settings.restart_delay).await;
        }
    }

    fn report(&self, diagnostic: LiveDiagnostic) {
        self.settings.diagnostics.report(diagnostic);
    }

    /// Tries to connect until a server accepts. The first time that it has to wait is reported.
    async fn connect_until_accepted<F, S>(&self, connect: &mut impl FnMut() -> F) -> S
    where
        F: Future<Output = io::Result<S>>,
    {
        let mut is_reported = false;
        let mut report = |reason| {
            if !std::mem::replace(&mut is_reported, true) {
                let address = self.address.clone();
                self.report(LiveDiagnostic::WaitingForServer { address, reason });
            }
        };
        let mut delay = BACKOFF_MIN;
        loop {
            let mut attempt = pin!(connect());
            let answered = timeout(ANSWER_TIME, attempt.as_mut()).await;
            let result = if let Ok(result) = answered {
                result
            } else {
                report("no answer yet".to_owned());
                attempt.await
            };
            match result {
                Ok(connection) => return connection,
                Err(reason) => report(reason.to_string()),
            }
            sleep(delay).await;
            delay = (delay * 2).min(BACKOFF_MAX);
        }
    }

    /// Reads lines until the server closes the connection. If the connection breaks instead, an
    /// incomplete line is lost, as it is with Java's `BufferedReader`.
    async fn read(
        &mut self,
        mut connection: impl AsyncRead + AsyncWrite + Unpin,
    ) -> io::Result<()> {
        if let Some(position) = self.position {
            connection
                .write_all(format!("{position}\n").as_bytes())
                .await?;
        }
        let mut decoder = LineDecoder::new(self.settings.line_limit);
        let mut bytes = vec![0; PACKET_BYTES_MAX];
        loop {
            let permit = self.sender.reserve().await;
            let length = connection.read(&mut bytes).await?;
            let mut lines = Vec::new();
            decoder.feed(&bytes[..length], &mut lines);
            // A server that is asked for lines by number sends one that is cut again.
            if length == 0 && self.position.is_none() {
                decoder.finish(&mut lines);
            }
            if let Some(position) = &mut self.position {
                *position += lines.len() as u64;
            }
            permit.send(self.records(lines));
            if length == 0 {
                return Ok(());
            }
        }
    }

    /// The records of these lines. A line that was too long has none and is reported.
    fn records(&self, lines: Vec<DecodedLine>) -> Vec<Text> {
        let record = |line| match line {
            DecodedLine::Whole(text) => Some(text),
            DecodedLine::TooLong => {
                let address = self.address.clone();
                let limit = self.settings.line_limit;
                self.report(LiveDiagnostic::LineTooLong { address, limit });
                None
            }
        };
        lines.into_iter().filter_map(record).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::future::{Ready, pending, ready};
    use std::io::ErrorKind;
    use std::sync::{Arc, Mutex};

    use engine::Time;
    use tokio::sync::mpsc;
    use tokio::time::timeout;
    use tokio_test::io::{Builder, Mock};

    use super::super::packet_channel;
    use super::*;
    use crate::LiveClock;
    use crate::diagnostic::DiagnosticHandler;

    /// The results of attempts to connect, in order; then one that never ends.
    type Attempts = Vec<io::Result<Mock>>;

    fn refused() -> io::Result<Mock> {
        Err(io::Error::new(ErrorKind::ConnectionRefused, "refused"))
    }

    /// A socket and its server.
    struct Script {
        reconnects: bool,
        /// The time that the server takes to answer.
        answer_time: Duration,
        attempts: Attempts,
    }

    /// All packets and diagnostics of a receiver whose server answers at once.
    async fn receive(attempts: Attempts) -> Vec<String> {
        let script = Script {
            reconnects: true,
            answer_time: Duration::ZERO,
            attempts,
        };
        script.play().await
    }

    impl Script {
        /// All packets and diagnostics of a socket with a limit of 8 bytes within a minute, each with the
        /// milliseconds since the start.
        async fn play(self) -> Vec<String> {
            let clock = LiveClock::start_at(Time::EPOCH);
            let (sender, mut packets) = packet_channel(clock, 1);
            let (log, mut logged) = mpsc::unbounded_channel();
            let diagnostics = log.clone();
            let settings = SourceSettings {
                line_limit: 8,
                reconnects: self.reconnects,
                restart_delay: Duration::from_secs(2),
                replays: false,
                diagnostics: DiagnosticHandler::new(move |diagnostic| {
                    let millis = clock.now().as_millis();
                    diagnostics.send(format!("{millis} {diagnostic}")).ok();
                }),
            };
            let socket = Socket::new("here:1".to_owned(), settings, sender, None);
            let attempts = Arc::new(Mutex::new(VecDeque::from(self.attempts)));
            let connect = || {
                let attempt = attempts.lock().expect("no attempt panics").pop_front();
                async move {
                    match attempt {
                        Some(attempt) if self.answer_time.is_zero() => attempt,
                        Some(attempt) => {
                            sleep(self.answer_time).await;
                            attempt
                        }
                        None => pending().await,
                    }
                }
            };
            let listen = async {
                while let Some(packet) = packets.recv().await {
                    let millis = packet.time.as_millis();
                    log.send(format!("{millis} {:?}", packet.records)).ok();
                }
            };
            let both = async { tokio::join!(socket.receive(connect), listen) };
            timeout(Duration::from_mins(1), both).await.ok();
            logged.close();
            let mut lines = Vec::new();
            while let Some(line) = logged.recv().await {
                lines.push(line);
            }
            lines
        }
    }

    #[track_caller]
    fn check(received: &[String], expected: &[&str]) {
        assert_eq!(received, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn lines_have_the_time_at_which_they_were_read() {
        let connection = Builder::new()
            .read(b"blue\ngre")
            .wait(Duration::from_millis(300))
            .read(b"en\r")
            .wait(Duration::from_millis(200))
            .read(b"\na\nb\n")
            .wait(Duration::from_hours(1))
            .build();
        check(
            &receive(vec![Ok(connection)]).await,
            &[
                "0 connected to here:1",
                "0 [\"blue\"]",
                "300 [\"green\"]",
                "500 [\"a\", \"b\"]",
            ],
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_wait_for_a_server_doubles_up_to_two_seconds() {
        let attempted = Arc::new(Mutex::new(Vec::new()));
        let (sender, _packets) = packet_channel(LiveClock::start_at(Time::EPOCH), 1);
        let clock = sender.clock;
        let settings = SourceSettings {
            line_limit: 8,
            reconnects: true,
            restart_delay: Duration::ZERO,
            replays: false,
            diagnostics: DiagnosticHandler::new(|_| {}),
        };
        let socket = Socket::new("here:1".to_owned(), settings, sender, None);
        let connect = || -> Ready<io::Result<Mock>> {
            let mut attempted = attempted.lock().expect("no attempt panics");
            attempted.push(clock.now().as_millis());
            ready(refused())
        };
        timeout(Duration::from_secs(8), socket.receive(connect))
            .await
            .ok();
        let attempted = attempted.lock().expect("no attempt panics");
        assert_eq!(*attempted, [0, 100, 300, 700, 1_500, 3_100, 5_100, 7_100]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_is_away_is_reported_once() {
        let connection = Builder::new().wait(Duration::from_hours(1)).build();
        check(
            &receive(vec![refused(), refused(), refused(), Ok(connection)]).await,
            &[
                "0 waiting for a server at here:1 (refused)",
                "700 connected to here:1",
            ],
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_does_not_answer_is_reported_once() {
        let script = Script {
            reconnects: true,
            answer_time: Duration::from_secs(9),
            attempts: vec![
                refused(),
                Ok(Builder::new().wait(Duration::from_hours(1)).build()),
            ],
        };
        check(
            &script.play().await,
            &[
                "1000 waiting for a server at here:1 (no answer yet)",
                "18100 connected to here:1",
            ],
        );
    }

    #[tokio::test(start_paused = true)]
    async fn mb_2c_the_stream_of_a_query_ends_with_its_connection() {
        let broken = io::Error::new(ErrorKind::ConnectionReset, "reset");
        let closed = Builder::new().read(b"blue\ngreen").build();
        let broken = Builder::new().read(b"blue\n").read_error(broken).build();
        let rest = "and a query connects only once: it goes on without data until it is stopped";
        for (connection, ended, last) in [
            (closed, "ended", Some("green")),
            (broken, "ended (reset)", None),
        ] {
            let script = Script {
                reconnects: false,
                answer_time: Duration::ZERO,
                attempts: vec![refused(), Ok(connection), Ok(Builder::new().build())],
            };
            let mut expected = vec![
                "0 waiting for a server at here:1 (refused)".to_owned(),
                "100 connected to here:1".to_owned(),
                format!("100 the stream from here:1 has {ended}, {rest}"),
                "100 [\"blue\"]".to_owned(),
            ];
            expected.extend(last.map(|line| format!("100 [{line:?}]")));
            assert_eq!(script.play().await, expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn rcv_1_a_receiver_starts_again_two_seconds_after_its_server_is_gone() {
        let first = Builder::new().read(b"blue\ngreen").build();
        let second = Builder::new()
            .read(b"gohawks\n")
            .wait(Duration::from_hours(1))
            .build();
        check(
            &receive(vec![Ok(first), refused(), Ok(second)]).await,
            &[
                "0 connected to here:1",
                "0 connection to here:1 lost, connecting again in 2 s",
                "0 [\"blue\"]",
                "0 [\"green\"]",
                "2000 waiting for a server at here:1 (refused)",
                "2100 connected to here:1",
                "2100 [\"gohawks\"]",
            ],
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_breaks_loses_the_incomplete_line() {
        let broken = io::Error::new(ErrorKind::ConnectionReset, "reset");
        let first = Builder::new()
            .read(b"blue\ngreen")
            .read_error(broken)
            .build();
        let second = Builder::new()
            .read(b"gohawks\n")
            .wait(Duration::from_hours(1))
            .build();
        check(
            &receive(vec![Ok(first), Ok(second)]).await,
            &[
                "0 connected to here:1",
                "0 connection to here:1 lost (reset), connecting again in 2 s",
                "0 [\"blue\"]",
                "2000 connected to here:1",
                "2000 [\"gohawks\"]",
            ],
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_over_the_limit_is_reported_and_the_stream_goes_on() {
        let connection = Builder::new()
            .read(b"green green")
            .read(b" green\nblue\n")
            .wait(Duration::from_hours(1))
            .build();
        check(
            &receive(vec![Ok(connection)]).await,
            &[
                "0 connected to here:1",
                "0 a line from here:1 was longer than 8 bytes and was skipped",
                "0 [\"blue\"]",
            ],
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_can_send_again_is_asked_for_the_next_line_on_each_connection() {
        let clock = LiveClock::start_at(Time::EPOCH);
        let (sender, mut packets) = packet_channel(clock, 1);
        let settings = SourceSettings {
            line_limit: 8,
            reconnects: true,
            restart_delay: Duration::from_secs(2),
            replays: true,
            diagnostics: DiagnosticHandler::new(|_| {}),
        };
        let socket = Socket::new("here:1".to_owned(), settings, sender, Some(7));
        let first = Builder::new().write(b"7\n").read(b"a\nb\nc").build();
        let second = Builder::new().write(b"9\n").read(b"cc\nd\n").build();
        let attempts = Arc::new(Mutex::new(VecDeque::from([first, second])));
        let connect = || {
            let attempt = attempts.lock().expect("no attempt panics").pop_front();
            async move {
                match attempt {
                    Some(attempt) => Ok(attempt),
                    None => pending().await,
                }
            }
        };
        let listen = async {
            let mut records: Vec<Text> = Vec::new();
            while let Some(packet) = packets.recv().await {
                records.extend(packet.records);
                if records.len() == 4 {
                    break;
                }
            }
            records
        };
        let records = tokio::select! {
            () = socket.receive(connect) => Vec::new(),
            records = listen => records,
        };
        assert_eq!(records, ["a", "b", "cc", "d"].map(Text::from));
    }
}
