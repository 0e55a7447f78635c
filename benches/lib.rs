//! Benches of the engine and the simulator: the workloads and settings that they share.
//!
//! | bench | question |
//! |---|---|
//! | `simulator/step.rs` | how many virtual batches go by in a second of real time? |
//! | `simulator/whole_scenario.rs` | how long does the book's scenario take, from text to journal? |
//! | `simulator/parse.rs` | does reading a scenario grow with its length, and no faster? |
//! | `engine/receive.rs` | what does a record cost on its way into a batch? |
//! | `engine/word_count.rs` | how many words a second does `reduce_by_key` count? |
//! | `engine/state.rs` | how do the state operators grow with the keys and with the words, beside a plain loop? |
//! | `engine/checkpoint.rs` | what does a batch cost that is saved, and what its writer, beside the disk's own speed? |
//! | `engine/time_outs.rs` | what does it cost to scan for idle keys? |
//! | `engine/finite.rs` | what do a filter and three aggregates over a million rows cost? |
//! | `engine/print.rs` | what does the exact order of 20 printed rows cost? |
//!
//! `cargo bench -p benches` times all of them in some minutes, `cargo bench -p benches --bench step`
//! one of them; the report is `target/criterion/report/index.html`. `cargo test -p benches` runs each
//! once with small input and times nothing. Each checks its result before it is timed, so that none
//! gets faster by a wrong result.
//!
//! `cargo bench -p benches --bench state --features peers` also times differential dataflow, from a crate of
//! its own that is empty without the feature. With `MILLRACE_BENCH=full` the sizes go up to ten million keys
//! and a million words a batch.
//!
//! Figures of two runs are comparable only on a machine that does nothing else. On a busy one, quote
//! ratios: to the reference loops that `step` times in the same run, or from one size to the next.
//!
//! # What is not here
//!
//! No limit that a slower machine would fail, and no bench that continuous integration times.

mod empty;
mod event_counts;
mod running_count;
mod settings;

pub use empty::empty_seconds;
pub use event_counts::{EventCounts, count_events};
pub use running_count::{TimedSubject, running_counts};
pub use settings::{criterion, size, sizes, sizes_and};
