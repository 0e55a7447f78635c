//! A median with its confidence interval.

/// The median of repeated measurements, with a confidence interval.
///
/// The interval is that of the order statistics (the sign test): it assumes nothing of the distribution,
/// so that a machine that is busy now and then widens it without shifting it.
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
    /// Contains the true median, with a confidence of at least 95 % unless stated otherwise. Too few values
    /// have none.
    pub interval: Option<Interval>,
}

/// A range of numbers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end, at least `low`.
    pub high: f64,
}

impl Estimate {
    /// The estimate from these values, which must be finite; none without a value. Fewer than six values
    /// have no interval.
    pub fn of(values: &[f64]) -> Option<Estimate> {
        debug_assert!(
            values.iter().all(|value| value.is_finite()),
            "times are finite, and none that is divided by is 0"
        );
        Estimate::by_rank(values.to_vec(), lowest_rank(values.len()))
    }

    /// The median of these values, with an interval from the value of this rank, from 0, to the one of the
    /// same rank from the end.
    pub(crate) fn by_rank(mut values: Vec<f64>, rank: Option<usize>) -> Option<Estimate> {
        values.sort_by(f64::total_cmp);
        let low = values.len().checked_sub(1)? / 2;
        let high = values.len() / 2;
        Some(Estimate {
            median: f64::midpoint(values[low], values[high]),
            interval: rank.map(|rank| Interval {
                low: values[rank],
                high: values[values.len() - 1 - rank],
            }),
        })
    }

    /// The estimate of the ratio of `value` to `of`, from measurements taken in turn: each ratio is of
    /// neighbours in time, which ran on an equally busy machine.
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

    /// The interval, or the median alone where there is none.
    pub fn range(&self) -> Interval {
        self.interval.unwrap_or(Interval {
            low: self.median,
            high: self.median,
        })
    }
}

/// The middle value, or the mean of the two in the middle; none without a value.
pub fn median(values: &[f64]) -> Option<f64> {
    Estimate::by_rank(values.to_vec(), None).map(|estimate| estimate.median)
}

/// The rank, from 0, of the lower end of the interval among `count` sorted values: the true median is below
/// it with a probability of at most 2.5 %. That is the probability of at most this many heads in `count`
/// tosses of a coin, as each value is below the true median with a probability of one half.
fn lowest_rank(count: usize) -> Option<usize> {
    const TAIL: f64 = 0.025;
    if count > 1_000 {
        // By the normal approximation, as the first probability below would be rounded to zero.
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

    /// The expected ranks are from published tables.
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
        assert_eq!(lowest_rank(1_000), Some(468), "the last exact rank");
        assert_eq!(lowest_rank(1_001), Some(469), "the first approximate rank");
    }

    #[test]
    fn without_a_value_there_is_no_estimate() {
        assert_eq!(Estimate::of(&[]), None);
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn an_interval_contains_the_true_median_with_its_confidence() {
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
        fn half_of_the_values_are_on_each_side(values in proptest::collection::vec(-1e9..1e9_f64, 1..60)) {
            let estimate = Estimate::of(&values).expect("there are values");
            let below = values.iter().filter(|value| **value <= estimate.median).count();
            let above = values.iter().filter(|value| **value >= estimate.median).count();
            prop_assert!(below * 2 >= values.len() && above * 2 >= values.len());
            let range = estimate.range();
            prop_assert!(range.low <= estimate.median && estimate.median <= range.high);
            prop_assert_eq!(estimate.interval.is_some(), values.len() >= 6);
        }

        #[test]
        fn a_ratio_has_no_unit(
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
