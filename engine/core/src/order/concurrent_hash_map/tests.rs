//! Histories of the JDK's own map, worked examples, and the plain copy as a twin.

use super::*;
use crate::order::unsafe_row;
use crate::types::Record;
use proptest::prelude::*;
use serde_json::Value;

/// One map a batch; `batches` are the words each of them puts, `expected` the last one's order.
#[track_caller]
fn check(batches: &[&str], expected: &str) {
    let mut words: Vec<&str> = Vec::new();
    let mut map = ConcurrentHashMapLayout::default();
    for (index, batch) in batches.iter().enumerate() {
        if index > 0 {
            map = map.next_batch();
        }
        for word in batch.split_whitespace() {
            let number = words
                .iter()
                .position(|there| *there == word)
                .unwrap_or(words.len());
            if number == words.len() {
                words.push(word);
            }
            map.put(unsafe_row::hash_row(&[word.to_value()], &[]), number);
        }
    }
    let order: Vec<&str> = map.iter().map(|number| words[number]).collect();
    assert_eq!(order.join(" "), expected);
}

#[test]
fn the_books_words() {
    check(&["blue green"], "green blue");
    check(&["blue green", "gohawks"], "green blue gohawks");
    check(&["blue green", "gohawks", "green"], "green blue gohawks");
}

#[test]
fn a_batch_without_words_copies_the_map_too() {
    // One key in 16 bins, then in 2, then in 8: only the copies have that few.
    let mut map = ConcurrentHashMapLayout::default();
    map.put(0, 0);
    assert_eq!(map.bins.len(), 16);
    map = map.next_batch();
    assert_eq!(map.bins.len(), 2);
    map.put(0, 1);
    assert_eq!(map.next_batch_of(Some).bins.len(), 8);
    assert_eq!(map.next_batch().bins.len(), 8);
    assert_eq!(
        ConcurrentHashMapLayout::default().next_batch().bins.len(),
        1
    );
}

#[test]
fn keys_of_one_bin_stay_in_order_until_it_is_a_tree() {
    let words = "ccl hdrpcit hqxhvjxu rypx ettf fbbod rymjal ezh bpf";
    check(&[words], words);
    check(&[words, "dradlkm"], &format!("{words} dradlkm"));
    check(
        &[words, "dradlkm", "x y z"],
        &format!("x {words} dradlkm z y"),
    );
}

#[test]
fn a_split_prepends_what_comes_before_the_last_run() {
    let high = [true, false, true, false, false];
    let split = split_list(&[0, 1, 2, 3, 4], |node| high[node as usize]);
    assert_eq!(split, (vec![1, 3, 4], vec![2, 0]));
}

#[test]
fn keys_come_in_the_order_of_jdk_17() {
    let file = include_str!("../../../tests/data/concurrent_hash_map.json");
    let histories: Vec<Value> = serde_json::from_str(file).expect("the recording is JSON");
    assert!(
        histories
            .iter()
            .any(|history| history["removed"].is_array()),
        "there are histories with removals"
    );
    for history in histories {
        assert_eq!(orders(&history), history["orders"], "{history}");
    }
}

/// The order after each batch of a history: what was put as `[hash code, key]`, and the keys that
/// were removed after that.
fn orders(history: &Value) -> Value {
    let batches: Vec<Vec<(i32, usize)>> = serde_json::from_value(history["batches"].clone())
        .expect("a history has batches of numbers");
    let removed: Option<Vec<Vec<usize>>> =
        serde_json::from_value(history["removed"].clone()).expect("what was removed are keys");
    let mut removed = removed.unwrap_or_default().into_iter();
    let mut map = ConcurrentHashMapLayout::default();
    let mut orders: Vec<Vec<usize>> = Vec::new();
    for batch in batches {
        for (hash, key) in batch {
            map.put(hash, key);
        }
        orders.push(map.iter().collect());
        let removed = removed.next().unwrap_or_default();
        map = map.next_batch_of(|key| (!removed.contains(&key)).then_some(key));
    }
    serde_json::json!(orders)
}

/// The same said plainly: bins as vectors, from which removed keys are taken out before the copy.
#[derive(Default)]
struct Twin {
    bins: Vec<Vec<(u32, usize)>>,
    double_at: usize,
}

