//! How does a batch's cost grow with the keys of the state and with the words of the batch?
//!
//! Both state operators, `map_with_state` with a time-out too, the structured running count, and the
//! plain loop anybody would write take the same lines of ten words: split, counted, merged into the state,
//! and handed to a consumer. `keys` grows the state at 1,000 words a batch, `words` the batch at
//! 100,000 keys; both with all keys alike and by Zipf's law with exponent 1.1. The figure is the time per
//! batch, over words also words a second, and each group's report has a chart of its lines.
//!
//! With the feature `peers` differential dataflow on one worker is among them. It has no operator that hands
//! on all of its state, so `differential_update` walks over its whole arrangement after each batch;
//! `differential_map` hands on the totals that a batch has changed.
//!
//! Each of the 112 figures is the mean of ten samples in about a second, and all take three to four minutes: on a
//! machine that does other things too it is sure to a tenth, at times to a third, enough for the shape of a line.
//! Five different batches come in turn, so that what they touch of a large state stays in the caches.
//!
//! `cargo bench -p benches --bench state`, with `--features peers` for differential dataflow too, and with
//! `MILLRACE_BENCH=full` for all sizes. Criterion times one after the other; for ratios, taken in turn, run
//! `millrace bench`.

use benches::{Entrant, running_counts};
use measure::{Contender, StartError};

fn main() -> Result<(), StartError> {
    let ours = Contender::ALL.into_iter().map(Entrant::from);
    let entrants: Vec<Entrant> = ours.chain(peers()).collect();
    running_counts("state", &entrants)
}

#[cfg(feature = "peers")]
fn peers() -> [Entrant; 2] {
    use peers::Differential;

    [
        Entrant::new("differential_update", Contender::PlainUpdate, |keys| {
            Ok(Box::new(Differential::update(keys)))
        }),
        Entrant::new("differential_map", Contender::PlainStructured, |keys| {
            Ok(Box::new(Differential::map(keys)))
        }),
    ]
}

#[cfg(not(feature = "peers"))]
fn peers() -> [Entrant; 0] {
    []
}
