//! The cost of a record on its way into a batch, before anything is computed.
//!
//! One batch of a program that only counts its records. `one_by_one` passes lines as a receiver gets them,
//! evenly over the second, to be cut into five blocks; `stored` passes the same five blocks ready-made. The figure is records a second, at 1, 1,000 and 100,000 records a batch.
//!
//! `cargo bench -p benches --bench receive`

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use engine::{
    BuildError, Inline, Input, Records, SparkContext, Stepper, StreamId, StreamingContext, Text,
    Time,
};

use benches::{criterion, sizes};
use measure::{KeyDistribution, Workload};

const BATCH_MS: usize = 1_000;
const BLOCKS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion();
    receive(&mut criterion, "one_by_one", one_by_one)?;
    receive(&mut criterion, "stored", stored)?;
    criterion.final_summary();
    Ok(())
}

/// Times one way of passing a batch's lines, as inputs with their times in milliseconds.
fn receive(
    criterion: &mut Criterion,
    way: &str,
    inputs: fn(&[Text]) -> Vec<(i64, Input)>,
) -> Result<(), BuildError> {
    let mut group = criterion.benchmark_group(format!("receive/{way}"));
    for records in sizes(&[1, 1_000, 100_000]) {
        let lines = Workload::new(records * 10, KeyDistribution::Uniform(1_000)).lines();
        let (program, received) = program()?;
        run(program, inputs(&lines));
        assert_eq!(received.load(Ordering::Relaxed), records);

        group.throughput(Throughput::Elements(records as u64));
        group.bench_function(BenchmarkId::from_parameter(records), |bencher| {
            bencher.iter_batched(
                || {
                    let program = self::program();
                    let (program, _) = program.expect("the same program was built for the check");
                    (program, inputs(&lines))
                },
                |(program, inputs)| run(program, inputs),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
    Ok(())
}

/// A program that counts its records, started at the epoch, and its counter.
fn program() -> Result<(Stepper, Arc<AtomicUsize>), BuildError> {
    let sc = SparkContext::local(2, "receive");
    let ssc = StreamingContext::new(&sc, Duration::from_millis(BATCH_MS as u64));
    let received = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&received);
    ssc.receiver_stream("lines").foreach_rdd(move |batch, _| {
        counter.fetch_add(batch.count()?, Ordering::Relaxed);
        Ok(())
    });
    Ok((Stepper::start(ssc.build()?, Time::EPOCH), received))
}

fn one_by_one(lines: &[Text]) -> Vec<(i64, Input)> {
    let received = (1..).zip(lines).map(|(number, line)| {
        let time_ms = number * BATCH_MS / lines.len();
        let record = line.clone();
        let stream = StreamId(0);
        (time_ms as i64, Input::Received { stream, record })
    });
    received.collect()
}

fn stored(lines: &[Text]) -> Vec<(i64, Input)> {
    let blocks = (1..).zip(lines.chunks(lines.len().div_ceil(BLOCKS)));
    let stored = blocks.map(|(number, records)| {
        let time_ms = number * (BATCH_MS / BLOCKS) as i64;
        let records = Records::from(records);
        let stream = StreamId(0);
        (time_ms, Input::Stored { stream, records })
    });
    stored.collect()
}

/// Passes the inputs and ends the batch. Returns the program, so that dropping it is not timed.
fn run(mut program: Stepper, inputs: Vec<(i64, Input)>) -> Stepper {
    for (time_ms, input) in inputs {
        program.handle(Time::from_millis(time_ms), input, &Inline);
    }
    program.handle(Time::from_millis(BATCH_MS as i64), Input::Woken, &Inline);
    program
}
