//! The growth of a cost with a size.

use crate::Estimate;
use crate::estimate::median;

/// The exponent of a power law: the cost grows as the size to this power.
///
/// With 0 the cost does not depend on the size, with 1 it is in proportion to it. The exponent of each
/// round is a least-squares fit through the logarithms.
///
/// ```
/// use measure::Slope;
/// let costs = [(1e3, vec![2.0]), (1e4, vec![20.0]), (1e5, vec![200.0])];
/// let slope = Slope::fit(&costs).expect("there are three sizes");
/// assert!((slope.exponent.median - 1.0).abs() < 1e-9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    /// The exponent over all sizes. Its interval measures noise alone: a `last` outside of it shows that the
    /// points are not on a straight line.
    pub exponent: Estimate,
    /// The exponent between the two largest sizes, where a state has outgrown the caches: again the median of
    /// the rounds' exponents.
    pub last: f64,
}

impl Slope {
    /// Fits costs, one a round, over ascending sizes. None for fewer than two sizes, or without rounds.
    pub fn fit(costs: &[(f64, Vec<f64>)]) -> Option<Slope> {
        let largest = costs.get(costs.len().checked_sub(2)?..)?;
        Some(Slope {
            exponent: Estimate::of(&of_rounds(costs)?)?,
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
    fn the_last_step_has_an_exponent_of_its_own() {
        let costs = [1.0, 1.0, 1.0, 10.0].map(|cost| vec![cost]);
        let slope = Slope::fit(&SIZES.into_iter().zip(costs).collect::<Vec<_>>());
        let slope = slope.expect("there are four sizes");
        assert!((slope.last - 1.0).abs() < 1e-9, "{slope:?}");
        assert!((slope.exponent.median - 0.3).abs() < 1e-9, "{slope:?}");
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
            prop_assert!((slope.exponent.median - power).abs() < 0.02, "{slope:?}");
            let interval = slope.exponent.interval.expect("there are eight rounds");
            prop_assert!(interval.low - 1e-6 <= power && power <= interval.high + 1e-6);
        }

        /// Whatever the rounds are. With two sizes the last step is the only one.
        #[test]
        fn the_interval_contains_the_exponent(
            rounds in proptest::collection::vec(proptest::collection::vec(1e-6..1e3_f64, 6..20), 2..5),
        ) {
            let costs: Vec<(f64, Vec<f64>)> = SIZES.into_iter().zip(rounds).collect();
            let slope = Slope::fit(&costs).expect("there are two sizes");
            let interval = slope.exponent.interval.expect("there are six rounds");
            prop_assert!(interval.low <= slope.exponent.median && slope.exponent.median <= interval.high, "{slope:?}");
            let last = Slope::fit(&costs[costs.len() - 2..]).expect("there are two sizes");
            let is_one = (last.last - last.exponent.median).abs() < 1e-12;
            prop_assert!(is_one, "{last:?}");
        }
    }
}
