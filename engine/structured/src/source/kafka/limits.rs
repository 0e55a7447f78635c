//! Places in topics, as options say them.

use std::collections::BTreeSet;

use engine::{Text, TopicOffsets};

use super::{Kafka, PartitionLog};

/// A place in topics (`org.apache.spark.sql.kafka010.KafkaOffsetRangeLimit`).
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OffsetLimit {
    Earliest,
    /// Behind the messages that are there.
    Latest,
    /// These offsets, of which -1 is the latest and -2 the earliest.
    At(TopicOffsets),
    /// The first messages since some times.
    Since {
        times: Times,
        /// A partition without such a message is read from its end; else a query fails that begins there.
        or_latest: bool,
    },
}

/// Times, in milliseconds since the epoch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Times {
    /// One of all partitions.
    All(i64),
    /// One of each partition.
    Each(TopicOffsets),
}

impl OffsetLimit {
    /// The offset or the time of each partition, if they are named.
    fn named(&self) -> Option<&TopicOffsets> {
        match self {
            OffsetLimit::At(named)
            | OffsetLimit::Since {
                times: Times::Each(named),
                ..
            } => Some(named),
            _ => None,
        }
    }

    /// The partitions of a topic that are named.
    pub(super) fn partitions(&self, topic: &Text) -> Vec<u32> {
        let partitions = self.named().and_then(|named| named.get(topic));
        partitions.map_or_else(Vec::new, |it| it.keys().copied().collect())
    }
}

impl Kafka {
    /// The offsets of a place, at which a query begins or ends.
    ///
    /// # Errors
    ///
    /// It names other partitions than there are, or a time after which there is no message.
    pub(super) fn place(&self, limit: &OffsetLimit, is_start: bool) -> Result<TopicOffsets, Text> {
        if let Some(named) = limit.named() {
            self.check_partitions(limit, named)?;
        }
        let mut place = self.latest();
        for (topic, partitions) in &mut place {
            for (partition, offset) in partitions {
                let log = self.logs.get(topic).and_then(|logs| logs.get(partition));
                let earliest = log.map_or(0, |log| log.first);
                let named = |named: &TopicOffsets| named.get(topic)?.get(partition).copied();
                *offset = match limit {
                    OffsetLimit::Latest => *offset,
                    OffsetLimit::Earliest => earliest,
                    OffsetLimit::At(offsets) => match named(offsets) {
                        Some(-1) => *offset,
                        Some(-2) | None => earliest,
                        Some(at) => at,
                    },
                    OffsetLimit::Since { times, or_latest } => {
                        let time = match times {
                            Times::All(time) => *time,
                            Times::Each(times) => named(times).unwrap_or(0),
                        };
                        match log.and_then(|log| log.since(time)) {
                            Some(since) => since,
                            None if is_start && !or_latest => {
                                return Err(no_offset(topic, *partition, time));
                            }
                            None => *offset,
                        }
                    }
                };
            }
        }
        Ok(place)
    }

    /// All partitions are named, and no others.
    fn check_partitions(&self, limit: &OffsetLimit, named: &TopicOffsets) -> Result<(), Text> {
        let specified = names(named);
        let assigned = names(&self.latest());
        if specified == assigned {
            return Ok(());
        }
        let rule = match limit {
            OffsetLimit::At(_) => {
                "If startingOffsets contains specific offsets, you must specify all TopicPartitions.\nUse -1 for latest, -2 for \
                 earliest, if you don't care.\n"
            }
            _ => {
                "If starting/endingOffsetsByTimestamp contains specific offsets, you must specify all topics. "
            }
        };
        let list = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(", ");
        let message = format!(
            "assertion failed: {rule}Specified: Set({}) Assigned: Set({})",
            list(specified),
            list(assigned)
        );
        Err(message.into())
    }
}

impl PartitionLog {
    /// The offset of the first message since a time.
    fn since(&self, time_ms: i64) -> Option<i64> {
        let mut messages = self.messages.iter();
        let since = messages.find(|it| it.time.as_millis() >= time_ms)?;
        Some(since.offset)
    }
}

/// The names of partitions.
fn names(offsets: &TopicOffsets) -> BTreeSet<String> {
    let topics = offsets.iter();
    let names = topics.flat_map(|(topic, partitions)| {
        partitions
            .keys()
            .map(move |partition| format!("{topic}-{partition}"))
    });
    names.collect()
}

fn no_offset(topic: &Text, partition: u32, time: i64) -> Text {
    let message = format!(
        "No offset matched from request of topic-partition {topic}-{partition} and timestamp {time}."
    );
    message.into()
}
