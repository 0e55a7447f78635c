//! The order of keys in the state map of a structured query.
//!
//! From `java.util.concurrent.ConcurrentHashMap` (JDK 17) as
//! `org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider` (Spark 3.5.9) uses
//! it: every batch copies the map of the batch before, `new` and `putAll`, puts into the copy, and may
//! then remove keys from it. The order depends on that whole history, not on the keys alone.

use std::collections::BTreeSet;

/// A put that walks this far along a list makes it a tree, if the table is large enough for it.
const TREEIFY_LENGTH: usize = 8;

/// The least table in which a list becomes a tree; a smaller one is doubled instead.
const TREEIFY_BINS_MIN: usize = 64;

/// Trees that splitting leaves this short become lists again.
const UNTREEIFY_LENGTH: usize = 6;

/// The bins that a table is given by its first put, where nothing announced a size.
const BINS: usize = 16;

/// The bins of such a map: which key follows which. The default is an empty map without a table.
///
/// A key is a number of the caller's: equal keys must have equal numbers.
///
/// ```
/// use engine::Record;
/// use engine::order::{ConcurrentHashMapLayout, unsafe_row};
/// let hash = |word: &str| unsafe_row::hash_row(&[word.to_value()], &[]);
/// let mut map = ConcurrentHashMapLayout::default();
/// map.put(hash("blue"), 0);
/// map.put(hash("green"), 1);
/// assert_eq!(map.iter().collect::<Vec<_>>(), [1, 0]);
///
/// let mut map = map.next_batch();
/// map.put(hash("gohawks"), 2);
/// assert_eq!(map.iter().collect::<Vec<_>>(), [1, 0, 2]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ConcurrentHashMapLayout {
    /// The first node of each bin. No bins before the first put, then a power of two of them.
    bins: Vec<Link>,
    /// In the order in which they were put.
    nodes: Vec<BinNode>,
    /// The number of nodes that are in no bin any more.
    removed: usize,
    /// The bins that are trees. A tree keeps its nodes in a list too, and that is what is iterated.
    trees: BTreeSet<usize>,
    /// As soon as there are this many keys the table is doubled (`sizeCtl`).
    double_at: usize,
    /// Some list has become so long that a put into it does more than to append.
    is_crowded: bool,
}

/// The index of a node, or [`END`]. Java's tables end at 2^30 bins, far below.
type Link = u32;

const END: Link = Link::MAX;

#[derive(Clone, Copy, Debug)]
struct BinNode {
    spread: u32,
    next: Link,
    key: usize,
}

impl ConcurrentHashMapLayout {
    /// The map of the next batch: a new one into which all of this one was put.
    ///
    /// Also a batch that touches no key of this partition makes one, and may change the order. It is
    /// worked out only when it does: a map that has as many bins as its copy would have, and nothing
    /// but short lists, is its own copy.
    pub fn next_batch(self) -> ConcurrentHashMapLayout {
        let is_own_copy = self.bins.len() == bins_of_copy(self.len())
            && self.trees.is_empty()
            && !self.is_crowded;
        if is_own_copy {
            self
        } else {
            self.next_batch_of(Some)
        }
    }

    /// The map of the next batch, after this one has ended by removing keys: those that `number`
    /// gives nothing. The others have the numbers that it gives.
    ///
    /// Java takes a removed key out of its bin, be it list or tree, and leaves all others where they
    /// are; only a put after it could show if that makes a tree a list again. The size that the
    /// copy announces is that without the removed keys.
    ///
    /// ```
    /// use engine::order::ConcurrentHashMapLayout;
    /// let mut map = ConcurrentHashMapLayout::default();
    /// map.put(7, 0);
    /// map.put(8, 1);
    /// let map = map.next_batch_of(|key| key.checked_sub(1));
    /// assert_eq!(map.iter().collect::<Vec<_>>(), [0]);
    /// ```
    pub fn next_batch_of(
        &self,
        number: impl Fn(usize) -> Option<usize>,
    ) -> ConcurrentHashMapLayout {
        let kept = || {
            self.nodes_in_order()
                .filter_map(|node| Some((node.spread, number(node.key)?)))
        };
        let mut next = ConcurrentHashMapLayout::default();
        next.announce(kept().count());
        for (spread, key) in kept() {
            next.put_spread(spread, key);
        }
        next
    }

    /// Puts `key`, whose row has the hash code `hash` (see [`unsafe_row`](super::unsafe_row)).
    ///
    /// A key that is there keeps its place.
    pub fn put(&mut self, hash: i32, key: usize) {
        self.put_spread(spread(hash), key);
    }

