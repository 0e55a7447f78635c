//! Virtual batches in a second of real time, beside loops that only keep time.
//!
//! All of them count to 10,000 in virtual seconds: `world` runs the stateless word count over empty
//! one-second batches, from timer to job to journal; `heap` is the bare loop that any simulator of
//! events is built on, with one timer and with a hundred; `tokio` is a one-second interval on tokio's
//! paused clock. The figure is batches, timers or ticks a second.
//!
//! `cargo bench -p benches --bench step`

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput};

use benches::{EventCounts, count_events, criterion, empty_seconds, size};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion();
    step(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

fn step(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let seconds = size(10_000);
    let scenario = empty_seconds(seconds)?;
    let runtime = paused_runtime()?;
    let world = || count_events(&scenario, &scenario.pipelines[0]);
    let clock = || runtime.block_on(tokio_seconds(seconds));

    let expected = EventCounts {
        batches: seconds,
        outputs: seconds,
        rows: 0,
    };
    assert_eq!(world()?, expected);
    assert_eq!(heap_seconds(1, seconds), seconds as i64 * 1_000);
    assert_eq!(heap_seconds(100, seconds), seconds as i64 / 100 * 1_000);
    assert_eq!(clock(), Duration::from_secs(seconds as u64));

    let mut group = criterion.benchmark_group("step");
    group.throughput(Throughput::Elements(seconds as u64));
    group.bench_function("world", |bencher| bencher.iter(world));
    group.bench_function("heap/1_timer", |bencher| {
        bencher.iter(|| heap_seconds(1, seconds));
    });
    group.bench_function("heap/100_timers", |bencher| {
        bencher.iter(|| heap_seconds(100, seconds));
    });
    group.bench_function("tokio/paused_clock", |bencher| bencher.iter(clock));
    group.finish();
    Ok(())
}

/// Fires `firings` timers of one second, of which `timers` wait at once, and returns the time of the last
/// one in milliseconds.
fn heap_seconds(timers: u32, firings: usize) -> i64 {
    let mut waiting: BinaryHeap<Reverse<(i64, u32)>> =
        (0..timers).map(|timer| Reverse((1_000, timer))).collect();
    let mut now = 0;
    for _ in 0..firings {
        let Some(Reverse((time, timer))) = waiting.pop() else {
            return now;
        };
        now = time;
        waiting.push(Reverse((black_box(now + 1_000), timer)));
    }
    now
}

fn paused_runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
}

/// Waits for this many ticks of an interval of one second, and returns the time that has passed on the clock.
async fn tokio_seconds(ticks: usize) -> Duration {
    let start = tokio::time::Instant::now();
    let second = Duration::from_secs(1);
    let mut interval = tokio::time::interval_at(start + second, second);
    for _ in 0..ticks {
        interval.tick().await;
    }
    start.elapsed()
}
