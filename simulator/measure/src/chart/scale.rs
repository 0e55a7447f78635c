//! A logarithmic axis.

/// Maps sizes to places from 0 to 1, each decade as long as the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LogScale {
    low: f64,
    high: f64,
}

impl LogScale {
    /// A scale on which all of these positive numbers have a place; none of nothing. The first decade
    /// begins at or below them, the last one ends at or above.
    pub(crate) fn of_decades(numbers: impl IntoIterator<Item = f64>) -> Option<LogScale> {
        let LogScale { low, high } = LogScale::around(numbers)?;
        // Powers of ten may come out a little beside themselves.
        let (low, high) = ((low + 1e-9).floor(), (high - 1e-9).ceil());
        let high = if high > low { high } else { low + 1.0 };
        Some(LogScale { low, high })
    }

    /// A scale that begins with the smallest of these positive numbers and ends with the largest.
    pub(crate) fn around(numbers: impl IntoIterator<Item = f64>) -> Option<LogScale> {
        let logs = numbers.into_iter().map(f64::log10);
        logs.fold(None, |scale: Option<LogScale>, log| {
            let (low, high) = scale.map_or((log, log), |scale| (scale.low, scale.high));
            Some(LogScale {
                low: low.min(log),
                high: high.max(log),
            })
        })
    }

    /// Where a positive number has its place. All are in the middle of a scale without length.
    pub(crate) fn place(self, number: f64) -> f64 {
        if self.high > self.low {
            (number.log10() - self.low) / (self.high - self.low)
        } else {
            0.5
        }
    }

    /// The powers of ten on the scale.
    pub(crate) fn decades(self) -> impl Iterator<Item = f64> {
        let (low, high) = (
            (self.low - 1e-9).ceil() as i32,
            (self.high + 1e-9).floor() as i32,
        );
        (low..=high).map(|power| 10_f64.powi(power))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decades_begin_and_end_a_scale() {
        let scale = LogScale::of_decades([0.02, 3.0]).expect("there are numbers");
        let decades: Vec<f64> = scale.decades().collect();
        assert_eq!(decades, [0.01, 0.1, 1.0, 10.0]);
        let exact = LogScale::of_decades([0.01, 10.0]).expect("there are numbers");
        assert_eq!(exact, scale);
    }

    #[test]
    fn one_number_has_a_place_too() {
        let decade = LogScale::of_decades([100.0]).expect("there is one");
        assert!((decade.place(100.0) - 0.0).abs() < 1e-9);
        let around = LogScale::around([100.0]).expect("there is one");
        assert!((around.place(100.0) - 0.5).abs() < 1e-9);
        assert_eq!(LogScale::around([]), None);
    }

    proptest! {
        #[test]
        fn larger_numbers_are_farther_along(a in 1e-9..1e9_f64, b in 1e-9..1e9_f64) {
            let scale = LogScale::of_decades([a, b]).expect("there are numbers");
            prop_assert!((a < b) == (scale.place(a) < scale.place(b)) || a.to_bits() == b.to_bits());
            for number in [a, b] {
                prop_assert!((-1e-6..=1.0 + 1e-6).contains(&scale.place(number)));
            }
        }
    }
}
