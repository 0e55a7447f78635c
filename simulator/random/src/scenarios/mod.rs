//! Scenarios that are drawn.

mod lines;
mod program;
mod space;
mod spaces;
mod words;

use std::time::Duration;

use engine::Time;
use scenario::{
    Claims, Clock, Cluster, Console, Cost, Entry, Expect, ExpectedCounters, Generate, Limits,
    Pipeline, Profile, Program, Scenario, SparkVersion, TimelineEvent,
};

use crate::Dice;
use lines::Lines;
use program::Programs;
use words::Words;

pub use space::{EventKind, Numbers, ProgramKind, Space};
pub use spaces::ALL_ROWS;
pub use words::Vocabulary;

/// The first `count` scenarios of a seed in [`Space::SWEEP`] for this version of Spark, each with one pipeline. The
/// same seed gives the same ones, and more of them begin with the same.
///
/// ```
/// let sweep = |seed, count| random::sweep(seed, count, scenario::SparkVersion::V4);
/// let scenarios: Vec<_> = sweep(7, 3).collect();
/// assert_eq!(sweep(7, 5).take(3).collect::<Vec<_>>(), scenarios);
/// assert_ne!(sweep(8, 3).collect::<Vec<_>>(), scenarios);
/// ```
pub fn sweep(seed: u64, count: usize, spark: SparkVersion) -> impl Iterator<Item = Scenario> {
    let space = Space::sweep(spark);
    (0..count).map(move |number| Scenario {
        title: format!("number {number} of the sweep with seed {seed}"),
        ..space.draw(&mut Dice::new(seed, number as u64))
    })
}

impl Space {
    /// A scenario of this space.
    pub fn draw(&self, dice: &mut Dice) -> Scenario {
        let interval = Duration::from_millis(self.intervals.draw_size(dice));
        let words = Words::draw(dice, &self.vocabularies);
        let profile = *dice.pick(self.profiles);
        let count: usize = self.pipelines.draw_size(dice);
        let pipelines: Vec<Pipeline> = (0..count)
            .map(|index| self.pipeline(dice, index, &words, interval))
            .collect();
        let spark = self.spark(dice, profile, &pipelines);
        let timeline = self.timeline(dice, interval, &pipelines, words, spark);
        let last = timeline.last().map_or(Duration::ZERO, |entry| entry.at);
        let stop = dice
            .one_in(self.stop_one_in)
            .then(|| last + twelfths(interval, self.stops.draw_size(dice)));
        let mut scenario = Scenario {
            title: self.setting(dice).unwrap_or_default(),
            description: self.setting(dice),
            spark,
            clock: Clock {
                start: self.start(dice, interval),
                interval,
                stop,
                timezone: (*dice.pick(self.zones)).to_owned(),
            },
            console: Console {
                profile,
                order: *dice.pick(self.orders),
                rows: self.rows.draw_size(dice),
            },
            cluster: Cluster {
                cores: self.cores.draw_size(dice),
                shuffle_partitions: self.shuffle_partitions.draw_size(dice),
                memory: self.has_settings.then(|| 1 + dice.below(u64::MAX)),
                ..Cluster::default()
            },
            cost: Cost::default(),
            limits: Limits::default(),
            claims: Claims::default(),
            timeline,
            sources: Vec::new(),
            tables: Vec::new(),
            pipelines,
        };
        // No line is lost: the language refuses an earlier stop.
        scenario.clock.stop = stop.map(|stop| stop.max(scenario.taken()));
        if self.has_settings {
            scenario.limits = self.limits(dice, &scenario);
        }
        scenario
    }

    /// A version of Spark that has these profiles.
    fn spark(&self, dice: &mut Dice, console: Profile, pipelines: &[Pipeline]) -> SparkVersion {
        let own = pipelines.iter().filter_map(|pipeline| pipeline.profile);
        let mut profiles = own.chain([console]);
        match *self.sparks {
            [spark] => spark,
            _ if profiles.any(|profile| profile == Profile::Cookbook) => SparkVersion::V3_5,
            _ => *dice.pick(self.sparks),
        }
    }

