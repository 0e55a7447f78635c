//! From which size on something stops to pay.

use crate::{Estimate, Interval};

/// Where a falling advantage ends: the size at which a ratio passes 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Crossover {
    /// The ratio is above 1 at every size that was measured: it pays all along.
    Beyond,
    /// The median is, but from this size on the ratio's interval holds 1: whether it still pays is not
    /// sure.
    Unsure {
        /// The size.
        from: f64,
    },
    /// The ratio passes 1 at this size, on the straight line through the logarithms of its neighbours.
    At {
        /// The size.
        size: f64,
        /// The sizes between which the ratio's interval holds 1: those that were measured bound it.
        interval: Interval,
    },
    /// The ratio is at most 1 at the smallest size: it never pays.
    Before,
}

impl Crossover {
    /// The first crossing of ratios over growing sizes; none without a size.
    ///
    /// ```
    /// use measure::{Crossover, Estimate};
    /// let ratio = |ratio| Estimate { median: ratio, interval: None };
    /// let found = Crossover::find(&[(0.01, ratio(10.0)), (1.0, ratio(0.1))]);
    /// assert!(matches!(found, Some(Crossover::At { size, .. }) if (size - 0.1).abs() < 1e-9));
    /// ```
    pub fn find(ratios: &[(f64, Estimate)]) -> Option<Crossover> {
        let (smallest, largest) = (ratios.first()?.0, ratios.last()?.0);
        let along = |value: fn(&Estimate) -> f64| {
            let points = ratios.iter().map(|(size, ratio)| (*size, value(ratio)));
            crossing(&points.collect::<Vec<_>>())
        };
        let ends = [
            along(|ratio| ratio.range().low),
            along(|ratio| ratio.range().high),
        ];
        let bound = |end: Crossing| match end {
            Crossing::Before => smallest,
            Crossing::At(size) => size,
            Crossing::Beyond => largest,
        };
        let [low, high] = ends.map(bound);
        Some(match along(|ratio| ratio.median) {
            Crossing::Before => Crossover::Before,
            Crossing::Beyond if low < largest => Crossover::Unsure { from: low },
            Crossing::Beyond => Crossover::Beyond,
            Crossing::At(size) => Crossover::At {
                size,
                interval: Interval { low, high },
            },
        })
    }
}

#[derive(Clone, Copy)]
enum Crossing {
    Before,
    At(f64),
    Beyond,
}

fn crossing(points: &[(f64, f64)]) -> Crossing {
    let Some(first_below) = points.iter().position(|(_, ratio)| *ratio <= 1.0) else {
        return Crossing::Beyond;
    };
    let Some(last_above) = first_below.checked_sub(1) else {
        return Crossing::Before;
    };
    let ((left, above), (right, below)) = (points[last_above], points[first_below]);
    // How far along the line from above to below it is to 1, whose logarithm is 0.
    let part = above.ln() / (above.ln() - below.ln());
    Crossing::At((left.ln() + part * (right.ln() - left.ln())).exp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point((size, low, median, high): (f64, f64, f64, f64)) -> (f64, Estimate) {
        let interval = Some(Interval { low, high });
        (size, Estimate { median, interval })
    }

    #[test]
    fn it_is_between_the_last_size_that_pays_and_the_first_that_does_not() {
        let ratios = [
            (0.01, 7.0, 8.0, 9.0),
            (0.1, 1.5, 2.0, 3.0),
            (1.0, 0.4, 0.5, 0.6),
        ];
        let Some(Crossover::At { size, interval }) = Crossover::find(&ratios.map(point)) else {
            panic!("it passes 1");
        };
        assert!((size - 0.316).abs() < 0.001, "{size}");
        assert!(0.1 < interval.low && interval.low < size, "{interval:?}");
        assert!(size < interval.high && interval.high < 1.0, "{interval:?}");
    }

    #[test]
    fn what_pays_all_along_or_never_has_no_place() {
        let pays = [(0.1, 2.0, 3.0, 4.0), (1.0, 1.1, 1.2, 1.3)];
        assert_eq!(Crossover::find(&pays.map(point)), Some(Crossover::Beyond));
        let unsure = [(0.1, 2.0, 3.0, 4.0), (1.0, 0.5, 1.2, 1.3)];
        let Some(Crossover::Unsure { from }) = Crossover::find(&unsure.map(point)) else {
            panic!("the interval of the last one holds 1");
        };
        assert!(0.1 < from && from < 1.0, "{from}");
        let never = [(0.1, 0.2, 0.3, 0.4), (1.0, 0.1, 0.1, 0.1)];
        assert_eq!(Crossover::find(&never.map(point)), Some(Crossover::Before));
        assert_eq!(Crossover::find(&[]), None);
    }

    #[test]
    fn an_interval_that_is_open_ends_with_what_was_measured() {
        let ratios = [(0.1, 0.9, 1.5, 2.0), (1.0, 0.5, 0.9, 1.2)];
        let Some(Crossover::At { interval, .. }) = Crossover::find(&ratios.map(point)) else {
            panic!("it passes 1");
        };
        assert_eq!((interval.low, interval.high), (0.1, 1.0));
    }

    proptest! {
        #[test]
        fn a_power_law_is_crossed_where_it_is_one(at in 0.02..0.9_f64, power in 0.2..3.0_f64) {
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