    /// The keys in the order in which Java iterates over them.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.nodes_in_order().map(|node| node.key)
    }

    /// Removes `key`, whose row has the hash code `hash`, and leaves all others where they are.
    ///
    /// A tree that becomes short stays one until the table is doubled; in Java its shape decides.
    ///
    /// ```
    /// use engine::order::ConcurrentHashMapLayout;
    /// let mut map = ConcurrentHashMapLayout::default();
    /// for key in 0..3 {
    ///     map.put(7, key);
    /// }
    /// map.remove(7, 0);
    /// map.put(7, 0);
    /// assert_eq!(map.iter().collect::<Vec<_>>(), [1, 2, 0]);
    /// ```
    pub fn remove(&mut self, hash: i32, key: usize) {
        if self.bins.is_empty() {
            return;
        }
        let bin = spread(hash) as usize & (self.bins.len() - 1);
        let chain: Vec<Link> = self.chain(bin).collect();
        let stays = |node: &Link| self.nodes[*node as usize].key != key;
        let rest: Vec<Link> = chain.iter().copied().filter(stays).collect();
        self.removed += chain.len() - rest.len();
        self.relink(bin, &rest);
    }

    /// Gives each key the number that `number` gives it.
    pub fn renumber(&mut self, number: impl Fn(usize) -> usize) {
        for bin in 0..self.bins.len() {
            let chain: Vec<Link> = self.chain(bin).collect();
            for node in chain {
                let node = &mut self.nodes[node as usize];
                node.key = number(node.key);
            }
        }
    }

    /// The number of keys.
    fn len(&self) -> usize {
        self.nodes.len() - self.removed
    }

    fn nodes_in_order(&self) -> impl Iterator<Item = &BinNode> {
        let chains = (0..self.bins.len()).flat_map(|bin| self.chain(bin));
        chains.map(|node| &self.nodes[node as usize])
    }

    /// The nodes of one bin.
    fn chain(&self, bin: usize) -> impl Iterator<Item = Link> {
        let link = |link: Link| (link != END).then_some(link);
        std::iter::successors(link(self.bins[bin]), move |node| {
            link(self.nodes[*node as usize].next)
        })
    }

    fn put_spread(&mut self, spread: u32, key: usize) {
        if self.bins.is_empty() {
            self.allocate(BINS);
        }
        let bin = spread as usize & (self.bins.len() - 1);
        let place = self
            .chain(bin)
            .position(|node| self.nodes[node as usize].key == key);
        let walked = place.map_or_else(|| self.chain(bin).count(), |place| place + 1);
        if place.is_none() {
            self.link(
                bin,
                BinNode {
                    spread,
                    next: END,
                    key,
                },
            );
        }
        if walked >= TREEIFY_LENGTH {
            self.is_crowded = true;
            self.treeify(bin);
        }
        while self.len() >= self.double_at {
            self.double();
        }
    }

    /// A new key goes to the end of a list, but to the front of a tree.
    fn link(&mut self, bin: usize, node: BinNode) {
        let last = self.chain(bin).last();
        let link = self.nodes.len() as Link;
        self.nodes.push(node);
        match last {
            Some(last) if !self.trees.contains(&bin) => self.nodes[last as usize].next = link,
            _ => self.nodes[link as usize].next = std::mem::replace(&mut self.bins[bin], link),
        }
    }

    /// `putAll`'s first step, and that of a list too long in a small table (`tryPresize`): makes
    /// room for `len` keys, and then doubles once more than one would think.
    fn announce(&mut self, len: usize) {
        let bins = bins_for(len);
        if self.bins.is_empty() {
            self.allocate(bins);
        }
        while bins > self.double_at {
            self.double();
        }
    }

    fn allocate(&mut self, bins: usize) {
        self.bins = vec![END; bins];
        self.double_at = double_at(bins);
    }

    fn treeify(&mut self, bin: usize) {
        if self.bins.len() < TREEIFY_BINS_MIN {
            self.announce(self.bins.len() * 2);
        } else {
            self.trees.insert(bin);
        }
    }

    /// Doubles the table (`transfer`): each bin is split in two by the next bit of the hash.
    fn double(&mut self) {
        let bit = self.bins.len();
        self.double_at = double_at(bit * 2);
        self.bins.resize(bit * 2, END);
        let trees = std::mem::take(&mut self.trees);
        for bin in 0..bit {
            let chain: Vec<Link> = self.chain(bin).collect();
            let goes_high = |node: Link| self.nodes[node as usize].spread as usize & bit != 0;
            let is_tree = trees.contains(&bin);
            let (low, high) = if is_tree {
                split_tree(&chain, goes_high)
            } else {
                split_list(&chain, goes_high)
            };
            for (bin, side) in [(bin, low), (bin + bit, high)] {
                self.relink(bin, &side);
                if is_tree && side.len() > UNTREEIFY_LENGTH {
                    self.trees.insert(bin);
                }
            }
        }
    }

    fn relink(&mut self, bin: usize, chain: &[Link]) {
        self.bins[bin] = chain.iter().rfold(END, |next, node| {
            self.nodes[*node as usize].next = next;
            *node
        });
    }
}

/// The bins that Java deems enough for a number of keys (`tryPresize`).
fn bins_for(len: usize) -> usize {
    (len + len / 2 + 1).next_power_of_two()
}

/// The bins of a new map for which a number of keys has been announced.
fn bins_of_copy(len: usize) -> usize {
    let enough = bins_for(len);
    let mut bins = enough;
    while enough > double_at(bins) {
        bins *= 2;
    }
    bins
}

/// The number of keys at which a table of `bins` bins is doubled.
fn double_at(bins: usize) -> usize {
    bins - bins / 4
}

/// The high half of a hash code has its say in small tables too; the sign bit marks other things.
fn spread(hash: i32) -> u32 {
    let hash = hash.cast_unsigned();
    (hash ^ (hash >> 16)) & 0x7fff_ffff
}

fn split_tree(chain: &[Link], goes_high: impl Fn(Link) -> bool) -> (Vec<Link>, Vec<Link>) {
    chain.iter().partition(|node| !goes_high(**node))
}

/// The longest tail that goes to one side is moved as it is; the nodes before it are prepended to
/// their sides one by one, and so end up reversed.
fn split_list(chain: &[Link], goes_high: impl Fn(Link) -> bool) -> (Vec<Link>, Vec<Link>) {
    let turns = |pair: &[Link]| goes_high(pair[0]) != goes_high(pair[1]);
    let tail_at = chain
        .windows(2)
        .rposition(turns)
        .map_or(0, |before| before + 1);
    let (head, tail) = chain.split_at(tail_at);
    head.iter()
        .rev()
        .chain(tail)
        .partition(|node| !goes_high(**node))
}

#[cfg(test)]
mod tests;
