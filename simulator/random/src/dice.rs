//! The only source of chance: every random number is drawn here, from a seed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A generator of random numbers: the same numbers for the same seed, on every machine.
///
/// ```
/// use random::Dice;
/// let draw = |seed| Dice::new(seed, 0).below(1_000_000);
/// assert_eq!(draw(7), draw(7));
/// assert_ne!(draw(7), draw(8));
/// ```
#[derive(Clone, Debug)]
pub struct Dice {
    generator: ChaCha8Rng,
}

impl Dice {
    /// The dice of one use of a seed. Each use has a `stream` number of its own, so that more draws in
    /// one change nothing in another.
    pub fn new(seed: u64, stream: u64) -> Dice {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Dice { generator }
    }

    /// A number below `bound`. The probabilities of any two differ by at most 2^-64.
    ///
    /// # Panics
    ///
    /// Panics if `bound` is 0.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "there is no number below 0");
        // The upper half of the product: it scales a fraction of 64 bits without a division, and takes
        // one number from the generator for every bound, so that streams stay in step.
        ((u128::from(self.generator.next_u64()) * u128::from(bound)) >> 64) as u64
    }

    /// A number from `least` to `most`, both included.
    ///
    /// # Panics
    ///
    /// Panics if `most` is below `least`, or if they are as far apart as 0 and `u64::MAX`.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        assert!(least <= most, "there is no number from {least} to {most}");
        least + self.below(most - least + 1)
    }

    /// True with a probability of 1 in `throws`.
    ///
    /// # Panics
    ///
    /// Panics if `throws` is 0.
    pub fn one_in(&mut self, throws: u64) -> bool {
        self.below(throws) == 0
    }

    /// One of `items`, each with the same probability.
    ///
    /// # Panics
    ///
    /// Panics if there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// Brings items into an order, each as likely as any other.
    ///
    /// ```
    /// let mut words = ["blue", "green", "red"];
    /// random::Dice::new(0, 0).shuffle(&mut words);
    /// words.sort_unstable();
    /// assert_eq!(words, ["blue", "green", "red"]);
    /// ```
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            let other = self.below(index as u64 + 1) as usize;
            items.swap(index, other);
        }
    }

    /// A number of at least 0 and below 1.
    #[inline]
    pub fn fraction(&mut self) -> f64 {
        // 53 bits are what an `f64` holds exactly; more could be rounded up to 1.
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
    fn all_numbers_have_the_same_probability() {
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
    fn both_ends_of_a_range_are_drawn() {
        let mut dice = Dice::new(0, 0);
        let mut drawn = [false; 3];
        for _ in 0..100 {
            drawn[dice.between(7, 9) as usize - 7] = true;
        }
        assert_eq!(drawn, [true; 3]);
        assert_eq!(dice.between(u64::MAX, u64::MAX), u64::MAX);
    }

    #[test]
    fn one_in_and_pick_take_the_number_that_below_would() {
        let mut dice = Dice::new(0, 0);
        let mut same = Dice::new(0, 0);
        for _ in 0..100 {
            assert_eq!(dice.one_in(3), same.below(3) == 0);
            assert_eq!(*dice.pick(&[0, 1, 2, 3]), same.below(4));
        }
    }

    #[test]
    #[should_panic(expected = "there is no number below 0")]
    fn a_bound_of_zero_is_refused() {
        Dice::new(0, 0).below(0);
    }
}
