//! The order of a state's keys in Spark's chain of tables, each the delta of a batch on the one before.

use std::sync::{Arc, OnceLock};

use super::index::{NOWHERE, Place};
use super::table::BatchNumber;
use crate::order::AppendOnlyLayout;

/// Links at which the chain is made short when its state is checkpointed
/// (`spark.streaming.sessionByKey.deltaChainThreshold`).
const THRESHOLD: usize = 20;

/// The tables of one partition's state, oldest first
/// (`org.apache.spark.streaming.util.OpenHashMapBasedStateMap`, `MAP-1` to `MAP-6`).
///
/// Only who is where is kept here; slots are worked out, once, when somebody reads them.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    links: Vec<Arc<Link>>,
    /// How long Spark finds the chain, which counts tables that were never filled.
    length: usize,
}

/// A table of the chain: all places that were touched while it was the newest.
#[derive(Debug)]
struct Link {
    /// The last batch whose entries are in it.
    up_to: BatchNumber,
    capacity: usize,
    /// In the order in which they were put in.
    touched: Vec<(Place, i32)>,
    /// The same as places in `touched`, in slot order, once somebody has asked.
    in_order: OnceLock<Vec<u32>>,
}

/// Keys that are live in a link were last put in one of these batches.
pub(crate) type Batches = std::ops::RangeInclusive<BatchNumber>;

impl Chain {
    /// A chain on the initial state, whose places come with their Java hash codes.
    pub(crate) fn new(initial: Vec<(Place, i32)>) -> Chain {
        let root = Link::new(0, AppendOnlyLayout::CAPACITY, initial);
        Chain {
            links: vec![Arc::new(root)],
            // The first batch begins with an empty copy of the root.
            length: 1,
        }
    }

    /// Adds the delta of a batch.
    pub(crate) fn push(&mut self, batch: BatchNumber, touched: Vec<(Place, i32)>) {
        let delta = Link::new(batch, AppendOnlyLayout::CAPACITY, touched);
        self.links.push(Arc::new(delta));
        self.length += 1;
    }

    /// Whether serializing the newest table would flatten those below it (`MAP-3`).
    pub(crate) fn should_compact(&self) -> bool {
        self.length >= THRESHOLD
    }

    /// Puts one table in the place of all below the newest (`MAP-4`). `is_live` says whether a place
    /// was live, in a link of these batches, before the newest batch.
    pub(crate) fn compact(&mut self, is_live: impl Fn(Place, &Batches) -> bool) {
        let Some(newest) = self.links.pop() else {
            return;
        };
        let entries = self.links.iter().map(|link| link.touched.len());
        // Overwritten keys and tombstones are counted too (`MAP-5`).
        let entries = entries.sum::<usize>() + newest.touched.len();
        let capacity = if entries == 0 {
            AppendOnlyLayout::CAPACITY
        } else {
            entries
        };
        let links = self.links();
        let live = links.flat_map(|(link, batches)| link.live(batches, &is_live));
        let flat = Link::new(newest.up_to - 1, capacity, live.collect());
        self.links = vec![Arc::new(flat), newest];
        self.length = 1;
    }

    /// The places that are live, in the order in which Spark reads them. `is_live` says whether a
    /// place is live in a link of these batches.
    pub(crate) fn places<'a>(
        &'a self,
        is_live: &'a impl Fn(Place, &Batches) -> bool,
    ) -> impl Iterator<Item = Place> + 'a {
        let links = self.links();
        let live = links.flat_map(move |(link, batches)| link.live(batches, is_live));
        live.map(|(place, _)| place)
    }

    /// The same chain when every place has moved, or is gone.
    pub(crate) fn moved(&self, to: &[Option<Place>]) -> Chain {
        let moved = |link: &Arc<Link>| {
            let touched = link.touched.iter();
            // A place that is gone still takes its slot, and nobody is found there.
            let touched = touched
                .map(|(place, hash)| {
                    let new = to.get(*place as usize).copied().flatten();
                    (new.unwrap_or(NOWHERE), *hash)
                })
                .collect();
            Arc::new(Link {
                up_to: link.up_to,
                capacity: link.capacity,
                touched,
                in_order: link.in_order.clone(),
            })
        };
        Chain {
            links: self.links.iter().map(moved).collect(),
            length: self.length,
        }
    }

    fn links(&self) -> impl Iterator<Item = (&Arc<Link>, Batches)> {
        let mut from = 0;
        self.links.iter().map(move |link| {
            let batches = from..=link.up_to;
            from = link.up_to + 1;
            (link, batches)
        })
    }
}