    /// Limits that the scenario keeps. Its timeline ends within a year.
    fn limits(&self, dice: &mut Dice, scenario: &Scenario) -> Limits {
        let year = Duration::from_hours(365 * 24);
        Limits {
            time: year + twelfths(scenario.clock.interval, self.spans.draw_size(dice)),
            batches: scenario.batches(year) + dice.below(1 << 40),
            output: 1 + dice.below(u64::MAX),
        }
    }

    /// Any text, where scenarios have some.
    fn setting(&self, dice: &mut Dice) -> Option<String> {
        let is_set = self.has_settings && dice.one_in(2);
        is_set.then(|| Words::draw(dice, &self.vocabularies).line(dice, 3))
    }

    /// Often at a quarter of an interval.
    fn start(&self, dice: &mut Dice, interval: Duration) -> Time {
        let start = self.starts.draw(dice);
        if dice.one_in(2) {
            return Time::from_millis(start);
        }
        let interval_ms = interval.as_millis() as i64;
        let quarters = dice.below(4) as i64;
        Time::from_millis(start / interval_ms * interval_ms + interval_ms * quarters / 4)
    }

    fn pipeline(
        &self,
        dice: &mut Dice,
        index: usize,
        words: &Words,
        interval: Duration,
    ) -> Pipeline {
        let own = *dice.pick(self.profiles);
        let mut programs = Programs {
            dice: &mut *dice,
            space: self,
            words,
            interval,
        };
        let program = programs.draw();
        let is_jvm = self.is_spark && program.mapped_totals().next().is_some();
        let profile = if is_jvm {
            Some(Profile::Jvm)
        } else {
            dice.one_in(2).then_some(own)
        };
        Pipeline {
            name: match index {
                0 => "drawn".to_owned(),
                _ => format!("Drawn-{index}_"),
            },
            profile,
            count_lines: false,
            cost: None,
            program,
        }
    }

    fn timeline(
        &self,
        dice: &mut Dice,
        interval: Duration,
        pipelines: &[Pipeline],
        words: Words,
        spark: SparkVersion,
    ) -> Vec<Entry> {
        let program = &pipelines[0].program;
        let entries = match program {
            Program::MapWithState(_) => self.state_entries,
            _ => self.entries,
        };
        let count: u64 = entries.draw_size(dice);
        let mut lines = Lines::draw(dice, self, program, words, spark);
        let mut at = Duration::ZERO;
        let mut timeline = Vec::new();
        for _ in 0..count {
            at += twelfths(interval, self.gaps.draw_size(dice));
            lines.words.forget_some(dice);
            let event = match dice.pick(self.events) {
                EventKind::Lines => self.lines(dice, &mut lines),
                EventKind::Generate => TimelineEvent::Generate(self.generate(dice, interval)),
                EventKind::Expect => {
                    TimelineEvent::Expect(Box::new(Self::expect(dice, &lines.words, pipelines)))
                }
            };
            let stream = match event {
                TimelineEvent::Expect(_) => None,
                _ => dice.pick(self.streams).map(str::to_owned),
            };
            timeline.push(Entry { at, stream, event });
        }
        timeline
    }

    fn lines(&self, dice: &mut Dice, lines: &mut Lines) -> TimelineEvent {
        let count: u64 = self.lines.draw_size(dice);
        TimelineEvent::Lines {
            lines: (0..count).map(|_| lines.line(dice)).collect(),
            partitions: self.partitions.draw_size(dice),
        }
    }

