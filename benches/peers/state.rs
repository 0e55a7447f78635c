//! How do the state operators stand beside differential dataflow, in one run?
//!
//! As the bench `state` of the workspace, on the same workload and with the same check, with one more
//! entrant: differential dataflow with one worker. What it hands on in place of `update_state_by_key` is a walk
//! over its whole arrangement, for it has no operator that does so; in place of `map_with_state`, the new
//! counts.
//!
//! `cargo bench --manifest-path benches/peers/Cargo.toml`, and with `MILLRACE_BENCH=full` all sizes.

use std::error::Error;

use benches::{Entrant, running_counts};
use measure::Contender;
use peers::Differential;

fn main() -> Result<(), Box<dyn Error>> {
    let mut entrants: Vec<Entrant> = Contender::ALL.into_iter().map(Entrant::from).collect();
    entrants.push(Entrant::new(
        "differential_update",
        Contender::PlainUpdate,
        |keys| Ok(Box::new(Differential::update(keys))),
    ));
    entrants.push(Entrant::new(
        "differential_map",
        Contender::PlainStructured,
        |keys| Ok(Box::new(Differential::map(keys))),
    ));
    running_counts("peers", &entrants)
}
