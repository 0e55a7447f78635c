//! A window by key that is computed from the one before.

use std::sync::Arc;
use std::time::Duration;

use super::reduce_by_key_and_window::OPERATOR;
use super::window_spec::{ReduceFunction, WindowSpec};
use crate::dstream::node::{Node, NodeContext};
use crate::dstream::node_ref::{NodeRef, batch_times};
use crate::dstream::saved_rows::{rows_to_save, saved_rows};
use crate::failure::catch;
use crate::recovery::StateContent;
use crate::rows::HashPartitioner;
use crate::rows::partitioner::FirstSeen;
use crate::rows::partitions::Part;
use crate::workers::stage;
use crate::{Data, Failure, FailureKind, Key, Rdd, Time};

/// Spark's words for a key that leaves a window in which it never was.
const NO_VALUE: &str = "neither previous window has value for key, nor new values found: \
                        the filter dropped a key whose records are still in the window";

/// A window that is computed from the one before.
pub(super) struct ReducedWindow<K, V> {
    pub(super) parent: NodeRef<Rdd<(K, V)>>,
    pub(super) parent_slide: Duration,
    pub(super) partitioner: HashPartitioner,
    pub(super) spec: WindowSpec<K, V>,
    pub(super) inverse: ReduceFunction<V>,
    /// The last window, by partition.
    pub(super) previous: Arc<Vec<Vec<(K, V)>>>,
    /// The one before it, until the next batch: to drop it calls code of its types, which may panic.
    pub(super) replaced: Arc<Vec<Vec<(K, V)>>>,
}

impl<K: Key, V: Data> Node for ReducedWindow<K, V> {
    type Batch = Rdd<(K, V)>;

    fn name(&self) -> &'static str {
        OPERATOR
    }

    fn partitioner(&self) -> Option<HashPartitioner> {
        Some(self.partitioner)
    }

    fn compute(
        &mut self,
        time: Time,
        context: &mut NodeContext<'_>,
    ) -> Result<Rdd<(K, V)>, Failure> {
        self.replaced = Arc::default();
        let leaving = match time.checked_sub(self.spec.length) {
            Some(end) => self.batches_until(end, context)?,
            None => Vec::new(),
        };
        let coming = self.batches_until(time, context)?;
        let partitions = self.partitioner.partitions();
        let next = stage(OPERATOR, context.workers(), partitions, |partition| {
            self.next(partition, &leaving, &coming)
        })?;
        Ok(self.replace(next))
    }

    fn can_save(&self) -> bool {
        self.spec.codec.is_some()
    }

    fn state_partitioner(&self) -> Option<HashPartitioner> {
        Some(self.partitioner)
    }

    fn save(&mut self, time: Time, batch: &Rdd<(K, V)>) -> Result<(StateContent, Time), Failure> {
        Ok((rows_to_save(self.spec.codec, OPERATOR, batch)?, time))
    }

    fn restore(&mut self, _: Time, saved: &[u8], _: Time) -> Result<Rdd<(K, V)>, Failure> {
        let window = saved_rows(self.spec.codec, saved)?;
        Ok(self.replace(window))
    }
}

/// The values of a key: in the window before, in the batches that leave, in those that come.
struct KeyValues<V> {
    previous: Option<V>,
    leaving: Option<V>,
    coming: Option<V>,
}

impl<V> Default for KeyValues<V> {
    fn default() -> KeyValues<V> {
        KeyValues {
            previous: None,
            leaving: None,
            coming: None,
        }
    }
}

impl<K: Key, V: Data> ReducedWindow<K, V> {
    /// Goes on with the next window.
    fn replace(&mut self, next: Vec<Vec<(K, V)>>) -> Rdd<(K, V)> {
        self.replaced = std::mem::replace(&mut self.previous, Arc::new(next));
        Rdd::of_partitions(Arc::clone(&self.previous)).partitioned_by(self.partitioner)
    }

    /// The batches of one slide up to `end`.
    fn batches_until(
        &self,
        end: Time,
        context: &mut NodeContext<'_>,
    ) -> Result<Vec<Rdd<(K, V)>>, Failure> {
        batch_times(end, self.spec.slide, self.parent_slide, context.zero_time())
            .map(|time| context.batch(self.parent, time))
            .collect()
    }

