//! Does reading a scenario grow with its length, and no faster?
//!
//! Scenarios of 10, 1,000 and 100,000 entries, one line of text each, are read into their meaning. The
//! figure is entries a second: it stays level where the cost is linear.
//!
//! `cargo bench -p benches --bench parse`

use std::error::Error;
use std::fmt::Write;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use engine::Text;
use scenario::{Entry, TimelineEvent};

use benches::{criterion, sizes};
use measure::{KeyDistribution, Workload};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion();
    parse(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

fn parse(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let mut group = criterion.benchmark_group("parse/entries");
    for entries in sizes(&[10, 1_000, 100_000]) {
        let lines = Workload::new(entries * 10, KeyDistribution::Uniform(1_000)).lines();
        let text = text(&lines)?;
        let scenario = scenario::parse("entries.toml", &text)?;
        let same = scenario.timeline == timeline(&lines);
        assert!(same, "what was read is not what was written");

        group.throughput(Throughput::Elements(entries as u64));
        group.bench_function(BenchmarkId::from_parameter(entries), |bencher| {
            bencher.iter(|| scenario::parse("entries.toml", &text));
        });
    }
    group.finish();
    Ok(())
}

/// A scenario in which a line arrives each second.
fn text(lines: &[Text]) -> Result<String, std::fmt::Error> {
    let mut text = String::from("timeline = [\n");
    for (second, line) in (1..).zip(lines) {
        writeln!(text, "  {{ at = \"{second}s\", lines = [\"{line}\"] }},")?;
    }
    text.push_str("]\n\n[[pipeline]]\nname = \"counts\"\nmode = \"stateless\"\n");
    Ok(text)
}

/// The timeline of the text.
fn timeline(lines: &[Text]) -> Vec<Entry> {
    let entries = (1..).zip(lines).map(|(second, line)| Entry {
        at: Duration::from_secs(second),
        stream: None,
        event: TimelineEvent::Lines {
            lines: vec![line.to_string()],
            partitions: 1,
        },
    });
    entries.collect()
}
