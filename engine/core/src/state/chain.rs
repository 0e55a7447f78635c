//! The order of a state's keys in Spark's chain of tables, each the delta of a batch on the one before.

use std::sync::Arc;

use super::link::{Link, Touch};
use super::table::BatchNumber;
use crate::order::AppendOnlyLayout;
use crate::table::index::Place;

/// Links at which the chain is made short when its state is checkpointed
/// (`spark.streaming.sessionByKey.deltaChainThreshold`).
const THRESHOLD: usize = 20;

/// Entries that may be held on to for nobody, beside one for each key.
const HELD: usize = 1_024;

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

/// Keys that are live in a link were last put in one of these batches.
pub(crate) type Batches = std::ops::RangeInclusive<BatchNumber>;

impl Chain {
    /// A chain on the initial state.
    pub(crate) fn new(initial: Vec<Touch>) -> Chain {
        Chain {
            links: vec![Arc::new(Link::delta(0, initial))],
            // The first batch begins with an empty copy of the root.
            length: 1,
        }
    }

    /// Adds the delta of a batch.
    pub(crate) fn push(&mut self, batch: BatchNumber, touched: Vec<Touch>) {
        self.links.push(Arc::new(Link::delta(batch, touched)));
        self.length += 1;
    }

    /// Whether serializing the newest table would flatten those below it (`MAP-3`).
    pub(crate) fn should_compact(&self) -> bool {
        self.length >= THRESHOLD
    }

    /// Puts one table in the place of all below the newest (`MAP-4`), with the keys that were `live`
    /// before the newest batch. It is filled when somebody reads it, or when what it waits for takes
    /// more memory than the keys.
    pub(crate) fn compact(&mut self, live: usize) {
        let Some(newest) = self.links.pop() else {
            return;
        };
        // Overwritten keys and tombstones are counted too (`MAP-5`).
        let entries = self.links.iter().map(|link| link.len()).sum::<usize>() + newest.len();
        let capacity = if entries == 0 {
            AppendOnlyLayout::CAPACITY
        } else {
            entries
        };
        let below = std::mem::take(&mut self.links);
        let flat = Link::flat(newest.up_to - 1, capacity, live, below);
        if flat.retained() > 2 * live + HELD {
            flat.touched();
        }
        self.links = vec![Arc::new(flat), newest];
        self.length = 1;
    }

    /// The places that are live, in the order in which Spark reads them. `is_live` says whether a
    /// place is live in a link of these batches.
    pub(crate) fn places<'a>(
        &'a self,
        is_live: &'a impl Fn(Place, &Batches) -> bool,
    ) -> impl Iterator<Item = Place> + 'a {
        let mut from = 0;
        self.links.iter().flat_map(move |link| {
            let batches = from..=link.up_to;
            from = link.up_to + 1;
            let places = link.in_order().map(|touch| touch.place);
            places.filter(move |place| is_live(*place, &batches))
        })
    }

    /// The same chain when every place has moved, or is gone.
    pub(crate) fn moved(&self, to: &[Option<Place>]) -> Chain {
        let moved = |link: &Arc<Link>| Arc::new(link.moved(to));
        Chain {
            links: self.links.iter().map(moved).collect(),
            length: self.length,
        }
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
            let touch = |key: &Place, is_put| Touch {
                place: *key,
                hash: *key as i32,
                is_put,
            };
            let puts_first = puts.iter().map(|key| touch(key, true));
            let touched = puts_first.chain(removals.iter().map(|key| touch(key, false)));
            self.chain.push(batch, touched.collect());
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
        keys.chain.compact(keys.put_in.len());
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
        keys.chain.compact(keys.put_in.len());
        assert_eq!(keys.order(), in_one_table(&before, 9 + 38 * 3));
        assert_ne!(keys.order(), in_one_table(&before, 12));
    }

    /// Whoever reads every batch and whoever reads the last one alone find the same order.
    #[test]
    fn map_6_a_chain_that_was_never_read_is_read_as_one_that_always_was() {
        let (mut read, mut unread) = (Keys::new(), Keys::new());
        for batch in 1..400 {
            let first = (batch * 7 % 90) as Place;
            let (puts, removed) = ([first, first + 1, first + 50], [first + 20]);
            let live = unread.put_in.len();
            for keys in [&mut read, &mut unread] {
                keys.push(batch, &puts, &removed);
                if keys.chain.should_compact() {
                    keys.chain.compact(live);
                }
            }
            read.order();
        }
        assert_eq!(read.order(), unread.order());
        assert!(!unread.order().is_empty());
    }
}