    /// A partition of the next window.
    fn next(
        &self,
        partition: usize,
        leaving: &[Rdd<(K, V)>],
        coming: &[Rdd<(K, V)>],
    ) -> Result<Vec<(K, V)>, Failure> {
        let mut values: FirstSeen<K, KeyValues<V>> = FirstSeen::default();
        for (key, value) in &self.previous[partition] {
            values.entry(key.clone()).or_default().previous = Some(value.clone());
        }
        // `PySpark` joins what leaves to the window before, and so does without a key that was not in it.
        let is_joined = !self.partitioner.is_jvm();
        read(leaving, partition, |key, value| {
            if is_joined && !values.contains_key(&key) {
                return Ok(());
            }
            self.add(&mut values, key, |values| &mut values.leaving, value)
        })?;
        read(coming, partition, |key, value| {
            self.add(&mut values, key, |values| &mut values.coming, value)
        })?;
        let pairs = values
            .into_iter()
            .map(|(key, values)| {
                let value = catch(OPERATOR, || self.value(values)).and_then(|result| result);
                match value {
                    Ok(value) => Ok((key, value)),
                    Err(failure) => Err(failure.with_key(&key)),
                }
            })
            .collect::<Result<Vec<_>, _>>()?;
        self.keep(self.partitioner.order(pairs, |(key, _)| key))
    }

    /// The pairs that the filter leaves in the window (`WIN-5`).
    fn keep(&self, mut pairs: Vec<(K, V)>) -> Result<Vec<(K, V)>, Failure> {
        let Some(keep) = &self.spec.filter else {
            return Ok(pairs);
        };
        let mut kept = Ok(());
        pairs.retain(|pair| {
            kept.is_ok()
                && catch(OPERATOR, || keep(pair))
                    .and_then(|result| result)
                    .unwrap_or_else(|failure| {
                        kept = Err(failure.with_key(&pair.0));
                        false
                    })
        });
        kept.map(|()| pairs)
    }

    /// Adds a value to a total of its key.
    fn add(
        &self,
        values: &mut FirstSeen<K, KeyValues<V>>,
        key: K,
        total: impl FnOnce(&mut KeyValues<V>) -> &mut Option<V>,
        value: V,
    ) -> Result<(), Failure> {
        let entry = values.entry(key);
        let index = entry.index();
        let total = total(entry.or_default());
        let Some(old) = total.take() else {
            *total = Some(value);
            return Ok(());
        };
        match catch(OPERATOR, || (self.spec.function)(old, value)).and_then(|result| result) {
            Ok(sum) => {
                *total = Some(sum);
                Ok(())
            }
            Err(failure) => Err(match values.get_index(index) {
                Some((key, _)) => failure.with_key(key),
                None => failure,
            }),
        }
    }

    /// The value of one key (`WIN-4`): what leaves counts only for a key that was in the window.
    fn value(&self, values: KeyValues<V>) -> Result<V, Failure> {
        let Some(previous) = values.previous else {
            let no_value = || Failure::new(FailureKind::Spark, NO_VALUE);
            return values.coming.ok_or_else(no_value);
        };
        let rest = match values.leaving {
            Some(leaving) => (self.inverse)(previous, leaving)?,
            None => previous,
        };
        match values.coming {
            Some(coming) => (self.spec.function)(rest, coming),
            None => Ok(rest),
        }
    }
}

/// Reads a partition of several batches, oldest first.
fn read<K: Data, V: Data>(
    batches: &[Rdd<(K, V)>],
    partition: usize,
    mut each: impl FnMut(K, V) -> Result<(), Failure>,
) -> Result<(), Failure> {
    batches
        .iter()
        .filter(|batch| partition < batch.partition_count())
        .try_for_each(|batch| {
            batch.read(OPERATOR, Part::whole(partition), |rows| {
                rows.drain(..).try_for_each(|(key, value)| each(key, value))
            })
        })
}