impl Link {
    fn new(up_to: BatchNumber, capacity: usize, touched: Vec<(Place, i32)>) -> Link {
        Link {
            up_to,
            capacity,
            touched,
            in_order: OnceLock::new(),
        }
    }

    /// The places that are live in this link, in slot order.
    fn live<'a>(
        &'a self,
        batches: Batches,
        is_live: &'a impl Fn(Place, &Batches) -> bool,
    ) -> impl Iterator<Item = (Place, i32)> + 'a {
        let in_order = self.in_order.get_or_init(|| self.slot_order()).iter();
        let touched = in_order.map(|rank| self.touched[*rank as usize]);
        touched.filter(move |(place, _)| is_live(*place, &batches))
    }

    fn slot_order(&self) -> Vec<u32> {
        let mut layout = AppendOnlyLayout::with_capacity(self.capacity);
        layout.extend(self.touched.iter().map(|(_, hash)| *hash));
        layout.iter().map(|rank| rank as u32).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A chain of keys that are their own places and hash codes, with what is live in it.
    struct Keys {
        chain: Chain,
        put_in: BTreeMap<Place, BatchNumber>,
    }

    impl Keys {
        fn new() -> Keys {
            Keys {
                chain: Chain::new(Vec::new()),
                put_in: BTreeMap::new(),
            }
        }

        /// One more batch, which puts some keys and removes others.
        fn push(&mut self, batch: BatchNumber, puts: &[Place], removals: &[Place]) {
            let touched = puts.iter().chain(removals);
            let touched = touched.map(|key| (*key, *key as i32)).collect();
            self.chain.push(batch, touched);
            self.put_in.extend(puts.iter().map(|key| (*key, batch)));
            for key in removals {
                self.put_in.remove(key);
            }
        }

        fn is_live(&self) -> impl Fn(Place, &Batches) -> bool + use<> {
            let put_in = self.put_in.clone();
            move |key, batches| put_in.get(&key).is_some_and(|put| batches.contains(put))
        }

        fn order(&self) -> Vec<Place> {
            self.chain.places(&self.is_live()).collect()
        }
    }

    /// The order of these keys in one table of `capacity` slots.
    fn in_one_table(keys: &[Place], capacity: usize) -> Vec<Place> {
        let mut layout = AppendOnlyLayout::with_capacity(capacity);
        layout.extend(keys.iter().map(|key| *key as i32));
        layout.iter().map(|rank| keys[rank]).collect()
    }

    #[test]
    fn map_1_each_batch_has_a_table_on_those_before() {
        let mut keys = Keys::new();
        keys.push(1, &[1, 2, 3], &[]);
        keys.push(2, &[4, 5], &[]);
        keys.push(3, &[2], &[]);
        let oldest = in_one_table(&[1, 2, 3], 64);
        let mut expected: Vec<Place> = oldest.into_iter().filter(|key| *key != 2).collect();
        expected.extend(in_one_table(&[4, 5], 64));
        expected.push(2);
        assert_eq!(keys.order(), expected);
    }

    #[test]
    fn map_2_removed_keys_take_their_slots() {
        let (live, removed): (Vec<Place>, Vec<Place>) = ((0..20).collect(), (20..60).collect());
        let mut keys = Keys::new();
        keys.push(1, &live, &removed);
        let all: Vec<Place> = (0..60).collect();
        let in_128 = in_one_table(&all, 64).into_iter().filter(|key| *key < 20);
        let in_128: Vec<Place> = in_128.collect();
        assert_eq!(keys.order(), in_128);
        assert_ne!(
            in_128,
            in_one_table(&live, 64),
            "sixty entries double the table"
        );
    }

    #[test]
    fn map_3_a_chain_of_twenty_is_flattened() {
        let mut keys = Keys::new();
        for batch in 1..19 {
            keys.push(batch, &[], &[]);
            assert!(!keys.chain.should_compact(), "batch {batch}");
        }
        keys.push(19, &[], &[]);
        assert!(keys.chain.should_compact());
        keys.chain.compact(keys.is_live());
        assert_eq!(keys.chain.length, 1);
    }

    /// One key, put 30 times, makes room for 30.
    #[test]
    fn map_5_the_flat_table_has_room_for_all_entries_of_all_tables() {
        let mut keys = Keys::new();
        keys.push(1, &(0..9).collect::<Vec<_>>(), &[]);
        for batch in 2..40 {
            keys.push(batch, &[100, 101, 102], &[]);
        }
        keys.push(40, &[], &[]);
        let before = keys.order();
        keys.chain.compact(keys.is_live());
        assert_eq!(keys.order(), in_one_table(&before, 9 + 38 * 3));
        assert_ne!(keys.order(), in_one_table(&before, 12));
    }
}
