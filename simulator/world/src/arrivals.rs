//! The records that arrive in a run of a scenario, in the order of time and then of the file.

use std::collections::VecDeque;

use engine::{Message, Records, StreamId, StreamSource, Text, Time};
use random::{Dice, Zipf};
use scenario::{Entry, Generate, Pipeline, Scenario, Source, TimelineEvent};

use crate::compile::LINES;
use crate::faults::{self, SentLines, Way};
use crate::run::source_of;
use crate::schedule::Schedule;

/// The records that arrive in a run of a scenario, one by one. Generated lines are drawn when their time comes.
#[derive(Debug, Default)]
pub struct Arrivals {
    scripted: VecDeque<ScriptedRecords>,
    /// In the order of their entries in the file.
    generators: Vec<GeneratedLines>,
    /// Instead of the others, where the source has faults.
    disturbed: Option<DisturbedLines>,
    has_receivers: bool,
}

/// Records that a stream stores at a time.
#[derive(Debug)]
struct ScriptedRecords {
    time: Time,
    stream: StreamId,
    records: Records,
}

/// Lines behind the faults of their source.
struct DisturbedLines {
    next: Option<SentLines>,
    later: Box<dyn Iterator<Item = SentLines>>,
}

impl std::fmt::Debug for DisturbedLines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DisturbedLines")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

impl Arrivals {
    /// The arrivals of a scenario at the source of a pipeline in words, with the faults of that source.
    pub(crate) fn of_pipeline(
        scenario: &Scenario,
        pipeline: &Pipeline,
        schedule: &dyn Schedule,
    ) -> Arrivals {
        let sent = Arrivals::new(scenario, source_of(pipeline), schedule);
        sent.through(faults::of_pipeline(scenario, pipeline, schedule))
    }

    /// These arrivals behind the faults of their source.
    fn through(mut self, faults: faults::Chain) -> Arrivals {
        if faults.is_empty() {
            return self;
        }
        let has_receivers = self.has_receivers;
        let sent = std::iter::from_fn(move || {
            let time = self.next_time()?;
            let (stream, records) = self.take(time);
            Some(SentLines {
                sent: time,
                time,
                stream,
                records,
            })
        });
        let mut later = Way::through(sent, faults);
        let next = later.next();
        Arrivals {
            disturbed: Some(DisturbedLines { next, later }),
            has_receivers,
            ..Arrivals::default()
        }
    }

    /// The arrivals of a scenario, without faults, at the source of a pipeline in words, [`LINES`], which is of this kind.
    pub fn new(scenario: &Scenario, source: Source, schedule: &dyn Schedule) -> Arrivals {
        let mut arrivals = Arrivals::default();
        for entry in scenario.timeline.iter().filter(|it| it.is_for(LINES)) {
            if let Some(time) = scenario.clock.start.checked_add(entry.at) {
                arrivals.add(time, &entry.event, StreamId(0), source, schedule);
            }
        }
        match scenario.cluster.block_interval {
            Some(_) if source != Source::Direct => arrivals.at_receivers(),
            _ => arrivals,
        }
    }

    /// The arrivals of a scenario at these sources, by their names.
    pub fn at(scenario: &Scenario, sources: &[StreamSource], schedule: &dyn Schedule) -> Arrivals {
        let names = sources.iter().map(ToString::to_string).collect::<Vec<_>>();
        let sources = names.iter().zip(sources.iter().map(Source::of));
        let sources = sources
            .map(|(name, kind)| (&**name, kind))
            .collect::<Vec<_>>();
        Arrivals::at_named(scenario, &sources, schedule)
    }

    /// The arrivals of a scenario at the sources of a query in SQL, by their names there.
    pub(crate) fn of_query(
        scenario: &Scenario,
        sources: &[StreamSource],
        schedule: &dyn Schedule,
    ) -> Arrivals {
        let sources = sources.iter().map(|source| match source {
            StreamSource::Socket { host, .. } => (&**host, Source::Socket),
            StreamSource::Receiver { name } => (&**name, Source::Memory),
            StreamSource::Direct { name } | StreamSource::Topic { name, .. } => {
                (&**name, Source::Direct)
            }
        });
        Arrivals::at_named(scenario, &sources.collect::<Vec<_>>(), schedule)
    }

    /// The arrivals of a scenario at sources of these names and kinds.
    pub fn at_named(
        scenario: &Scenario,
        sources: &[(&str, Source)],
        schedule: &dyn Schedule,
    ) -> Arrivals {
        let mut arrivals = Arrivals::default();
        for entry in &scenario.timeline {
            let Some(time) = scenario.clock.start.checked_add(entry.at) else {
                continue;
            };
            for (index, (name, kind)) in sources.iter().enumerate() {
                if entry.is_for(name) {
                    arrivals.add(time, &entry.event, StreamId(index), *kind, schedule);
                }
            }
        }
        arrivals
    }

