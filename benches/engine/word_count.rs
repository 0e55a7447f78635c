//! How many words a second does one thread count, through `flat_map`, `map` and `reduce_by_key`?
//!
//! One batch of lines of ten words, stored as five blocks, is split, paired with ones, and reduced to
//! two partitions; the consumer adds the counts up. `words` grows the batch at 1,000 keys;
//! `uniform_keys` and `zipf_keys` grow the number of keys at 100,000 words, all alike and skewed. The
//! figure is words a second. Rows come in the order of PySpark, the default.
//!
//! `cargo bench -p benches --bench word_count`

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use engine::testing::Stepper;
use engine::{Block, BuildError, Inline, Rdd, SparkContext, StreamingContext, Text, Time};

use benches::{Counts, Keys, Totals, Workload, criterion, size, sizes};
use measure::blocks;

const BLOCKS: usize = 5;
const BATCH_TIME: Time = Time::from_millis(1_000);

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion();
    words(&mut criterion)?;
    keys(&mut criterion, "word_count/uniform_keys", Keys::Uniform)?;
    keys(&mut criterion, "word_count/zipf_keys", |keys| {
        Keys::Zipf(keys, 1.0)
    })?;
    criterion.final_summary();
    Ok(())
}

fn words(criterion: &mut Criterion) -> Result<(), BuildError> {
    let mut group = criterion.benchmark_group("word_count/words");
    for words in sizes(&[10, 1_000, 100_000]) {
        let workload = Workload::new(words, Keys::Uniform(1_000));
        word_count(&mut group, (words, words), workload)?;
    }
    group.finish();
    Ok(())
}

fn keys(
    criterion: &mut Criterion,
    name: &str,
    distribution: fn(usize) -> Keys,
) -> Result<(), BuildError> {
    let mut group = criterion.benchmark_group(name);
    let words = size(100_000);
    for keys in sizes(&[10, 1_000, 100_000]) {
        let workload = Workload::new(words, distribution(keys));
        word_count(&mut group, (keys, words), workload)?;
    }
    group.finish();
    Ok(())
}

fn word_count(
    group: &mut BenchmarkGroup<'_, WallTime>,
    (parameter, words): (usize, usize),
    workload: Workload,
) -> Result<(), BuildError> {
    let lines = workload.lines();
    check(&lines)?;
    group.throughput(Throughput::Elements(words as u64));
    group.bench_function(BenchmarkId::from_parameter(parameter), |bencher| {
        bencher.iter_batched(
            || {
                (
                    program(totals).expect("it was built to be checked").0,
                    blocks(&lines, BLOCKS),
                )
            },
            |(program, blocks)| run(program, blocks),
            BatchSize::LargeInput,
        );
    });
    Ok(())
}

/// Compares every count, and what the timed consumer makes of them, with the plain twin's.
#[track_caller]
fn check(lines: &[Text]) -> Result<(), BuildError> {
    let expected = Counts::of(lines);
    let (everything, counts) = program(|batch| batch.collect().into_iter().collect::<Counts>())?;
    run(everything, blocks(lines, BLOCKS));
    assert_eq!(*lock(&counts), expected);
    let (timed, totals) = program(totals)?;
    run(timed, blocks(lines, BLOCKS));
    assert_eq!(*lock(&totals), expected.totals());
    Ok(())
}

/// The word count with a consumer of its batches, started at the epoch, and what the consumer last
/// made of one.
fn program<R: Default + Send + 'static>(
    consumer: fn(&Rdd<(Text, i64)>) -> R,
) -> Result<(Stepper, Arc<Mutex<R>>), BuildError> {
    let ssc = StreamingContext::new(
        &SparkContext::local(2, "word_count"),
        Duration::from_secs(1),
    );
    let last = Arc::new(Mutex::new(R::default()));
    let sink = Arc::clone(&last);
    let words = ssc
        .receiver_stream("lines")
        .flat_map(|line| line.split(" "));
    let counts = words.map(|word| (word, 1)).reduce_by_key(|x, y| x + y);
    counts.foreach_rdd(move |batch, _| *lock(&sink) = consumer(batch));
    Ok((Stepper::new(ssc.build()?, Time::EPOCH), last))
}

fn totals(batch: &Rdd<(Text, i64)>) -> Totals {
    Totals::of(batch.collect().into_iter().map(|(_, count)| count))
}

/// Stores the blocks and lets the batch end. Returns the program, so that dropping it is not timed.
fn run(mut program: Stepper, blocks: Vec<Block>) -> Stepper {
    program.batch(BATCH_TIME, blocks, &Inline);
    program
}

/// One thread holds it at a time, and none that does panics.
fn lock<R>(result: &Mutex<R>) -> std::sync::MutexGuard<'_, R> {
    result.lock().unwrap_or_else(PoisonError::into_inner)
}
