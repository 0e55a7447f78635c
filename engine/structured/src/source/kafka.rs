//! Messages of topics.

mod least;
mod limits;
mod ranges;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use engine::{
    DataType, Message, NextOffset, QueryContent, Records, SourceOffset, StreamId, StructField,
    Text, Time, TopicOffsets,
};
use engine_sql::{Field, Schema};

use super::input::BatchInput;
use super::{OwnLog, Recovered, Source, topics};
use crate::recover::QueryRecoverError;

pub(crate) use self::least::LeastMessages;
use self::least::Wait;
pub(crate) use self::limits::{OffsetLimit, Times};
use self::ranges::{LoggedMessage, divided};

pub(crate) use self::ranges::MessageRange;

/// The settings of a source of messages (`org.apache.spark.sql.kafka010.KafkaSourceProvider`).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KafkaSettings {
    /// The servers of a live run (`kafka.bootstrap.servers`).
    pub(crate) servers: Text,
    /// The topics.
    pub(crate) topics: Vec<Text>,
    /// The partitions that are read of each topic; without it, all (`assign`).
    pub(crate) assigned: Option<BTreeMap<Text, Vec<u32>>>,
    /// The place at which a query begins that has no checkpoint.
    pub(crate) starting: OffsetLimit,
    /// The most messages of a micro-batch.
    pub(crate) most: Option<i64>,
    /// The messages that a micro-batch waits for, if it does.
    pub(crate) least: Option<LeastMessages>,
    /// The least number of input partitions.
    pub(crate) min_partitions: Option<usize>,
    /// A row has the headers of its message.
    pub(crate) has_headers: bool,
    /// A query ends where messages are not there that it was to read.
    pub(crate) fails_on_loss: bool,
}

impl KafkaSettings {
    /// The text of `KafkaMicroBatchStream`, with the strategy of its consumer.
    pub(super) fn description(&self) -> String {
        match &self.assigned {
            None => format!("KafkaV2[Subscribe[{}]]", self.topics.join(", ")),
            Some(assigned) => {
                let partitions = assigned.iter().flat_map(|(topic, partitions)| {
                    partitions.iter().map(move |it| format!("{topic}-{it}"))
                });
                let partitions = partitions.collect::<Vec<_>>().join(", ");
                format!("KafkaV2[Assign[{partitions}]]")
            }
        }
    }
}

/// The columns of a message (`org.apache.spark.sql.kafka010.KafkaRecordToRowConverter`).
pub(crate) fn message_schema(has_headers: bool) -> Schema {
    let header = vec![
        StructField::new("key", DataType::String),
        StructField::new("value", DataType::Binary),
    ];
    let columns = [
        ("key", DataType::Binary),
        ("value", DataType::Binary),
        ("topic", DataType::String),
        ("partition", DataType::Integer),
        ("offset", DataType::Long),
        ("timestamp", DataType::Timestamp),
        ("timestampType", DataType::Integer),
    ];
    let headers = has_headers.then(|| ("headers", DataType::array(DataType::Struct(header))));
    let columns = columns.into_iter().chain(headers);
    columns
        .map(|(name, data_type)| Field::new(name, data_type))
        .collect()
}

/// The messages of topics; an offset is the number of the next message of each partition
/// (`org.apache.spark.sql.kafka010.KafkaMicroBatchStream`).
///
/// A topic has the partition 0, and those that its messages name, from then on.
#[derive(Debug)]
pub(crate) struct Kafka {
    settings: KafkaSettings,
    logs: BTreeMap<Text, BTreeMap<u32, PartitionLog>>,
    beginning: Option<TopicOffsets>,
    committed: Option<TopicOffsets>,
    available: Option<TopicOffsets>,
    /// The end of a stream that has ended.
    end: Option<TopicOffsets>,
    /// Why the query has no place to begin at.
    no_beginning: Option<Text>,
    wait: Wait,
}

/// The messages of a partition that may be read again.
#[derive(Debug, Default)]
struct PartitionLog {
    /// The offset of the first message that is there, or was.
    first: i64,
    /// The offset of the next.
    next: i64,
    messages: Vec<LoggedMessage>,
}

impl PartitionLog {
    fn push(&mut self, time: Time, message: Message) {
        let offset = self.next;
        self.next += 1;
        self.messages.push(LoggedMessage {
            offset,
            time,
            message,
        });
    }

    /// Goes on at an offset, which is where it begins if there is no message.
    fn go_on_at(&mut self, offset: i64) {
        if self.messages.is_empty() && self.next == self.first {
            self.first = offset;
        }
        self.next = self.next.max(offset);
    }

