//! Structured Streaming: a query over an unbounded table, run as an incremental plan.
//!
//! The word count of the book, line by line, stepped by hand:
//!
//! ```
//! use engine::{Inline, Input, StreamId, Time};
//! use engine_structured::functions::{col, explode, split};
//! use engine_structured::{OutputMode, SparkSession};
//!
//! let spark = SparkSession::local(2, "StructuredNetworkWordCount");
//!
//! // Create DataFrame representing the stream of input lines from connection to localhost:9999
//! let lines = spark.read_stream().socket("localhost", 9999);
//!
//! // Split the lines into words
//! let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
//!
//! // Generate running word count
//! let word_counts = words.group_by("word").count();
//!
//! // Start running the query that prints the running counts to the console
//! let query = word_counts.write_stream().output_mode(OutputMode::Complete).console()?;
//! # let _ = query;
//! # Ok::<(), engine_structured::AnalysisError>(())
//! ```
//!
//! A [`Query`] is an [`engine::Machine`], as the DStream engine is: the same virtual world and the
//! same live driver serve both.
//!
//! # What is not here
//!
//! No clock, no thread, no scheduling of batches one after the other but the query's own trigger; no
//! text of a console, which a reader of the journal makes.

mod collect;
mod column;
mod dataframe;
mod durable;
mod file_format;
mod file_parts;
mod file_sink;
mod folder_columns;
pub mod functions;
mod groups;
mod incremental;
mod infer;
mod map_rows;
mod parquet;
mod parse_long;
mod percent;
mod physical;
mod query;
mod reader;
mod recover;
mod repartition;
mod sample;
mod session;
mod settings;
mod show;
mod sink;
mod source;
mod start;
mod table_reader;
mod table_writer;
mod transform;
mod udf;
mod writer;

pub use collect::CollectError;
pub use column::{Column, IntoColumns};
pub use dataframe::{DataFrame, GroupedData};
pub use engine::{OutputMode, SparkVersion, Trigger};
pub use engine_sql::AnalysisError;
pub use engine_sql::plan::{JoinHint, JoinKind};
pub use file_sink::PartFile;
pub use groups::{GroupState, GroupStateTimeout};
pub use parse_long::parse_long;
pub use physical::WatermarkPolicy;
pub use query::Query;
pub use reader::DataStreamReader;
pub use recover::QueryRecoverError;
pub use session::SparkSession;
pub use settings::StateStoreProvider;
pub use sink::ForeachWriter;
pub use table_reader::{DataFrameReader, TableLines};
pub use transform::{
    ListState, MapEntry, MapState, StateKind, StateVariables, StatefulProcessor,
    StatefulProcessorHandle, TimeMode, TimerValues, ValueState,
};
pub use udf::{UdfRegistration, UserDefinedFunction};
pub use writer::DataStreamWriter;
