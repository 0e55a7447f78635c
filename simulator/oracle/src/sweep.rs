//! Scenarios drawn from a seed, to be played on a real Spark and on ours.

mod lines;
mod program;
mod query;
mod words;

use std::time::Duration;

use engine::Time;
use random::Dice;
use scenario::{
    Clock, Cluster, Console, Entry, Order, Pipeline, Profile, Program, Scenario, TimelineEvent,
};

use self::lines::Lines;
use self::words::Words;

/// Noon of the book's day.
const NOON_MS: u64 = 1_529_582_400_000;

const INTERVALS_MS: [u64; 7] = [1_000, 1_000, 1_000, 500, 250, 2_000, 1_001];

const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"];

const ROWS: [usize; 5] = [10, 10, 1, 3, 5_000];

const SHUFFLE_PARTITIONS: [usize; 7] = [1, 2, 3, 4, 7, 16, 200];

/// The first `count` scenarios of a seed, each with one pipeline. The same seed gives the same ones, and
/// more of them begin with the same.
///
/// They are made to find differences: words of all planes of Unicode, empty words, words with the same
/// hash, few keys and thousands, that vanish and return; events that are late, or have no time; up to 16
/// partitions and 60 batches; every kind of pipeline with every option that can be replayed.
///
/// ```
/// let scenarios: Vec<_> = oracle::sweep(7, 3).collect();
/// assert_eq!(oracle::sweep(7, 5).take(3).collect::<Vec<_>>(), scenarios);
/// assert_ne!(oracle::sweep(8, 3).collect::<Vec<_>>(), scenarios);
/// ```
pub fn sweep(seed: u64, count: usize) -> impl Iterator<Item = Scenario> {
    (0..count).map(move |number| draw(seed, number))
}

fn draw(seed: u64, number: usize) -> Scenario {
    let mut dice = Dice::new(seed, number as u64);
    let interval = Duration::from_millis(*dice.pick(&INTERVALS_MS));
    let cores = draw_cores(&mut dice);
    let mut words = Words::draw(&mut dice);
    let program = program::draw(&mut dice, interval, &mut words);
    let batches = draw_batches(&mut dice, &program);
    let mut lines = Lines::draw(&mut dice, &program, words);
    let start = NOON_MS + dice.below(100_000_000);
    Scenario {
        title: format!("number {number} of the sweep with seed {seed}"),
        description: None,
        clock: Clock {
            start: Time::from_millis(start as i64),
            interval,
            stop: Some(interval * (batches + 1)),
            timezone: (*dice.pick(&ZONES)).to_owned(),
        },
        console: Console {
            profile: Profile::Pyspark,
            rows: *dice.pick(&ROWS),
            order: Order::Spark,
        },
        cluster: Cluster {
            cores,
            memory: None,
            shuffle_partitions: shuffle_partitions(&mut dice, &program),
        },
        timeline: draw_timeline(&mut dice, interval, batches, &mut lines),
        pipelines: vec![Pipeline {
            name: "drawn".to_owned(),
            profile: profile(&mut dice, &program),
            program,
        }],
    }
}

/// `mapWithState` is for the JVM only.
fn profile(dice: &mut Dice, program: &Program) -> Option<Profile> {
    let is_jvm = dice.one_in(2) || program.mapped_totals().next().is_some();
    is_jvm.then_some(Profile::Jvm)
}

/// Mostly few, for the sake of time: each is a task more in every stage.
fn draw_cores(dice: &mut Dice) -> usize {
    if dice.one_in(6) {
        dice.between(5, 16) as usize
    } else {
        dice.between(1, 4) as usize
    }
}

/// Spark's default takes seconds for each batch.
fn shuffle_partitions(dice: &mut Dice, program: &Program) -> usize {
    match program {
        Program::Structured(_) if dice.one_in(12) => 200,
        Program::Structured(_) => SHUFFLE_PARTITIONS[dice.below(6) as usize],
        _ => 200,
    }
}

/// State of `mapWithState` is looked through in every tenth batch, and compacted in every twentieth.
fn draw_batches(dice: &mut Dice, program: &Program) -> u32 {
    let most = match program {
        Program::MapWithState(_) => 60,
        Program::Structured(_) => 10,
        _ if dice.one_in(10) => 60,
        _ => 14,
    };
    dice.between(1, most) as u32
}

fn draw_timeline(
    dice: &mut Dice,
    interval: Duration,
    batches: u32,
    lines: &mut Lines,
) -> Vec<Entry> {
    let mut timeline = Vec::new();
    let silence = dice.between(2, 6);
    let third = Duration::from_millis(interval.as_millis() as u64 / 3);
    for batch in 0..batches {
        lines.forget_some(dice);
        let is_last_chance = timeline.is_empty() && batch + 1 == batches;
        if dice.one_in(silence) && !is_last_chance {
            continue;
        }
        for part in 0..dice.between(1, 2) as u32 {
            timeline.push(Entry {
                at: interval * batch + third * part,
                event: draw_lines(dice, lines),
            });
        }
    }
    timeline
}

fn draw_lines(dice: &mut Dice, lines: &mut Lines) -> TimelineEvent {
    let count = dice.between(1, 6);
    TimelineEvent::Lines {
        lines: (0..count).map(|_| lines.line(dice)).collect(),
        partitions: if dice.one_in(3) {
            dice.between(1, 16) as usize
        } else {
            1
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_takes_what_is_drawn() {
        for drawn in sweep(1, 300) {
            let text = scenario::print(&drawn);
            let read = scenario::parse(&drawn.title, &text);
            let read = read.expect("what is drawn has no mistakes");
            assert!(read == drawn, "{} reads back as another", drawn.title);
        }
    }
}
