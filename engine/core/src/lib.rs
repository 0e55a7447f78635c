//! Pure semantics of micro-batch streaming: an engine that is a value, driven from outside.
//!
//! The streaming word count of the book, line by line, stepped by hand through one batch:
//!
//! ```
//! use std::time::Duration;
//!
//! use engine::testing::Stepper;
//! use engine::{Event, Inline, Input, Record, SparkContext, StreamId, StreamingContext, Text, Time};
//!
//! // Create Spark Context with two working threads (note, `local[2]`)
//! let sc = SparkContext::local(2, "NetworkWordCount");
//!
//! // Create local StreamingContext with batch interval of 1 second
//! let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
//!
//! // Create DStream that will connect to the stream of input lines from connection to localhost:9999
//! let lines = ssc.socket_text_stream("localhost", 9999);
//!
//! // Split lines into words
//! let words = lines.flat_map(|line| line.split(" "));
//!
//! // Count each word in each batch
//! let pairs = words.map(|word| (word, 1));
//! let word_counts = pairs.reduce_by_key(|x, y| x + y);
//! word_counts.print();
//!
//! // Start the computation at 23:00:29, by hand
//! let at = |millis: i64| Time::from_millis(1_529_622_029_000 + millis);
//! let mut program = Stepper::new(ssc.build()?, at(0));
//!
//! // A line arrives in the first second, and the second passes
//! let record = Text::from("blue blue green blue");
//! program.handle(at(400), Input::Received { stream: StreamId(0), record }, &Inline);
//! program.handle(at(1_000), Input::Woken, &Inline);
//!
//! let printed = program.events().iter().find_map(|event| match event {
//!     Event::Printed { batch_time, rows, .. } => Some((*batch_time, rows.clone())),
//!     _ => None,
//! });
//! let counts = [(Text::from("blue"), 3).to_value(), (Text::from("green"), 1).to_value()];
//! assert_eq!(printed, Some((at(1_000), counts.to_vec())));
//! # Ok::<(), engine::BuildError>(())
//! ```
//!
//! # How it works
//!
//! [`Engine`] is a [`Machine`]: one function, [`handle(now, input, &mut outbox)`](Machine::handle), is
//! the only way in, and the [`Outbox`] the only way out. It asks for two things, [`Effect::Run`] this
//! job and [`Effect::Tell`] this event. Whoever drives it has the clock, the threads and the sockets:
//! the virtual world of a scenario, or the real one. So the same inputs at the same times give the
//! same events, on every machine.
//!
//! A job is a value that carries the graph and all its state along. The engine gets them back with
//! [`Input::JobFinished`]; between the two, batches queue.
//!
//! # The rooms
//!
//! | room | what it is for |
//! |---|---|
//! | [`Input`], [`Effect`], [`Event`] | the closed enums: what may reach the engine, what it may ask, what it tells |
//! | [`Machine`], [`Engine`] | the trait that both engines are; the DStream engine |
//! | [`Journal`], [`Reader`] | the record of a run, and whoever follows it |
//! | [`StreamingContext`], [`DStream`], [`Rdd`] | programs and their operators, one file each |
//! | `receive`, `schedule`, `state` | blocks and their batches; when and in which order; keys from batch to batch |
//! | [`Profile`], [`Trigger`], [`OutputMode`] | plain choices of a program or a query |
//! | [`order`] | in which order Spark hands rows out |
//! | [`sink`] | the text of a batch |
//! | [`testing`] | operators under test, without a clock |
//!
//! # What is not here
//!
//! - No clock, thread, randomness, hash seed, file or socket: lints refuse them.
//! - No knowledge that a simulator exists.
//! - No printing: the engine tells which rows; a reader of its events makes the text.

mod blame;
mod counters;
mod dstream;
mod effect;
mod engine;
mod event;
mod input;
mod java_split;
mod journal;
mod machine;
pub mod order;
mod output_mode;
mod profile;
mod receive;
pub mod rules;
mod schedule;
pub mod sink;
mod state;
pub mod testing;
mod time;
mod trigger;
mod value;
mod workers;

pub use counters::Counters;
pub use dstream::{
    BuildError, DStream, Data, Key, KeyOrder, MapWithStateDStream, Program, Rdd, RowOrder,
    SparkContext, StreamSource, StreamingContext,
};
pub use effect::{Effect, Outbox};
pub use engine::Engine;
pub use event::{Event, OutputId, Table};
pub use input::{Block, Input, StreamId};
pub use java_split::java_split;
pub use journal::{Journal, JournalEntry, Reader};
pub use machine::Machine;
pub use output_mode::OutputMode;
pub use profile::Profile;
pub use schedule::{Finished, Job, Work};
pub use state::{KeyUpdates, State, StateSpec, UpdateSpec};
pub use time::{Grid, Time};
pub use trigger::Trigger;
pub use value::{Record, Row, Text, Value};
pub use workers::{Inline, Workers, gather};
