//! Words that one thread counts in a second, through `flat_map`, `map` and `reduce_by_key`.
//!
//! One batch of lines of ten words, stored as five blocks, is split, paired with ones, and reduced to
//! two partitions; the consumer adds the counts up. `words` grows the batch at 1,000 keys;
//! `uniform_keys` and `zipf_keys` grow the number of keys at 100,000 words, uniform and skewed. The
//! figure is words a second. Rows come in the order of PySpark, the default.
//!
//! `cargo bench -p benches --bench word_count`

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use engine::{
    BuildError, Failure, Inline, Rdd, Records, SparkContext, Stepper, StreamingContext, Text, Time,
};

use benches::{criterion, size, sizes};
use measure::{KeyDistribution, Workload, blocks};

const BLOCKS: usize = 5;
const BATCH_TIME: Time = Time::from_millis(1_000);

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion();
    words(&mut criterion)?;
    keys(
        &mut criterion,
        "word_count/uniform_keys",
        KeyDistribution::Uniform,
    )?;
    keys(&mut criterion, "word_count/zipf_keys", |keys| {
        KeyDistribution::Zipf {
            keys,
            exponent: 1.0,
        }
    })?;
    criterion.final_summary();
    Ok(())
}

fn words(criterion: &mut Criterion) -> Result<(), BuildError> {
    let mut group = criterion.benchmark_group("word_count/words");
    for words in sizes(&[10, 1_000, 100_000]) {
        let workload = Workload::new(words, KeyDistribution::Uniform(1_000));
        group.throughput(Throughput::Elements(words as u64));
        word_count(&mut group, words, workload)?;
    }
    group.finish();
    Ok(())
}

fn keys(
    criterion: &mut Criterion,
    name: &str,
    distribution: fn(usize) -> KeyDistribution,
) -> Result<(), BuildError> {
    let mut group = criterion.benchmark_group(name);
    let words = size(100_000);
    for keys in sizes(&[10, 1_000, 100_000]) {
        let workload = Workload::new(words, distribution(keys));
        group.throughput(Throughput::Elements(words as u64));
        word_count(&mut group, keys, workload)?;
    }
    group.finish();
    Ok(())
}

fn word_count(
    group: &mut BenchmarkGroup<'_, WallTime>,
    parameter: usize,
    workload: Workload,
) -> Result<(), BuildError> {
    let lines = workload.lines();
    check(&lines)?;
    group.bench_function(BenchmarkId::from_parameter(parameter), |bencher| {
        bencher.iter_batched(
            || {
                let (program, _) = program(sums).expect("the same program was built for the check");
                (program, blocks(&lines, BLOCKS))
            },
            |(program, blocks)| run(program, blocks),
            BatchSize::LargeInput,
        );
    });
    Ok(())
}

/// The slow twin of the program.
fn counts(lines: &[Text]) -> BTreeMap<Text, i64> {
    let mut counts = BTreeMap::new();
    for word in lines.iter().flat_map(|line| line.as_str().split(' ')) {
        *counts.entry(Text::from(word)).or_default() += 1;
    }
    counts
}

/// The result of a consumer that costs next to nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    rows: usize,
    words: i64,
}

impl Sums {
    fn of(counts: impl IntoIterator<Item = i64>) -> Sums {
        let mut sums = Sums::default();
        for count in counts {
            sums.rows += 1;
            sums.words += count;
        }
        sums
    }
}

fn sums(batch: &Rdd<(Text, i64)>) -> Result<Sums, Failure> {
    let counts = batch.collect()?.into_iter();
    Ok(Sums::of(counts.map(|(_, count)| count)))
}

/// Compares every count, and the sums of the timed consumer, with those of the twin.
#[track_caller]
fn check(lines: &[Text]) -> Result<(), BuildError> {
    let expected = counts(lines);
    let (everything, found) = program(Rdd::collect)?;
    run(everything, blocks(lines, BLOCKS));
    let found = lock(&found);
    assert_eq!(found.len(), expected.len(), "each word has one count");
    assert_eq!(found.iter().cloned().collect::<BTreeMap<_, _>>(), expected);
    let (timed, found) = program(sums)?;
    run(timed, blocks(lines, BLOCKS));
    assert_eq!(*lock(&found), Sums::of(expected.into_values()));
    Ok(())
}

/// Reads the counts of a batch.
type Consumer<R> = fn(&Rdd<(Text, i64)>) -> Result<R, Failure>;

/// The word count, started at the epoch, and the result of its consumer for the last batch.
fn program<R: Default + Send + 'static>(
    consumer: Consumer<R>,
) -> Result<(Stepper, Arc<Mutex<R>>), BuildError> {
    let ssc = StreamingContext::new(
        &SparkContext::local(2, "word_count"),
        Duration::from_secs(1),
    );
    let last = Arc::new(Mutex::new(R::default()));
    let result = Arc::clone(&last);
    let words = ssc
        .receiver_stream("lines")
        .flat_map(|line| line.split(" "));
    let counts = words.map(|word| (word, 1)).reduce_by_key(|x, y| x + y);
    counts.foreach_rdd(move |batch, _| {
        *lock(&result) = consumer(batch)?;
        Ok(())
    });
    Ok((Stepper::start(ssc.build()?, Time::EPOCH), last))
}

/// Stores the blocks and ends the batch. Returns the program, so that dropping it is not timed.
fn run(mut program: Stepper, blocks: Vec<Records>) -> Stepper {
    program.batch(BATCH_TIME, blocks, &Inline);
    program
}

/// Locks a result, which only one thread uses at a time.
fn lock<R>(result: &Mutex<R>) -> MutexGuard<'_, R> {
    result.lock().unwrap_or_else(PoisonError::into_inner)
}
