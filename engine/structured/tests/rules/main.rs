//! Whole queries, stepped by hand: the rules of triggers, micro-batches and output, counters, memory,
//! recovery, and the laws.

mod ansi;
mod columns;
mod counters;
mod event_time;
mod event_time_laws;
mod files;
mod files_as_they_are;
mod groups;
mod joins;
mod laws;
mod memory;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
mod progress;
mod recovery;
mod sinks;
mod sources;
mod sql;
mod sql_laws;
mod support;
mod tables;
mod transform;
mod triggers;
