//! The times that benches measure, and the sizes of their input.

use std::time::Duration;

use criterion::Criterion;

/// The largest input of a bench that is only run as a test.
const CHECKED_SIZE_MAX: usize = 1_000;

/// Criterion, set to end all benches of this crate within minutes, unless the command line sets another
/// time (`--measurement-time 10`).
pub fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args()
}

/// The size of a bench's input: `timed`, or at most 1,000 if it is run as a test.
pub fn size(timed: usize) -> usize {
    if is_timed() {
        timed
    } else {
        timed.min(CHECKED_SIZE_MAX)
    }
}

/// The sizes of a group of benches: all, or those of at most 1,000 if they are run as tests.
pub fn sizes(timed: &[usize]) -> impl Iterator<Item = usize> + '_ {
    timed.iter().copied().filter(|&timed| size(timed) == timed)
}

/// As [`sizes`], with `more` of them, which take gigabytes or minutes, if the variable `MILLRACE_BENCH` is
/// `full`.
pub fn sizes_and<'a>(timed: &'a [usize], more: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
    let more = if is_full() { more } else { &[] };
    sizes(timed).chain(sizes(more))
}

fn is_full() -> bool {
    std::env::var_os("MILLRACE_BENCH").is_some_and(|value| value == "full")
}

/// `cargo bench` passes `--bench`, `cargo test` nothing, and `cargo bench -- --test` both.
fn is_timed() -> bool {
    let has = |argument: &str| std::env::args().any(|given| given == argument);
    has("--bench") && !has("--test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_a_test_a_bench_is_small() {
        assert_eq!(size(10), 10);
        assert_eq!(size(1_000_000), 1_000);
        assert_eq!(
            sizes(&[10, 1_000, 100_000]).collect::<Vec<_>>(),
            [10, 1_000]
        );
    }
}
