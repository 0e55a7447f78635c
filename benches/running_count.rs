//! Running counts side by side: whoever keeps one is timed over keys of the state and words of a batch.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{
    AxisScale, BenchmarkGroup, BenchmarkId, Criterion, PlotConfiguration, SamplingMode, Throughput,
};
use engine::{Block, Inline};
use measure::{Contender, Digest, Keys, Running, StartError, Workload, blocks};

use crate::{criterion, size, sizes_and};

/// Different batches, which come in turn.
const BATCHES: usize = 5;

/// Batches that are checked: all of them twice, and a tenth one among them.
const CHECKED_BATCHES: usize = BATCHES * 2 + 1;

/// Input partitions of a batch.
const BLOCKS: usize = 5;

/// How keys are drawn, by name.
const DISTRIBUTIONS: [(&str, Draw); 2] = [
    ("uniform", Keys::Uniform),
    ("zipf", |keys| Keys::Zipf(keys, 1.1)),
];

/// How so many keys are drawn.
type Draw = fn(usize) -> Keys;

/// Starts with so many keys.
type Start = Box<dyn Fn(usize) -> Result<Box<dyn Running>, StartError>>;

/// Whoever keeps a running count, and is to be timed.
pub struct Entrant {
    name: &'static str,
    /// The plain loop that hands the same on.
    plain: Contender,
    start: Start,
}

impl Entrant {
    /// An entrant of this name that hands on what `plain` does, and `start`s with so many keys of total
    /// 1.
    pub fn new(
        name: &'static str,
        plain: Contender,
        start: impl Fn(usize) -> Result<Box<dyn Running>, StartError> + 'static,
    ) -> Entrant {
        let start = Box::new(start);
        Entrant { name, plain, start }
    }
}

impl From<Contender> for Entrant {
    fn from(contender: Contender) -> Entrant {
        Entrant::new(contender.name(), contender.plain(), move |keys| {
            contender.start(keys, 1, &Inline)
        })
    }
}

impl fmt::Debug for Entrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entrant")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Times all entrants over keys and over words, all keys alike and by Zipf's law, in groups whose names
/// begin with `name`. At each size they must hand on the same totals as the plain loop, batch by batch,
/// before they are timed. One is timed in ten samples of equally many batches, a second in all, after 0.2
/// seconds of warm-up.
///
/// # Errors
///
/// An entrant that does not start.
///
/// # Panics
///
/// Panics if an entrant hands on other totals than the plain loop.
pub fn running_counts(name: &str, entrants: &[Entrant]) -> Result<(), StartError> {
    let mut criterion = criterion()
        .sample_size(10)
        // More of them take longer than the measurement.
        .nresamples(10_000)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    for (drawn, draw) in DISTRIBUTIONS {
        let group = group(&mut criterion, format!("{name}/keys/{drawn}"));
        over_keys(group, draw, entrants)?;
    }
    for (drawn, draw) in DISTRIBUTIONS {
        let group = group(&mut criterion, format!("{name}/words/{drawn}"));
        over_words(group, draw, entrants)?;
    }
    criterion.final_summary();
    Ok(())
}

/// A group whose chart has logarithmic axes.
fn group(criterion: &mut Criterion, name: String) -> BenchmarkGroup<'_, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group
        .plot_config(PlotConfiguration::default().summary_scale(AxisScale::Logarithmic))
        // All figures are means: left alone, criterion draws a line of means and slopes.
        .sampling_mode(SamplingMode::Flat);
    group
}

/// Times all entrants with states that grow.
fn over_keys(
    mut group: BenchmarkGroup<'_, WallTime>,
    draw: Draw,
    entrants: &[Entrant],
) -> Result<(), StartError> {
    for keys in sizes_and(&[1_000, 10_000, 100_000, 1_000_000], &[10_000_000]) {
        let point = Point::new(keys, size(1_000), draw);
        point.time(&mut group, keys, entrants)?;
    }
    group.finish();
    Ok(())
}

/// Times all entrants with batches that grow.
fn over_words(
    mut group: BenchmarkGroup<'_, WallTime>,
    draw: Draw,
    entrants: &[Entrant],
) -> Result<(), StartError> {
    for words in sizes_and(&[100, 1_000, 10_000, 100_000], &[1_000_000]) {
        // Only here, as a chart is drawn over the throughput where there is one.
        group.throughput(Throughput::Elements(words as u64));
        let point = Point::new(size(100_000), words, draw);
        point.time(&mut group, words, entrants)?;
    }
    group.finish();
    Ok(())
}

/// A size of the state, and batches of one size.
struct Point {
    keys: usize,
    batches: Vec<Vec<Block>>,
}

impl Point {
    fn new(keys: usize, words: usize, draw: Draw) -> Point {
        let batches = Workload::new(words, draw(keys)).batches(BATCHES);
        let batches = batches.iter().map(|lines| blocks(lines, BLOCKS)).collect();
        Point { keys, batches }
    }

    /// Checks each entrant and times it, over `parameter` in the group's chart.
    fn time(
        &self,
        group: &mut BenchmarkGroup<'_, WallTime>,
        parameter: usize,
        entrants: &[Entrant],
    ) -> Result<(), StartError> {
        let expected = self.expected(entrants)?;
        for entrant in entrants {
            let mut running = self.checked(entrant, &expected[&entrant.plain])?;
            let mut turns = self.batches.iter().cycle();
            group.bench_function(BenchmarkId::new(entrant.name, parameter), |bencher| {
                bencher.iter(|| turns.next().map(|batch| running.batch(batch)));
            });
        }
        Ok(())
    }

    /// What the plain loops hand on that entrants are held to.
    fn expected(
        &self,
        entrants: &[Entrant],
    ) -> Result<BTreeMap<Contender, Vec<Digest>>, StartError> {
        let plain: BTreeSet<Contender> = entrants.iter().map(|entrant| entrant.plain).collect();
        let digests = plain.into_iter().map(|plain| {
            let mut running = plain.start(self.keys, 1, &Inline)?;
            Ok((plain, self.digests(&mut *running)))
        });
        digests.collect()
    }

    /// The entrant, started, once it has handed on what is expected.
    fn checked(
        &self,
        entrant: &Entrant,
        expected: &[Digest],
    ) -> Result<Box<dyn Running>, StartError> {
        let mut running = (entrant.start)(self.keys)?;
        let (name, keys) = (entrant.name, self.keys);
        assert_eq!(
            self.digests(&mut *running),
            expected,
            "{name} with {keys} keys"
        );
        Ok(running)
    }

    /// What is handed on of the first batches.
    fn digests(&self, running: &mut dyn Running) -> Vec<Digest> {
        let turns = self.batches.iter().cycle().take(CHECKED_BATCHES);
        turns.map(|batch| running.batch(batch)).collect()
    }
}
