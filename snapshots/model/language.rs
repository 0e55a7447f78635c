//! What differs between a DStream program in Python and one on the JVM.

use scenario::Update;

use crate::rules::{Rule, Rules};

/// A word with its number.
pub(crate) type Pair = (String, i64);

/// The pairs of each partition, in order.
pub(crate) type Partitions = Vec<Vec<Pair>>;

/// The totals of each partition, in order. A key without one was removed, and left its place.
pub(crate) type Totals = Vec<Vec<(String, Option<i64>)>>;

/// The operators as one language has them.
pub(crate) trait Language {
    /// `line.split(" ")`.
    fn words(&self, line: &str) -> Vec<String>;

    /// Where a key goes.
    fn partition(&self, key: &str) -> usize;

    /// `reduceByKey` by addition, of map tasks that each have some pairs.
    fn reduce(&self, tasks: &[Vec<Pair>]) -> Partitions;

    /// `updateStateByKey`, whose new values are ones.
    fn update(&self, old: &Totals, tasks: &[Vec<Pair>], update: Update) -> Totals;

    /// `reduceByKeyAndWindow` from nothing but the reduced batches in it.
    fn join(&self, batches: &[&Partitions]) -> Partitions;

    /// The same from the window before, if there is one, and what left and what came since.
    fn slide(
        &self,
        before: Option<&Partitions>,
        left: &[&Partitions],
        came: &[&Partitions],
    ) -> Partitions;

    /// Whether an inverse function is used for a window of so many slides.
    fn inverts(&self, length: usize, slide: usize) -> bool;

    /// The text of a time, in milliseconds since the epoch.
    fn time(&self, millis: i64, zone: &str) -> String;

    /// The text of a row.
    fn row(&self, pair: &Pair) -> String;
}

/// What the update function makes of as many ones and the old total. None removes the key.
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
