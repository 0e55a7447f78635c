//! The source of lines from a TCP server (Spark's `SocketReceiver`).

use std::io;
use std::time::Duration;

use engine::Text;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::sleep;

use super::{Inlet, Settings};
use crate::{Line, LineDecoder, Notice};

/// The wait after the first attempt to connect that fails; it doubles with each that follows.
const BACKOFF_MIN: Duration = Duration::from_millis(100);

/// The longest wait between two attempts.
const BACKOFF_MAX: Duration = Duration::from_secs(2);

/// How many bytes are read at once.
const PACKET_BYTES_MAX: usize = 64 * 1024;

/// A receiver of lines, which connects again whenever the connection is gone (`RCV-1`).
pub(super) struct Socket {
    address: String,
    settings: Settings,
    inlet: Inlet,
}

impl Socket {
    pub(super) fn new(address: String, settings: Settings, inlet: Inlet) -> Socket {
        Socket {
            address,
            settings,
            inlet,
        }
    }

    /// Receives for as long as anybody waits for it. `connect` makes one attempt to connect.
    pub(super) async fn receive<C, F, S>(self, mut connect: C)
    where
        C: FnMut() -> F,
        F: Future<Output = io::Result<S>>,
        S: AsyncRead + Unpin,
    {
        loop {
            let connection = self.connected(&mut connect).await;
            let address = self.address.clone();
            self.settings.notices.tell(Notice::Connected { address });
            let ended = self.read(connection).await;
            self.settings.notices.tell(Notice::ConnectionLost {
                address: self.address.clone(),
                reason: ended.err().map(|reason| reason.to_string()),
                restart_delay: self.settings.restart_delay,
            });
            sleep(self.settings.restart_delay).await;
        }
    }

    /// Tries to connect until it works.
    async fn connected<F, S>(&self, connect: &mut impl FnMut() -> F) -> S
    where
        F: Future<Output = io::Result<S>>,
    {
        let mut delay = BACKOFF_MIN;
        loop {
            match connect().await {
                Ok(connection) => return connection,
                Err(reason) if delay == BACKOFF_MIN => {
                    self.settings.notices.tell(Notice::WaitingForServer {
                        address: self.address.clone(),
                        reason: reason.to_string(),
                    });
                }
                Err(_) => {}
            }
            sleep(delay).await;
            delay = (delay * 2).min(BACKOFF_MAX);
        }
    }

    /// Reads lines until the server closes the connection. If the connection breaks instead, what
    /// came of a line is lost, as it is with Java's `BufferedReader`.
    async fn read(&self, mut connection: impl AsyncRead + Unpin) -> io::Result<()> {
        let mut decoder = LineDecoder::new(self.settings.line_limit);
        let mut bytes = vec![0; PACKET_BYTES_MAX];
        loop {
            let room = self.inlet.room().await;
            let length = connection.read(&mut bytes).await?;
            let mut lines = Vec::new();
            decoder.feed(&bytes[..length], &mut lines);
            if length == 0 {
                decoder.finish(&mut lines);
            }
            room.put(self.records(lines));
            if length == 0 {
                return Ok(());
            }
        }
    }

    /// The records that these lines are; of the others a person is told.
    fn records(&self, lines: Vec<Line>) -> Vec<Text> {
        let record = |line| match line {
            Line::Whole(text) => Some(text),
            Line::TooLong { limit } => {
                let address = self.address.clone();
                let notice = Notice::LineTooLong { address, limit };
                self.settings.notices.tell(notice);
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

    use super::super::inlet;
    use super::*;
    use crate::LiveClock;
    use crate::notice::Notices;

    /// What comes of attempts to connect, in order; then there are no more.
    type Attempts = Vec<io::Result<Mock>>;

    fn refused() -> io::Result<Mock> {
        Err(io::Error::new(ErrorKind::ConnectionRefused, "refused"))
    }

    /// All that a socket with a limit of 8 bytes hands in and tells within a minute, each with the
    /// milliseconds since the start.
    async fn receive(attempts: Attempts) -> Vec<String> {
        let clock = LiveClock::start_at(Time::EPOCH);
        let (inlet, mut outlet) = inlet(clock, 1);
        let (told, mut log) = mpsc::unbounded_channel();
        let tell = told.clone();
        let settings = Settings {
            line_limit: 8,
            restart_delay: Duration::from_secs(2),
            notices: Notices::new(move |notice| {
                tell.send(format!("{} {notice}", clock.now().as_millis()))
                    .ok();
            }),
        };
        let socket = Socket::new("here:1".to_owned(), settings, inlet);
        let attempts = Arc::new(Mutex::new(VecDeque::from(attempts)));
        let connect = || {
            let attempt = attempts.lock().expect("nobody panics").pop_front();
            async move {
                match attempt {
                    Some(attempt) => attempt,
                    None => pending().await,
                }
            }
        };
        let listen = async {
            while let Some(packet) = outlet.recv().await {
                let millis = packet.time.as_millis();
                told.send(format!("{millis} {:?}", packet.records)).ok();
            }
        };
        let both = async { tokio::join!(socket.receive(connect), listen) };
        timeout(Duration::from_mins(1), both).await.ok();
        log.close();
        let mut lines = Vec::new();
        while let Some(line) = log.recv().await {
            lines.push(line);
        }
        lines
    }

    #[track_caller]
    fn check(received: &[String], expected: &[&str]) {
        assert_eq!(received, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn lines_are_handed_in_with_the_time_at_which_they_were_read() {
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
        let (inlet, _outlet) = inlet(LiveClock::start_at(Time::EPOCH), 1);
        let clock = inlet.clock;
        let settings = Settings {
            line_limit: 8,
            restart_delay: Duration::ZERO,
            notices: Notices::new(|_| {}),
        };
        let socket = Socket::new("here:1".to_owned(), settings, inlet);
        let connect = || -> Ready<io::Result<Mock>> {
            let mut attempted = attempted.lock().expect("nobody panics");
            attempted.push(clock.now().as_millis());
            ready(refused())
        };
        timeout(Duration::from_secs(8), socket.receive(connect))
            .await
            .ok();
        let attempted = attempted.lock().expect("nobody panics");
        assert_eq!(*attempted, [0, 100, 300, 700, 1_500, 3_100, 5_100, 7_100]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_is_away_is_told_once() {
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
    async fn a_connection_that_breaks_loses_the_line_at_hand() {
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
    async fn a_line_over_the_limit_is_told_and_the_stream_goes_on() {
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
}