    /// Takes the messages up to an offset, and lets go of those before `from`.
    fn take(&mut self, from: i64, until: i64) -> Vec<LoggedMessage> {
        let is_before = |offset: i64| move |it: &LoggedMessage| it.offset < offset;
        let end = self.messages.partition_point(is_before(until));
        let mut taken: Vec<LoggedMessage> = self.messages.drain(..end).collect();
        let start = taken.partition_point(is_before(from));
        self.first = self.first.max(until.min(self.next));
        taken.split_off(start)
    }
}

impl Kafka {
    pub(crate) fn new(settings: KafkaSettings) -> Kafka {
        let log = |topic: &Text| {
            let assigned = settings.assigned.as_ref();
            let partitions = assigned.and_then(|it| it.get(topic)).cloned();
            let partitions = partitions.unwrap_or_else(|| vec![0]).into_iter();
            // A program that names partitions knows of them, also of those that have had no message.
            let named = settings.starting.partitions(topic);
            let named = named.into_iter().filter(|_| assigned.is_none());
            let partitions = partitions.chain(named);
            let logs = partitions.map(|partition| (partition, PartitionLog::default()));
            (topic.clone(), logs.collect())
        };
        Kafka {
            logs: settings.topics.iter().map(log).collect(),
            settings,
            beginning: None,
            committed: None,
            available: None,
            end: None,
            no_beginning: None,
            wait: Wait::default(),
        }
    }

    /// The number of messages that are in no micro-batch.
    fn new_messages(&self) -> i64 {
        let from = self.committed.as_ref().or(self.beginning.as_ref());
        let latest = self.latest();
        let partitions = latest.iter().flat_map(|(topic, partitions)| {
            let new = move |(partition, until): (&u32, &i64)| {
                until - from.map_or(0, |from| of_partition(from, topic, *partition))
            };
            partitions.iter().map(new)
        });
        partitions.sum()
    }

    /// The end of what is there.
    fn latest(&self) -> TopicOffsets {
        if let Some(end) = &self.end {
            return end.clone();
        }
        self.offsets(|log| log.next)
    }

    fn offsets(&self, of: impl Fn(&PartitionLog) -> i64) -> TopicOffsets {
        let topics = self.logs.iter().map(|(topic, partitions)| {
            let offsets = partitions.iter();
            let offsets = offsets.map(|(partition, log)| (*partition, of(log)));
            (topic.clone(), offsets.collect())
        });
        topics.collect()
    }

    /// The messages between two places, by input partition.
    ///
    /// # Errors
    ///
    /// Places that name other partitions than there are, or a time after which there is no message.
    pub(crate) fn until(mut self, ending: &OffsetLimit) -> Result<Vec<MessageRange>, Text> {
        let from = self.place(&self.settings.starting, true)?;
        let until = self.place(ending, false)?;
        let ranges = self.ranges(&from, &until);
        Ok(divided(ranges, self.settings.min_partitions))
    }

    /// Takes the messages between two places.
    fn ranges(&mut self, from: &TopicOffsets, until: &TopicOffsets) -> Vec<MessageRange> {
        let mut ranges = Vec::new();
        for (topic, partitions) in until {
            for (partition, until) in partitions {
                let from = of_partition(from, topic, *partition);
                let logs = self.logs.get_mut(topic);
                let log = logs.and_then(|logs| logs.get_mut(partition));
                let messages = log.map_or_else(Vec::new, |log| log.take(from, *until));
                if !messages.is_empty() {
                    ranges.push(MessageRange {
                        topic: topic.clone(),
                        partition: *partition,
                        messages,
                        has_headers: self.settings.has_headers,
                    });
                }
            }
        }
        ranges
    }

    /// The end of a micro-batch from `from` on with as many messages as it may have: partitions have their shares of them.
    fn limited(&self, from: &TopicOffsets, latest: TopicOffsets) -> TopicOffsets {
        let Some(most) = self.settings.most else {
            return latest;
        };
        let mut until = latest;
        let sizes = until.iter().flat_map(|(topic, partitions)| {
            let size = |(partition, end): (&u32, &i64)| end - of_partition(from, topic, *partition);
            partitions.iter().map(size).filter(|size| *size > 0)
        });
        let total = sizes.sum::<i64>() as f64;
        for (topic, partitions) in &mut until {
            for (partition, end) in partitions {
                let begin = of_partition(from, topic, *partition);
                let share = most as f64 * ((*end - begin) as f64 / total);
                if *end > begin {
                    let share = if share < 1.0 {
                        share.ceil()
                    } else {
                        share.floor()
                    };
                    *end = begin.saturating_add(share as i64).min(*end);
                }
            }
        }
        until
    }
}

