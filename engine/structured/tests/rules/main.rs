//! Whole queries, stepped by hand: the rules of triggers, micro-batches and output, counters, memory,
//! recovery, and the laws.

mod ansi;
mod counters;
mod event_time;
mod event_time_laws;
mod files;
mod laws;
mod memory;
mod output;
mod recovery;
mod sql;
mod support;
mod tables;
mod triggers;
