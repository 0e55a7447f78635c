//! The size from which on an alternative is no longer faster.

use crate::{Estimate, Interval};

/// The size at which a falling ratio of costs passes 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Crossover {
    /// The ratio is above 1 at every measured size.
    Beyond,
    /// The median is above 1 at every measured size, but from this size on the interval contains 1.
    Unsure {
        /// The size.
        from: f64,
    },
    /// The ratio passes 1 at this size, on the straight line through the logarithms of its neighbours.
    At {
        /// The size.
        size: f64,
        /// The sizes between which the ratio's interval contains 1, within the measured sizes.
        interval: Interval,
    },
    /// The ratio is at most 1 at the smallest size.
    Before,
}

impl Crossover {
    /// The first crossing of ratios over ascending sizes; none without a size.
    ///
    /// ```
    /// use measure::{Crossover, Estimate};
    /// let ratio = |ratio| Estimate { median: ratio, interval: None };
    /// let found = Crossover::find(&[(0.01, ratio(10.0)), (1.0, ratio(0.1))]);
    /// assert!(matches!(found, Some(Crossover::At { size, .. }) if (size - 0.1).abs() < 1e-9));
    /// ```
    pub fn find(ratios: &[(f64, Estimate)]) -> Option<Crossover> {
        let smallest = ratios.first()?.0;
        let largest = ratios.last()?.0;
        let along = |value: fn(&Estimate) -> f64| {
            let points = ratios.iter().map(|(size, ratio)| (*size, value(ratio)));
            crossing(&points.collect::<Vec<_>>())
        };
        let low = along(|ratio| ratio.range().low).max(smallest).min(largest);
        let high = along(|ratio| ratio.range().high).max(smallest).min(largest);
        Some(match along(|ratio| ratio.median) {
            size if size <= 0.0 => Crossover::Before,
            size if size.is_finite() => Crossover::At {
                size,
                interval: Interval { low, high },
            },
            _ if low < largest => Crossover::Unsure { from: low },
            _ => Crossover::Beyond,
        })
    }
}

/// The size at which a line of ratios passes 1: 0 if that is before the smallest one, and infinite if it is
/// beyond the largest one.
fn crossing(points: &[(f64, f64)]) -> f64 {
    let Some(first_below) = points.iter().position(|(_, ratio)| *ratio <= 1.0) else {
        return f64::INFINITY;
    };
    let Some(last_above) = first_below.checked_sub(1) else {
        return 0.0;
    };
    let (left, above) = points[last_above];
    let (right, below) = points[first_below];
    debug_assert!(
        above > 1.0 && below <= 1.0,
        "the ratio passes 1 between them"
    );
    // The fraction of the way from `above` to `below` at which the line through the logarithms is 0.
    let part = above.ln() / (above.ln() - below.ln());
    (left.ln() + part * (right.ln() - left.ln())).exp()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A size, and the lower end, median and upper end of its ratio.
    fn point([size, low, median, high]: [f64; 4]) -> (f64, Estimate) {
        let interval = Some(Interval { low, high });
        (size, Estimate { median, interval })
    }

    #[test]
    fn it_is_between_the_last_size_above_1_and_the_first_below() {
        let ratios = [
            [0.01, 7.0, 8.0, 9.0],
            [0.1, 1.5, 2.0, 3.0],
            [1.0, 0.4, 0.5, 0.6],
        ];
        let Some(Crossover::At { size, interval }) = Crossover::find(&ratios.map(point)) else {
            panic!("it passes 1");
        };
        assert!((size - 0.316).abs() < 0.001, "{size}");
        assert!(0.1 < interval.low && interval.low < size, "{interval:?}");
        assert!(size < interval.high && interval.high < 1.0, "{interval:?}");
    }

    #[test]
    fn a_ratio_on_one_side_of_1_has_no_crossover() {
        let pays = [[0.1, 2.0, 3.0, 4.0], [1.0, 1.1, 1.2, 1.3]];
        assert_eq!(Crossover::find(&pays.map(point)), Some(Crossover::Beyond));
        let unsure = [[0.1, 2.0, 3.0, 4.0], [1.0, 0.5, 1.2, 1.3]];
        let Some(Crossover::Unsure { from }) = Crossover::find(&unsure.map(point)) else {
            panic!("the interval of the last one contains 1");
        };
        assert!(0.1 < from && from < 1.0, "{from}");
        let never = [[0.1, 0.2, 0.3, 0.4], [1.0, 0.1, 0.1, 0.1]];
        assert_eq!(Crossover::find(&never.map(point)), Some(Crossover::Before));
        assert_eq!(Crossover::find(&[]), None);
    }

    #[test]
    fn an_open_interval_ends_with_the_measured_sizes() {
        let ratios = [[0.1, 0.9, 1.5, 2.0], [1.0, 0.5, 0.9, 1.2]];
        let Some(Crossover::At { interval, .. }) = Crossover::find(&ratios.map(point)) else {
            panic!("it passes 1");
        };
        assert_eq!((interval.low, interval.high), (0.1, 1.0));
    }

    proptest! {
        #[test]
        fn a_power_law_passes_1_where_it_is_1(at in 0.02..0.9_f64, power in 0.2..3.0_f64) {
            let ratios = [0.01, 0.1, 1.0].map(|size: f64| {
                let median = (at / size).powf(power);
                (size, Estimate { median, interval: None })
            });
            let Some(Crossover::At { size, .. }) = Crossover::find(&ratios) else {
                panic!("it passes 1");
            };
            prop_assert!((size / at - 1.0).abs() < 1e-6);
        }
    }
}
