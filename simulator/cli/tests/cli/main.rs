//! The program `millrace` as its users see it: its output, its files, its exit codes.

mod bad_input;
mod bench;
mod bench_baseline;
mod bench_runs;
mod bench_scenario;
mod checkpoint;
#[cfg(unix)]
mod closed_pipe;
mod explore;
mod help;
mod killed;
#[cfg(unix)]
mod listen;
mod new;
mod plan;
#[cfg(unix)]
mod record;
mod run;
mod run_hints;
mod run_selection;
mod run_spark;
#[cfg(unix)]
mod running;
mod schema_and_completions;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod spark;
mod support;
mod test;
mod test_selection;
