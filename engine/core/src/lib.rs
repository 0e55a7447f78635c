//! Pure semantics of micro-batch streaming: an engine that is a value, driven from outside.
//!
//! The streaming word count of the book, line by line, stepped by hand through one batch:
//!
//! ```
//! use std::time::Duration;
//!
//! use engine::{
//!     Event, Inline, Input, Record, SparkContext, Stepper, StreamId, StreamingContext, Text, Time,
//! };
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
//! let mut program = Stepper::start(ssc.build()?, at(0));
//!
//! // A line arrives in the first second, and the second passes
//! let record = Text::from("blue blue green blue");
//! program.handle(at(400), Input::Received { stream: StreamId(0), record }, &Inline);
//! program.handle(at(1_000), Input::Woken, &Inline);
//!
//! let printed = program.events().find_map(|event| match event {
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
//! the only way in, and the [`Outbox`] the only way out. It asks for four things: [`Effect::Run`] this
//! job, [`Effect::Write`] this log entry, [`Effect::Save`] these results, [`Effect::Record`] this event. Its driver, the virtual world
//! of a scenario or the real one, has the clock, the threads and the sockets, and hands every input in by
//! [`drive`]. So the same inputs at the same times give the same events, on every machine.
//!
//! A job is a value that runs on any thread, at once or later; the engine hears of its end by
//! [`Input::JobFinished`], and between the two, batches queue. A program that fails, by its result or by
//! a panic, gives a [`Failure`] in an event; the engine itself does not fail.
//!
//! # The rooms
//!
//! | room | what it is for |
//! |---|---|
//! | [`Input`], [`Effect`], [`Event`] | the closed enums: inputs of a machine, its requests, and the events of a run |
//! | [`Machine`], [`Engine`] | the trait that both engines are; the DStream engine |
//! | [`Journal`], [`Reader`] | the events of a run in order, and the interface of those that follow them |
//! | [`StreamingContext`], [`DStream`], [`Rdd`] | programs and their operators, one file each |
//! | `receive`, `schedule`, `state` | blocks and their batches; when and in which order; keys from batch to batch |
//! | [`Profile`], [`SparkVersion`], [`Trigger`], [`OutputMode`] | plain choices of a program or a query |
//! | [`letters`] | upper and lower case, as each language has them |
//! | [`order`] | in which order Spark hands rows out |
//! | [`render`] | the text of a batch |
//! | `types`, [`Key`] | the types of SQL and of the languages, their values, and the keys among them |
//! | [`testing`] | operators under test, without a clock |
//!
//! # What is not here
//!
//! - No clock, thread, randomness, hash seed, file or socket: lints refuse them.
//! - No knowledge that a simulator exists.
//! - No printing: the engine records rows in events; a reader of the events renders the text.

mod batch_times;
mod block;
mod block_manager;
mod cluster_event;
mod counters;
mod data;
mod driver_event;
mod dstream;
mod effect;
mod engine;
mod event;
mod failure;
mod file_bytes;
mod file_status;
mod ids;
mod input;
mod java_split;
mod job;
mod journal;
mod key;
pub mod letters;
mod lock;
mod machine;
mod message;
pub mod order;
mod output_mode;
mod profile;
mod progress;
mod python_key;
mod receive;
mod recovery;
pub mod render;
mod rows;
pub mod rules;
mod save;
mod schedule;
mod source;
mod state;
mod stepper;
mod table;
mod table_write;
pub mod testing;
mod time;
mod trigger;
mod types;
mod workers;
mod write;

pub use batch_times::BatchTimes;
pub use block::Records;
pub use block_manager::BlockManager;
pub use cluster_event::ClusterEvent;
pub use counters::Counters;
pub use data::Data;
pub use driver_event::DriverEvent;
pub use dstream::{
    BuildError, DStream, MapWithStateDStream, Program, QueueSpec, SparkContext, StreamingContext,
    WindowSpec,
};
pub use effect::{Effect, Outbox};
pub use engine::Engine;
pub use event::{Event, StateOwner, Table};
pub use failure::{FailedBatch, Failure, FailureKind, FailureSource, as_entry};
pub use file_bytes::{bytes_of_record, record_of_bytes};
pub use file_status::FileStatus;
pub use ids::{BlockId, JobId, OutputId, QueryId, SaveId, StreamId, WriteId};
pub use input::Input;
pub use java_split::java_split;
pub use job::{Finished, Job, Outcome};
pub use journal::{Journal, JournalEntry, Reader};
pub use key::{Key, KeyOrder};
pub use machine::{Host, Machine, drive};
pub use message::{Message, NextOffset};
pub use output_mode::OutputMode;
pub use profile::{Profile, SparkVersion};
pub use progress::{
    EventTimeProgress, EventTimes, QueryDurations, SinkProgress, SourceProgress,
    StateOperatorProgress, StreamingQueryProgress,
};
pub use python_key::PythonKey;
pub use receive::{BackPressure, RateLimits};
pub use recovery::{
    Checkpoint, LogEntry, RecoverError, Recovery, Saved, StateContent, StateId, StatesToSave,
};
pub use recovery::{
    NoQueryFile, QueryContent, QueryFile, QueryFileError, QueryFiles, QueryOffsets, SourceEntry,
    SourceFile, SourceOffset, StateChange, StateSchema, StateVersion, TopicOffsets,
};
pub use rows::{Cogrouped, HashPartitioner, JobNumber, MadeRows, OuterPair, PartitionRows, Rdd};
pub use save::{FileContent, LoggedFile, Save, SaveContent, SaveError, SaveOutcome, TextFolder};
pub use source::StreamSource;
pub use state::{KeyUpdates, State, StateSpec, UpdateSpec};
pub use stepper::Stepper;
pub use table_write::TableWrite;
pub use time::{Grid, Time};
pub use trigger::Trigger;
pub use types::{
    CivilDate, CivilTime, DataType, Decimal, Double, Float, IntervalUnit, IntervalUnits,
    MapEntries, NestingError, Record, Row, Struct, StructField, Text, Value, Values,
};
pub use workers::{Inline, Workers, gather, stage};
pub use write::{Write, WriteContent, WriteError};
