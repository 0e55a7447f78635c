//! The records that arrive in a run of a scenario, in the order of time and then of the file.

mod blocks;
mod generated;

use std::collections::VecDeque;

use engine::{Records, StreamId, StreamSource, Time};
use scenario::{Entry, Pipeline, Scenario, Source, TimelineEvent};

use self::blocks::blocks;
use self::generated::GeneratedLines;
use crate::compile::LINES;
use crate::faults::{self, SentLines, Way};
use crate::run::source_of;
use crate::schedule::Schedule;

pub use blocks::socket_lines;

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

#[cfg(test)]
mod tests;
