//! Lines of an entry that are messages of a topic: their keys, headers, partition and time.

use engine::Message;
use toml::Spanned;

use super::timeline::SpannedTimeline;
use crate::diagnostics::Diagnostics;
use crate::keys::{FORMAT, HEADERS, LineFormat, MESSAGE_KEYS, PRODUCED, TOPIC_PARTITION};
use crate::language::{AnyKey, TableReader};
use crate::quote::quote;
use crate::{Code, Pipeline, Program, QuerySource};

/// The keys that make messages of lines.
const KEYS: [&dyn AnyKey; 4] = [&MESSAGE_KEYS, &HEADERS, &TOPIC_PARTITION, &PRODUCED];

/// The first key of an entry that makes messages of its lines, with the name of the topic.
pub(super) fn topic(entry: &TableReader, stream: Option<&String>) -> Option<Spanned<String>> {
    let span = KEYS.into_iter().find_map(|key| entry.key_span(key))?;
    Some(Spanned::new(span, stream?.clone()))
}

/// The lines of an entry, as the records of messages if the entry says more of them than their values.
pub(super) fn records(entry: &TableReader, lines: Vec<String>) -> Vec<String> {
    if !KEYS.into_iter().any(|key| entry.has(key)) {
        return lines;
    }
    let keys = entry.spanned(&MESSAGE_KEYS);
    if let Some(keys) = keys.as_ref().filter(|it| it.get_ref().len() != lines.len()) {
        let count = keys.get_ref().len();
        let message = format!("there are {count} `keys` and {} `lines`", lines.len());
        let mistake = Code::BadMessage.at(keys.span(), message);
        entry.push(
            mistake
                .label("not one for each line")
                .help("each line has a key; lines without keys are an entry of their own"),
        );
    }
    let headers = headers(entry);
    let partition = entry.get(&TOPIC_PARTITION).unwrap_or_default();
    let time = entry.get(&PRODUCED);
    let mut keys = keys
        .map(Spanned::into_inner)
        .unwrap_or_default()
        .into_iter();
    let records = lines.into_iter().map(|line| {
        let message = Message {
            key: keys.next().map(Into::into),
            value: line.into(),
            partition,
            time,
            headers: headers.clone(),
        };
        message.to_record().to_string()
    });
    records.collect()
}

fn headers(entry: &TableReader) -> Vec<(engine::Text, engine::Text)> {
    let Some(headers) = entry.spanned(&HEADERS) else {
        return Vec::new();
    };
    let span = headers.span();
    let mut pairs = Vec::new();
    for header in headers.get_ref() {
        match header.split_once('=') {
            Some((name, value)) if !name.is_empty() => pairs.push((name.into(), value.into())),
            _ => {
                let message = format!("{} is no header", quote(header));
                let mistake = Code::BadMessage
                    .at(span.clone(), message)
                    .label("no header");
                entry.push(mistake.help(format!("for example\n{}", HEADERS.text.example)));
            }
        }
    }
    pairs
}

/// Reports messages for a stream that is no topic of a pipeline in words. A program says itself what its topics are.
pub(super) fn check(
    diagnostics: &Diagnostics,
    timeline: &SpannedTimeline,
    pipelines: &[Pipeline],
    sources: &[QuerySource],
) {
    let is_program = |it: &Pipeline| matches!(it.program, Program::Python(_));
    if pipelines.is_empty() || pipelines.iter().any(is_program) {
        return;
    }
    for topic in &timeline.topics {
        let name = topic.get_ref();
        let is_topic =
            |source: &QuerySource| source.name == *name && source.format == LineFormat::Kafka;
        if !sources.iter().any(is_topic) {
            let message = format!("{} is no topic", quote(name));
            let mistake = Code::BadMessage.at(topic.span(), message);
            let help = format!(
                "messages have keys, headers and partitions, and lines of other sources do not; in the `[[source]]` of a \
                 topic there is\n{} = \"kafka\"",
                FORMAT.name()
            );
            diagnostics.push(mistake.label("of messages").help(help));
        }
    }
}