    /// Lines of no more words a second than the language lets them have.
    fn generate(&self, dice: &mut Dice, interval: Duration) -> Generate {
        let duration = twelfths(interval, self.spans.draw_size(dice));
        let duration = duration.max(Duration::from_millis(1));
        let lines: u64 = self.generated.draw_size(dice);
        let a_second = u128::from(lines) * 1_000 / duration.as_millis();
        let rate = a_second.clamp(1, 1_000_000) as u32;
        let words: u32 = self.generated_words.draw_size(dice);
        Generate {
            rate,
            duration,
            keys: self.generated_keys.draw_size(dice),
            words: words.min(10_000_000 / rate),
            skew: if dice.one_in(2) {
                0.0
            } else {
                dice.fraction() * 10.0
            },
        }
    }

    /// Counters are those of pipelines that keep states.
    fn expect(dice: &mut Dice, words: &Words, pipelines: &[Pipeline]) -> Expect {
        let rows = |dice: &mut Dice, least| -> Vec<String> {
            let count = dice.between(least, 2);
            (0..count).map(|_| words.word(dice).to_owned()).collect()
        };
        let mut expect = Expect {
            pipeline: dice.one_in(2).then(|| pipelines[0].name.clone()),
            rows: dice.one_in(2).then(|| rows(dice, 0)),
            contains: rows(dice, 1),
            ..Expect::default()
        };
        let mut meant = pipelines.iter().filter(|it| expect.means(&it.name));
        if meant.all(|pipeline| pipeline.program.keeps_state()) {
            let mut count = || dice.one_in(2).then(|| dice.below(1 << 63));
            expect.counters = ExpectedCounters {
                function_calls: count(),
                keys_touched: count(),
                probes: count(),
                bytes_copied: count(),
            };
        }
        expect.any_order = expect.rows.is_some() && dice.one_in(2);
        expect.absent = rows(dice, 0);
        let failure = dice.one_in(2).then(|| words.word(dice).to_owned());
        expect.failure = failure.filter(|part| !part.is_empty());
        expect
    }
}

/// Twelfths of an interval, in whole milliseconds: halves, thirds and quarters are among them.
fn twelfths(interval: Duration, count: u64) -> Duration {
    Duration::from_millis(interval.as_millis() as u64 * count / 12)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Checks that the language has what is drawn.
    fn check(drawn: &Scenario) {
        let text = scenario::print(drawn);
        let read = scenario::parse("drawn.toml", &text).expect("what is drawn has no mistakes");
        assert!(read == *drawn, "it reads back as another:\n{text}");
    }

    #[test]
    fn the_language_takes_what_is_drawn() {
        for spark in [SparkVersion::V3_5, SparkVersion::V4] {
            sweep(1, 300, spark).for_each(|drawn| check(&drawn));
        }
        for space in [Space::LANGUAGE, Space::SMALL] {
            (0..100).for_each(|seed| check(&space.draw(&mut Dice::new(seed, 0))));
        }
    }

    /// The first word of a value, as it is debugged: the name of its variant.
    fn variant(value: &impl std::fmt::Debug) -> String {
        let text = format!("{value:?}");
        text.chars().take_while(|c| c.is_alphanumeric()).collect()
    }

    #[test]
    fn every_step_and_every_program_is_drawn() {
        let mut steps = BTreeSet::new();
        let mut programs = BTreeSet::new();
        for drawn in sweep(1, 400, SparkVersion::V3_5) {
            let program = &drawn.pipelines[0].program;
            programs.insert(variant(program));
            if let Program::Steps(all) = program {
                steps.extend(all.iter().map(variant));
            }
        }
        assert_eq!(
            (programs.len(), steps.len()),
            (5, 19),
            "{programs:?} {steps:?}"
        );
    }

    #[test]
    fn map_with_state_is_of_the_jvm_where_spark_is_played() {
        for drawn in sweep(1, 200, SparkVersion::V4) {
            let pipeline = &drawn.pipelines[0];
            if pipeline.program.mapped_totals().next().is_some() {
                assert_eq!(pipeline.profile, Some(Profile::Jvm));
            }
        }
    }
}
