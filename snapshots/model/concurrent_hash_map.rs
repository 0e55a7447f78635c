//! Java 17's `ConcurrentHashMap`, which holds the state of a query's partition.

use std::collections::BTreeMap;

use crate::rules::{Rule, Rules};

/// Words with their counts, in bins.
#[derive(Clone, Debug)]
pub(crate) struct ConcurrentHashMap<'a> {
    bins: Vec<Bin>,
    counts: BTreeMap<String, i64>,
    /// The number of words at which the table doubles (`sizeCtl`).
    double_at: usize,
    hash: fn(&str, &Rules) -> u32,
    rules: &'a Rules,
}

/// The words of a bin, in the order of its nodes, each with its spread hash.
#[derive(Clone, Debug, Default)]
struct Bin {
    nodes: Vec<(u32, String)>,
    is_tree: bool,
}

impl<'a> ConcurrentHashMap<'a> {
    pub(crate) fn new(hash: fn(&str, &Rules) -> u32, rules: &'a Rules) -> ConcurrentHashMap<'a> {
        ConcurrentHashMap {
            bins: Vec::new(),
            counts: BTreeMap::new(),
            double_at: 0,
            hash,
            rules,
        }
    }

    /// The map of the next batch: a new map with all entries of this one.
    pub(crate) fn copy(&self) -> ConcurrentHashMap<'a> {
        let mut copy = ConcurrentHashMap::new(self.hash, self.rules);
        if self.rules.hold(Rule::CopyIsPresized) {
            copy.presize(self.counts.len());
        }
        for (_, word) in self.bins.iter().flat_map(|bin| &bin.nodes) {
            copy.put(word, self.counts[word]);
        }
        copy
    }

    pub(crate) fn get(&self, word: &str) -> Option<i64> {
        self.counts.get(word).copied()
    }

    /// All entries, in the order in which Java iterates.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (String, i64)> {
        let nodes = self.bins.iter().flat_map(|bin| &bin.nodes);
        nodes.map(|(_, word)| (word.clone(), self.counts[word]))
    }

    /// Sets the count of a word. A word that the map has keeps its place.
    pub(crate) fn put(&mut self, word: &str, count: i64) {
        if self.bins.is_empty() {
            self.allocate(if self.rules.hold(Rule::SixteenBins) {
                16
            } else {
                64
            });
        }
        let spread = self.spread(word);
        let place = spread as usize % self.bins.len();
        let bin = &mut self.bins[place];
        let walked = match bin.nodes.iter().position(|(_, there)| there == word) {
            Some(at) => at + 1,
            None => bin.nodes.len(),
        };
        let is_new = self.counts.insert(word.to_owned(), count).is_none();
        if is_new {
            let is_last = !bin.is_tree && self.rules.hold(Rule::NewKeyIsLastOfList);
            let at = if is_last { bin.nodes.len() } else { 0 };
            bin.nodes.insert(at, (spread, word.to_owned()));
        }
        if walked >= 8 && !bin.is_tree {
            self.treeify(place);
        }
        while self.counts.len() >= self.double_at {
            self.double();
        }
    }

    /// The hash of a word with its high half mixed in, which small tables would ignore.
    fn spread(&self, word: &str) -> u32 {
        let hash = (self.hash)(word, self.rules);
        let high = if self.rules.hold(Rule::HashIsSpread) {
            hash >> 16
        } else {
            0
        };
        (hash ^ high) & 0x7fff_ffff
    }

    /// Shortens a list that has become too long: makes it a tree, or doubles a small table (`treeifyBin`).
    fn treeify(&mut self, place: usize) {
        if self.bins.len() >= 64 {
            self.bins[place].is_tree = self.rules.hold(Rule::LongListBecomesTree);
        } else if self.rules.hold(Rule::LongListDoublesSmallTable) {
            self.presize(2 * self.bins.len());
        }
    }

    /// Makes room for this number of words, and more (`tryPresize`).
    fn presize(&mut self, words: usize) {
        let bins = (words + words / 2 + 1).next_power_of_two();
        if self.bins.is_empty() {
            self.allocate(bins);
            if !self.rules.hold(Rule::PresizeDoubles) {
                return;
            }
        }
        while bins > self.double_at {
            self.double();
        }
    }

    fn allocate(&mut self, bins: usize) {
        self.bins = vec![Bin::default(); bins];
        self.double_at = self.threshold(bins, bins / 4);
    }

    fn threshold(&self, bins: usize, quarter: usize) -> usize {
        if self.rules.hold(Rule::DoublesAtThreeQuarters) {
            bins - quarter
        } else {
            bins + 1
        }
    }

    /// Splits each bin by the next bit of its hashes (`transfer`).
    fn double(&mut self) {
        let bit = self.bins.len();
        let (low, high): (Vec<Bin>, Vec<Bin>) = self
            .bins
            .iter()
            .map(|bin| self.split(bin, bit as u32))
            .unzip();
        self.bins = low.into_iter().chain(high).collect();
        self.double_at = self.threshold(2 * bit, bit / 2);
    }

    fn split(&self, bin: &Bin, bit: u32) -> (Bin, Bin) {
        let goes_high = |(spread, _): &(u32, String)| spread & bit != 0;
        let order = if bin.is_tree && self.rules.hold(Rule::TreeKeepsOrder) {
            bin.nodes.clone()
        } else {
            self.turned(&bin.nodes, goes_high)
        };
        let (high, low): (Vec<_>, Vec<_>) = order.into_iter().partition(goes_high);
        [low, high]
            .map(|nodes| Bin {
                is_tree: bin.is_tree && self.is_large(&nodes),
                nodes,
            })
            .into()
    }

    /// Returns true if this many nodes of a tree stay a tree (`UNTREEIFY_THRESHOLD`).
    fn is_large(&self, nodes: &[(u32, String)]) -> bool {
        nodes.len() > 6 || !self.rules.hold(Rule::SmallTreeBecomesList)
    }

    /// The nodes of a list in the order in which a doubled table has them: the longest tail that goes to one
    /// side keeps its order, and the nodes before it are put in front of their sides one by one.
    fn turned(
        &self,
        nodes: &[(u32, String)],
        goes_high: impl Fn(&(u32, String)) -> bool,
    ) -> Vec<(u32, String)> {
        let mut tail = nodes.len();
        if self.rules.hold(Rule::TailKeepsOrder) {
            let side = nodes.last().map(&goes_high);
            while tail > 0 && Some(goes_high(&nodes[tail - 1])) == side {
                tail -= 1;
            }
        }
        let mut head = nodes[..tail].to_vec();
        if self.rules.hold(Rule::HeadIsTurned) {
            head.reverse();
        }
        [&head, &nodes[tail..]].concat()
    }
}
