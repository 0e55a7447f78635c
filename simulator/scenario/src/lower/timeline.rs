//! `timeline`: entries in order, each one or more things that happen at an instant.

use std::borrow::Borrow;
use std::time::Duration;

use toml::Spanned;
use toml::de::DeTable;

use super::fields::Fields;
use super::value::{self, in_order};
use crate::diagnostic::{Code, Draft};
use crate::parse::TEXT_MAX;
use crate::quote::quote;
use crate::words::{
    AT, BYTES_COPIED, CONTAINS, COUNTERS_TABLE, DURATION, EXPECT_PIPELINE, EXPECT_ROWS,
    EXPECT_TABLE, FUNCTION_CALLS, GENERATE_TABLE, KEYS, KEYS_TOUCHED, LINES, PARTITIONS, PROBES,
    RATE, SKEW, TIMELINE, WORDS, WORDS_PER_LINE,
};
use crate::{Entry, Expect, ExpectedCounters, Generate, Line, TimelineEvent, duration};

/// Words a second that `generate` may draw.
const GENERATED_MAX: u64 = 10_000_000;

/// The timeline, with the places that other tables are compared with.
#[derive(Default)]
pub(super) struct DraftTimeline {
    pub(super) entries: Vec<Entry>,
    /// Each `at` that is written, in order.
    pub(super) times: Vec<Spanned<Duration>>,
    /// The pipelines that an `expect` names.
    pub(super) expected: Vec<Spanned<String>>,
    /// Where each `expect` begins.
    pub(super) expectations: Vec<usize>,
    /// What has `counters`, where these are.
    pub(super) counted: Vec<Spanned<Expect>>,
    /// The latest end of what is generated.
    pub(super) end: Option<Spanned<Duration>>,
    /// What `words` has been written out to, in bytes.
    written: usize,
}

pub(super) fn lower(top: &Fields) -> DraftTimeline {
    let mut timeline = DraftTimeline::default();
    let entries = top.tables(&TIMELINE);
    if let (true, Some(value)) = (entries.is_empty(), top.value(&TIMELINE))
        && value
            .get_ref()
            .as_array()
            .is_some_and(|array| array.is_empty())
    {
        let draft = Draft::new(Code::NothingHappens, value.span(), "the timeline is empty");
        top.push(
            draft
                .label("no entries")
                .help(format!("for example\n{}", TIMELINE.example)),
        );
    }
    for entry in entries {
        timeline.add(&entry);
    }
    timeline
}

impl DraftTimeline {
    fn add(&mut self, entry: &Fields) {
        self.add_time(entry);
        let happens = [&LINES, &WORDS, &GENERATE_TABLE, &EXPECT_TABLE];
        if !happens.iter().any(|key| entry.has(key)) {
            let draft = Draft::new(
                Code::NothingHappens,
                entry.span(),
                "nothing happens in an entry",
            );
            entry.push(
                draft
                    .label("empty")
                    .help("it needs `lines`, `words`, `generate` or `expect`"),
            );
        }
        entry.report_needs(|_| true);
        let at = self.times.last().map_or(Duration::ZERO, |at| *at.get_ref());
        let lines = lines(entry);
        let words = self.words(entry);
        let generate = entry
            .table(&GENERATE_TABLE)
            .map(|it| self.generate(&it, at));
        let expect = entry.table(&EXPECT_TABLE).map(|it| self.expect(&it));
        let events = [lines, words, generate, expect].into_iter().flatten();
        self.entries.extend(events.map(|event| Entry { at, event }));
    }

    fn add_time(&mut self, entry: &Fields) {
        if !entry.has(&AT) && self.times.is_empty() && self.entries.is_empty() {
            let draft = Draft::new(
                Code::MissingKey,
                entry.span(),
                "the first entry has no `at`",
            );
            entry.push(
                draft
                    .label("needs `at`")
                    .help("for example `at = \"0s\"`, the start of the clock"),
            );
        }
        let Some(at) = entry.duration(&AT) else {
            return;
        };
        if let Some(before) = self.times.last()
            && at.get_ref() < before.get_ref()
        {
            let [time, earlier] = [&at, before].map(|at| duration::print(*at.get_ref()));
            let message = format!("time runs backwards, from {earlier} to {time}");
            entry.push(
                Draft::new(Code::TimeRunsBackwards, at.span(), message)
                    .label(format!("earlier than {earlier}"))
                    .also(before.span(), "the entry before it")
                    .help("`at` is an offset from the start of the clock; entries stand in order"),
            );
        }
        self.times.push(at);
    }

