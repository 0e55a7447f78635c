//! The running count as a program of DStreams, driven batch by batch.

use std::hint::black_box;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::testing::Stepper;
use engine::{
    Block, BuildError, DStream, KeyOrder, SparkContext, State, StateSpec, StreamingContext, Text,
    Time, UpdateSpec, Workers,
};

use crate::workload::key_name;
use crate::{Digest, Running};

const INTERVAL: Duration = Duration::from_secs(1);

/// Longer than any program runs: some three hundred years.
const NEVER: Duration = Duration::from_hours(24 * 365 * 280);

/// Words with a one each, with their counts in one batch, or with their totals.
pub(crate) type Pairs = DStream<(Text, i64)>;

/// A program whose consumer folds what each batch hands on.
pub(crate) struct DStreamProgram<'a> {
    stepper: Stepper,
    now: Time,
    workers: &'a dyn Workers,
    /// What the consumer made of the last batch, until it is fetched.
    digest: Arc<Mutex<Option<Digest>>>,
}

impl<'a> DStreamProgram<'a> {
    /// Splits lines into words with a one each, and gives them to `totals`.
    ///
    /// Rows come in the order of arrival: that of Spark is worked out for what is printed, which is
    /// another question.
    pub(crate) fn start(
        cores: usize,
        workers: &'a dyn Workers,
        totals: impl FnOnce(&Pairs) -> Pairs,
    ) -> Result<DStreamProgram<'a>, BuildError> {
        let cluster = SparkContext::local(cores, "measure").with_key_order(KeyOrder::Arrival);
        let ssc = StreamingContext::new(&cluster, INTERVAL);
        let words = ssc
            .receiver_stream("lines")
            .flat_map(|line| line.split(" "));
        let digest = Arc::new(Mutex::new(None));
        let sink = Arc::clone(&digest);
        let totals = totals(&words.map(|word| (word, 1)));
        let digests = totals.aggregate_pairs(Digest::default(), consume, Digest::and);
        digests.foreach_rdd(move |batch, _| {
            *sink.lock().unwrap_or_else(PoisonError::into_inner) = batch.take(1).pop();
        });
        Ok(DStreamProgram {
            stepper: Stepper::new(ssc.build()?, Time::EPOCH),
            now: Time::EPOCH,
            workers,
            digest,
        })
    }
}

impl Running for DStreamProgram<'_> {
    fn batch(&mut self, blocks: &[Block]) -> Digest {
        let next = self.now.checked_add(INTERVAL);
        self.now = next.expect("no program runs until the end of time");
        let blocks = blocks.iter().cloned();
        self.stepper.batch(self.now, blocks, self.workers);
        let digest = self
            .digest
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        digest.expect("counting words does not fail")
    }
}

/// The consumer.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "states are shown where they lie, whatever they are"
)]
fn consume(mut digest: Digest, word: &Text, total: &i64) -> Digest {
    digest.add(word, *total);
    digest
}

/// Totals by `update_state_by_key`, from a state of so many keys: its function is given all the ones
/// of a word.
///
/// The function is opaque, as users' functions mostly are: a compiler that sees that it leaves idle keys as
/// they are leaves out the calls, and with them what is to be measured.
pub(crate) fn update_state_by_key(ones: &Pairs, keys: usize) -> Pairs {
    let running_total = |ones: &[i64], total: Option<i64>| {
        let total = black_box(total.unwrap_or(0));
        Some(ones.iter().sum::<i64>() + total)
    };
    ones.update_state_by_key_with(UpdateSpec::function(running_total).initial_state(initial(keys)))
}

/// Totals by `map_with_state`, from a state of so many keys: its function is called for each word.
pub(crate) fn map_with_state(ones: &Pairs, keys: usize, has_timeout: bool) -> Pairs {
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
