//! The differences between a DStream program in Python and one on the JVM.

use scenario::Update;

use crate::rules::{Rule, Rules};

/// A word with its number.
pub(crate) type Pair = (String, i64);

/// The pairs of each partition, in order.
pub(crate) type Partitions = Vec<Vec<Pair>>;

/// The totals of each partition, in order. A key without a total was removed and keeps its place.
pub(crate) type Totals = Vec<Vec<(String, Option<i64>)>>;

/// The operators as one language has them.
pub(crate) trait Language {
    /// `line.split(" ")`.
    fn words(&self, line: &str) -> Vec<String>;

    /// The partition of a key.
    fn partition(&self, key: &str) -> usize;

    /// `reduceByKey` by addition, of map tasks that each have some pairs.
    fn reduce(&self, tasks: &[Vec<Pair>]) -> Partitions;

    /// `updateStateByKey`, whose new values are ones.
    fn update(&self, old: &Totals, tasks: &[Vec<Pair>], update: Update) -> Totals;

    /// `reduceByKeyAndWindow` from nothing but the reduced batches in it.
    fn join(&self, batches: &[&Partitions]) -> Partitions;

    /// The same from the window before, if there is one, and the batches that left and came since.
    fn slide(
        &self,
        before: Option<&Partitions>,
        left: &[&Partitions],
        came: &[&Partitions],
    ) -> Partitions;

    /// Returns true if a window of this length and slide, in batches, uses an inverse function.
    fn inverts(&self, length: usize, slide: usize) -> bool;

    /// The text of a time, in milliseconds since the epoch.
    fn time(&self, millis: i64, zone: &str) -> String;

    /// The text of a row.
    fn row(&self, pair: &Pair) -> String;
}

/// A window as it is kept: words that are in none of its batches stay, with a count of 0.
pub(crate) fn kept(mut window: Partitions, rules: &Rules) -> Partitions {
    if !rules.hold(Rule::ZeroCountsStay) {
        for pairs in &mut window {
            pairs.retain(|(_, count)| *count != 0);
        }
    }
    window
}

/// The update function: the new total from the number of ones and the old total. `None` removes the key.
pub(crate) fn updated(update: Update, ones: i64, old: Option<i64>, rules: &Rules) -> Option<i64> {
    if ones == 0 && !rules.hold(Rule::IdleKeysAreUpdated) {
        return old;
    }
    let total = old.unwrap_or(0) + ones;
    let is_kept = match update {
        Update::Sum => true,
        Update::DropIdle => ones > 0,
        Update::DropAt(limit) => total < limit,
    };
    is_kept.then_some(total)
}
