//! What keyed state costs: the same words through `update_state_by_key`, through `map_with_state`, and
//! through the loop anybody would write, in turn, with the figures that may be drawn from it.
//!
//! ```
//! use std::time::{Duration, Instant};
//! use engine::Inline;
//! use measure::{Axis, Contender, Plan, Watch, sweep};
//!
//! struct Stopwatch(Instant);
//! impl Watch for Stopwatch {
//!     fn now(&mut self) -> Duration {
//!         self.0.elapsed()
//!     }
//!     fn progress(&mut self, _: f64) {}
//! }
//!
//! let plan = Plan {
//!     keys: vec![100, 1_000],
//!     words: vec![100],
//!     active_shares: Vec::new(),
//!     time: Duration::from_millis(1),
//!     ..Plan::default()
//! };
//! let results = sweep(&plan, &Inline, &mut Stopwatch(Instant::now()))?;
//! let slope = results.slope(Axis::Keys, Contender::UpdateStateByKey).expect("there are two sizes");
//! println!("update_state_by_key grows as the keys to the power of {:.2}", slope.exponent);
//! # Ok::<(), measure::MeasureError>(())
//! ```
//!
//! # The rooms
//!
//! | room | what it is for |
//! |---|---|
//! | [`Workload`], [`Keys`] | lines of words, drawn by a seed |
//! | [`Contender`], [`Running`], [`Digest`] | who takes part, and what a consumer makes of what they hand on |
//! | [`Plan`], [`Point`], [`sweep`] | which sizes, and the rounds in which contenders take turns |
//! | [`Results`], [`TimelineResults`] | what was measured, as text and as JSON |
//! | [`Estimate`], [`Slope`], [`Crossover`], [`Change`] | a median, a growth, a place, a difference: each with how sure it is |
//! | [`Baseline`], [`TimelineBaseline`], [`Changes`] | an earlier run or several, and verdicts |
//! | [`Yardstick`] | what a run of a scenario is measured by |
//! | [`chart`], [`svg`], [`Table`] | pictures and tables |
//!
//! # How it is measured
//!
//! At each pair of sizes all contenders are alive at once and take turns. A turn is ten batches, fewer
//! where time is short, and all the turns are a round; a round's value is the median of its batches, and
//! an estimate the median of at least six rounds. So whatever slows the machine down slows all contenders, and
//! ratios are of neighbours in time. The words of every batch are the same for all, and so must be
//! what they hand on: the first difference ends the measurement.
//!
//! # What is not here
//!
//! - No clock: whoever measures brings a [`Watch`]. No file, process or terminal.
//! - No limit that a slower machine would fail: a [`Verdict`] is on a ratio of ratios.
//! - Nothing of the engine but its public API: [`Contender`]s are the programs that a user would write.

mod baseline;
mod baseline_error;
mod change;
mod changes;
mod chart;
mod contender;
mod crossover;
mod digest;
mod draw;
mod dstream;
mod estimate;
mod json;
mod plain;
mod plan;
mod quantity;
mod race;
mod results;
mod runs;
mod slope;
mod structured;
mod sweep;
mod table;
#[cfg(test)]
mod testing;
mod text;
mod timeline;
mod timeline_baseline;
mod workload;
mod yardstick;

pub use baseline::Baseline;
pub use baseline_error::BaselineError;
pub use change::{Change, Verdict};
pub use changes::Changes;
pub use chart::{chart, svg};
pub use contender::{Contender, Running, StartError};
pub use crossover::Crossover;
pub use digest::Digest;
pub use estimate::{Estimate, Interval, median};
pub use json::JSON_FORMAT;
pub use plan::{Plan, Point};
pub use race::{ROUNDS_MAX, ROUNDS_MIN};
pub use results::{Axis, Batch, Memory, PointResults, Results, Timings};
pub use slope::Slope;
pub use sweep::{MeasureError, Watch, sweep};
pub use table::Table;
pub use timeline::{PipelineTimings, TimelineResults};
pub use timeline_baseline::TimelineBaseline;
pub use workload::{Keys, Workload, blocks, key_name};
pub use yardstick::Yardstick;
