//! Messages of a topic.

use crate::{Text, Time};

/// A message of a topic (`org.apache.kafka.clients.consumer.ConsumerRecord`), which is a record of its stream.
///
/// The record of a message that is only a value is that value, so that a line of text is a message. Of any other the value
/// stands behind all else that the message has:
///
/// ```
/// use engine::{Message, Text};
/// let record = Text::from("clicks");
/// assert_eq!(Message::of_record(&record), Message::new("clicks"));
/// assert_eq!(Message::new("clicks").to_record(), record);
///
/// let keyed = Message { key: Some("ann".into()), partition: 1, ..Message::new("clicks") };
/// assert_eq!(Message::of_record(&keyed.to_record()), keyed);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its key.
    pub key: Option<Text>,
    /// Its value.
    pub value: Text,
    /// The partition of the topic.
    pub partition: u32,
    /// The time that its producer gave it; `None` if that is the time at which it comes.
    pub time: Option<Time>,
    /// Its headers, in order.
    pub headers: Vec<(Text, Text)>,
}

/// The start of a record that is more than a value.
const MARK: char = '\u{1f}';

impl Message {
    /// A message of partition 0 with this value alone.
    pub fn new(value: impl Into<Text>) -> Message {
        Message {
            key: None,
            value: value.into(),
            partition: 0,
            time: None,
            headers: Vec::new(),
        }
    }

    /// The record of the message.
    pub fn to_record(&self) -> Text {
        let is_value = self.key.is_none()
            && self.partition == 0
            && self.time.is_none()
            && self.headers.is_empty();
        if is_value && !self.value.starts_with(MARK) {
            return self.value.clone();
        }
        let time = self.time.map(|time| time.as_millis().to_string());
        let mut record = String::from(MARK);
        push(&mut record, self.key.as_deref());
        push(&mut record, Some(&self.partition.to_string()));
        push(&mut record, time.as_deref());
        for (name, value) in &self.headers {
            push(&mut record, Some(name));
            push(&mut record, Some(value));
        }
        record.push('=');
        record.push_str(&self.value);
        record.into()
    }

    /// The message of a record. Any text that is no record of a message is the value of one.
    pub fn of_record(record: &Text) -> Message {
        let behind = record.strip_prefix(MARK);
        let read = behind.and_then(|behind| Message::read(behind).ok());
        read.unwrap_or_else(|| Message::new(record.clone()))
    }

    /// True if a record is more than the value of its message.
    pub fn is_written_out(record: &str) -> bool {
        record.starts_with(MARK)
    }

    fn read(mut rest: &str) -> Result<Message, NoMessage> {
        let key = take(&mut rest)?.map(Text::from);
        let partition = some(take(&mut rest)?)?.parse().map_err(|_| NoMessage)?;
        let time = take(&mut rest)?.map(str::parse).transpose();
        let time = time.map_err(|_| NoMessage)?.map(Time::from_millis);
        let mut headers = Vec::new();
        while !rest.starts_with('=') {
            let name = some(take(&mut rest)?)?;
            let value = some(take(&mut rest)?)?;
            headers.push((name.into(), value.into()));
        }
        Ok(Message {
            key,
            value: rest[1..].into(),
            partition,
            time,
            headers,
        })
    }
}

/// The offset of the next message of a partition, as a record of its stream: where the messages of a server begin, and go on
/// behind a gap.
///
/// ```
/// let next = engine::NextOffset { partition: 1, offset: 70 };
/// assert_eq!(engine::NextOffset::of_record(&next.to_record()), Some(next));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextOffset {
    /// The partition.
    pub partition: u32,
    /// The offset.
    pub offset: i64,
}

/// The start of a record that is no message.
const NEXT_MARK: &str = "\u{1f}next ";

impl NextOffset {
    /// The record.
    pub fn to_record(self) -> Text {
        let NextOffset { partition, offset } = self;
        format!("{NEXT_MARK}{partition} {offset}").into()
    }

    /// The offset of a record; `None` of one that is a message.
    pub fn of_record(record: &str) -> Option<NextOffset> {
        let parts = record.strip_prefix(NEXT_MARK)?.split_once(' ')?;
        Some(NextOffset {
            partition: parts.0.parse().ok()?,
            offset: parts.1.parse().ok()?,
        })
    }
}

/// A text is no record of a message.
struct NoMessage;

/// Writes a part as its length and its text; `-` for none.
fn push(record: &mut String, part: Option<&str>) {
    match part {
        Some(part) => {
            record.push_str(&part.len().to_string());
            record.push(':');
            record.push_str(part);
        }
        None => record.push('-'),
    }
}

/// Takes a part off the start of a text; `None` stands for none.
fn take<'a>(rest: &mut &'a str) -> Result<Option<&'a str>, NoMessage> {
    if let Some(behind) = rest.strip_prefix('-') {
        *rest = behind;
        return Ok(None);
    }
    let (length, behind) = some(rest.split_once(':'))?;
    let length = length.parse().map_err(|_| NoMessage)?;
    let (part, behind) = some(behind.split_at_checked(length))?;
    *rest = behind;
    Ok(Some(part))
}

fn some<T>(part: Option<T>) -> Result<T, NoMessage> {
    part.ok_or(NoMessage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_gives_back_its_message() {
        let whole = Message {
            key: Some("k:1".into()),
            partition: 12,
            time: Some(Time::from_millis(-5)),
            headers: vec![("a".into(), "".into()), ("a".into(), "=b".into())],
            ..Message::new("v=1\nü")
        };
        let marked = Message::new("\u{1f}v");
        for message in [whole, marked, Message::new("")] {
            assert_eq!(Message::of_record(&message.to_record()), message);
        }
    }

    #[test]
    fn a_text_that_is_no_record_of_a_message_is_a_value() {
        for text in [
            "\u{1f}",
            "\u{1f}9:x",
            "\u{1f}-1:0-",
            "\u{1f}--=x",
            "\u{1f}-1:0-1:a-=x",
        ] {
            let text = Text::from(text);
            assert_eq!(Message::of_record(&text), Message::new(text.clone()));
        }
    }
}
