//! The cost of a scan for keys that have been idle for too long.
//!
//! Ten batches of 1,000 words each, through `map_with_state`, over states that grow: one batch of ten scans for
//! idle keys (`MWS-4`), and with `exact` each does. The time-out is such that one key in 150 times out before it
//! occurs again. `none` has no time-out. Words are drawn anew for each batch, and timing begins when keys time
//! out as fast as they come back. The figure is the time of ten batches.
//!
//! `cargo bench -p benches --bench time_outs`

use std::collections::BTreeMap;
use std::error::Error;
use std::iter::Cycle;
use std::slice::Iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode};
use engine::{
    BuildError, Inline, KeyOrder, Records, SparkContext, State, StateSpec, Stepper,
    StreamingContext, Text, Time,
};

use benches::{criterion, size, sizes};
use measure::{KeyDistribution, Workload, blocks};

const BLOCKS: usize = 5;
const WORDS: usize = 1_000;

/// The time-out, in proportion to the mean time between two occurrences of a key.
const PATIENCE: usize = 5;

/// The most keys that are checked. The slow twin takes minutes for more.
const CHECKED_KEYS_MAX: usize = 100_000;

/// Every tenth batch scans for idle keys, unless all do.
const SCAN_INTERVAL: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion();
    over_keys(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

fn over_keys(criterion: &mut Criterion) -> Result<(), BuildError> {
    let mut group = criterion.benchmark_group("time_outs/keys");
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    for keys in sizes(&[1_000, 10_000, 100_000, 1_000_000]) {
        let words = size(WORDS);
        let idle = PATIENCE * keys / words;
        let lines =
            Workload::new(words, KeyDistribution::Uniform(keys)).batches(2 * idle + SCAN_INTERVAL);
        let batches: Vec<Vec<Records>> = lines.iter().map(|lines| blocks(lines, BLOCKS)).collect();
        for (name, scan) in TimeoutScan::ALL {
            let mut program = TimeoutProgram::start(&batches, idle, scan)?;
            program.run(idle + SCAN_INTERVAL);
            if keys <= CHECKED_KEYS_MAX {
                let expected = expected(&lines[..idle + SCAN_INTERVAL], idle, scan);
                assert_eq!(program.timed_out(), expected, "{name} with {keys} keys");
            }
            group.bench_function(BenchmarkId::new(name, keys), |bencher| {
                bencher.iter(|| program.run(SCAN_INTERVAL));
            });
        }
    }
    group.finish();
    Ok(())
}

/// The batches that scan for idle keys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TimeoutScan {
    Never,
    EveryTenth,
    Every,
}

impl TimeoutScan {
    const ALL: [(&'static str, TimeoutScan); 3] = [
        ("none", TimeoutScan::Never),
        ("every_tenth", TimeoutScan::EveryTenth),
        ("exact", TimeoutScan::Every),
    ];
}

/// A running count, and the number of its keys that have timed out.
struct TimeoutProgram<'a> {
    stepper: Stepper,
    batches: Cycle<Iter<'a, Vec<Records>>>,
    now: Time,
    timed_out: Arc<AtomicUsize>,
}

impl TimeoutProgram<'_> {
    /// A program whose keys may be idle for `idle` batches.
    fn start(
        batches: &[Vec<Records>],
        idle: usize,
        scan: TimeoutScan,
    ) -> Result<TimeoutProgram<'_>, BuildError> {
        let cluster = SparkContext::local(1, "time_outs").with_key_order(KeyOrder::Arrival);
        let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
        let words = ssc
            .receiver_stream("lines")
            .flat_map(|line| line.split(" "));
        let timed_out = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&timed_out);
        let mut spec = StateSpec::function(
            move |_: &Text, one: Option<i64>, state: &mut State<'_, i64>| match one {
                Some(one) => state.update(state.get_option().unwrap_or(&0) + one),
                None => {
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            },
        );
        if scan != TimeoutScan::Never {
            spec = spec.timeout(Duration::from_secs(idle as u64));
        }
        if scan == TimeoutScan::Every {
            spec = spec.exact_timeouts();
        }
        let totals = words.map(|word| (word, 1)).map_with_state(spec);
        totals.foreach_rdd(|_, _| Ok(()));
        Ok(TimeoutProgram {
            stepper: Stepper::start(ssc.build()?, Time::EPOCH),
            batches: batches.iter().cycle(),
            now: Time::EPOCH,
            timed_out,
        })
    }

    fn run(&mut self, batches: usize) {
        for batch in self.batches.by_ref().take(batches) {
            self.now = Time::from_millis(self.now.as_millis() + 1_000);
            self.stepper.batch(self.now, batch.iter().cloned(), &Inline);
        }
    }

    fn timed_out(&self) -> usize {
        self.timed_out.load(Ordering::Relaxed)
    }
}

/// The number of keys that time out in these batches: the slow twin.
fn expected(batches: &[Vec<Text>], idle: usize, scan: TimeoutScan) -> usize {
    let mut last_occurrence = BTreeMap::new();
    let mut timed_out = 0;
    for (number, lines) in (1..).zip(batches) {
        let words = lines.iter().flat_map(|line| line.as_str().split(' '));
        last_occurrence.extend(words.map(|word| (word, number)));
        let is_scanned = match scan {
            TimeoutScan::Never => false,
            TimeoutScan::EveryTenth => number % SCAN_INTERVAL == 0,
            TimeoutScan::Every => true,
        };
        let before = last_occurrence.len();
        last_occurrence.retain(|_, last| !is_scanned || *last + idle >= number);
        timed_out += before - last_occurrence.len();
    }
    timed_out
}