/// The offset in a partition; 0 of one that has been added.
fn of_partition(offsets: &TopicOffsets, topic: &Text, partition: u32) -> i64 {
    let offsets = offsets.get(topic);
    let offset = offsets.and_then(|offsets| offsets.get(&partition));
    offset.copied().unwrap_or(0)
}

impl Source for Kafka {
    fn own_log(&self) -> OwnLog {
        OwnLog::Beginning
    }

    fn recover(&mut self, found: Recovered) -> Result<(), QueryRecoverError> {
        self.beginning = topics(found.beginning)?;
        self.committed = topics(found.committed)?;
        self.available = topics(found.available)?;
        Ok(())
    }

    fn receive(&mut self, now: Time, stream: StreamId, records: Records) {
        let is_assigned = self.settings.assigned.is_some();
        let logs = self.settings.topics.get(stream.0);
        let Some(logs) = logs.and_then(|topic| self.logs.get_mut(topic)) else {
            return;
        };
        for record in records.iter() {
            let next = NextOffset::of_record(record);
            let message = Message::of_record(record);
            let partition = next.map_or(message.partition, |next| next.partition);
            let log = match logs.entry(partition) {
                Entry::Occupied(log) => log.into_mut(),
                Entry::Vacant(_) if is_assigned => continue,
                Entry::Vacant(log) => log.insert(PartitionLog::default()),
            };
            match next {
                Some(next) => log.go_on_at(next.offset),
                None => log.push(message.time.unwrap_or(now), message),
            }
        }
    }

    fn replay(&mut self, time: Time, stream: StreamId, records: Records) {
        self.receive(time, stream, records);
    }

    /// One that has not been asked has an offset, even of no message (`MB-2b`).
    fn look(&mut self, now: Time) {
        if let Some(least) = self.settings.least {
            self.wait.look(now, least, self.new_messages());
        }
    }

    fn next_new(&self, _: Time) -> Option<Time> {
        self.wait.end(self.settings.least?)
    }

    fn has_new(&self, _: Time) -> bool {
        !self.wait.is_on && self.committed.as_ref() != Some(&self.latest())
    }

    fn fetch(&mut self, _: Time, is_limited: bool) -> Option<(u64, QueryContent)> {
        let made = self.beginning.is_none().then(|| {
            let begin = self.place(&self.settings.starting, true);
            begin.unwrap_or_else(|reason| {
                self.no_beginning = Some(reason);
                self.latest()
            })
        });
        if made.is_some() {
            self.beginning.clone_from(&made);
        }
        let from = self.committed.as_ref().or(self.beginning.as_ref());
        let latest = self.latest();
        self.available = Some(match from.filter(|_| is_limited) {
            Some(from) if self.wait.is_on => from.clone(),
            Some(from) => self.limited(from, latest),
            None => latest,
        });
        let made = made.map(SourceOffset::Topics);
        made.map(|beginning| (0, QueryContent::Beginning(beginning)))
    }

    fn fix_end(&mut self, _: Time) {
        self.end = Some(self.latest());
    }

    fn available(&self) -> Option<SourceOffset> {
        self.available.clone().map(SourceOffset::Topics)
    }

    fn take(&mut self, _: usize) -> BatchInput {
        let from = self.committed.take().or_else(|| self.beginning.clone());
        let from = from.unwrap_or_default();
        let until = self.available.clone().unwrap_or_default();
        self.committed = Some(until.clone());
        if let Some(reason) = self.no_beginning.take() {
            return BatchInput::Lost(reason);
        }
        for (topic, partitions) in until.iter().filter(|_| self.settings.fails_on_loss) {
            for (partition, until) in partitions {
                let from = of_partition(&from, topic, *partition);
                if *until < from {
                    return BatchInput::Lost(lost(topic, *partition, from, *until));
                }
            }
        }
        let ranges = self.ranges(&from, &until);
        BatchInput::Messages(divided(ranges, self.settings.min_partitions))
    }
}

fn lost(topic: &str, partition: u32, from: i64, until: i64) -> Text {
    let message = format!(
        "Partition {topic}-{partition}'s offset was changed from {from} to {until}, some data may have been missed. \
         Some data may have been lost because they are not available in Kafka any more; either the data was aged out by \
         Kafka or the topic may have been deleted before all the data in the topic was processed. If you don't want your \
         streaming query to fail on such cases, set the source option \"failOnDataLoss\" to \"false\"."
    );
    message.into()
}

#[cfg(test)]
mod tests;
