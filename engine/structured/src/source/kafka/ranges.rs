//! Messages of partitions, as rows of input partitions.

use engine::{Message, Row, Text, Time, Value};

use crate::source::row_format::timestamp;

/// A message of a partition.
#[derive(Debug)]
pub(crate) struct LoggedMessage {
    pub(super) offset: i64,
    pub(super) time: Time,
    pub(super) message: Message,
}

/// Messages of a partition that follow on each other.
#[derive(Debug)]
pub(crate) struct MessageRange {
    pub(super) topic: Text,
    pub(super) partition: u32,
    pub(crate) messages: Vec<LoggedMessage>,
    /// A row has the headers of its message.
    pub(super) has_headers: bool,
}

impl MessageRange {
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> {
        self.messages.iter().map(|logged| {
            let LoggedMessage {
                offset,
                time,
                message,
            } = logged;
            let mut row = vec![
                message.key.as_ref().map_or(Value::Null, binary),
                binary(&message.value),
                Value::String(self.topic.clone()),
                Value::Integer(self.partition as i32),
                Value::Long(*offset),
                timestamp(*time),
                // `CreateTime`: the producer has set it.
                Value::Integer(0),
            ];
            if self.has_headers {
                row.push(headers(message));
            }
            row
        })
    }

    /// The range in this number of parts, of which the last has what is left over.
    fn in_parts(self, parts: usize) -> Vec<MessageRange> {
        let mut messages = self.messages.into_iter();
        let parts = (0..parts).map(|part| {
            let count = messages.len() / (parts - part);
            MessageRange {
                topic: self.topic.clone(),
                partition: self.partition,
                messages: messages.by_ref().take(count).collect(),
                has_headers: self.has_headers,
            }
        });
        parts.filter(|part| !part.messages.is_empty()).collect()
    }
}

fn binary(text: &Text) -> Value {
    Value::Binary(text.as_bytes().into())
}

fn headers(message: &Message) -> Value {
    if message.headers.is_empty() {
        return Value::Null;
    }
    let header = |(name, value): &(Text, Text)| {
        let fields = [
            (Text::from("key"), Value::String(name.clone())),
            ("value".into(), binary(value)),
        ];
        Value::Struct(fields.into_iter().collect())
    };
    Value::Array(
        message
            .headers
            .iter()
            .map(header)
            .collect::<Vec<_>>()
            .into(),
    )
}

/// The ranges, of which large ones are divided until there are about as many as `min_partitions`
/// (`org.apache.spark.sql.kafka010.KafkaOffsetRangeCalculator`).
pub(super) fn divided(
    ranges: Vec<MessageRange>,
    min_partitions: Option<usize>,
) -> Vec<MessageRange> {
    let Some(least) = min_partitions.filter(|least| *least > ranges.len()) else {
        return ranges;
    };
    let parts = |size: usize, total: usize, least: usize| {
        let share = size as f64 / total as f64 * least as f64;
        ((share + 0.5).floor() as usize).max(1)
    };
    let total: usize = ranges.iter().map(|it| it.messages.len()).sum();
    let is_small = |range: &MessageRange| parts(range.messages.len(), total, least) == 1;
    let small = ranges.iter().filter(|range| is_small(range));
    let (count, sum) = small.fold((0, 0), |(count, sum), range| {
        (count + 1, sum + range.messages.len())
    });
    let least_of_large = least.saturating_sub(count).max(1);
    let divided = ranges.into_iter().flat_map(|range| {
        let parts = if is_small(&range) {
            1
        } else {
            parts(range.messages.len(), total - sum, least_of_large)
        };
        range.in_parts(parts)
    });
    divided.collect()
}
