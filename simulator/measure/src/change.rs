//! How much something has changed from one run to another, and what may be said of it.

use std::fmt;

use crate::Interval;
use crate::estimate::{median_of_sorted, sorted};

/// How many times the values of one run are of those of another, which were not taken side by side.
///
/// The median of all pairwise ratios, with the interval of the rank-sum test (Hodges and Lehmann,
/// Moses): like the test, it asks nothing of the distribution.
///
/// ```
/// use measure::Change;
/// let (before, now) = ([10.0, 11.0, 10.5, 9.9, 10.2, 10.1], [20.0, 22.0, 21.0, 19.8, 20.4, 20.2]);
/// let change = Change::between(&before, &now).expect("there are values");
/// assert!((change.ratio - 2.0).abs() < 0.1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Now, in proportion to before.
    pub ratio: f64,
    /// Holds the true ratio with a confidence of some 99 %. Too few values have none.
    pub interval: Option<Interval>,
}

/// What may be said of a change and a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is below the limit.
    Holds,
    /// The limit is within the interval: more measurements would tell.
    Open,
    /// It is above the limit.
    Exceeds,
}

impl Change {
    /// The change between the values of two runs, all positive; none where a run has no value.
    pub fn between(before: &[f64], now: &[f64]) -> Option<Change> {
        let ratios = now
            .iter()
            .flat_map(|now| before.iter().map(move |before| now / before));
        let ratios = sorted(&ratios.collect::<Vec<f64>>());
        let ratio = median_of_sorted(&ratios)?;
        let interval = lowest_rank(before.len(), now.len()).map(|rank| Interval {
            low: ratios[rank],
            high: ratios[ratios.len() - 1 - rank],
        });
        Some(Change { ratio, interval })
    }

    /// Whether the ratio is above `limit`: only an interval that is wholly on one side of it tells.
    pub fn verdict(&self, limit: f64) -> Verdict {
        match self.interval {
            Some(interval) if interval.low > limit => Verdict::Exceeds,
            Some(interval) if interval.high <= limit => Verdict::Holds,
            _ => Verdict::Open,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Holds => "holds",
            Verdict::Open => "no verdict",
            Verdict::Exceeds => "exceeds",
        })
    }
}

/// The place, from 0, of the pairwise ratio where the interval begins, by the normal distribution.
fn lowest_rank(before: usize, now: usize) -> Option<usize> {
    /// Half a per cent of the normal distribution is above it.
    const QUANTILE: f64 = 2.576;
    let (before, now) = (before as f64, now as f64);
    let deviation = (before * now * (before + now + 1.0) / 12.0).sqrt();
    let rank = (before * now / 2.0 - QUANTILE * deviation).floor();
    (rank >= 1.0).then(|| rank as usize - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(before: &[f64], now: &[f64], limit: f64, expected: Verdict) {
        let change = Change::between(before, now).expect("there are values");
        assert_eq!(change.verdict(limit), expected, "{change:?}");
    }

    const BEFORE: [f64; 8] = [1.00, 1.02, 0.98, 1.01, 0.99, 1.03, 0.97, 1.00];

    fn times(factor: f64) -> Vec<f64> {
        BEFORE.iter().map(|value| value * factor).collect()
    }

    #[test]
    fn only_an_interval_on_one_side_tells() {
        check(&BEFORE, &times(1.3), 1.1, Verdict::Exceeds);
        check(&BEFORE, &times(1.0), 1.1, Verdict::Holds);
        check(&BEFORE, &times(1.1), 1.1, Verdict::Open);
        check(&BEFORE, &times(0.5), 1.1, Verdict::Holds);
    }

    #[test]
    fn few_values_tell_nothing() {
        check(&[1.0, 1.0], &[9.0, 9.0, 9.0], 1.1, Verdict::Open);
        assert_eq!(Change::between(&[], &[1.0]), None);
    }

    #[test]
    fn one_value_that_is_far_off_does_not_tip_the_scales() {
        let mut now = times(1.0);
        now[3] = 50.0;
        check(&BEFORE, &now, 1.1, Verdict::Open);
        let change = Change::between(&BEFORE, &now).expect("there are values");
        assert!((change.ratio - 1.0).abs() < 0.05, "{change:?}");
    }

    proptest! {
        #[test]
        fn backwards_it_is_the_reciprocal(
            before in proptest::collection::vec(0.1..10.0_f64, 5..20),
            now in proptest::collection::vec(0.1..10.0_f64, 5..20),
        ) {
            let forwards = Change::between(&before, &now).expect("there are values");
            let backwards = Change::between(&now, &before).expect("there are values");
            let (there, back) = (forwards.interval, backwards.interval);
            prop_assert_eq!(there.is_some(), back.is_some());
            if let (Some(there), Some(back)) = (there, back) {
                prop_assert!((there.low * back.high - 1.0).abs() < 1e-9);
                prop_assert!(there.low <= forwards.ratio && forwards.ratio <= there.high);
            }
        }
    }
}
