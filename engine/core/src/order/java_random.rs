//! The random numbers of a JVM (`java.util.Random`), by which `coalesce` draws among partitions.

const MULTIPLIER: u64 = 0x5_DEEC_E66D;
const INCREMENT: u64 = 0xB;
const MASK: u64 = (1 << 48) - 1;

/// A generator with a seed.
///
/// ```
/// use engine::order::JavaRandom;
/// let mut random = JavaRandom::new(42);
/// assert_eq!([10, 10, 10, 8].map(|bound| random.below(bound)), [0, 3, 8, 0]);
/// ```
#[derive(Clone, Debug)]
pub struct JavaRandom {
    state: u64,
}

impl JavaRandom {
    /// The generator with this seed (`new java.util.Random(seed)`).
    pub fn new(seed: u64) -> JavaRandom {
        JavaRandom {
            state: (seed ^ MULTIPLIER) & MASK,
        }
    }

    /// The next number from 0 up to `bound`, without it (`nextInt`).
    ///
    /// # Panics
    ///
    /// If `bound` is zero, or above `i32::MAX`.
    pub fn below(&mut self, bound: u32) -> u32 {
        assert!(
            i32::try_from(bound).is_ok_and(|bound| bound > 0),
            "a JVM draws below a number from 1 to i32::MAX"
        );
        below(bound, || self.next())
    }

    /// The next number of 31 bits.
    fn next(&mut self) -> u32 {
        let next = self.state.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT);
        self.state = next & MASK;
        (self.state >> 17) as u32
    }
}

/// The number from 0 up to `bound`, without it, that the JVM makes of numbers of 31 bits (`java.util.Random.nextInt`).
pub(super) fn below(bound: u32, mut next: impl FnMut() -> u32) -> u32 {
    if bound.is_power_of_two() {
        return ((u64::from(bound) * u64::from(next())) >> 31) as u32;
    }
    // Those of the last, incomplete round of remainders would make small numbers likelier.
    loop {
        let drawn = next();
        let remainder = drawn % bound;
        if u64::from(drawn - remainder) + u64::from(bound) <= 1 << 31 {
            return remainder;
        }
    }
}
