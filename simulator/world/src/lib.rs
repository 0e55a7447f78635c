//! The virtual world: a scenario's timeline, played to an engine on a virtual clock.
//!
//! [`run`] compiles a pipeline into the engine that it describes, puts it into a [`World`], and steps
//! the world until the scenario's stop. A [`Reader`](engine::Reader) follows the events.
//!
//! ```
//! use engine::{Event, Inline, Journal};
//! use simulator::{RunOptions, run};
//!
//! let scenario = scenario::parse("blue.toml", r#"
//!     timeline = [{ at = "1s", lines = ["blue blue"] }]
//!     [[pipeline]]
//!     name = "counts"
//!     mode = "stateless"
//! "#).expect("the scenario has no mistakes");
//! let mut journal = Journal::new();
//! run(&scenario, &scenario.pipelines[0], &RunOptions::default(), &mut journal)?;
//! let printed = journal.entries().iter().filter(|entry| matches!(entry.event, Event::Printed { .. }));
//! assert_eq!(printed.count(), 1);
//! # Ok::<(), simulator::RunError>(())
//! ```
//!
//! # What is not here
//!
//! No clock, thread, file or socket; no chance but the [`Dice`](random::Dice) of a seed; no console text.

mod arrivals;
mod batch_metrics;
mod claim_checker;
mod cluster;
mod compile;
mod cost;
mod expectation_checker;
mod faults;
mod lives;
mod printed_text;
mod progress;
mod run;
mod schedule;
mod step;
mod tamper;
mod unmet_expectation;
mod untimed_lines;

pub use arrivals::{Arrivals, socket_lines};
pub use claim_checker::{BrokenClaim, ClaimChecker};
pub use compile::{
    CompileError, LINES, PipelineSource, Saved, compile, compile_from, explain, refusals,
    spark_context, spark_session,
};
pub use expectation_checker::ExpectationChecker;
pub use run::{
    RunError, RunOptions, UserProgram, play, run, source_of, sources_of, stop_of, stop_time,
};
pub use schedule::{Candidate, InOrder, MachineId, Schedule};
pub use step::driver::Driver;
pub use step::life::CheckpointFiles;
pub use step::{World, WorldSettings};
pub use tamper::Tamper;
pub use unmet_expectation::UnmetExpectation;
pub use untimed_lines::UntimedLines;
