//! Measures keyed state: the same words through `update_state_by_key`, `map_with_state`, a structured
//! running count and a plain loop, in turn, with the statistics of the times.
//!
//! ```
//! use std::time::{Duration, Instant};
//! use engine::Inline;
//! use measure::{Axis, Subject, SweepPlan, Timer, sweep};
//!
//! struct Stopwatch(Instant);
//! impl Timer for Stopwatch {
//!     fn now(&mut self) -> Duration {
//!         self.0.elapsed()
//!     }
//! }
//!
//! let plan = SweepPlan {
//!     keys: vec![100, 1_000],
//!     words: vec![100],
//!     active_shares: Vec::new(),
//!     time: Duration::from_millis(1),
//!     ..SweepPlan::default()
//! };
//! let results = sweep(&plan, &Inline, &mut Stopwatch(Instant::now()))?;
//! let slope = results.slope(Axis::Keys, Subject::UpdateStateByKey).expect("there are two sizes");
//! println!("update_state_by_key grows as the keys to the power of {:.2}", slope.exponent.median);
//! # Ok::<(), measure::UnequalTotals>(())
//! ```
//!
//! # The rooms
//!
//! | room | purpose |
//! |---|---|
//! | [`Workload`], [`KeyDistribution`] | lines of words, drawn by a seed |
//! | [`Subject`], [`RunningSubject`], [`Checksum`] | the programs that are timed, and a check of the rows they emit |
//! | [`SweepPlan`], [`Point`], [`sweep`], [`rounds`] | the sizes, and the rounds in which subjects take turns |
//! | [`Results`], [`TimelineResults`] | the times, as text and as JSON |
//! | [`Estimate`], [`Slope`], [`Crossover`] | a median or a change, a growth, a crossing: each with its interval |
//! | [`Baseline`], [`BaselineComparison`] | earlier runs, and the comparison with them |
//! | [`Reference`] | the plain loop beside a scenario's pipelines |
//! | [`chart`], [`svg`] | charts |
//!
//! # Method
//!
//! At each pair of sizes all subjects are alive at once and take turns. A turn is fifteen batches, or fewer
//! where time is short, and the turns of all subjects are a round. So whatever slows the machine down slows
//! all subjects, and ratios are of neighbours in time.
//!
//! The first third of a turn, at most five batches, is a warm-up: its times do not count, as the caches hold
//! the data of the subject before. The value of a round is the median of its other batches, without every
//! tenth one, which has a column of its own. An [`Estimate`] is the median of six to sixty rounds.
//!
//! Each batch has a [`Checksum`] of the rows that it emits. All subjects that emit the same rows must agree on
//! it, and the first difference ends the measurement.
//!
//! The bytes of a key are what the system gives to a process for one subject, divided by the number of keys. An
//! allocator that counts would need `unsafe`, and would slow the subjects.
//!
//! With a scenario, its pipelines take turns on the whole timeline. A short run is repeated, and the second
//! one counts. The [`Reference`], a plain loop over the scenario's words, has a turn in each round too.
//!
//! # Comparing two versions
//!
//! `millrace bench --json > before.json` writes a baseline, and `--baseline before.json` compares with it: by the
//! ratio of each subject to the plain loop of its own run, so that a slower machine is no change. With
//! `--fail-over 10%` a change exceeds the limit only if its whole 99 % interval is above it. If the limit is
//! within the interval, there is no verdict.
//!
//! One process differs from the next by more than its rounds show, the more so where a batch takes
//! microseconds. So with `--runs 7` each run is a process of its own and counts as one value, the median of its
//! rounds. Fewer than six runs on a side give no verdict. Both sides need the same `--time`: in short turns the
//! caches are colder, most of all those of the plain loop.
//!
//! Eight comparisons of one program with itself (`--runs 7 --keys 1e4,1e5 --batch 1e3 --active-share 10% --time
//! 30s`, on a busy machine) reported no change above the limit. Of the 56 pairs of single runs in them, 12 would
//! have. The price is verdicts: 23 of the 96 changes had none. In the median an interval went from 4 % below to
//! 5 % above, the widest up to 45 %. If all times had grown by half, 92 of the 96 would have exceeded 10 %. In
//! 20 comparisons of the cookbook (`--time 7s`), whose batches take microseconds, no change exceeded the limit,
//! and 9 of the 40 had no verdict.
//!
//! # Figures
//!
//! Other programs ran on the machine, and at a million keys they changed the times of single rounds by up to
//! 70 %, so compare figures of one run.
//!
//! **Growth.** With `millrace bench --keys 1e4,1e5,1e6,1e7`, `update_state_by_key` grows as keys to the 0.80, at
//! last to the 1.07. At 10,000 keys the thousand words are most of a batch; beyond a million the state is read at
//! the speed of the memory. Its function is one that the compiler cannot see through. Idle keys cost nothing if
//! it sees that the function leaves them unchanged; then only their totals are emitted.
//!
//! **Active keys.** With 1 % of 100,000 keys in a batch `map_with_state` is 5.6 times as fast as
//! `update_state_by_key`, with 10 % 1.7 times, with all of them 1.4 times (`millrace bench`).
//!
//! **Memory.** The setting `memory` of a cluster counts 56 and 48 bytes a key, the same on every machine, where
//! the system gave 35 and 43 at a million keys.
//!
//! **Threads.** Two partitions on one thread and on two (`--cores 2 --workers 1`, and `--workers 2`):
//!
//! | | one thread | two threads | speed-up, over three pairs |
//! |---|---|---|---|
//! | a million words on 100,000 keys, `update_state_by_key` | 74.7 ms | 53.9 ms | 1.4 to 1.9 |
//! | the same, `map_with_state` | 71.4 ms | 44.3 ms | 1.6 to 2.4 |
//! | a thousand words on ten million keys, `update_state_by_key` | 20.0 ms | 11.7 ms | 1.5 to 1.7 |
//!
//! Both threads share one memory. A batch of a thousand words on 100,000 keys is too small for two: 0.05 ms and
//! 0.10 ms by `map_with_state`.
//!
//! **Time-outs.** One that no key reaches costs 5 to 15 %. Keys that time out cost half as much again, whatever
//! their number: ten batches of a thousand words on a million keys, some of which time out all along, take
//! 0.90 ms instead of 0.59 ms (`cargo bench -p benches --bench time_outs`).
//!
//! **Differential dataflow** on one worker, a million keys and 1,000 words a batch, in one run of `cargo bench -p
//! benches --bench state --features peers`:
//!
//! | emits | Millrace | plain loop | differential dataflow |
//! |---|---|---|---|
//! | all totals | 2.00 ms | 20.6 ms | 32 ms |
//! | the totals that changed | 0.05 ms | 0.08 ms | 4.1 ms |
//!
//! **Row order.** Rows came in the order of arrival, which is also Python's. The JVM's order costs more: `cargo
//! bench -p benches --bench print` prints 20 rows of a million keys after each batch of 1,000. A batch of
//! `map_with_state` then takes 2.3 ms instead of 0.12 ms, as now and then a million keys are sorted; one of a
//! complete structured query 1.3 ms instead of 1.0 ms; one of `update_state_by_key` 22 ms instead of 0.15 ms,
//! read or not, as each order depends on the one before. `order = "arrival"` in `[console]` costs 0.05 ms or
//! nothing that could be measured.
//!
//! # What is not here
//!
//! - No clock: the caller brings a [`Timer`]. No file, process or terminal.
//! - No limit that a slower machine would fail: a [`LimitOutcome`] is of a ratio of ratios.
//! - Nothing of the engine but its public API: [`Subject`]s are the programs that a user would write.

