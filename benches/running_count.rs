//! Running counts side by side: whoever keeps one is timed over keys of the state and words of a batch.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{AxisScale, BenchmarkGroup, BenchmarkId, Criterion, PlotConfiguration, Throughput};
use engine::{Block, Inline};
use measure::{Contender, Digest, Keys, Running, Workload, blocks};

use crate::{criterion, size, sizes_and};

/// Different batches, which come in turn.
const BATCHES: usize = 5;

/// Input partitions of a batch.
const BLOCKS: usize = 5;

/// How keys are drawn, by name, if there are so many.
const DISTRIBUTIONS: [Distribution; 2] = [
    ("uniform", Keys::Uniform),
    ("zipf", |keys| Keys::Zipf(keys, 1.1)),
];

type Distribution = (&'static str, fn(usize) -> Keys);

type Start = Box<dyn Fn(usize) -> Result<Box<dyn Running>, Box<dyn Error>>>;

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
        start: impl Fn(usize) -> Result<Box<dyn Running>, Box<dyn Error>> + 'static,
    ) -> Entrant {
        let start = Box::new(start);
        Entrant { name, plain, start }
    }

    /// What is handed on of the first batches, one in which all keys are scanned among them.
    fn first_digests(
        &self,
        keys: usize,
        batches: &[Vec<Block>],
    ) -> Result<Vec<Digest>, Box<dyn Error>> {
        let mut running = (self.start)(keys)?;
        let turns = batches.iter().cycle().take(BATCHES * 2 + 1);
        Ok(turns.map(|batch| running.batch(batch)).collect())
    }
}

impl From<Contender> for Entrant {
    fn from(contender: Contender) -> Entrant {
        Entrant::new(contender.name(), contender.plain(), move |keys| {
            Ok(contender.start(keys, 1, &Inline)?)
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
/// begin with `name`. At each size they must hand on the same totals, batch by batch, before one is timed.
///
/// # Errors
///
/// An entrant that does not start.
///
/// # Panics
///
/// Panics if an entrant hands on other totals than the plain loop.
pub fn running_counts(name: &str, entrants: &[Entrant]) -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion()
        .sample_size(10)
        // More of them take longer than the measurement.
        .nresamples(10_000)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    for (drawn, keys) in DISTRIBUTIONS {
        let mut group = group(&mut criterion, format!("{name}/keys/{drawn}"));
        for size_of_state in sizes_and(&[1_000, 10_000, 100_000, 1_000_000], &[10_000_000]) {
            let sizes = (size_of_state, size(1_000));
            point(
                &mut group,
                size_of_state,
                sizes,
                (keys(size_of_state), entrants),
            )?;
        }
        group.finish();
    }
    for (drawn, keys) in DISTRIBUTIONS {
        let mut group = group(&mut criterion, format!("{name}/words/{drawn}"));
        let size_of_state = size(100_000);
        for words in sizes_and(&[100, 1_000, 10_000, 100_000], &[1_000_000]) {
            // Only here, as a chart is drawn over the throughput where there is one.
            group.throughput(Throughput::Elements(words as u64));
            let sizes = (size_of_state, words);
            point(&mut group, words, sizes, (keys(size_of_state), entrants))?;
        }
        group.finish();
    }
    criterion.final_summary();
    Ok(())
}

/// A group whose chart has logarithmic axes.
fn group(criterion: &mut Criterion, name: String) -> BenchmarkGroup<'_, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.plot_config(PlotConfiguration::default().summary_scale(AxisScale::Logarithmic));
    group
}

/// Times all entrants with a state and batches of these sizes.
fn point(
    group: &mut BenchmarkGroup<'_, WallTime>,
    parameter: usize,
    (size_of_state, words): (usize, usize),
    (keys, entrants): (Keys, &[Entrant]),
) -> Result<(), Box<dyn Error>> {
    let batches = Workload::new(words, keys).batches(BATCHES);
    let batches: Vec<Vec<Block>> = batches.iter().map(|lines| blocks(lines, BLOCKS)).collect();
    for entrant in entrants {
        let expected = Entrant::from(entrant.plain).first_digests(size_of_state, &batches)?;
        let found = entrant.first_digests(size_of_state, &batches)?;
        assert_eq!(
            found, expected,
            "{} with {size_of_state} keys",
            entrant.name
        );
        let mut running = (entrant.start)(size_of_state)?;
        let mut turns = batches.iter().cycle();
        group.bench_function(BenchmarkId::new(entrant.name, parameter), |bencher| {
            bencher.iter(|| turns.next().map(|batch| running.batch(batch)));
        });
    }
    Ok(())
}
