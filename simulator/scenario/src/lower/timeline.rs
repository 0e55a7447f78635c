//! `timeline`: entries in order, each one or more things that happen at an instant.

use std::borrow::Borrow;
use std::time::Duration;

use toml::Spanned;

use super::faults::{FAULT_KEYS, faults};
use super::messages;
use super::settings::PartialClock;
use super::source_faults::{SOURCE_FAULT_KEYS, source_faults};
use crate::document::TEXT_MAX;
use crate::keys::{
    ABSENT, ANY_ORDER, AT, AVERAGE_TOTAL_DELAY, BYTES_COPIED, CONTAINS, COUNTERS_TABLE, DURATION,
    EXPECT_PIPELINE, EXPECT_ROWS, EXPECT_TABLE, FAILURE, FUNCTION_CALLS, GENERATE_TABLE,
    INPUT_RATE, KEYS, KEYS_TOUCHED, LINES, PARTITIONS, PROBES, PROCESSING_TIME_OF_BATCH,
    QUEUE_LENGTH, RATE, SCHEDULING_DELAY, SKEW, STREAM, TIMELINE, TOTAL_DELAY, WITH, WORDS,
    WORDS_PER_LINE,
};
use crate::language::{AnyKey, TableReader, Written, in_order};
use crate::quote::quote;
use crate::{
    Code, Entry, Expect, ExpectedCounters, ExpectedMetrics, Fault, Generate, SourceFault,
    TimelineEvent, duration,
};

/// Words a second that `generate` may draw.
const GENERATED_MAX: u64 = 10_000_000;

/// Words of a batch interval that `generate` may draw: a batch is in memory as a whole.
const BATCH_MAX: u128 = 100_000_000;

/// The timeline, with the spans that other tables are compared with.
#[derive(Default)]
pub(super) struct SpannedTimeline {
    pub(super) entries: Vec<Entry>,
    /// The offset in the text at which each of `entries` is written: of an expectation, that of its table.
    pub(super) offsets: Vec<usize>,
    /// Each `at` that is written, in order.
    pub(super) times: Vec<Spanned<Duration>>,
    /// The pipelines that an `expect` names.
    pub(super) expected: Vec<Spanned<String>>,
    /// The expectations that have `counters`, with the spans of those.
    pub(super) counted: Vec<Spanned<Expect>>,
    /// The expectations that have delays or rates, with their spans.
    pub(super) measured: Vec<Spanned<Expect>>,
    /// The faults, each with the span of its value.
    pub(super) faults: Vec<Spanned<Fault>>,
    /// The faults of sources, each with the name of its source and the span of its value.
    pub(super) source_faults: Vec<Spanned<(Option<String>, SourceFault)>>,
    /// The topics of entries whose lines are messages, each with the span of the first key that says so.
    pub(super) topics: Vec<Spanned<String>>,
    /// The offset of the latest line, with the span of the `at` of its entry.
    pub(super) last_line: Option<Spanned<Duration>>,
    /// The latest end of what is generated.
    pub(super) end: Option<Spanned<Duration>>,
    /// The batch interval, if it is not mistaken.
    interval: Option<Duration>,
    /// The bytes that `words` have been written out to.
    written: usize,
    /// The offset in the text of the document that is read.
    document: usize,
}

/// Reads the timeline, which may be empty where the run has a stop.
pub(super) fn lower(top: &TableReader, clock: &PartialClock) -> SpannedTimeline {
    let mut timeline = SpannedTimeline {
        interval: clock.interval,
        ..SpannedTimeline::default()
    };
    if let Some(written) = top.written(&TIMELINE).filter(|_| !clock.has_stop) {
        let stop = "; with `stop` in `[clock]` a run needs no entries";
        written.report_empty("the timeline is empty", "no entries", stop);
    }
    timeline.add_entries(top, 0);
    timeline
}

impl SpannedTimeline {
    /// Adds the entries of a document that is written at this offset.
    pub(super) fn add_entries(&mut self, top: &TableReader, offset: usize) {
        self.document = offset;
        for entry in top.tables(&TIMELINE) {
            self.add(&entry);
        }
    }

