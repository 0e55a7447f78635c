//! How long benches measure, and how large their input is.

use std::time::Duration;

use criterion::Criterion;

/// The largest input of a bench that is only run as a test.
const CHECKED_SIZE_MAX: usize = 1_000;

/// Criterion, set to end all benches of this crate within minutes; the command line may say
/// otherwise (`--measurement-time 10`).
pub fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args()
}

/// The size of a bench's input: `timed`, or at most 1,000 when it is run as a test.
pub fn size(timed: usize) -> usize {
    if is_timed() {
        timed
    } else {
        timed.min(CHECKED_SIZE_MAX)
    }
}

/// The sizes that a group of benches goes through: all, or those of at most 1,000 when they are run
/// as tests.
pub fn sizes(timed: &[usize]) -> impl Iterator<Item = usize> + '_ {
    timed.iter().copied().filter(|&timed| size(timed) == timed)
}

/// As [`sizes`], with `more` of them where the variable `MILLRACE_BENCH` is `full`: those that take
/// gigabytes, or minutes.
pub fn sizes_and<'a>(timed: &'a [usize], more: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
    let more = if is_full() { more } else { &[] };
    sizes(timed).chain(sizes(more))
}

fn is_full() -> bool {
    std::env::var_os("MILLRACE_BENCH").is_some_and(|value| value == "full")
}

/// `cargo bench` says `--bench`; `cargo test` says nothing, and `cargo bench -- --test` both.
fn is_timed() -> bool {
    let says = |argument: &str| std::env::args().any(|said| said == argument);
    says("--bench") && !says("--test")
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
