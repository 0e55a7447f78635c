//! An hour of a cluster of a thousand executors and a million blocks, of which each executor dies once.
//!
//! ```text
//! cargo run --release -p benches --example cluster_hour
//! ```
#![expect(clippy::print_stdout, reason = "it prints its result")]

use std::error::Error;
use std::time::Instant;

use engine::{ClusterEvent, Event, Reader, Time};
use simulator::RunOptions;

const EXECUTORS: u32 = 1_000;
const SECONDS: u32 = 3_600;
/// Lines a second: each is a block.
const RATE: u32 = 278;

/// The events of the run so far, counted.
#[derive(Default)]
struct Counts {
    blocks: usize,
    records: usize,
    lost: u32,
    batches: u32,
}

impl Reader for Counts {
    fn read(&mut self, _: Time, event: &Event) {
        match event {
            Event::BatchSubmitted {
                records, blocks, ..
            } => {
                self.blocks += blocks.len();
                self.records += records;
            }
            Event::BatchCompleted { .. } => self.batches += 1,
            Event::Cluster(ClusterEvent::ExecutorLost { .. }) => self.lost += 1,
            _ => {}
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(debug_assertions) {
        return Err("without optimization this shows nothing: run it with --release".into());
    }
    let scenario = scenario::parse("cluster_hour.toml", &text())?;
    let mut counts = Counts::default();
    let start = Instant::now();
    let options = RunOptions::default();
    simulator::run(&scenario, &scenario.pipelines[0], &options, &mut counts)?;
    let elapsed = start.elapsed().as_secs_f64();

    let all = RATE * SECONDS;
    assert_eq!(counts.lost, EXECUTORS, "each executor is lost once");
    assert_eq!(counts.records, all as usize, "each line is in a batch");
    assert_eq!(counts.blocks, counts.records, "two copies lose no block");
    println!(
        "{EXECUTORS} executors, {} blocks, {} batches in {elapsed:.2} s: {:.0} blocks a second",
        counts.blocks,
        counts.batches,
        f64::from(all) / elapsed,
    );
    Ok(())
}

/// The scenario: an executor dies each 3.6 s, and starts again a second later.
fn text() -> String {
    let deaths = (0..EXECUTORS).map(|executor| {
        let at = 3_600 * executor + 500;
        let back = at + 1_000;
        format!(
            "  {{ at = \"{at}ms\", crash = \"executor {executor}\" }},\n  {{ at = \"{back}ms\", restart = \"executor \
             {executor}\" }},\n"
        )
    });
    let deaths: String = deaths.collect();
    format!(
        "timeline = [\n  {{ at = \"0s\", generate = {{ rate = {RATE}, duration = \"1h\" }} }},\n{deaths}]\n\
         [clock]\nstop = \"3601s\"\n\
         [cluster]\nexecutors = {EXECUTORS}\ncores = 1\nreplication = 2\nreceivers = \"reliable\"\n\
         [[pipeline]]\nname = \"counts\"\nsteps = [{{ count = true }}, {{ print = 10 }}]\n"
    )
}
