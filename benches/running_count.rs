//! Running counts side by side, over keys of the state and over words of a batch.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{
    AxisScale, BenchmarkGroup, BenchmarkId, Criterion, PlotConfiguration, SamplingMode, Throughput,
};
use engine::{Inline, Records};
use measure::{Checksum, KeyDistribution, RunningSubject, Subject, Workload, blocks};

use crate::{criterion, size, sizes_and};

/// Different batches, which come in turn.
const BATCHES: usize = 5;

/// Batches that are checked: all of them twice, and a tenth one.
const CHECKED_BATCHES: usize = BATCHES * 2 + 1;

/// Input partitions of a batch.
const BLOCKS: usize = 5;

/// The distributions of keys, by name.
const DISTRIBUTIONS: [(&str, Distribution); 2] = [
    ("uniform", KeyDistribution::Uniform),
    ("zipf", |keys| KeyDistribution::Zipf {
        keys,
        exponent: 1.1,
    }),
];

/// A distribution over a number of keys.
type Distribution = fn(usize) -> KeyDistribution;

/// Starts a subject with a number of keys, each with the total 1.
type Start = Box<dyn Fn(usize) -> Box<dyn RunningSubject>>;

/// A subject that criterion times, one of ours or of an outside engine.
pub struct TimedSubject {
    name: &'static str,
    /// The plain loop that emits the same rows.
    reference: Subject,
    start: Start,
}

impl TimedSubject {
    /// A subject that emits the same rows as `reference`, and `start`s with a number of keys of total 1.
    pub fn new(
        name: &'static str,
        reference: Subject,
        start: impl Fn(usize) -> Box<dyn RunningSubject> + 'static,
    ) -> TimedSubject {
        TimedSubject {
            name,
            reference,
            start: Box::new(start),
        }
    }
}

impl From<Subject> for TimedSubject {
    fn from(subject: Subject) -> TimedSubject {
        TimedSubject::new(subject.name(), subject.reference(), move |keys| {
            subject.start(keys, 1, &Inline)
        })
    }
}

impl fmt::Debug for TimedSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimedSubject")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Times all subjects over keys and over words, with uniform keys and by Zipf's law, in groups whose names
/// begin with `name`.
///
/// At each size the batches of a subject must have the same checksums as those of its reference before it is
/// timed. It is timed in ten samples of equally many batches, a second in all, after 0.2 seconds of warm-up.
///
/// # Panics
///
/// Panics if a subject emits other rows than its reference.
pub fn running_counts(name: &str, subjects: &[TimedSubject]) {
    let mut criterion = criterion()
        .sample_size(10)
        // More of them take longer than the measurement.
        .nresamples(10_000)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    for (drawn, distribution) in DISTRIBUTIONS {
        let group = group(&mut criterion, format!("{name}/keys/{drawn}"));
        over_keys(group, distribution, subjects);
    }
    for (drawn, distribution) in DISTRIBUTIONS {
        let group = group(&mut criterion, format!("{name}/words/{drawn}"));
        over_words(group, distribution, subjects);
    }
    criterion.final_summary();
}

/// A group whose chart has logarithmic axes.
fn group(criterion: &mut Criterion, name: String) -> BenchmarkGroup<'_, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group
        .plot_config(PlotConfiguration::default().summary_scale(AxisScale::Logarithmic))
        // All figures are means: by default criterion would draw a line of means and slopes.
        .sampling_mode(SamplingMode::Flat);
    group
}

/// Times all subjects with states that grow.
fn over_keys(
    mut group: BenchmarkGroup<'_, WallTime>,
    distribution: Distribution,
    subjects: &[TimedSubject],
) {
    for keys in sizes_and(&[1_000, 10_000, 100_000, 1_000_000], &[10_000_000]) {
        let input = BenchInput::new(keys, size(1_000), distribution);
        input.time(&mut group, keys, subjects);
    }
    group.finish();
}

/// Times all subjects with batches that grow.
fn over_words(
    mut group: BenchmarkGroup<'_, WallTime>,
    distribution: Distribution,
    subjects: &[TimedSubject],
) {
    for words in sizes_and(&[100, 1_000, 10_000, 100_000], &[1_000_000]) {
        // The other groups have no throughput, as criterion then draws charts over it.
        group.throughput(Throughput::Elements(words as u64));
        let input = BenchInput::new(size(100_000), words, distribution);
        input.time(&mut group, words, subjects);
    }
    group.finish();
}

/// A size of the state, and batches of one size.
struct BenchInput {
    keys: usize,
    batches: Vec<Vec<Records>>,
}

impl BenchInput {
    fn new(keys: usize, words: usize, distribution: Distribution) -> BenchInput {
        let batches = Workload::new(words, distribution(keys)).batches(BATCHES);
        let batches = batches.iter().map(|lines| blocks(lines, BLOCKS)).collect();
        BenchInput { keys, batches }
    }

    /// Checks each subject and times it, at `parameter` in the group's chart.
    fn time(
        &self,
        group: &mut BenchmarkGroup<'_, WallTime>,
        parameter: usize,
        subjects: &[TimedSubject],
    ) {
        let expected = self.expected(subjects);
        for TimedSubject {
            name,
            reference,
            start,
        } in subjects
        {
            let mut running = start(self.keys);
            let checksums = self.checksums(&mut *running);
            let keys = self.keys;
            assert_eq!(checksums, expected[reference], "{name} with {keys} keys");
            let mut turns = self.batches.iter().cycle();
            group.bench_function(BenchmarkId::new(*name, parameter), |bencher| {
                bencher.iter(|| turns.next().map(|batch| running.batch(batch)));
            });
        }
    }

    /// The checksums of the references.
    fn expected(&self, subjects: &[TimedSubject]) -> BTreeMap<Subject, Vec<Checksum>> {
        let mut expected = BTreeMap::new();
        for reference in subjects.iter().map(|subject| subject.reference) {
            expected.entry(reference).or_insert_with(|| {
                let mut running = reference.start(self.keys, 1, &Inline);
                self.checksums(&mut *running)
            });
        }
        expected
    }

    /// The checksums of the first batches.
    fn checksums(&self, running: &mut dyn RunningSubject) -> Vec<Checksum> {
        let turns = self.batches.iter().cycle().take(CHECKED_BATCHES);
        turns.map(|batch| running.batch(batch)).collect()
    }
}
