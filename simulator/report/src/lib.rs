//! A journal as text: what Spark's console would show, JSON lines, a summary for a person; and what
//! differs between two consoles.
//!
//! A reporter is an [`engine::Reader`]: it is told every event of a run while the run goes on, writes
//! what the event means to it, and forgets it. So a run of millions of batches is followed in bounded
//! memory, and one run may have several reporters.
//!
//! ```
//! use engine::{Event, OutputId, Reader, Record, Time};
//! use report::{Console, Zone};
//! use scenario::Profile;
//!
//! let mut console = Console::new(Profile::Pyspark, Zone::named("Asia/Shanghai")?, Vec::new());
//! let batch_time = Time::from_millis(1_529_622_030_000);
//! let rows = vec![("blue".to_owned(), 5_i64).to_value()];
//! console.read(batch_time, &Event::Printed { batch_time, output: OutputId(0), records: 1, rows, more: false });
//! assert_eq!(String::from_utf8(console.finish()?)?, "\
//! -------------------------------------------
//! Time: 2018-06-22 07:00:30
//! -------------------------------------------
//! ('blue', 5)
//!
//! ");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | reporter | writes | for |
//! |---|---|---|
//! | [`Console`] | what Spark prints, byte for byte, or what the book shows | standard output, snapshots |
//! | [`Json`] | one object a line for every event | other programs |
//! | [`CounterTable`] | one line a batch: what it did to states of keys | standard error |
//! | [`Summary`] | one line a batch: records, delays, rows | standard error |
//!
//! [`blocks`] cuts console text into its batches again, and [`diff`] shows two of them side by side.
//!
//! # What is not here
//!
//! - Nothing is run or decided: which rows are printed, and in which order, stands in the event.
//! - How a value or a table looks is the engine's own affair ([`engine::render`]).
//! - No file, terminal or colour: a reporter writes to the writer that it was given.

mod console;
mod counters;
mod diff;
mod json;
mod output;
mod summary;
mod time_text;
mod transcript;

pub use console::Console;
pub use counters::CounterTable;
pub use diff::{Difference, diff};
pub use json::Json;
pub use summary::Summary;
pub use time_text::{UnknownZone, Zone};
pub use transcript::{Block, blocks};
