//! A journal as text: the console of Spark, JSON lines, tables for a person; and the difference of two
//! consoles.
//!
//! A reporter is an [`engine::Reader`]: it gets each event of a run while the run goes on, writes its text
//! and forgets it. So it follows a run of millions of batches in bounded memory, and one run may have
//! several reporters.
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
//! | [`Console`] | the console of Spark, byte for byte, or of the book | standard output, snapshots |
//! | [`Json`] | one object a line for every event | other programs |
//! | [`ProgressLines`] | one object a line for the progress of each micro-batch | other programs |
//! | [`CounterTable`] | one line a batch: counters of states of keys | standard error |
//! | [`Summary`] | one line a batch: records, delays, rows | standard error |
//!
//! [`sections`] divides console text into its batches, [`diff`] shows two texts side by side, and
//! [`FailureLines`] says which batches failed; [`remark`] what happened to the driver, [`cluster_remark`] to executors.
//!
//! # What is not here
//!
//! - Nothing is run or decided: the rows that are printed and their order are in the event.
//! - The text of a value and of a table comes from the engine ([`engine::render`]).
//! - No file, terminal or colour: a reporter writes to the writer of its caller.

mod batch_table;
mod cluster_remark;
mod console;
mod counter_table;
mod diff;
mod failure_lines;
mod json;
mod progress_lines;
mod remark;
mod section;
mod summary;
mod text_writer;
mod zone;

pub use cluster_remark::cluster_remark;
pub use console::Console;
pub use counter_table::CounterTable;
pub use diff::{Difference, diff};
pub use failure_lines::FailureLines;
pub use json::Json;
pub use progress_lines::ProgressLines;
pub use remark::remark;
pub use section::{Section, sections};
pub use summary::Summary;
pub use zone::{UnknownZone, Zone};
