//! The source of the messages of a topic: a client of Kafka.

use engine::{Message, NextOffset, StreamId, Text, Time};
use rskafka::client::partition::{OffsetAt, PartitionClient, UnknownTopicHandling};
use rskafka::client::{Client, ClientBuilder};
use rskafka::record::{Record, RecordAndOffset};

use super::PacketSender;
use crate::diagnostic::DiagnosticHandler;
use crate::{LiveDiagnostic, LiveError};

/// The most bytes that a server is asked for at once.
const FETCH_MAX: i32 = 1 << 20;

/// The time for which a server waits for a message, in milliseconds.
const WAIT_MS: i32 = 500;

/// A topic, as a program reads it.
pub(crate) struct Topic<'a> {
    pub(crate) stream: StreamId,
    pub(crate) name: &'a str,
    /// The servers, such as `one:9092,two:9092`.
    pub(crate) servers: &'a str,
    /// True if the messages that are there are of use.
    pub(crate) from_start: bool,
}

/// A topic whose servers have been asked where its partitions are.
pub(crate) struct OpenTopic {
    pub(crate) stream: StreamId,
    /// The records that it has had: the offset of each partition, and its messages from there on.
    pub(crate) past: Vec<Text>,
    partitions: Vec<Partition>,
}

/// A partition, and the offset of the message that is to be read next.
struct Partition {
    client: PartitionClient,
    next: i64,
    diagnostics: DiagnosticHandler,
}

impl Topic<'_> {
    /// Asks the servers for the partitions, and for the messages that are there if they are of use. A server that is away is
    /// waited for.
    pub(crate) async fn open(
        self,
        diagnostics: &DiagnosticHandler,
    ) -> Result<OpenTopic, LiveError> {
        let failed = |error: rskafka::client::error::Error| LiveError::Topic {
            name: self.name.to_owned(),
            servers: self.servers.to_owned(),
            reason: error.to_string(),
        };
        let servers = self.servers.split(',').map(|it| it.trim().to_owned());
        let client = ClientBuilder::new(servers.collect()).build().await;
        let client = client.map_err(failed)?;
        let mut past = Vec::new();
        let mut partitions = Vec::new();
        for number in self.partitions(&client).await.map_err(failed)? {
            let handling = UnknownTopicHandling::Retry;
            let client = client.partition_client(self.name, number, handling).await;
            let client = client.map_err(failed)?;
            let at = if self.from_start {
                OffsetAt::Earliest
            } else {
                OffsetAt::Latest
            };
            let mut partition = Partition {
                next: client.get_offset(at).await.map_err(failed)?,
                client,
                diagnostics: diagnostics.clone(),
            };
            let end = partition.client.get_offset(OffsetAt::Latest).await;
            let end = end.map_err(failed)?;
            past.push(partition.next_offset());
            while partition.next < end {
                past.append(&mut partition.fetch().await.map_err(failed)?);
            }
            partitions.push(partition);
        }
        Ok(OpenTopic {
            stream: self.stream,
            past,
            partitions,
        })
    }

    /// The numbers of its partitions.
    async fn partitions(&self, client: &Client) -> Result<Vec<i32>, rskafka::client::error::Error> {
        let topics = client.list_topics().await?;
        let topic = topics.into_iter().find(|topic| topic.name == self.name);
        Ok(topic.map_or_else(|| vec![0], |topic| topic.partitions.into_iter().collect()))
    }
}

impl OpenTopic {
    /// Reads each partition until the program closes it.
    pub(super) fn receive(self, tasks: &mut tokio::task::JoinSet<()>, sender: &PacketSender) {
        for partition in self.partitions {
            let sender = sender.clone().of(self.stream);
            tasks.spawn(partition.receive(sender));
        }
    }
}

impl Partition {
    /// Messages that are read when it is closed are lost, and not for their servers: so a partition that waits needs no
    /// permit.
    async fn receive(mut self, sender: PacketSender) {
        loop {
            match self.fetch().await {
                Ok(records) => sender.reserve().await.send(records),
                Err(error) => {
                    self.diagnostics.report(LiveDiagnostic::StreamEnded {
                        address: self.name(),
                        reason: Some(error.to_string()),
                    });
                    return;
                }
            }
        }
    }

    /// The records of the next messages, if there are some.
    async fn fetch(&mut self) -> Result<Vec<Text>, rskafka::client::error::Error> {
        let fetched = self.client.fetch_records(self.next, 1..FETCH_MAX, WAIT_MS);
        let (messages, end) = fetched.await?;
        let mut records = Vec::new();
        for RecordAndOffset { record, offset } in messages {
            if offset < self.next {
                continue;
            }
            if offset > self.next {
                self.next = offset;
                records.push(self.next_offset());
            }
            records.push(self.message(record).to_record());
            self.next = offset + 1;
        }
        if records.is_empty() && self.next < end {
            // The next one is no message, but the mark of a transaction.
            self.next += 1;
            records.push(self.next_offset());
        }
        Ok(records)
    }

    /// The record that says where it goes on.
    fn next_offset(&self) -> Text {
        NextOffset {
            partition: self.number(),
            offset: self.next,
        }
        .to_record()
    }

    fn message(&self, record: Record) -> Message {
        let time = record.timestamp.timestamp_millis();
        let headers = record.headers.into_iter();
        Message {
            key: record.key.map(|key| self.text(key)),
            value: self.text(record.value.unwrap_or_default()),
            partition: self.number(),
            time: (time >= 0).then(|| Time::from_millis(time)),
            headers: headers
                .map(|(name, value)| (name.into(), self.text(value)))
                .collect(),
        }
    }

    /// Bytes as a text. Those that are none are replaced, and reported.
    fn text(&self, bytes: Vec<u8>) -> Text {
        match String::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(error) => {
                self.diagnostics.report(LiveDiagnostic::NotText {
                    partition: self.name(),
                    offset: self.next,
                });
                String::from_utf8_lossy(error.as_bytes()).as_ref().into()
            }
        }
    }

    fn number(&self) -> u32 {
        u32::try_from(self.client.partition()).unwrap_or(0)
    }

    fn name(&self) -> String {
        format!("{}-{}", self.client.topic(), self.client.partition())
    }
}
