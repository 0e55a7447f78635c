//! The cost of a batch over the keys of the state and over the words of the batch.
//!
//! Both state operators, `map_with_state` also with a time-out, the structured running count, and a plain
//! loop take the same lines of ten words: split, counted, merged into the state, and passed to a consumer.
//! `keys` grows the state at 1,000 words a batch, `words` the batch at 100,000 keys; both with uniform keys
//! and by Zipf's law with exponent 1.1. The figure is the time per batch, over words also words a second,
//! and each group's report has a chart of its lines.
//!
//! With the feature `peers`, differential dataflow on one worker is one of the subjects. It has no operator
//! that emits all of its state, so `differential_update` reads its whole arrangement after each batch;
//! `differential_map` emits the totals that a batch has changed.
//!
//! Each of the 112 figures is the mean of ten samples in about a second, and all take three to four minutes. On
//! a machine that runs other programs a figure varies by a tenth, at times by a third, which is enough for the
//! shape of a line. Five different batches come in turn, so that their part of a large state stays in the
//! caches.
//!
//! `cargo bench -p benches --bench state`, with `--features peers` for differential dataflow too, and with
//! `MILLRACE_BENCH=full` for all sizes. Criterion times one subject after the other; for ratios, taken in turn,
//! run `millrace bench`.

use benches::{TimedSubject, running_counts};
use measure::Subject;

fn main() {
    let ours = Subject::ALL.into_iter().map(TimedSubject::from);
    let subjects: Vec<TimedSubject> = ours.chain(peers()).collect();
    running_counts("state", &subjects);
}

#[cfg(feature = "peers")]
fn peers() -> [TimedSubject; 2] {
    use peers::Differential;

    [
        TimedSubject::new("differential_update", Subject::PlainUpdate, |keys| {
            Box::new(Differential::update(keys))
        }),
        TimedSubject::new("differential_map", Subject::PlainStructured, |keys| {
            Box::new(Differential::map(keys))
        }),
    ]
}

#[cfg(not(feature = "peers"))]
fn peers() -> [TimedSubject; 0] {
    []
}
