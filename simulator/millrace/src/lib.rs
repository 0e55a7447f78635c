//! Tests programs of micro-batch streaming on a virtual clock, and runs the same programs live.
//!
//! The word count of the book, tested in ten lines:
//!
//! ```
//! use std::time::Duration;
//! use millrace::{StreamingContext, Timeline};
//!
//! fn word_count(ssc: &StreamingContext) {
//!     let lines = ssc.socket_text_stream("localhost", 9999);
//!     let words = lines.flat_map(|line| line.split(" "));
//!     words.map(|word| (word, 1)).reduce_by_key(|x, y| x + y).print();
//! }
//!
//! let timeline = Timeline::new().lines(Duration::from_secs(1), ["blue blue green"]);
//! let replay = millrace::replay(&timeline, word_count)?;
//! assert_eq!(replay.text, "\
//! -------------------------------------------
//! Time: 1970-01-01 00:00:01
//! -------------------------------------------
//! ('blue', 2)
//! ('green', 1)
//!
//! ");
//! # Ok::<(), millrace::ReplayError>(())
//! ```
//!
//! No socket was opened and no second passed: [`replay`] hands the lines of the [`Timeline`] to the program at
//! their virtual times. The same function runs on the system clock and a real socket:
//!
//! ```no_run
//! # use std::time::Duration;
//! # use millrace::{SparkContext, StreamingContext};
//! # fn word_count(_: &StreamingContext) {}
//! let sc = SparkContext::local(2, "NetworkWordCount");
//! let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
//! word_count(&ssc);
//! millrace::listen(&ssc)?;
//! # Ok::<(), millrace::ListenError>(())
//! ```
//!
//! # The parts
//!
//! | to | use |
//! |---|---|
//! | write a program of streams | [`StreamingContext`], [`DStream`], and [`StateSpec`], [`UpdateSpec`], [`WindowSpec`] for operators with settings |
//! | write a structured query | [`structured`] |
//! | give records types of one's own | [`Record`], to print them; [`Key`], to group by them |
//! | choose the language and the version of Spark whose rows and order are printed | [`SparkContext::with_profile`]; of a query, the version by [`with_spark`](structured::SparkSession::with_spark) |
//! | test a program | [`replay()`], [`replay_on`], [`replay_query`] |
//! | search for a schedule of faults, or an arrangement of its input, that breaks a promise | [`explore()`] |
//! | test it by scenario files with snapshots | [`scenarios()`] |
//! | test a single operator | [`testing`] |
//! | run a program live | [`listen()`], [`listen_query`], and [`live`] for its settings |
//! | let it go on after a crash | [`listen_from`] |
//! | read all that happened | [`Journal`], [`Event`], and [`report`] for texts made of them |
//! | drive an engine by hand | [`engine`] |
//!
//! # Functions that fail
//!
//! A method `try_…` takes a function that returns a [`Failure`]: any error by `?`, or words of your own. Its batch
//! then prints nothing, and the program goes on with the next one.
//!
//! ```
//! use std::time::Duration;
//! use millrace::{Failure, FailureKind, Text, Timeline, replay};
//!
//! fn price(line: Text) -> Result<i64, Failure> {
//!     match line.parse()? {
//!         price @ 0.. => Ok(price),
//!         price => Err(Failure::new(FailureKind::Function, format!("{price} is no price"))),
//!     }
//! }
//!
//! let seconds = Duration::from_secs;
//! let timeline = Timeline::new().lines(seconds(1), ["-5"]).lines(seconds(2), ["five"]);
//! let replay = replay(&timeline, |ssc| ssc.receiver_stream("prices").try_map(price).print())?;
//! assert_eq!(replay.text, "\
//! failed: try_map, batch at 1970-01-01 00:00:01: -5 is no price
//! failed: try_map, batch at 1970-01-01 00:00:02: invalid digit found in string
//! ");
//! # Ok::<(), millrace::ReplayError>(())
//! ```
//!
//! A scenario file expects a failure by a part of its text: `expect = { failure = "no price" }`.
//!
//! # The language and the version
//!
//! A program prints as Spark 3.5 does when it is driven from Python. The [`Profile`] of its
//! [`SparkContext`] is the one choice: the form of a row, the order of rows and what each operator does where
//! the languages differ follow from it. [`Profile::Jvm4`] and [`Profile::Pyspark4`] are those of Spark 4.
//!
//! ```
//! use std::time::Duration;
//! use millrace::{Profile, SparkContext, Timeline, replay_on};
//!
//! let sc = SparkContext::local(2, "Count").with_profile(Profile::Jvm);
//! let timeline = Timeline::new().stop(Duration::from_secs(1));
//! // Python has no row for a batch without records.
//! let replay = replay_on(&sc, &timeline, |ssc| ssc.receiver_stream("lines").count().print())?;
//! assert_eq!(replay.text, "\
//! -------------------------------------------
//! Time: 1000 ms
//! -------------------------------------------
//! 0
//!
//! ");
//! # Ok::<(), millrace::ReplayError>(())
//! ```

mod explore;
mod listen;
mod panics;
mod replay;
mod replay_error;
mod scenarios;
mod timeline;

pub use engine::{
    BuildError, DStream, Data, Decimal, Double, Event, Failure, FailureKind, Float,
    HashPartitioner, Journal, JournalEntry, Key, KeyOrder, KeyUpdates, MapWithStateDStream,
    Profile, QueueSpec, Rdd, Reader, Record, SparkContext, SparkVersion, State, StateSpec,
    StreamingContext, Text, Time, UpdateSpec, Value, Values, WindowSpec, testing,
};
pub use explore::{Broken, Exploration, ExploreError, explore};
pub use listen::{ListenError, listen, listen_from, listen_query};
pub use replay::{Replay, replay, replay_on, replay_query};
pub use replay_error::ReplayError;
pub use scenarios::{Scenarios, scenarios};
pub use suite::ReadError;
pub use timeline::Timeline;

pub use engine;
pub use engine_live as live;
pub use engine_structured as structured;
pub use report;
