//! The change of a value from one run to another, and its comparison with a limit.

use std::fmt;

use crate::Estimate;

/// The outcome of comparing a ratio with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LimitOutcome {
    /// The whole interval is at or below the limit.
    Holds,
    /// The limit is within the interval, or there is none: more measurements may decide.
    Open,
    /// The whole interval is above the limit.
    Exceeds,
}

impl Estimate {
    /// The ratio of the values of a run to those of an earlier one, all positive, with a confidence of some
    /// 99 %; none where a run has no value.
    ///
    /// The two runs were not taken in turn, so this is the median of all pairwise ratios, with the interval
    /// of the rank-sum test (Hodges and Lehmann; Moses). Like the test, it assumes nothing of the
    /// distribution.
    ///
    /// ```
    /// use measure::Estimate;
    /// let before = [10.0, 11.0, 10.5, 9.9, 10.2, 10.1];
    /// let now = [20.0, 22.0, 21.0, 19.8, 20.4, 20.2];
    /// let change = Estimate::of_change(&before, &now).expect("there are values");
    /// assert!((change.median - 2.0).abs() < 0.1);
    /// ```
    pub fn of_change(before: &[f64], now: &[f64]) -> Option<Estimate> {
        let ratios = now
            .iter()
            .flat_map(|now| before.iter().map(move |before| now / before));
        Estimate::by_rank(ratios.collect(), lowest_rank(before.len(), now.len()))
    }

    /// Compares the interval with a limit.
    pub fn compare(self, limit: f64) -> LimitOutcome {
        match self.interval {
            Some(interval) if interval.low > limit => LimitOutcome::Exceeds,
            Some(interval) if interval.high <= limit => LimitOutcome::Holds,
            _ => LimitOutcome::Open,
        }
    }
}

impl fmt::Display for LimitOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            LimitOutcome::Holds => "holds",
            LimitOutcome::Open => "no verdict",
            LimitOutcome::Exceeds => "exceeds",
        })
    }
}

/// The rank, from 0, of the lower end of the interval among the sorted pairwise ratios, by the normal
/// approximation of the rank-sum statistic.
fn lowest_rank(before: usize, now: usize) -> Option<usize> {
    /// The 99.5th percentile of the standard normal distribution.
    const QUANTILE: f64 = 2.576;
    let before = before as f64;
    let now = now as f64;
    let deviation = (before * now * (before + now + 1.0) / 12.0).sqrt();
    let rank = (before * now / 2.0 - QUANTILE * deviation).floor();
    (rank >= 1.0).then(|| rank as usize - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(before: &[f64], now: &[f64], limit: f64, expected: LimitOutcome) {
        let change = Estimate::of_change(before, now).expect("there are values");
        assert_eq!(change.compare(limit), expected, "{change:?}");
    }

    const BEFORE: [f64; 8] = [1.00, 1.02, 0.98, 1.01, 0.99, 1.03, 0.97, 1.00];

    fn times(factor: f64) -> Vec<f64> {
        BEFORE.iter().map(|value| value * factor).collect()
    }

    #[test]
    fn only_an_interval_on_one_side_of_the_limit_decides() {
        check(&BEFORE, &times(1.3), 1.1, LimitOutcome::Exceeds);
        check(&BEFORE, &times(1.0), 1.1, LimitOutcome::Holds);
        check(&BEFORE, &times(1.1), 1.1, LimitOutcome::Open);
        check(&BEFORE, &times(0.5), 1.1, LimitOutcome::Holds);
    }

    #[test]
    fn few_values_leave_it_open() {
        check(&[1.0, 1.0], &[9.0, 9.0, 9.0], 1.1, LimitOutcome::Open);
        assert_eq!(Estimate::of_change(&[], &[1.0]), None);
    }

    #[test]
    fn an_outlier_does_not_decide() {
        let mut now = times(1.0);
        now[3] = 50.0;
        check(&BEFORE, &now, 1.1, LimitOutcome::Open);
        let change = Estimate::of_change(&BEFORE, &now).expect("there are values");
        assert!((change.median - 1.0).abs() < 0.05, "{change:?}");
    }

    proptest! {
        #[test]
        fn backwards_it_is_the_reciprocal(
            before in proptest::collection::vec(0.1..10.0_f64, 5..20),
            now in proptest::collection::vec(0.1..10.0_f64, 5..20),
        ) {
            let forwards = Estimate::of_change(&before, &now).expect("there are values");
            let backwards = Estimate::of_change(&now, &before).expect("there are values");
            prop_assert_eq!(forwards.interval.is_some(), backwards.interval.is_some());
            if let Some((there, back)) = forwards.interval.zip(backwards.interval) {
                prop_assert!((there.low * back.high - 1.0).abs() < 1e-9);
                prop_assert!(there.low <= forwards.median && forwards.median <= there.high);
            }
        }
    }
}
