//! The cost of the exact order of 20 printed rows, with a state of a million keys.
//!
//! A batch brings 1,000 words of a state that is full; `nothing` reads no row, `spark` and `arrival` read
//! the first 20 in Spark's order and in that of arrival. In `structured_complete`, `nothing` is update
//! mode, which shows the words of the batch alone. The figure is the time of one batch.
//!
//! `cargo bench -p benches --bench print`

use std::error::Error;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use engine::{
    BuildError, DStream, Event, Inline, KeyOrder, Profile, Records, SparkContext, State, StateSpec,
    Stepper, StreamingContext, Text, Time,
};
use engine_structured::functions::{col, explode, split};
use engine_structured::{AnalysisError, OutputMode, Query, SparkSession, Trigger};

use benches::{criterion, size};

const STATE: usize = 1_000_000;
const BATCH: usize = 1_000;
const ROWS: usize = 20;

/// The order in which rows are read, by name; `None` reads none.
const READERS: [(&str, Option<KeyOrder>); 3] = [
    ("nothing", None),
    ("spark", Some(KeyOrder::Spark)),
    ("arrival", Some(KeyOrder::Arrival)),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion();
    dstream(&mut criterion, "print/update_state_by_key", running_counts)?;
    dstream(&mut criterion, "print/map_with_state", snapshots)?;
    structured(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

type Pairs = DStream<(Text, i64)>;

fn running_counts(ones: &Pairs) -> Pairs {
    ones.update_state_by_key(|ones, sum: Option<i64>| {
        Some(ones.iter().sum::<i64>() + sum.unwrap_or(0))
    })
}

fn snapshots(ones: &Pairs) -> Pairs {
    let running_count = |_: &Text, one: Option<i64>, state: &mut State<'_, i64>| {
        let sum = state.get_option().unwrap_or(&0) + one.unwrap_or(0);
        state.update(sum);
        sum
    };
    ones.map_with_state(StateSpec::function(running_count))
        .state_snapshots()
}

fn dstream(
    criterion: &mut Criterion,
    name: &str,
    states: fn(&Pairs) -> Pairs,
) -> Result<(), BuildError> {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10);
    for (reader, order) in READERS {
        let cluster = SparkContext::local(2, "print")
            .with_profile(Profile::Jvm)
            .with_key_order(order.unwrap_or_default());
        let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
        let ones = ssc.receiver_stream("words").map(|word| (word, 1));
        let rows = if order.is_some() { ROWS } else { 0 };
        states(&ones).foreach_rdd(move |batch, _| {
            assert_eq!(batch.take(rows)?.len(), rows, "the state is full");
            Ok(())
        });
        let mut program = SteppedProgram::new(Stepper::start(ssc.build()?, Time::EPOCH));
        program.batch(words(0, size(STATE)));
        let mut first = 0;
        group.bench_function(BenchmarkId::from_parameter(reader), |bencher| {
            bencher.iter(|| {
                first = (first + BATCH) % size(STATE);
                program.batch(words(first, BATCH));
            });
        });
    }
    group.finish();
    Ok(())
}

/// A DStream program, batch by batch.
struct SteppedProgram {
    stepper: Stepper,
    now_ms: i64,
}

impl SteppedProgram {
    fn new(stepper: Stepper) -> SteppedProgram {
        SteppedProgram { stepper, now_ms: 0 }
    }

    fn batch(&mut self, block: Records) {
        self.now_ms += 1_000;
        let now = Time::from_millis(self.now_ms);
        self.stepper.batch(now, [block], &Inline);
        assert_eq!(self.stepper.failure(), None);
        self.stepper.take_journal();
    }
}

fn structured(criterion: &mut Criterion) -> Result<(), AnalysisError> {
    let mut group = criterion.benchmark_group("print/structured_complete");
    group.sample_size(10);
    for (reader, order) in READERS {
        let mut query = Stepper::new(query(order)?, Time::EPOCH);
        assert_eq!(batch(&mut query, words(0, size(STATE))), ROWS);
        let mut first = 0;
        group.bench_function(BenchmarkId::from_parameter(reader), |bencher| {
            bencher.iter(|| {
                first = (first + BATCH) % size(STATE);
                batch(&mut query, words(first, BATCH))
            });
        });
    }
    group.finish();
    Ok(())
}

fn query(order: Option<KeyOrder>) -> Result<Query, AnalysisError> {
    let output_mode = order.map_or(OutputMode::Update, |_| OutputMode::Complete);
    let spark = SparkSession::local(2, "print").with_key_order(order.unwrap_or_default());
    let lines = spark.read_stream().memory("words");
    let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
    let counts = words.group_by("word").count().write_stream();
    counts
        .output_mode(output_mode)
        .trigger(Trigger::Default)
        .num_rows(ROWS)
        .console()
}

/// Runs a micro-batch with these words, and returns the number of rows that are shown.
fn batch(query: &mut Stepper<Query>, words: Records) -> usize {
    query.batch(Time::EPOCH, [words], &Inline);
    assert_eq!(query.failure(), None);
    let rows = |event: &Event| match event {
        Event::TableShown { table, .. } => table.rows.len(),
        _ => 0,
    };
    let shown = query.events().map(rows).sum();
    query.take_journal();
    shown
}

/// The words of `count` keys from `first` on.
fn words(first: usize, count: usize) -> Records {
    let words = first..first + count;
    words
        .map(|key| Text::from(format!("key-{key:08}")))
        .collect()
}