    /// The lines of a scenario as sockets cut them, in the order in which they arrive: each block with the entry of
    /// the timeline that it is of.
    pub fn by_entry<'a>(
        scenario: &'a Scenario,
        schedule: &dyn Schedule,
    ) -> impl Iterator<Item = (Time, &'a Entry, Records)> {
        let mut arrivals = Arrivals::default();
        for (index, entry) in scenario.timeline.iter().enumerate() {
            if let Some(time) = scenario.clock.start.checked_add(entry.at) {
                arrivals.add(
                    time,
                    &entry.event,
                    StreamId(index),
                    Source::Socket,
                    schedule,
                );
            }
        }
        let mut arrivals = arrivals.through(faults::of_program(scenario, schedule));
        std::iter::from_fn(move || {
            let time = arrivals.next_time()?;
            let (StreamId(index), records) = arrivals.take(time);
            Some((time, &scenario.timeline[index], records))
        })
    }

    /// The same arrivals, at receivers that take records one by one.
    pub fn at_receivers(self) -> Arrivals {
        Arrivals {
            has_receivers: true,
            ..self
        }
    }

    /// True if receivers take records one by one, and not as blocks.
    pub(crate) fn has_receivers(&self) -> bool {
        self.has_receivers
    }

    /// Adds what a stream receives from `time` on, as a source of this kind makes it of the text. An
    /// expectation adds nothing.
    ///
    /// # Panics
    ///
    /// Panics if lines before have a later time.
    pub fn add(
        &mut self,
        time: Time,
        event: &TimelineEvent,
        stream: StreamId,
        source: Source,
        schedule: &dyn Schedule,
    ) {
        match event {
            TimelineEvent::Lines { lines, partitions } => {
                for records in blocks(lines, *partitions, source) {
                    self.push(time, stream, records);
                }
            }
            TimelineEvent::Generate(generate) => {
                // Dice by the number among generators: no other entry changes the draws.
                let dice = schedule.dice(self.generators.len() as u64);
                let generator = GeneratedLines::new(time, generate, stream, dice);
                self.generators.push(generator);
            }
            TimelineEvent::Fault(_)
            | TimelineEvent::SourceFault(_)
            | TimelineEvent::ChangedRestart(_)
            | TimelineEvent::Expect(_) => {}
        }
    }

    /// Adds records that a stream stores together, at or after the time of those before.
    ///
    /// # Panics
    ///
    /// Panics if records before have a later time.
    pub fn push(&mut self, time: Time, stream: StreamId, records: Records) {
        let last = self.scripted.back().map(|last| last.time);
        assert!(
            last <= Some(time),
            "records are pushed in the order of time"
        );
        self.scripted.push_back(ScriptedRecords {
            time,
            stream,
            records,
        });
    }

    /// The time of the next arrival.
    pub fn next_time(&self) -> Option<Time> {
        let scripted = self.scripted.front().map(|next| next.time);
        let generated = self.generators.iter().filter_map(GeneratedLines::next_time);
        let disturbed = self.disturbed.iter().filter_map(|it| it.next.as_ref());
        let disturbed = disturbed.map(|next| next.time);
        generated.chain(scripted).chain(disturbed).min()
    }

    /// Takes what arrives next, which is due at `time`. At one instant, lines of the file come
    /// before generated ones.
    ///
    /// # Panics
    ///
    /// Panics if nothing is due then.
    pub fn take(&mut self, time: Time) -> (StreamId, Records) {
        if let Some(scripted) = self.scripted.pop_front_if(|next| next.time == time) {
            return (scripted.stream, scripted.records);
        }
        if let Some(disturbed) = &mut self.disturbed
            && let Some(next) = disturbed.next.take_if(|next| next.time == time)
        {
            disturbed.next = disturbed.later.next();
            return (next.stream, next.records);
        }
        let mut generators = self.generators.iter_mut();
        let due = generators.find(|generator| generator.next_time() == Some(time));
        let due = due.expect("an arrival is taken at its time");
        (due.stream, Records::from([due.draw()]))
    }

    /// Takes what arrives up to `stop`, of all streams: the time and the records of each.
    pub fn until(&mut self, stop: Time) -> impl Iterator<Item = (Time, Records)> {
        std::iter::from_fn(move || {
            let time = self.next_time().filter(|time| *time <= stop)?;
            let (_, records) = self.take(time);
            Some((time, records))
        })
    }
}