    fn add(&mut self, table: &TableReader) {
        self.add_time(table);
        let happens: [&dyn AnyKey; 4] = [&LINES, &WORDS, &GENERATE_TABLE, &EXPECT_TABLE];
        let happens = happens
            .into_iter()
            .chain(FAULT_KEYS)
            .chain(SOURCE_FAULT_KEYS);
        if !happens.into_iter().any(|key| table.has(key)) {
            let mistake = Code::NothingHappens.at(table.span(), "nothing happens in an entry");
            let help = "it needs `lines`, `words`, `generate`, `expect`, or a fault, as `crash`";
            table.push(mistake.label("empty").help(help));
        }
        table.report_needs(|_| true);
        let start = table.span().start;
        let stream = stream(table);
        self.topics.extend(messages::topic(table, stream.as_ref()));
        if let Some(lines) = lines(table) {
            self.push(stream.clone(), lines, start);
        }
        if let Some(words) = self.words(table) {
            self.push(stream.clone(), words, start);
        }
        if let Some(generate) = table.table(&GENERATE_TABLE) {
            let event = self.generate(&generate);
            self.push(stream.clone(), event, start);
        }
        for (fault, span) in source_faults(table) {
            let of_source = (stream.clone(), fault);
            self.source_faults.push(Spanned::new(span, of_source));
            self.push(stream.clone(), TimelineEvent::SourceFault(fault), start);
        }
        for (fault, span) in faults(table, self.now()) {
            self.faults.push(Spanned::new(span, fault));
            let event = match fault {
                Fault::Restart if table.key_span(&WITH).is_some() => {
                    TimelineEvent::ChangedRestart(Box::default())
                }
                _ => TimelineEvent::Fault(fault),
            };
            self.push(None, event, start);
        }
        if let Some(expect) = table.table(&EXPECT_TABLE) {
            let event = self.expect(&expect);
            self.push(None, event, expect.span().start);
        }
    }

    /// Adds what happens at the time that was written last.
    fn push(&mut self, stream: Option<String>, event: TimelineEvent, offset: usize) {
        let at = self.now();
        let entry = Entry { at, stream, event };
        if let Some(line) = entry.last_line() {
            let span = self.times.last().map_or(offset..offset, Spanned::span);
            let lines = self.last_line.take().into_iter();
            let lines = lines.chain([Spanned::new(span, line)]);
            self.last_line = lines.max_by_key(|line| *line.get_ref());
        }
        self.entries.push(entry);
        self.offsets.push(self.document + offset);
    }

    fn now(&self) -> Duration {
        self.times.last().map_or(Duration::ZERO, |at| *at.get_ref())
    }

    fn add_time(&mut self, table: &TableReader) {
        if !table.has(&AT) && self.times.is_empty() && self.entries.is_empty() {
            let mistake = Code::MissingKey.at(table.span(), "the first entry has no `at`");
            let help = "for example `at = \"0s\"`, the start of the clock";
            table.push(mistake.label("needs `at`").help(help));
        }
        let Some(at) = table.spanned(&AT) else {
            return;
        };
        if let Some(before) = self.times.last()
            && at.get_ref() < before.get_ref()
        {
            let [time, earlier] = [&at, before].map(|at| duration::print(*at.get_ref()));
            let message = format!("time runs backwards, from {earlier} to {time}");
            table.push(
                Code::TimeRunsBackwards
                    .at(at.span(), message)
                    .label(format!("earlier than {earlier}"))
                    .also(before.span(), "the entry before it")
                    .help("`at` is an offset from the start of the clock; entries stand in order"),
            );
        }
        self.times.push(at);
    }

    /// One line that repeats each word.
    fn words(&mut self, entry: &TableReader) -> Option<TimelineEvent> {
        let written = entry.written(&WORDS)?;
        let counts = word_counts(&written)?;
        let lengths = counts.iter().map(|(word, count)| (word.len() + 1) * count);
        if !self.has_room(lengths.sum()) {
            let message = "the words of the timeline are more than 64 MiB when written out";
            let mistake = Code::TooLarge.at(written.value.span(), message);
            let mistake = mistake.label("too many by here");
            entry.push(mistake.help("`generate` makes many lines from few words"));
            return None;
        }
        let words = counts
            .iter()
            .flat_map(|(word, count)| std::iter::repeat_n(*word, *count));
        let line = words.collect::<Vec<_>>().join(" ");
        Some(TimelineEvent::Lines {
            lines: vec![line],
            partitions: 1,
        })
    }

