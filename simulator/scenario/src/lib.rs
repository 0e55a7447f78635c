//! The scenario language: TOML text ⇄ [`Scenario`], one timeline and the pipelines that see it.
//!
//! [`parse()`] reads a text; [`print()`], or [`Scenario`]'s `Display`, writes it back in one canonical form:
//!
//! ```
//! let text = r#"
//! title = "two words"
//! timeline = [
//!   { at = "1s", lines = ["blue green"] },
//!   { words = { blue = 2 } },
//! ]
//!
//! [[pipeline]]
//! name = "counts"
//! mode = "stateless"
//! "#;
//! let scenario = scenario::parse("two_words.toml", text)?;
//! assert_eq!(scenario.timeline.len(), 2);
//! assert_eq!(
//!     scenario.to_string(),
//!     r#"title = "two words"
//!
//! timeline = [
//!   { at = "1s", lines = ["blue green"] },
//!   { at = "1s", lines = ["blue blue"] },
//! ]
//!
//! [[pipeline]]
//! name = "counts"
//! mode = "stateless"
//! "#,
//! );
//! assert_eq!(scenario::parse("again.toml", &scenario.to_string())?, scenario);
//! # Ok::<(), scenario::Mistakes>(())
//! ```
//!
//! Mistakes are reported all at once, each with its place and with what would be right, as
//! [`miette`] diagnostics:
//!
//! ```
//! let text = "
//! timeline = [{ at = '1s', lines = ['blue'] }]
//!
//! [clock]
//! intervall = '1s'
//!
//! [[pipeline]]
//! name = 'counts'
//! mode = 'stateless'
//! window = '2.5s'
//! ";
//! let mistakes = scenario::parse("blue.toml", text).unwrap_err();
//! assert_eq!(mistakes.to_string(), "failed to read blue.toml: 2 mistakes");
//! let shown: Vec<String> = mistakes
//!     .iter()
//!     .map(|it| format!("{}:{}: {}", it.line(), it.column(), it.message()))
//!     .collect();
//! assert_eq!(
//!     shown,
//!     [
//!         "5:1: unknown key `intervall` in `[clock]`",
//!         "10:10: `window` is not a multiple of the batch interval, 1s",
//!     ],
//! );
//! ```
//!
//! # The language
//!
//! Every key, with its type, default and meaning, is listed by [`reference()`]; [`schema()`] gives the
//! same as a JSON schema, by which an editor completes and checks. Only `timeline` and one
//! `[[pipeline]]` with a name and a `mode`, `steps`, `program` or `rust` are required; `title` is empty if left out.
//!
//! A step of a pipeline is written once, in `steps/`: its key, its help, the types it takes and gives, its
//! text in a program for Spark. All of the above is made from there.
//!
//! # What is not here
//!
//! - Files: [`parse()`] takes a text and the name to call it by.
//! - Running: a [`Scenario`] is a value; it is played elsewhere.
//! - Comments and layout: [`print()`] writes the canonical form, not the text that was read.

mod change;
mod claim;
mod code;
mod columns;
mod conf;
mod cost;
mod diagnostic;
mod diagnostics;
mod document;
pub mod duration;
mod elsewhere;
mod excerpt;
mod expected_metrics;
mod instant;
mod keys;
mod language;
mod literal;
mod lower;
mod mistake;
mod mistakes;
mod model;
mod parse;
mod pieces;
mod position;
mod print;
mod query_source;
mod quote;
mod reference;
mod refusal;
mod schema;
pub mod size;
pub mod spark;
mod steps;
mod suggest;
mod taken;
mod torn;

pub use engine::{KeyOrder, OutputMode, Profile, SparkVersion, Trigger};

pub use change::Change;
pub use claim::{Claim, Claims, Measure, NoClaim, Relation};
pub use code::Code;
pub(crate) use columns::schema_columns;
pub use conf::Conf;
pub use cost::Cost;
pub use diagnostic::Diagnostic;
pub use document::TEXT_MAX;
pub use expected_metrics::{Bounds, ExpectedMetrics};
pub use instant::is_printable;
pub use keys::{
    ClockJump, CorruptFile, CrashPoint, Damage, DeletedFiles, Disconnect, Disk, Disorder,
    Disturbance, FailingPart, FilePoint, LineFormat, LostBytes, NamedSink, ParseMode, Permuted,
    Process, QuerySink, RECEIVER_RESTART_DELAY, Reach, Receivers, Remote, Source, SourceFault,
    StateStore, WatermarkPolicy, WordQuery, profile_words, spark_words,
};
pub use language::True;
pub use mistakes::Mistakes;
pub use model::{
    Clock, Cluster, ClusterFault, Console, Entry, EventTime, Expect, ExpectedCounters, Fault,
    Generate, Limits, MapWithState, Pipeline, Program, PythonProgram, Scenario, Structured,
    TimelineEvent,
};
pub use parse::{TimelineLines, parse, parse_timeline, parse_with_lines};
pub use print::{print, print_entry, print_head};
pub use query_source::{Cell, DropDuplicates, QuerySource, SourceWatermark, StaticTable};
pub use reference::reference;
pub use refusal::{QueryPlace, Refusal, refused};
pub use schema::schema;
pub use steps::{
    Arithmetic, Draw, Element, Emit, FlatMapFunction, Keeps, MapFunction, MappedTotals, Operand,
    Predicate, Reducer, SlidingWindow, Step, TextFolders, Timeouts, Update, Window,
    WindowReduction, java_initial,
};
pub use suggest::nearest;
pub use taken::taken_at;
pub use torn::cut_off_entry;
