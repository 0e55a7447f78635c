//! Whole programs, stepped by hand: the rules of the clock, of blocks and of jobs, and the laws.

mod at_once;
mod bad_state;
mod blocks;
mod clock;
mod concurrent_jobs;
mod contexts;
mod drops;
mod dstream_order;
mod failed_batches;
mod failing_methods;
mod failure_keys;
mod folded_windows;
mod jobs;
mod key_hashes;
mod laws;
mod log;
mod map_with_state;
mod odd_keys;
mod operator_laws;
mod quiet_batches;
mod rdd_order;
mod shutdown;
mod support;
mod timing;
mod typed_keys;
mod update_state_by_key;
