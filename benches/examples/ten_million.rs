//! Ten million empty batches, a hundred and fifteen days of one-second intervals, in seconds.
//!
//! ```text
//! cargo run --release -p benches --example ten_million
//! cargo run --release -p benches --example ten_million -- 100000
//! ```
#![expect(clippy::print_stdout, reason = "it prints its result")]

use std::error::Error;
use std::time::Instant;

use benches::{EventCounts, count_events, empty_seconds};

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(debug_assertions) {
        return Err("without optimization this shows nothing: run it with --release".into());
    }
    let batches = match std::env::args().nth(1) {
        Some(argument) => argument.parse()?,
        None => 10_000_000,
    };
    let scenario = empty_seconds(batches)?;

    let start = Instant::now();
    let found = count_events(&scenario, &scenario.pipelines[0])?;
    let elapsed = start.elapsed().as_secs_f64();

    let expected = EventCounts {
        batches,
        outputs: batches,
        rows: 0,
    };
    assert_eq!(
        found, expected,
        "every second has a batch, and none has a row"
    );
    println!(
        "{batches} batches in {elapsed:.2} s: {:.0} batches a second, {:.0} ns a batch",
        batches as f64 / elapsed,
        elapsed * 1e9 / batches as f64,
    );
    Ok(())
}
