//! Keys drawn by Zipf's law.

use crate::Dice;

/// Draws keys, numbered from 0: key `k` in proportion to `k + 1` to the power of minus the exponent.
///
/// It keeps a table of all keys, 8 bytes each, unless the exponent is 0.
#[derive(Clone, Debug)]
pub struct Zipf {
    keys: usize,
    /// The probability of the keys up to each; empty if all have the same.
    cumulative: Vec<f64>,
}

impl Zipf {
    /// The law over `keys` keys. With exponent 0 all have the same probability.
    pub fn new(keys: usize, exponent: f64) -> Zipf {
        let cumulative = if exponent == 0.0 {
            Vec::new()
        } else {
            cumulative(keys, exponent)
        };
        Zipf { keys, cumulative }
    }

    /// A key below the number of keys. Each takes one number from the dice.
    ///
    /// # Panics
    ///
    /// Panics if there are no keys.
    pub fn draw(&self, dice: &mut Dice) -> usize {
        if self.cumulative.is_empty() {
            return dice.below(self.keys as u64) as usize;
        }
        let fraction = dice.fraction();
        let key = self
            .cumulative
            .partition_point(|&probability| probability <= fraction);
        debug_assert!(
            key < self.keys,
            "the last probability is 1, above every fraction"
        );
        key
    }
}

fn cumulative(keys: usize, exponent: f64) -> Vec<f64> {
    let mut sums: Vec<f64> = (1..=keys)
        .scan(0.0, |sum, rank| {
            *sum += libm::pow(rank as f64, -exponent);
            Some(*sum)
        })
        .collect();
    let total = sums.last().copied().unwrap_or(1.0);
    for sum in &mut sums {
        *sum /= total;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the shares of the first three of ten keys, in 10,000 draws.
    #[track_caller]
    fn check_shares(exponent: f64, expected: [i64; 3]) {
        let zipf = Zipf::new(10, exponent);
        let mut dice = Dice::new(0, 0);
        let mut counts = [0_i64; 10];
        for _ in 0..10_000 {
            counts[zipf.draw(&mut dice)] += 1;
        }
        let close = |(count, expected): (&i64, i64)| (count - expected).abs() < 150;
        assert!(counts.iter().zip(expected).all(close), "{counts:?}");
    }

    #[test]
    fn keys_come_by_their_rank() {
        check_shares(0.0, [1_000, 1_000, 1_000]);
        check_shares(1.0, [3_414, 1_707, 1_138]);
        check_shares(1.1, [3_731, 1_741, 1_114]);
    }

    #[test]
    fn probabilities_are_in_the_proportions_of_the_law() {
        // One, a half and a third, of eleven sixths.
        let expected = [6.0 / 11.0, 9.0 / 11.0, 1.0];
        let cumulative = cumulative(3, 1.0);
        let close = |(one, other): (&f64, f64)| (one - other).abs() < 1e-12;
        assert!(cumulative.iter().zip(expected).all(close), "{cumulative:?}");
    }

    #[test]
    fn a_single_key_is_always_drawn() {
        let mut dice = Dice::new(0, 0);
        for exponent in [0.0, 1.0, 10.0] {
            assert_eq!(Zipf::new(1, exponent).draw(&mut dice), 0);
        }
    }

    #[test]
    #[should_panic(expected = "there is no number below 0")]
    fn no_keys_to_draw_from_are_refused() {
        Zipf::new(0, 1.1).draw(&mut Dice::new(0, 0));
    }
}