    /// One line that repeats each word.
    fn words(&mut self, entry: &Fields) -> Option<TimelineEvent> {
        let value = entry.value(&WORDS)?;
        let Some(table) = value.get_ref().as_table() else {
            return value::wrong_type(entry.sink, &WORDS, value, WORDS.kind.noun());
        };
        if table.is_empty() {
            let draft = Draft::new(Code::NothingHappens, value.span(), "`words` is empty");
            entry.push(
                draft
                    .label("no words")
                    .help(format!("for example\n{}", WORDS.example)),
            );
        }
        let counts = word_counts(entry, table);
        let length: usize = counts
            .iter()
            .map(|(word, count)| (word.len() + 1) * count)
            .sum();
        if !self.has_room(length) {
            let message = "the words of the timeline are more than 64 MiB when written out";
            let draft = Draft::new(Code::TooLarge, value.span(), message).label("too many by here");
            entry.push(draft.help("`generate` makes many lines from few words"));
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

    fn generate(&mut self, generate: &Fields, at: Duration) -> TimelineEvent {
        let duration = generate.duration(&DURATION);
        let end = duration
            .as_ref()
            .map(|it| Spanned::new(it.span(), at.saturating_add(*it.get_ref())));
        self.end = self
            .end
            .take()
            .into_iter()
            .chain(end)
            .max_by_key(|end| *end.get_ref());
        let rate = generate.integer(&RATE).unwrap_or_default() as u32;
        let words = generate.size(&WORDS_PER_LINE) as u32;
        if u64::from(rate) * u64::from(words) > GENERATED_MAX {
            let message = "more than 10,000,000 words a second";
            let draft = Draft::new(Code::TooLarge, generate.span(), message);
            let draft = draft.label(format!("{rate} lines of {words} words each"));
            generate.push(draft.help("a batch of them must fit into memory"));
        }
        TimelineEvent::Generate(Generate {
            rate,
            duration: duration.map(Spanned::into_inner).unwrap_or_default(),
            keys: generate.size(&KEYS) as u32,
            words,
            skew: generate
                .number(&SKEW)
                .unwrap_or_else(|| SKEW.default_number()),
        })
    }

    fn expect(&mut self, expect: &Fields) -> TimelineEvent {
        let pipeline = expect.text(&EXPECT_PIPELINE);
        if let (Some(name), Some(value)) = (&pipeline, expect.value(&EXPECT_PIPELINE)) {
            self.expected.push(Spanned::new(value.span(), name.clone()));
        }
        let rows = expect.texts(&EXPECT_ROWS);
        let contains = expect.texts(&CONTAINS).unwrap_or_default();
        let table = expect.table(&COUNTERS_TABLE);
        let has_counters =
            expect.has(&COUNTERS_TABLE) && table.as_ref().is_none_or(|table| !table.is_empty());
        self.expectations.push(expect.span().start);
        let is_meant = !contains.is_empty()
            || has_counters
            || expect.has(&EXPECT_ROWS)
            || expect.is_meant(&CONTAINS);
        if !is_meant {
            let draft = Draft::new(Code::NothingHappens, expect.span(), "nothing is expected");
            expect.push(draft.label("empty").help(
                "it needs `rows`, exactly these in this order, `contains`, these among others, or `counters`",
            ));
        }
        let expect = Expect {
            pipeline,
            rows,
            contains,
            counters: table.as_ref().map(counters).unwrap_or_default(),
            line: Line::default(),
        };
        self.counted
            .extend(table.map(|table| Spanned::new(table.span(), expect.clone())));
        TimelineEvent::Expect(expect)
    }
}

fn counters(table: &Fields) -> ExpectedCounters {
    let count = |key| {
        table
            .integer(key)
            .and_then(|count| u64::try_from(count).ok())
    };
    ExpectedCounters {
        function_calls: count(&FUNCTION_CALLS),
        keys_touched: count(&KEYS_TOUCHED),
        probes: count(&PROBES),
        bytes_copied: count(&BYTES_COPIED),
    }
}

fn lines(entry: &Fields) -> Option<TimelineEvent> {
    let lines = entry.texts(&LINES)?;
    Some(TimelineEvent::Lines {
        lines,
        partitions: entry.size(&PARTITIONS),
    })
}

/// The words and how often each comes, in the order written, without the mistaken ones.
fn word_counts<'a>(entry: &Fields, table: &'a DeTable) -> Vec<(&'a str, usize)> {
    let mut counts = Vec::with_capacity(table.len());
    for (key, value) in in_order(table) {
        let word: &str = key.borrow();
        if word.is_empty() || word.contains(char::is_whitespace) {
            let message = format!("{} is not one word", quote(word));
            let draft = Draft::new(Code::BadWord, key.span(), message).label("not one word");
            entry.push(draft.help("a word is not empty and has no spaces; `lines` takes any text"));
        } else if let Some(count) = value::integer(entry.sink, &WORDS, value) {
            counts.push((word, usize::try_from(count).unwrap_or_default()));
        }
    }
    counts
}