mod baseline;
mod baseline_error;
mod benchmark;
mod change;
mod chart;
mod checksum;
mod comparison;
mod crossover;
mod dstream;
mod estimate;
mod group;
mod json;
mod plain_loop;
mod plan;
mod quantity;
mod reference;
mod results;
mod rounds;
mod run_settings;
mod running_subject;
mod slope;
mod structured;
mod subject;
mod sweep;
mod table;
#[cfg(test)]
mod testing;
mod text;
mod timeline;
mod timer;
mod workload;

pub use baseline::Baseline;
pub use baseline_error::BaselineError;
pub use change::LimitOutcome;
pub use chart::{chart, svg};
pub use checksum::Checksum;
pub use comparison::BaselineComparison;
pub use crossover::Crossover;
pub use estimate::{Estimate, Interval, median};
pub use group::UnequalTotals;
pub use json::JSON_FORMAT;
pub use plan::{Axis, Point, SweepPlan};
pub use reference::Reference;
pub use results::{BatchTime, KeyMemory, PointResults, Results, Timings};
pub use rounds::{rounds, turns};
pub use running_subject::RunningSubject;
pub use slope::Slope;
pub use subject::Subject;
pub use sweep::sweep;
pub use timeline::{PipelineTimings, TimelineResults};
pub use timer::Timer;
pub use workload::{KeyDistribution, Workload, blocks, key_name};