    /// Takes room for words that are written out, so that a short text stays a small scenario.
    fn has_room(&mut self, length: usize) -> bool {
        self.written = self.written.saturating_add(length);
        self.written <= TEXT_MAX
    }

    fn generate(&mut self, generate: &TableReader) -> TimelineEvent {
        let duration = generate.spanned(&DURATION);
        let end = duration
            .as_ref()
            .map(|it| Spanned::new(it.span(), self.now().saturating_add(*it.get_ref())));
        let ends = self.end.take().into_iter().chain(end);
        self.end = ends.max_by_key(|end| *end.get_ref());
        let rate = generate.get(&RATE).unwrap_or_default();
        let words = generate.get_or_default(&WORDS_PER_LINE);
        let a_second = u64::from(rate) * u64::from(words);
        let lasts = duration.as_ref().map(|it| *it.get_ref());
        let batch = lasts
            .unwrap_or_default()
            .min(self.interval.unwrap_or_default());
        let excess = if a_second > GENERATED_MAX {
            Some("more than 10,000,000 words a second")
        } else if u128::from(a_second) * batch.as_millis() > BATCH_MAX * 1000 {
            Some("more than 100,000,000 words a batch")
        } else {
            None
        };
        if let Some(message) = excess {
            let mistake = Code::TooLarge.at(generate.span(), message);
            let mistake = mistake.label(format!("{rate} lines of {words} words each"));
            generate.push(mistake.help("a batch of them must fit into memory"));
        }
        TimelineEvent::Generate(Generate {
            rate,
            duration: duration.map(Spanned::into_inner).unwrap_or_default(),
            keys: generate.get_or_default(&KEYS),
            words,
            skew: generate.get_or_default(&SKEW),
        })
    }

    fn expect(&mut self, expect: &TableReader) -> TimelineEvent {
        let pipeline = expect.spanned(&EXPECT_PIPELINE);
        self.expected.extend(pipeline.clone());
        expect.report_needs(|_| true);
        let rows = expect.get(&EXPECT_ROWS);
        let any_order = expect.get_or_default(&ANY_ORDER);
        let contains = expect.get(&CONTAINS).unwrap_or_default();
        let absent = expect.get(&ABSENT).unwrap_or_default();
        let failure = failure(expect);
        let table = expect.table(&COUNTERS_TABLE);
        let has_counters =
            expect.has(&COUNTERS_TABLE) && table.as_ref().is_none_or(|table| !table.is_empty());
        let is_meant = !(contains.is_empty() && absent.is_empty())
            || has_counters
            || expect.has(&EXPECT_ROWS)
            || expect.has(&FAILURE)
            || METRIC_KEYS.into_iter().any(|key| expect.has(key))
            || expect.is_meant(&CONTAINS)
            || expect.is_meant(&ABSENT);
        if !is_meant {
            let mistake = Code::NothingHappens.at(expect.span(), "nothing is expected");
            expect.push(mistake.label("empty").help(
                "it needs `rows`, exactly these in this order, `contains`, these among others, `absent`, none of \
                 these, `failure`, a reason, `counters`, or a delay or rate, as `scheduling_delay`",
            ));
        }
        let meant = Expect {
            pipeline: pipeline.map(Spanned::into_inner),
            rows,
            any_order,
            contains,
            absent,
            failure,
            counters: table.as_ref().map(counters).unwrap_or_default(),
            metrics: metrics(expect),
        };
        if meant.metrics != ExpectedMetrics::default() {
            self.measured
                .push(Spanned::new(expect.span(), meant.clone()));
        }
        self.counted
            .extend(table.map(|table| Spanned::new(table.span(), meant.clone())));
        TimelineEvent::Expect(Box::new(meant))
    }
}