/// Cuts lines into contiguous blocks: block `i` of `n` is slice `i` of `parallelize(lines, n)`. Empty
/// ones are left out.
fn blocks(lines: &[String], partitions: usize, source: Source) -> impl Iterator<Item = Records> {
    let lines: Vec<Text> = match source {
        Source::Memory | Source::Direct => {
            lines.iter().map(|line| Text::from(line.as_str())).collect()
        }
        Source::Socket => lines.iter().flat_map(|line| socket_lines(line)).collect(),
    };
    let start = move |index: usize, lines: usize| index * lines / partitions;
    (0..partitions)
        .map(move |index| {
            Records::from(&lines[start(index, lines.len())..start(index + 1, lines.len())])
        })
        .filter(|records| !records.is_empty())
}

/// The records of a line of the file that is sent over a socket with a line feed behind it: Java's
/// `BufferedReader` cuts at `\n`, `\r` and `\r\n`. The record of a message is not cut.
pub fn socket_lines(line: &str) -> Vec<Text> {
    if Message::is_written_out(line) {
        return vec![line.into()];
    }
    let sent = format!("{line}\n")
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    sent.split_terminator('\n').map(Text::from).collect()
}

/// Lines drawn at a steady rate.
#[derive(Debug)]
struct GeneratedLines {
    start: Time,
    stream: StreamId,
    generate: Generate,
    /// The number of lines in all.
    lines: u64,
    drawn: u64,
    dice: Dice,
    keys: Zipf,
}

impl GeneratedLines {
    fn new(start: Time, generate: &Generate, stream: StreamId, dice: Dice) -> GeneratedLines {
        GeneratedLines {
            start,
            stream,
            lines: generate.lines(),
            generate: generate.clone(),
            drawn: 0,
            dice,
            keys: Zipf::new(generate.keys as usize, generate.skew),
        }
    }

    fn next_time(&self) -> Option<Time> {
        if self.drawn == self.lines {
            return None;
        }
        self.start.checked_add(self.generate.offset(self.drawn))
    }

