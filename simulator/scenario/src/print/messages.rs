//! Lines of an entry that are messages of a topic, as TOML.

use engine::Message;

use crate::keys::{HEADERS, LINES, MESSAGE_KEYS, PRODUCED, TOPIC_PARTITION};
use crate::language::Items;

/// Sets the lines of an entry, and what else its messages have, which is the same for all of them but for their keys.
pub(super) fn set_lines(lines: &[String], items: &mut Items) {
    let messages = lines
        .iter()
        .map(|line| Message::of_record(&line.as_str().into()));
    let messages: Vec<Message> = messages.collect();
    let values = messages.iter().map(|message| message.value.to_string());
    items.set(&LINES, &values.collect());
    let Some(Message {
        partition,
        time,
        headers,
        ..
    }) = messages.first()
    else {
        return;
    };
    let keys = messages.iter().map(|message| message.key.as_ref());
    let keys: Option<Vec<String>> = keys.map(|key| key.map(ToString::to_string)).collect();
    items.set_some(&MESSAGE_KEYS, keys.as_ref());
    let headers = headers
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let headers: Vec<String> = headers.collect();
    items.set_some(&HEADERS, Some(&headers).filter(|it| !it.is_empty()));
    items.set_some(&TOPIC_PARTITION, Some(partition).filter(|it| **it > 0));
    items.set_some(&PRODUCED, time.as_ref());
}
