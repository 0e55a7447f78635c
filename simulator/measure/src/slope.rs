//! How steeply a cost grows with a size.

use crate::estimate::median;
use crate::{Estimate, Interval};

/// The exponent of a power law: cost grows as the size to this power.
///
/// 0 is a cost that does not depend on the size, 1 one in proportion to it. Each round has its own, by a
/// fit of least squares through the logarithms, and the median of them is taken.
///
/// ```
/// use measure::Slope;
/// let costs = [(1e3, vec![2.0]), (1e4, vec![20.0]), (1e5, vec![200.0])];
/// let slope = Slope::fit(&costs).expect("there are three sizes");
/// assert!((slope.exponent - 1.0).abs() < 1e-9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    /// The exponent over all sizes: the median of those that the single rounds give.
    pub exponent: f64,
    /// Holds `exponent`, and the true median with a confidence of 95 %. It tells of noise; that the points
    /// are no straight line is told by `last`.
    pub interval: Option<Interval>,
    /// The exponent between the two largest sizes, where a state has left the caches: again the median of
    /// the rounds' own.
    pub last: f64,
}

impl Slope {
    /// Fits costs, one a round, over growing sizes. None of fewer than two sizes, or without rounds.
    pub fn fit(costs: &[(f64, Vec<f64>)]) -> Option<Slope> {
        let largest = costs.get(costs.len().checked_sub(2)?..)?;
        let estimate = Estimate::of(&of_rounds(costs)?)?;
        Some(Slope {
            exponent: estimate.median,
            interval: estimate.interval,
            last: median(&of_rounds(largest)?)?,
        })
    }
}

/// The exponent of each round that all sizes have.
fn of_rounds(costs: &[(f64, Vec<f64>)]) -> Option<Vec<f64>> {
    let rounds = costs.iter().map(|(_, rounds)| rounds.len()).min()?;
    let of_round = |round: usize| {
        let costs = costs.iter().map(|(size, rounds)| (*size, rounds[round]));
        exponent(&costs.collect::<Vec<_>>())
    };
    (0..rounds).map(of_round).collect()
}

/// The exponent of the power law through these points; none if they have one size.
fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logs = points.iter().map(|(size, cost)| (size.ln(), cost.ln()));
    let logs: Vec<(f64, f64)> = logs.collect();
    let count = logs.len() as f64;
    let mean_x = logs.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = logs.iter().map(|(_, y)| y).sum::<f64>() / count;
    let spread: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let product: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    (spread > 0.0).then_some(product / spread)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZES: [f64; 4] = [1e4, 1e5, 1e6, 1e7];

    #[test]
    fn one_size_has_no_slope() {
        assert_eq!(Slope::fit(&[]), None);
        assert_eq!(Slope::fit(&[(10.0, vec![1.0])]), None);
        assert_eq!(Slope::fit(&[(10.0, vec![1.0]), (10.0, vec![2.0])]), None);
        assert_eq!(Slope::fit(&[(10.0, vec![1.0]), (20.0, vec![])]), None);
    }

    #[test]
    fn the_last_step_is_told_by_itself() {
        let costs = [1.0, 1.0, 1.0, 10.0].map(|cost| vec![cost]);
        let slope = Slope::fit(&SIZES.into_iter().zip(costs).collect::<Vec<_>>());
        let slope = slope.expect("there are four sizes");
        assert!((slope.last - 1.0).abs() < 1e-9, "{slope:?}");
        assert!((slope.exponent - 0.3).abs() < 1e-9, "{slope:?}");
    }

    proptest! {
        #[test]
        fn a_power_law_is_found_again(power in -2.0..2.0_f64, factor in 1e-6..1e3_f64, noise in 1.0..1.3_f64) {
            let rounds = |size: f64| {
                let cost = factor * size.powf(power);
                (0..8).map(|round| if round % 2 == 0 { cost * noise } else { cost / noise }).collect()
            };
            let costs: Vec<(f64, Vec<f64>)> = SIZES.map(|size| (size, rounds(size))).to_vec();
            let slope = Slope::fit(&costs).expect("there are four sizes");
            prop_assert!((slope.exponent - power).abs() < 0.02, "{slope:?}");
            let interval = slope.interval.expect("there are eight rounds");
            prop_assert!(interval.low - 1e-6 <= power && power <= interval.high + 1e-6);
        }

        /// However the rounds are strewn; of two sizes the last step is all there is.
        #[test]
        fn the_interval_holds_the_exponent(
            rounds in proptest::collection::vec(proptest::collection::vec(1e-6..1e3_f64, 6..20), 2..5),
        ) {
            let costs: Vec<(f64, Vec<f64>)> = SIZES.into_iter().zip(rounds).collect();
            let slope = Slope::fit(&costs).expect("there are two sizes");
            let interval = slope.interval.expect("there are six rounds");
            prop_assert!(interval.low <= slope.exponent && slope.exponent <= interval.high, "{slope:?}");
            let last = Slope::fit(&costs[costs.len() - 2..]).expect("there are two sizes");
            let is_one = (last.last - last.exponent).abs() < 1e-12;
            prop_assert!(is_one, "{last:?}");
        }
    }
}