    fn draw(&mut self) -> Text {
        self.drawn += 1;
        let words: Vec<String> = (0..self.generate.words)
            .map(|_| format!("key-{}", self.keys.draw(&mut self.dice)))
            .collect();
        words.join(" ").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::InOrder;

    fn arrivals(entries: &str, seed: u64) -> Vec<(i64, Vec<String>)> {
        let text = format!(
            "timeline = [{entries}]\n[[pipeline]]\nname = \"p\"\nsteps = [{{ print = 1 }}]"
        );
        let scenario =
            scenario::parse("timeline.toml", &text).expect("the entries have no mistakes");
        let mut arrivals = Arrivals::new(&scenario, Source::Memory, &InOrder { seed });
        let entries = arrivals.until(Time::from_millis(i64::MAX));
        entries
            .map(|(time, records)| {
                let lines = records.iter().map(ToString::to_string).collect();
                (time.as_millis(), lines)
            })
            .collect()
    }

    #[track_caller]
    fn check(entries: &str, expected: &[(i64, &[&str])]) {
        let expected: Vec<(i64, Vec<String>)> = expected
            .iter()
            .map(|(time, lines)| (*time, lines.iter().map(ToString::to_string).collect()))
            .collect();
        assert_eq!(arrivals(entries, 0), expected);
    }

    #[test]
    fn an_entry_without_lines_does_not_end_the_arrivals() {
        check(
            "{ at = '1s', lines = ['a'] }, { at = '2s', lines = [] }, { at = '3s', lines = ['b'] }",
            &[(1_000, &["a"]), (3_000, &["b"])],
        );
    }

    #[test]
    fn a_pipeline_in_words_takes_the_lines_of_its_source_and_those_of_all() {
        check(
            "{ at = '1s', lines = ['a'] }, { at = '2s', stream = 'lines', lines = ['b'] }, \
             { at = '3s', stream = 'localhost:9999', lines = ['c'] }",
            &[(1_000, &["a"]), (2_000, &["b"])],
        );
    }

    #[test]
    fn lines_are_cut_into_contiguous_partitions() {
        check(
            "{ at = '1s', lines = ['a', 'b', 'c', 'd', 'e'], partitions = 3 }",
            &[(1_000, &["a"]), (1_000, &["b", "c"]), (1_000, &["d", "e"])],
        );
    }

    #[test]
    fn generated_lines_come_at_a_steady_rate_and_after_what_is_written_at_the_instant() {
        check(
            "{ at = '1s', generate = { rate = 3, duration = '1s', keys = 1 } }, { at = '1333ms', lines = ['a'] }",
            &[
                (1_000, &["key-0"]),
                (1_333, &["a"]),
                (1_333, &["key-0"]),
                (1_666, &["key-0"]),
            ],
        );
    }

    #[test]
    fn the_seed_decides_what_is_generated() {
        let entries = "{ at = '1s', generate = { rate = 100, duration = '1s', keys = 1000, words = 3, skew = 1.1 } }";
        assert_eq!(arrivals(entries, 1), arrivals(entries, 1));
        assert_ne!(arrivals(entries, 1), arrivals(entries, 2));
    }

    #[test]
    fn a_skew_makes_the_first_keys_common() {
        let share = |skew: &str| {
            let entries = format!(
                "{{ at = '1s', generate = {{ rate = 1000, duration = '1s', keys = 100, skew = {skew} }} }}"
            );
            arrivals(&entries, 7)
                .iter()
                .filter(|(_, lines)| lines == &["key-0"])
                .count()
        };
        assert!(share("0.0") < 30, "of 1000 lines, some ten have each key");
        assert!(
            share("1.5") > 300,
            "of 1000 lines, some 400 have the first key"
        );
    }

    #[test]
    fn a_socket_cuts_lines_as_java_reads_them() {
        assert_eq!(socket_lines("a\nb\r\nc\rd"), ["a", "b", "c", "d"]);
        assert_eq!(socket_lines("a\r"), ["a"]);
        assert_eq!(socket_lines("a\n"), ["a", ""]);
        assert_eq!(socket_lines(""), [""]);
    }

    #[test]
    fn a_block_has_at_least_a_line_however_many_partitions_there_are() {
        check(
            "{ at = '1s', lines = ['a', 'b'], partitions = 5 }",
            &[(1_000, &["a"]), (1_000, &["b"])],
        );
        check("{ at = '1s', lines = [], partitions = 5 }", &[]);
    }

    #[test]
    fn many_generators_take_turns_in_the_order_of_time_and_then_of_writing() {
        let every = |start: &str, rate: u32| {
            format!(
                "{{ at = '{start}', generate = {{ rate = {rate}, duration = '1s', keys = 1, words = {rate} }} }}"
            )
        };
        let two = "key-0 key-0";
        let three = "key-0 key-0 key-0";
        check(
            &format!("{}, {}", every("0s", 3), every("0s", 2)),
            &[
                (0, &[three]),
                (0, &[two]),
                (333, &[three]),
                (500, &[two]),
                (666, &[three]),
            ],
        );
    }

    #[test]
    fn a_generator_ends_after_its_duration() {
        let last = |duration: &str| {
            let entries =
                format!("{{ at = '1s', generate = {{ rate = 10, duration = '{duration}' }} }}");
            let lines = arrivals(&entries, 0);
            (lines.len(), lines.last().map(|(time, _)| *time))
        };
        assert_eq!(last("1s"), (10, Some(1_900)));
        assert_eq!(last("199ms"), (1, Some(1_000)));
        assert_eq!(last("99ms"), (0, None));
    }

    #[test]
    fn other_entries_change_nothing_of_what_is_generated() {
        let generate = "{ at = '1s', generate = { rate = 50, duration = '1s', keys = 1000 } }";
        let expect = "{ at = '0s', expect = { rows = [] } }";
        let alone = arrivals(generate, 7);
        assert_eq!(arrivals(&format!("{expect}, {generate}"), 7), alone);
        let with_lines = arrivals(&format!("{{ at = '0s', lines = ['a'] }}, {generate}"), 7);
        assert_eq!(with_lines[1..], alone);
        let twice = arrivals(&format!("{generate}, {generate}"), 7);
        let (even, odd): (Vec<_>, Vec<_>) = (0..).zip(twice).partition(|(at, _)| at % 2 == 0);
        let lines =
            |lines: Vec<(usize, _)>| lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>();
        assert_eq!(lines(even), alone, "the first is as without the second");
        assert_ne!(lines(odd), alone, "the second draws other words");
    }

    #[test]
    #[should_panic(expected = "an arrival is taken at its time")]
    fn nothing_is_taken_before_its_time() {
        let scenario = "timeline = [{ at = '1s', lines = ['a'] }]\n[[pipeline]]\nname = 'p'\nmode = 'stateless'";
        let scenario = scenario::parse("timeline.toml", scenario).expect("it has no mistakes");
        let mut arrivals = Arrivals::new(&scenario, Source::Memory, &InOrder::default());
        arrivals.take(Time::from_millis(999));
    }
}