impl Twin {
    fn copy(&self) -> Twin {
        let keys: Vec<(u32, usize)> = self.bins.concat();
        let room = (keys.len() + keys.len() / 2 + 1).next_power_of_two();
        let mut copy = Twin::default();
        copy.resize(room);
        while room > copy.double_at {
            copy.resize(copy.bins.len() * 2);
        }
        for (spread, key) in keys {
            copy.put(spread, key);
        }
        copy
    }

    fn put(&mut self, spread: u32, key: usize) {
        if self.bins.is_empty() {
            self.resize(16);
        }
        let bin = spread as usize % self.bins.len();
        if !self.bins[bin].contains(&(spread, key)) {
            self.bins[bin].push((spread, key));
        }
        while self.bins.concat().len() >= self.double_at {
            self.resize(self.bins.len() * 2);
        }
    }

    fn remove(&mut self, key: usize) {
        for bin in &mut self.bins {
            bin.retain(|(_, there)| *there != key);
        }
    }

    /// Keys are dealt out again, what comes before the longest tail of one side the other way round.
    fn resize(&mut self, bins: usize) {
        self.double_at = bins - bins / 4;
        let old = std::mem::replace(&mut self.bins, vec![Vec::new(); bins]);
        for mut chain in old {
            let side = |node: &(u32, usize)| node.0 as usize % bins;
            let last = chain.last().map(side);
            let tail = chain
                .iter()
                .rev()
                .take_while(|node| Some(side(node)) == last);
            let head = chain.len() - tail.count();
            chain[..head].reverse();
            for node in chain {
                self.bins[side(&node)].push(node);
            }
        }
    }
}

proptest! {
    /// Without bins that are long enough for a tree: those are in the recording.
    #[test]
    fn removed_keys_are_gone_from_the_next_copy_as_in_its_plain_twin(
        batches in prop::collection::vec(
            (prop::collection::vec(any::<i32>(), 0..12), any::<u64>()),
            1..8,
        ),
    ) {
        let (mut map, mut twin, mut keys) = (ConcurrentHashMapLayout::default(), Twin::default(), 0);
        for (hashes, removed) in batches {
            for hash in hashes {
                map.put(hash, keys);
                twin.put(spread(hash), keys);
                keys += 1;
            }
            let order = |twin: &Twin| twin.bins.concat().into_iter().map(|(_, key)| key);
            prop_assert_eq!(map.iter().collect::<Vec<_>>(), order(&twin).collect::<Vec<_>>());
            let is_removed = |key: usize| removed >> (key % 64) & 1 == 1;
            map = map.next_batch_of(|key| (!is_removed(key)).then_some(key));
            (0..keys).filter(|key| is_removed(*key)).for_each(|key| twin.remove(key));
            twin = twin.copy();
        }
    }

    #[test]
    fn every_key_is_handed_out_once(
        hashes in prop::collection::vec(0..40_i32, 0..200),
        batch in 1..50_usize,
    ) {
        let mut map = ConcurrentHashMapLayout::default();
        for (number, hash) in hashes.iter().enumerate() {
            if number % batch == 0 {
                map = map.next_batch();
            }
            map.put(hash * 8, number);
            map.put(hashes[number / 2] * 8, number / 2);
        }
        let mut numbers: Vec<usize> = map.iter().collect();
        numbers.sort_unstable();
        prop_assert_eq!(numbers, (0..hashes.len()).collect::<Vec<_>>());
    }

    #[test]
    fn a_map_that_is_its_own_copy_has_the_order_of_its_copy(
        batches in prop::collection::vec(prop::collection::vec(0..60_usize, 0..30), 1..12),
        stride in prop_oneof![Just(1), Just(3), Just(64), Just(0x9e37_79b9_u32.cast_signed())],
    ) {
        let (mut map, mut copied) = <(ConcurrentHashMapLayout, ConcurrentHashMapLayout)>::default();
        for batch in batches {
            (map, copied) = (map.next_batch(), copied.next_batch_of(Some));
            for key in batch {
                let hash = (key as i32).wrapping_mul(stride);
                map.put(hash, key);
                copied.put(hash, key);
            }
            prop_assert_eq!(map.iter().collect::<Vec<_>>(), copied.iter().collect::<Vec<_>>());
            prop_assert_eq!(map.bins.len(), copied.bins.len());
        }
    }
}
