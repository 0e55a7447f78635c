//! The means by which a random step gets its argument.

use std::time::Duration;

use super::arguments::{MappedTotals, Window};

/// Draws the parts that arguments of steps are made of: those who draw scenarios implement it.
pub trait Draw {
    /// A number below `bound`, which is not 0.
    fn below(&mut self, bound: u64) -> u64;

    /// A text to compare words with.
    fn text(&mut self) -> String;

    /// An operand of a function of integers.
    fn integer(&mut self) -> i64;

    /// The number of rows of a print, 1 at least.
    fn rows(&mut self) -> usize;

    /// A window on a stream with this slide.
    fn window(&mut self, slide: Duration) -> Window;

    /// An argument of `mapWithState` on a stream with this slide.
    fn mapped_totals(&mut self, slide: Duration) -> MappedTotals;
}