/// The part of a message, which says something.
fn failure(expect: &TableReader) -> Option<String> {
    let part = expect.spanned(&FAILURE)?;
    if part.get_ref().is_empty() {
        let mistake = Code::NothingHappens.at(part.span(), "`failure` is empty");
        let help = format!(
            "every message has it: write a part of the one that is meant, for example\n{}",
            FAILURE.text.example
        );
        expect.push(mistake.label("no text").help(help));
        return None;
    }
    Some(part.into_inner())
}

fn counters(table: &TableReader) -> ExpectedCounters {
    ExpectedCounters {
        function_calls: table.get(&FUNCTION_CALLS),
        keys_touched: table.get(&KEYS_TOUCHED),
        probes: table.get(&PROBES),
        bytes_copied: table.get(&BYTES_COPIED),
    }
}

/// The keys of delays and rates.
const METRIC_KEYS: [&dyn AnyKey; 6] = [
    &SCHEDULING_DELAY,
    &PROCESSING_TIME_OF_BATCH,
    &TOTAL_DELAY,
    &AVERAGE_TOTAL_DELAY,
    &QUEUE_LENGTH,
    &INPUT_RATE,
];

fn metrics(expect: &TableReader) -> ExpectedMetrics {
    ExpectedMetrics {
        scheduling_delay: expect.get(&SCHEDULING_DELAY),
        processing_time: expect.get(&PROCESSING_TIME_OF_BATCH),
        total_delay: expect.get(&TOTAL_DELAY),
        average_total_delay: expect.get(&AVERAGE_TOTAL_DELAY),
        queue_length: expect.get(&QUEUE_LENGTH),
        input_rate: expect.get(&INPUT_RATE),
    }
}

/// The name of a source, where lines come to it.
fn stream(entry: &TableReader) -> Option<String> {
    let stream = entry.spanned(&STREAM)?;
    let lines: [&dyn AnyKey; 3] = [&LINES, &WORDS, &GENERATE_TABLE];
    if stream.get_ref().is_empty() {
        let mistake = Code::NothingHappens.at(stream.span(), "`stream` is empty");
        let help = format!(
            "for example\n{}\nwithout it, the lines come to every source",
            STREAM.text.example
        );
        entry.push(mistake.label("no name").help(help));
    } else if entry.has(&EXPECT_TABLE) && !lines.into_iter().any(|key| entry.has(key)) {
        let mistake = Code::Needs.at(stream.span(), "`stream` means nothing without lines");
        let help = "what a pipeline prints is not of a stream; remove `stream`, or add `lines`";
        entry.push(mistake.label("no lines").help(help));
    }
    Some(stream.into_inner())
}

fn lines(entry: &TableReader) -> Option<TimelineEvent> {
    let partitions = entry.get_or_default(&PARTITIONS);
    let lines = messages::records(entry, entry.get(&LINES)?);
    Some(TimelineEvent::Lines { lines, partitions })
}

/// The words and the number of times each comes, in the order written, without the mistaken ones.
fn word_counts<'a>(written: &Written<'a>) -> Option<Vec<(&'a str, usize)>> {
    let Some(table) = written.value.get_ref().as_table() else {
        return written.wrong_type(WORDS.shape().noun());
    };
    if table.is_empty() {
        let mistake = Code::NothingHappens.at(written.value.span(), "`words` is empty");
        let help = format!("for example\n{}", WORDS.text.example);
        written.push(mistake.label("no words").help(help));
    }
    let mut counts = Vec::with_capacity(table.len());
    for (key, value) in in_order(table) {
        let word: &str = key.borrow();
        if word.is_empty() || word.contains(char::is_whitespace) {
            let message = format!("{} is not one word", quote(word));
            let mistake = Code::BadWord.at(key.span(), message).label("not one word");
            let help = "a word is not empty and has no spaces; `lines` takes any text";
            written.push(mistake.help(help));
        } else if let Some(count) = written.part(value).integer() {
            counts.push((word, usize::try_from(count).unwrap_or_default()));
        }
    }
    Some(counts)
}
