//! What does it cost to look for keys that have been idle for too long?
//!
//! Ten batches of 1,000 words each, through `map_with_state`, over states that grow: of ten batches, one looks
//! for idle keys (`MWS-4`), and with `exact` each does. A key may be idle for so long that one in 150 times out
//! before it comes again. `none` has no time-out. Words are drawn anew for each batch, and timing begins when keys
//! time out as fast as they come back. The figure is the time of ten batches.
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
use engine::testing::Stepper;
use engine::{
    Block, BuildError, Inline, KeyOrder, SparkContext, State, StateSpec, StreamingContext, Text,
    Time,
};

use benches::{Keys, Workload, criterion, size, sizes};
use measure::blocks;

const BLOCKS: usize = 5;
const WORDS: usize = 1_000;

/// A key comes once in so many batches, times its share; it may be idle for five times as long.
const PATIENCE: usize = 5;

/// What becomes of more keys takes minutes to find out by a look at each.
const CHECKED_KEYS_MAX: usize = 100_000;

/// Every tenth batch looks for idle keys, unless all do.
const SCAN: usize = 10;

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
        let lines = Workload::new(words, Keys::Uniform(keys)).batches(2 * idle + SCAN);
        let batches: Vec<Vec<Block>> = lines.iter().map(|lines| blocks(lines, BLOCKS)).collect();
        for (name, looks) in Looks::ALL {
            let mut program = Program::start(&batches, idle, looks)?;
            program.run(idle + SCAN);
            if keys <= CHECKED_KEYS_MAX {
                let expected = expected(&lines[..idle + SCAN], idle, looks);
                assert_eq!(program.timed_out(), expected, "{name} with {keys} keys");
            }
            group.bench_function(BenchmarkId::new(name, keys), |bencher| {
                bencher.iter(|| program.run(SCAN));
            });
        }
    }
    group.finish();
    Ok(())
}

/// In which batches idle keys are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    Never,
    InOneOfTen,
    InEach,
}

impl Looks {
    const ALL: [(&'static str, Looks); 3] = [
        ("none", Looks::Never),
        ("every_tenth", Looks::InOneOfTen),
        ("exact", Looks::InEach),
    ];
}

/// A running count, and how many keys it lost.
struct Program<'a> {
    stepper: Stepper,
    batches: Cycle<Iter<'a, Vec<Block>>>,
    now: Time,
    timed_out: Arc<AtomicUsize>,
}

impl Program<'_> {
    /// With keys that may be idle for so many batches.
    fn start(batches: &[Vec<Block>], idle: usize, looks: Looks) -> Result<Program<'_>, BuildError> {
        let cluster = SparkContext::local(1, "time_outs").with_key_order(KeyOrder::Arrival);
        let ssc = StreamingContext::new(&cluster, Duration::from_secs(1));
        let words = ssc
            .receiver_stream("lines")
            .flat_map(|line| line.split(" "));
        let timed_out = Arc::new(AtomicUsize::new(0));
        let lost = Arc::clone(&timed_out);
        let mut spec = StateSpec::function(
            move |_: &Text, one: Option<i64>, state: &mut State<'_, i64>| match one {
                Some(one) => state.update(state.get_option().unwrap_or(&0) + one),
                None => {
                    lost.fetch_add(1, Ordering::Relaxed);
                }
            },
        );
        if looks != Looks::Never {
            spec = spec.timeout(Duration::from_secs(idle as u64));
        }
        if looks == Looks::InEach {
            spec = spec.exact_timeouts();
        }
        let totals = words.map(|word| (word, 1)).map_with_state(spec);
        totals.foreach_rdd(|_, _| {});
        Ok(Program {
            stepper: Stepper::new(ssc.build()?, Time::EPOCH),
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

/// How many keys of these batches time out, by a look at each of them.
fn expected(batches: &[Vec<Text>], idle: usize, looks: Looks) -> usize {
    let (mut put_in, mut timed_out) = (BTreeMap::new(), 0);
    for (number, lines) in (1..).zip(batches) {
        let words = lines.iter().flat_map(|line| line.as_str().split(' '));
        put_in.extend(words.map(|word| (word, number)));
        let looks = match looks {
            Looks::Never => false,
            Looks::InOneOfTen => number % SCAN == 0,
            Looks::InEach => true,
        };
        let before = put_in.len();
        put_in.retain(|_, put_in| !looks || *put_in + idle >= number);
        timed_out += before - put_in.len();
    }
    timed_out
}
