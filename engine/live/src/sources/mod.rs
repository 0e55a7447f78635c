//! The sources of a live program: a task for each, and one bounded queue.

mod receiver;
mod socket;
#[cfg(feature = "kafka")]
pub(crate) mod topic;

use std::collections::BTreeMap;
use std::future::pending;
use std::time::Duration;

use engine::{StreamId, StreamSource, Text, Time};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::diagnostic::DiagnosticHandler;
use crate::{LiveClock, LiveError};
use socket::Socket;

/// The capacity of the queue for each source, in packets.
const PACKETS_MAX: usize = 64;

/// Records that were read together.
#[derive(Debug, PartialEq)]
pub(crate) struct Packet {
    pub(crate) time: Time,
    pub(crate) stream: StreamId,
    pub(crate) records: Vec<Text>,
}

/// The settings of all sources of a program.
#[derive(Clone)]
pub(crate) struct SourceSettings {
    pub(crate) line_limit: usize,
    /// True if a socket whose connection is lost connects again.
    pub(crate) reconnects: bool,
    pub(crate) restart_delay: Duration,
    /// True if a server is asked for the lines from a number on.
    pub(crate) replays: bool,
    pub(crate) diagnostics: DiagnosticHandler,
}

/// The receivers that the user registered, by name.
pub(crate) type Receivers = BTreeMap<String, mpsc::Receiver<Text>>;

/// The sources of a program while they are open. Dropping them closes them.
pub(crate) struct Sources {
    tasks: JoinSet<()>,
    packets: mpsc::Receiver<Packet>,
    #[cfg(feature = "kafka")]
    sender: PacketSender,
}

impl Sources {
    /// Opens every source of a program, in the order of their streams.
    pub(crate) fn open(
        sources: &[StreamSource],
        clock: LiveClock,
        settings: &SourceSettings,
        mut receivers: Receivers,
        received: impl Fn(StreamId) -> u64,
    ) -> Result<Sources, LiveError> {
        let (sender, packets) = packet_channel(clock, sources.len());
        let mut tasks = JoinSet::new();
        for (index, source) in sources.iter().enumerate() {
            let stream = StreamId(index);
            let sender = sender.clone().of(stream);
            match source {
                StreamSource::Socket { host, port } => {
                    let server = (host.clone(), *port);
                    let position = settings.replays.then(|| received(stream));
                    let address = address(host, *port);
                    let socket = Socket::new(address, settings.clone(), sender, position);
                    tasks.spawn(socket.receive(move || TcpStream::connect(server.clone())));
                }
                #[cfg(feature = "kafka")]
                StreamSource::Topic { name, .. } if !receivers.contains_key(name) => {
                    // Its servers are asked before the program starts.
                }
                #[cfg(not(feature = "kafka"))]
                StreamSource::Topic { name, .. } if !receivers.contains_key(name) => {
                    let name = name.clone();
                    return Err(LiveError::NoKafka { name });
                }
                StreamSource::Receiver { name }
                | StreamSource::Direct { name }
                | StreamSource::Topic { name, .. } => {
                    let Some(records) = receivers.remove(name) else {
                        let name = name.clone();
                        return Err(LiveError::UnknownReceiver { name });
                    };
                    tasks.spawn(receiver::receive(records, sender));
                }
            }
        }
        Ok(Sources {
            tasks,
            packets,
            #[cfg(feature = "kafka")]
            sender,
        })
    }

    /// Reads the messages of a topic that come.
    #[cfg(feature = "kafka")]
    pub(crate) fn receive(&mut self, topic: topic::OpenTopic) {
        topic.receive(&mut self.tasks, &self.sender);
    }

    /// Closed sources that have read these packets.
    #[cfg(test)]
    pub(crate) fn of_packets(packets: impl ExactSizeIterator<Item = Packet>) -> Sources {
        let (sender, receiver) = mpsc::channel(packets.len().max(1));
        for packet in packets {
            sender.try_send(packet).expect("there is room for all");
        }
        Sources {
            tasks: JoinSet::new(),
            packets: receiver,
            #[cfg(feature = "kafka")]
            sender: packet_channel(LiveClock::start_at(Time::EPOCH), 1).0,
        }
    }

    /// Waits for the next packet: for ever if no source is open.
    pub(crate) async fn next(&mut self) -> Packet {
        match self.packets.recv().await {
            Some(packet) => packet,
            None => pending().await,
        }
    }

    /// The next packet that is in the queue already.
    pub(crate) fn try_next(&mut self) -> Option<Packet> {
        self.packets.try_recv().ok()
    }

    /// Closes all sources. The packets that they have read remain in the queue.
    ///
    /// A task is aborted where it waits: for a permit, for input or for a server. None of these has
    /// records in hand, as records are sent in the same poll in which they were read.
    pub(crate) async fn close(&mut self) {
        self.tasks.shutdown().await;
        assert!(self.tasks.is_empty(), "all sources have ended");
    }
}

/// The sending end of the queue, as one source has it.
#[derive(Clone)]
struct PacketSender {
    stream: StreamId,
    clock: LiveClock,
    packets: mpsc::Sender<Packet>,
}

/// A permit to send one packet.
struct PacketPermit<'a> {
    sender: &'a PacketSender,
    permit: mpsc::Permit<'a, Packet>,
}

/// The queue of this number of sources, with the sender of the first. Each source that waits for its
/// server holds a permit, which is why the capacity grows with their number.
fn packet_channel(clock: LiveClock, sources: usize) -> (PacketSender, mpsc::Receiver<Packet>) {
    let (packets, receiver) = mpsc::channel(PACKETS_MAX * sources.max(1));
    let sender = PacketSender {
        stream: StreamId(0),
        clock,
        packets,
    };
    (sender, receiver)
}

impl PacketSender {
    fn of(self, stream: StreamId) -> PacketSender {
        PacketSender { stream, ..self }
    }

    /// Waits for a permit. A source takes one before it reads, so that records which have been read
    /// never wait outside the queue: the queue is in the order of time, and if the loop falls behind,
    /// the servers have to wait.
    async fn reserve(&self) -> PacketPermit<'_> {
        match self.packets.reserve().await {
            Ok(permit) => PacketPermit {
                sender: self,
                permit,
            },
            // The loop has ended, and drops this task with the other sources.
            Err(_) => pending().await,
        }
    }
}

impl PacketPermit<'_> {
    /// Sends records that have just been read. Without records the permit is given back.
    fn send(self, records: Vec<Text>) {
        if !records.is_empty() {
            self.permit.send(Packet {
                time: self.sender.clock.now(),
                stream: self.sender.stream,
                records,
            });
        }
    }
}

/// Host and port as one text; an IPv6 address stands in brackets.
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
        let (sender, mut receiver) = packet_channel(LiveClock::start_at(Time::EPOCH), 1);
        let records = || vec![Text::from("blue")];
        for _ in 0..PACKETS_MAX {
            sender.reserve().await.send(records());
        }
        let second = Duration::from_secs(1);
        assert!(
            tokio::time::timeout(second, sender.reserve())
                .await
                .is_err()
        );
        receiver.recv().await.expect("a packet waits");
        sender.reserve().await.send(records());
        assert_eq!(receiver.len(), PACKETS_MAX);
    }
}
