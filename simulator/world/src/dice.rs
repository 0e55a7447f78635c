//! The only source of chance: everything random in a run is drawn here, from its seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Dice that fall alike on every machine, given the same seed.
///
/// ```
/// use simulator::Dice;
/// let draw = |seed| Dice::new(seed, 0).below(1_000_000);
/// assert_eq!(draw(7), draw(7));
/// assert_ne!(draw(7), draw(8));
/// ```
#[derive(Clone, Debug)]
pub struct Dice {
    generator: ChaCha8Rng,
}

impl Dice {
    /// The dice of one use of a run's seed: uses of different `stream` numbers do not disturb each
    /// other.
    pub fn new(seed: u64, stream: u64) -> Dice {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Dice { generator }
    }

    /// A number below `bound`, all alike probable to within one part in 2^64.
    ///
    /// # Panics
    ///
    /// Panics if `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "there is no number below 0");
        ((u128::from(self.generator.next_u64()) * u128::from(bound)) >> 64) as u64
    }

    /// A number of at least 0 and below 1.
    pub fn fraction(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(mut dice: Dice) -> Vec<u64> {
        (0..8).map(|_| dice.below(1_000_000)).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_draws_on_every_machine_and_in_every_version() {
        let mut dice = Dice::new(7, 1);
        assert_eq!(
            [100, 100, 1_000_000].map(|bound| dice.below(bound)),
            [99, 0, 721_611]
        );
        let millionths = (dice.fraction() * 1e6) as u64;
        assert_eq!(millionths, 528_105);
    }

    #[test]
    fn another_seed_and_another_use_of_it_give_other_draws() {
        assert_eq!(draws(Dice::new(7, 0)), draws(Dice::new(7, 0)));
        assert_ne!(draws(Dice::new(7, 0)), draws(Dice::new(8, 0)));
        assert_ne!(draws(Dice::new(7, 0)), draws(Dice::new(7, 1)));
    }

    #[test]
    fn numbers_are_below_their_bound_and_fractions_below_one() {
        let mut dice = Dice::new(0, 0);
        for bound in [1, 2, 3, 1 << 40, u64::MAX] {
            assert!((0..100).all(|_| dice.below(bound) < bound));
        }
        assert!((0..1_000).all(|_| (0.0..1.0).contains(&dice.fraction())));
    }

    /// Of 6,000 throws each side has some 1,000; a spread of 150 is five standard deviations.
    #[test]
    fn all_numbers_are_alike_probable() {
        let mut dice = Dice::new(0, 0);
        let mut sides = [0; 6];
        for _ in 0..6_000 {
            sides[dice.below(6) as usize] += 1;
        }
        assert!(
            sides.iter().all(|side| (850..=1_150).contains(side)),
            "{sides:?}"
        );
        let fractions: f64 = (0..1_000).map(|_| dice.fraction()).sum();
        assert!((450.0..550.0).contains(&fractions), "{fractions}");
    }

    #[test]
    #[should_panic(expected = "there is no number below 0")]
    fn a_bound_of_zero_is_refused() {
        Dice::new(0, 0).below(0);
    }
}
