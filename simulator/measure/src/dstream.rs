//! The running count as a DStream program, driven batch by batch.

use std::hint::black_box;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::{
    DStream, KeyOrder, Records, SparkContext, State, StateSpec, Stepper, StreamingContext, Text,
    Time, UpdateSpec, Workers,
};

use crate::workload::key_name;
use crate::{Checksum, RunningSubject};

const INTERVAL: Duration = Duration::from_secs(1);

/// A time-out that no program reaches: some three hundred years.
const NEVER: Duration = Duration::from_hours(24 * 365 * 280);

/// A program whose output operation computes the checksum of each batch.
pub(crate) struct DStreamProgram<'a> {
    stepper: Stepper,
    now: Time,
    workers: &'a dyn Workers,
    /// The checksum of the last batch, until it is taken.
    checksum: Arc<Mutex<Option<Checksum>>>,
}

impl<'a> DStreamProgram<'a> {
    /// Splits lines into words with a one each, and passes them to `totals`.
    ///
    /// Rows come in the order of arrival. Spark's order is computed for rows that are printed, and the
    /// bench `print` times it.
    pub(crate) fn start(
        cores: usize,
        workers: &'a dyn Workers,
        totals: impl FnOnce(&DStream<(Text, i64)>) -> DStream<(Text, i64)>,
    ) -> DStreamProgram<'a> {
        let cluster = SparkContext::local(cores, "measure").with_key_order(KeyOrder::Arrival);
        let ssc = StreamingContext::new(&cluster, INTERVAL);
        let words = ssc
            .receiver_stream("lines")
            .flat_map(|line| line.split(" "));
        let checksum = Arc::new(Mutex::new(None));
        let result = Arc::clone(&checksum);
        let totals = totals(&words.map(|word| (word, 1)));
        let checksums = totals.aggregate_pairs(Checksum::default(), add, Checksum::combine);
        checksums.foreach_rdd(move |batch, _| {
            *result.lock().unwrap_or_else(PoisonError::into_inner) = batch.take(1)?.pop();
            Ok(())
        });
        let engine = ssc.build().expect("a running count breaks no rule");
        DStreamProgram {
            stepper: Stepper::start(engine, Time::EPOCH),
            now: Time::EPOCH,
            workers,
            checksum,
        }
    }
}

impl RunningSubject for DStreamProgram<'_> {
    fn batch(&mut self, blocks: &[Records]) -> Checksum {
        let next = self.now.checked_add(INTERVAL);
        self.now = next.expect("no program runs until the end of time");
        self.stepper
            .batch(self.now, blocks.iter().cloned(), self.workers);
        assert_eq!(self.stepper.failure(), None, "counting words does not fail");
        self.stepper.take_journal();
        let mut checksum = self.checksum.lock().unwrap_or_else(PoisonError::into_inner);
        checksum.take().expect("each batch has one checksum")
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "`aggregate_pairs` passes states of every type by reference"
)]
fn add(mut checksum: Checksum, word: &Text, total: &i64) -> Checksum {
    checksum.add(word, *total);
    checksum
}

/// Totals by `update_state_by_key`, from a state of `keys` keys. Its function gets all the ones of a word
/// at once.
///
/// The function is opaque, as users' functions mostly are: a compiler that sees that it leaves idle keys
/// unchanged would remove the calls, and with them what is measured.
pub(crate) fn update_state_by_key(
    ones: &DStream<(Text, i64)>,
    keys: usize,
) -> DStream<(Text, i64)> {
    let running_total = |ones: &[i64], total: Option<i64>| {
        let total = black_box(total.unwrap_or(0));
        Some(ones.iter().sum::<i64>() + total)
    };
    ones.update_state_by_key_with(UpdateSpec::function(running_total).initial_state(initial(keys)))
}

/// Totals by `map_with_state`, from a state of `keys` keys. Its function is called for each word.
pub(crate) fn map_with_state(
    ones: &DStream<(Text, i64)>,
    keys: usize,
    has_timeout: bool,
) -> DStream<(Text, i64)> {
    let running_total = |word: &Text, count: Option<i64>, state: &mut State<'_, i64>| {
        let total = state.get_option().unwrap_or(&0) + count.unwrap_or(0);
        state.update(total);
        (word.clone(), total)
    };
    let mut spec = StateSpec::function(running_total).initial_state(initial(keys));
    if has_timeout {
        spec = spec.timeout(NEVER);
    }
    ones.map_with_state(spec).clone()
}

fn initial(keys: usize) -> Vec<(Text, i64)> {
    (0..keys)
        .map(|key| (Text::from(key_name(key)), 1))
        .collect()
}
