//! The full state of `update_state_by_key`: a new collection each batch, by cogroup.

use crate::Workers;
use crate::dstream::shuffle::{FirstSeen, Shuffle};
use crate::dstream::{Data, Key};
use crate::workers::gather;

/// All keys with their states, partition by partition, in the order in which Spark prints them.
pub(crate) type States<K, S> = Vec<Vec<(K, S)>>;

/// The state before the first batch: of a key that is there twice the first counts (`USK-5`).
pub(crate) fn initial_state<K: Key, S: Data>(
    shuffle: Shuffle,
    initial: Vec<(K, S)>,
) -> States<K, S> {
    let mut partitions: Vec<FirstSeen<K, S>> = (0..shuffle.partitions())
        .map(|_| FirstSeen::default())
        .collect();
    for (key, state) in initial {
        partitions[shuffle.partition_of(&key)]
            .entry(key)
            .or_insert(state);
    }
    partitions
        .into_iter()
        .map(|partition| partition.into_iter().collect())
        .collect()
}

/// The state after a batch with these values (`USK-1` to `USK-3`). `old` is left as it is.
pub(crate) fn updated<K: Key, V: Data, S: Data>(
    shuffle: Shuffle,
    old: &States<K, S>,
    groups: &[FirstSeen<K, Vec<V>>],
    update: &(impl Fn(&[V], Option<S>) -> Option<S> + Sync),
    workers: &dyn Workers,
) -> States<K, S> {
    let none = FirstSeen::default();
    gather(workers, old.len(), |partition| {
        let groups = groups.get(partition).unwrap_or(&none);
        let cogrouped = cogroup(shuffle, &old[partition], groups);
        let states = cogrouped.into_iter().map(|(key, (values, state))| {
            let state = update(values.map_or(&[], Vec::as_slice), state.cloned());
            (key, state)
        });
        states
            .filter_map(|(key, state)| Some((key.clone(), state?)))
            .collect()
    })
}

type Cogrouped<'a, K, V, S> = Vec<(&'a K, (Option<&'a Vec<V>>, Option<&'a S>))>;

/// Every key with its new values and its old state, in the order in which the language's cogroup
/// hands keys out: the JVM inserts the batch first, Python the old state, and so it is in the order
/// of arrival.
fn cogroup<'a, K: Key, V, S>(
    shuffle: Shuffle,
    old: &'a [(K, S)],
    groups: &'a FirstSeen<K, Vec<V>>,
) -> Cogrouped<'a, K, V, S> {
    let mut is_old = vec![false; groups.len()];
    let mut states = Vec::with_capacity(old.len() + groups.len());
    for (key, state) in old {
        let group = groups.get_full(key);
        if let Some((index, ..)) = group {
            is_old[index] = true;
        }
        states.push((key, (group.map(|(.., values)| values), Some(state))));
    }
    if shuffle.has_tables() {
        return shuffle.arrange(batch_first(states, groups), |(key, _)| *key);
    }
    let new = groups.iter().zip(is_old).filter(|(_, is_old)| !is_old);
    states.extend(new.map(|((key, values), _)| (key, (Some(values), None))));
    states
}

/// The batch's keys in the order of arrival, then the keys that only the old state has.
fn batch_first<'a, K: Key, V, S>(
    states: Cogrouped<'a, K, V, S>,
    groups: &'a FirstSeen<K, Vec<V>>,
) -> Cogrouped<'a, K, V, S> {
    let mut batch: Cogrouped<'a, K, V, S> = groups
        .iter()
        .map(|(key, values)| (key, (Some(values), None)))
        .collect();
    for (key, (values, state)) in states {
        match groups.get_index_of(key) {
            Some(index) => batch[index].1.1 = state,
            None => batch.push((key, (values, state))),
        }
    }
    batch
}
