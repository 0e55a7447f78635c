//! How does a batch's cost grow with the keys of the state and with the words of the batch?
//!
//! Both state operators, `map_with_state` with a time-out too, the structured running count, and the
//! plain loop anybody would write take the same lines of ten words: split, counted, merged into the state,
//! and handed to a consumer. `keys` grows the state at 1,000 words a batch, `words` the batch at
//! 100,000 keys; both with all keys alike and by Zipf's law with exponent 1.1. The figure is the time per
//! batch, over words also words a second, and each group's report has a chart of its lines.
//!
//! `cargo bench -p benches --bench state`, and with `MILLRACE_BENCH=full` all sizes. Criterion times one
//! after the other; for ratios, taken in turn, run `millrace bench`. With differential dataflow beside
//! them: `cargo bench --manifest-path benches/peers/Cargo.toml`.

use std::error::Error;

use measure::Contender;

use benches::{Entrant, running_counts};

fn main() -> Result<(), Box<dyn Error>> {
    running_counts("state", &Contender::ALL.map(Entrant::from))
}
