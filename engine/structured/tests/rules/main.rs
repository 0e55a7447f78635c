//! Whole queries, stepped by hand: the rules of triggers, micro-batches and output, and the laws.

mod laws;
mod output;
mod support;
mod triggers;
