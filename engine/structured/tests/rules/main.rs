//! Whole queries, stepped by hand: the rules of triggers, micro-batches and output, and the laws.

mod event_time;
mod event_time_laws;
mod laws;
mod output;
mod support;
mod triggers;
