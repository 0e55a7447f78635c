//! The random numbers by which Spark spreads the rows of a partition (`org.apache.spark.util.random.XORShiftRandom`,
//! Spark 3.5.9 and 4.3.0).

use super::java_random::below;
use super::murmur3::hash_bytes;

/// Scala's seed of the hash of an array (`MurmurHash3.arraySeed`).
const ARRAY_SEED: i32 = 0x3c07_4a61;

/// A generator of this seed.
///
/// ```
/// use engine::order::xor_shift_random::XorShiftRandom;
/// let mut random = XorShiftRandom::new(42);
/// assert_eq!(random.next_double(), 0.619_189_370_225_301);
/// ```
#[derive(Clone, Debug)]
pub struct XorShiftRandom {
    state: u64,
}

impl XorShiftRandom {
    /// The generator with this seed.
    pub fn new(seed: u64) -> XorShiftRandom {
        let bytes = seed.to_be_bytes();
        let low = hash_bytes(&bytes, ARRAY_SEED);
        let high = hash_bytes(&bytes, low);
        XorShiftRandom {
            state: u64::from(high.cast_unsigned()) << 32 | u64::from(low.cast_unsigned()),
        }
    }

    /// The next number from 0 up to 1, without it (`nextDouble`).
    pub fn next_double(&mut self) -> f64 {
        let high = u64::from(self.next(26)) << 27;
        (high + u64::from(self.next(27))) as f64 / (1_u64 << 53) as f64
    }

    /// The next number of this many bits, at most 31.
    fn next(&mut self, bits: u32) -> u32 {
        self.state ^= self.state << 21;
        self.state ^= self.state >> 35;
        self.state ^= self.state << 4;
        self.state as u32 & ((1 << bits) - 1)
    }
}

/// The first number from 0 up to `bound`, without it, of the generator with this seed
/// (`new XORShiftRandom(seed).nextInt(bound)`).
///
/// ```
/// use engine::order::xor_shift_random::first;
/// assert_eq!([0, 1, 2, 3].map(|seed| first(seed, 10)), [8, 3, 8, 7]);
/// ```
///
/// # Panics
///
/// If `bound` is zero.
pub fn first(seed: u64, bound: u32) -> u32 {
    assert!(bound > 0, "there is no number below zero");
    let mut random = XorShiftRandom::new(seed);
    below(bound, || random.next(31))
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn numbers_are_those_by_which_spark_repartitions() {
        let of = |bound| [0, 1, 2, 3, 4, 5, 6].map(|seed| first(seed, bound));
        assert_eq!(of(1), [0; 7]);
        assert_eq!(of(2), [0, 0, 1, 1, 1, 1, 1]);
        assert_eq!(of(3), [2, 0, 1, 2, 1, 1, 2]);
        assert_eq!(of(8), [1, 1, 7, 5, 4, 7, 6]);
        assert_eq!(of(10), [8, 3, 8, 7, 3, 5, 0]);
    }
}
