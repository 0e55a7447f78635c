//! Where the records of a live program come from: a task for each source, and one bounded queue.

mod receiver;
mod socket;

use std::collections::BTreeMap;
use std::future::pending;
use std::time::Duration;

use engine::{StreamId, StreamSource, Text, Time};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::notice::Notices;
use crate::{LiveClock, LiveError};
use socket::Socket;

/// How many packets of a source may wait for the loop before its server has to.
const PACKETS_MAX: usize = 64;

/// Records that were read at once.
#[derive(Debug, PartialEq)]
pub(crate) struct Packet {
    pub(crate) time: Time,
    pub(crate) stream: StreamId,
    pub(crate) records: Vec<Text>,
}

/// What all sources of a program have in common.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) line_limit: usize,
    pub(crate) restart_delay: Duration,
    pub(crate) notices: Notices,
}

/// Receivers of the user's own, by name.
pub(crate) type Receivers = BTreeMap<String, mpsc::Receiver<Text>>;

/// The sources of a program while they are open. Dropping them closes them.
pub(crate) struct Sources {
    tasks: JoinSet<()>,
    packets: mpsc::Receiver<Packet>,
}

impl Sources {
    /// Opens every source of a program, in the order of their streams.
    pub(crate) fn open(
        sources: &[StreamSource],
        clock: LiveClock,
        settings: &Settings,
        mut receivers: Receivers,
    ) -> Result<Sources, LiveError> {
        let (inlet, packets) = inlet(clock, sources.len());
        let mut tasks = JoinSet::new();
        for (index, source) in sources.iter().enumerate() {
            let inlet = inlet.clone().of(StreamId(index));
            match source {
                StreamSource::Socket { host, port } => {
                    let server = (host.clone(), *port);
                    let socket = Socket::new(address(host, *port), settings.clone(), inlet);
                    tasks.spawn(socket.receive(move || TcpStream::connect(server.clone())));
                }
                StreamSource::Receiver { name } => {
                    let Some(records) = receivers.remove(name) else {
                        let name = name.clone();
                        return Err(LiveError::UnknownReceiver { name });
                    };
                    tasks.spawn(receiver::receive(records, inlet));
                }
            }
        }
        Ok(Sources { tasks, packets })
    }

    /// Closed sources that have read these packets.
    #[cfg(test)]
    pub(crate) fn of_packets(packets: impl ExactSizeIterator<Item = Packet>) -> Sources {
        let (inlet, outlet) = mpsc::channel(packets.len().max(1));
        for packet in packets {
            inlet.try_send(packet).expect("there is room for all");
        }
        let tasks = JoinSet::new();
        Sources {
            tasks,
            packets: outlet,
        }
    }

    /// Waits for the next packet: for ever if no source can have one.
    pub(crate) async fn next(&mut self) -> Packet {
        match self.packets.recv().await {
            Some(packet) => packet,
            None => pending().await,
        }
    }

    /// The next packet that has been read already.
    pub(crate) fn next_ready(&mut self) -> Option<Packet> {
        self.packets.try_recv().ok()
    }

    /// Closes all sources. What they have read is still [ready](Self::next_ready).
    pub(crate) async fn close(&mut self) {
        self.tasks.shutdown().await;
    }
}

/// Where a source puts what it has read.
#[derive(Clone)]
struct Inlet {
    stream: StreamId,
    clock: LiveClock,
    packets: mpsc::Sender<Packet>,
}

/// The room for one packet.
struct Room<'a> {
    inlet: &'a Inlet,
    permit: mpsc::Permit<'a, Packet>,
}

/// The inlet of the first of so many sources, and what comes out. Each source that waits for its
/// server holds the room for one packet.
fn inlet(clock: LiveClock, sources: usize) -> (Inlet, mpsc::Receiver<Packet>) {
    let (packets, outlet) = mpsc::channel(PACKETS_MAX * sources.max(1));
    let stream = StreamId(0);
    let inlet = Inlet {
        stream,
        clock,
        packets,
    };
    (inlet, outlet)
}

impl Inlet {
    fn of(self, stream: StreamId) -> Inlet {
        Inlet { stream, ..self }
    }

    /// Waits for room. A source reads only when it has some: then all that was read is in the queue,
    /// in the order of time, and a loop that falls behind makes the servers wait.
    async fn room(&self) -> Room<'_> {
        match self.packets.reserve().await {
            Ok(permit) => Room {
                inlet: self,
                permit,
            },
            // The loop has ended and is about to end this task.
            Err(_) => pending().await,
        }
    }
}

impl Room<'_> {
    /// Puts in what has just been read.
    fn put(self, records: Vec<Text>) {
        if !records.is_empty() {
            self.permit.send(Packet {
                time: self.inlet.clock.now(),
                stream: self.inlet.stream,
                records,
            });
        }
    }
}

/// Host and port, as people write them.
fn address(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_host_and_port_apart() {
        assert_eq!(address("localhost", 9999), "localhost:9999");
        assert_eq!(address("::1", 9999), "[::1]:9999");
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_with_a_full_queue_waits_for_the_loop() {
        let (inlet, mut outlet) = inlet(LiveClock::start_at(Time::EPOCH), 1);
        let records = || vec![Text::from("blue")];
        for _ in 0..PACKETS_MAX {
            inlet.room().await.put(records());
        }
        let second = Duration::from_secs(1);
        assert!(tokio::time::timeout(second, inlet.room()).await.is_err());
        outlet.recv().await.expect("a packet waits");
        inlet.room().await.put(records());
        assert_eq!(outlet.len(), PACKETS_MAX);
    }
}
