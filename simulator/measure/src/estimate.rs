//! A median, and how sure it is.

/// The middle of repeated measurements, with the interval that holds the true one.
///
/// The interval is that of the order statistics: it asks nothing of the distribution, so that a
/// machine that is busy now and then widens it without shifting it.
///
/// ```
/// use measure::Estimate;
/// let estimate = Estimate::of(&[1.0, 2.0, 3.0, 4.0, 5.0, 900.0]).expect("there are values");
/// assert_eq!(estimate.median, 3.5);
/// assert_eq!(estimate.interval.map(|interval| (interval.low, interval.high)), Some((1.0, 900.0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The median.
    pub median: f64,
    /// Holds the true median with a confidence of at least 95 %. Fewer than six values have none.
    pub interval: Option<Interval>,
}

/// From here to there, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end, at least `low`.
    pub high: f64,
}

impl Estimate {
    /// The estimate from these values, which are finite; none if there is no value.
    pub fn of(values: &[f64]) -> Option<Estimate> {
        let sorted = sorted(values);
        let median = median_of_sorted(&sorted)?;
        let interval = lowest_rank(sorted.len()).map(|rank| Interval {
            low: sorted[rank],
            high: sorted[sorted.len() - 1 - rank],
        });
        Some(Estimate { median, interval })
    }

    /// The estimate of how many times `value` is of `of`, from measurements taken in turn: each ratio
    /// is that of neighbours in time, which saw the same machine.
    ///
    /// ```
    /// use measure::Estimate;
    /// let ratio = Estimate::of_ratio(&[2.0, 40.0, 6.0], &[1.0, 20.0, 3.0]);
    /// assert_eq!(ratio.map(|ratio| ratio.median), Some(2.0));
    /// ```
    pub fn of_ratio(value: &[f64], of: &[f64]) -> Option<Estimate> {
        let ratios: Vec<f64> = value.iter().zip(of).map(|(value, of)| value / of).collect();
        Estimate::of(&ratios)
    }

    /// The interval, or the point alone where there is none.
    pub fn range(&self) -> Interval {
        self.interval.unwrap_or(Interval {
            low: self.median,
            high: self.median,
        })
    }
}

/// The middle value, or the mean of the two in the middle; none of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    median_of_sorted(&sorted(values))
}

pub(crate) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

pub(crate) fn median_of_sorted(sorted: &[f64]) -> Option<f64> {
    let (low, high) = (sorted.len().checked_sub(1)? / 2, sorted.len() / 2);
    Some(f64::midpoint(sorted[low], sorted[high]))
}

/// The place, from 0, of the value that the true median is below with a probability of at most 2.5 %:
/// as often as so few of `count` tosses of a coin show heads.
fn lowest_rank(count: usize) -> Option<usize> {
    const TAIL: f64 = 0.025;
    if count > 1_000 {
        // By the normal distribution, as the first probability below would be rounded to nothing.
        let count = count as f64;
        return Some((count / 2.0 - 0.98 * count.sqrt()) as usize);
    }
    let mut exactly = 0.5_f64.powi(count as i32);
    let mut at_most = exactly;
    let mut heads = 0;
    while at_most <= TAIL {
        heads += 1;
        exactly *= (count + 1 - heads) as f64 / heads as f64;
        at_most += exactly;
    }
    heads.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The ranks are those of the tables of the sign test.
    #[test]
    fn ranks_are_those_of_the_sign_test() {
        let ranks = [1, 5, 6, 8, 9, 12, 20, 100].map(lowest_rank);
        let expected = [
            None,
            None,
            Some(0),
            Some(0),
            Some(1),
            Some(2),
            Some(5),
            Some(39),
        ];
        assert_eq!(ranks, expected);
        let (exact, normal) = (lowest_rank(1_000), lowest_rank(1_001));
        assert_eq!((exact, normal), (Some(468), Some(469)));
    }

    #[test]
    fn of_nothing_there_is_no_estimate() {
        assert_eq!(Estimate::of(&[]), None);
        assert_eq!(median(&[]), None);
    }

    /// Of 200 samples of a known distribution, so many intervals hold its median.
    #[test]
    fn an_interval_holds_the_true_median_as_often_as_it_says() {
        let mut dice = random::Dice::new(0, 0);
        let holds = (0..200).filter(|_| {
            let values: Vec<f64> = (0..15).map(|_| dice.fraction().powi(4)).collect();
            let range = Estimate::of(&values).expect("there are values").range();
            range.low <= 0.0625 && 0.0625 <= range.high
        });
        let holds = holds.count();
        assert!((185..=200).contains(&holds), "{holds} of 200");
    }

    proptest! {
        #[test]
        fn half_the_values_are_on_each_side(values in proptest::collection::vec(-1e9..1e9_f64, 1..60)) {
            let estimate = Estimate::of(&values).expect("there are values");
            let below = values.iter().filter(|value| **value <= estimate.median).count();
            let above = values.iter().filter(|value| **value >= estimate.median).count();
            prop_assert!(below * 2 >= values.len() && above * 2 >= values.len());
            let range = estimate.range();
            prop_assert!(range.low <= estimate.median && estimate.median <= range.high);
            prop_assert_eq!(estimate.interval.is_some(), values.len() >= 6);
        }

        #[test]
        fn a_unit_changes_nothing_of_a_ratio(
            pairs in proptest::collection::vec((1e-3..1e3_f64, 1e-3..1e3_f64), 1..20),
            unit in 0_u8..8,
        ) {
            let unit = f64::from(1_u32 << unit);
            let (value, of): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let scaled = |values: &[f64]| values.iter().map(|value| value * unit).collect::<Vec<_>>();
            let ratio = Estimate::of_ratio(&value, &of);
            prop_assert_eq!(ratio, Estimate::of_ratio(&scaled(&value), &scaled(&of)));
        }
    }
}
