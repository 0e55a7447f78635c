//! A logarithmic axis.

/// Maps positive numbers to positions from 0 to 1 by their logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LogScale {
    low: f64,
    high: f64,
}

impl LogScale {
    /// A scale of whole decades around these positive numbers; none without a number.
    pub(crate) fn of_decades(numbers: impl IntoIterator<Item = f64>) -> Option<LogScale> {
        let LogScale { low, high } = LogScale::around(numbers)?;
        // The logarithm of a power of ten may differ from a whole number by a rounding error.
        let low = (low + 1e-9).floor();
        let high = (high - 1e-9).ceil().max(low + 1.0);
        Some(LogScale { low, high })
    }

    /// A scale from the smallest of these positive numbers to the largest; none without a number.
    pub(crate) fn around(numbers: impl IntoIterator<Item = f64>) -> Option<LogScale> {
        let logs = numbers.into_iter().map(f64::log10);
        let scales = logs.map(|log| LogScale {
            low: log,
            high: log,
        });
        scales.reduce(|one, other| LogScale {
            low: one.low.min(other.low),
            high: one.high.max(other.high),
        })
    }

    /// The position of a positive number. On a scale of one number it is the middle.
    pub(crate) fn position(self, number: f64) -> f64 {
        debug_assert!(number > 0.0, "only a positive number has a logarithm");
        if self.high > self.low {
            (number.log10() - self.low) / (self.high - self.low)
        } else {
            0.5
        }
    }

    /// The powers of ten on the scale.
    pub(crate) fn decades(self) -> impl Iterator<Item = f64> {
        let low = (self.low - 1e-9).ceil() as i32;
        let high = (self.high + 1e-9).floor() as i32;
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
    fn one_number_has_a_position() {
        let decade = LogScale::of_decades([100.0]).expect("there is one");
        assert!((decade.position(100.0) - 0.0).abs() < 1e-9);
        let around = LogScale::around([100.0]).expect("there is one");
        assert!((around.position(100.0) - 0.5).abs() < 1e-9);
        assert_eq!(LogScale::around([]), None);
    }

    proptest! {
        #[test]
        fn larger_numbers_are_farther_along(a in 1e-9..1e9_f64, b in 1e-9..1e9_f64) {
            let scale = LogScale::of_decades([a, b]).expect("there are numbers");
            prop_assert!((a < b) == (scale.position(a) < scale.position(b)) || a.to_bits() == b.to_bits());
            for number in [a, b] {
                prop_assert!((-1e-6..=1.0 + 1e-6).contains(&scale.position(number)));
            }
        }
    }
}
