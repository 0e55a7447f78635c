//! The registers of `HyperLogLog++` (`catalyst/util/HyperLogLogPlusPlusHelper.scala`): Heule, Nunkesser and Hall,
//! "`HyperLogLog` in Practice".

use std::sync::LazyLock;

/// Registers in a word, of six bits each.
const REGISTERS_PER_WORD: usize = 10;

const REGISTER_BITS: usize = 6;

/// Neighbours among the raw estimates whose biases are averaged.
const NEIGHBOURS: usize = 6;

/// The estimates up to which values are counted by empty registers, from 4 bits of precision to 18.
const THRESHOLDS: [f64; 15] = [
    10.0, 20.0, 40.0, 80.0, 220.0, 400.0, 900.0, 1_800.0, 3_100.0, 6_500.0, 15_500.0, 20_000.0,
    50_000.0, 120_000.0, 350_000.0,
];

/// The raw estimates and their biases by the precision, as the authors of the paper have measured them.
static BIASES: LazyLock<Vec<Vec<(f64, f64)>>> = LazyLock::new(|| {
    let mut biases = vec![Vec::new(); 19];
    for line in include_str!("bias.txt").lines() {
        let numbers: Vec<f64> = line.split(' ').filter_map(|it| it.parse().ok()).collect();
        if let [precision, estimate, bias] = numbers[..] {
            biases[precision as usize].push((estimate, bias));
        }
    }
    biases
});

/// The registers: two to the power of their precision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Registers {
    pub(super) precision: u32,
}

impl Registers {
    fn count(self) -> usize {
        1 << self.precision
    }

    /// The number of words.
    pub(super) fn words(self) -> usize {
        self.count() / REGISTERS_PER_WORD + 1
    }

    /// The register of a hash, and the number of leading zeros after its index, and one.
    pub(super) fn place(self, hash: u64) -> (usize, i64) {
        let padding = 1 << (self.precision - 1);
        let zeros = ((hash << self.precision) | padding).leading_zeros();
        (
            (hash >> (64 - self.precision)) as usize,
            i64::from(zeros) + 1,
        )
    }

    /// The word of a register, and its place there.
    pub(super) fn address(register: usize) -> (usize, usize) {
        (
            register / REGISTERS_PER_WORD,
            REGISTER_BITS * (register % REGISTERS_PER_WORD),
        )
    }

    fn read(word: i64, shift: usize) -> i64 {
        (word >> shift) & 0x3f
    }

    /// A word in which a register is at least so much.
    pub(super) fn raised(word: i64, shift: usize, least: i64) -> i64 {
        if least <= Registers::read(word, shift) {
            return word;
        }
        word & !(0x3f << shift) | least << shift
    }

    /// The word of the greater of each two registers.
    pub(super) fn greatest(one: i64, other: i64) -> i64 {
        (0..REGISTERS_PER_WORD).fold(one, |word, index| {
            let shift = index * REGISTER_BITS;
            Registers::raised(word, shift, Registers::read(other, shift))
        })
    }

    /// The number of distinct values.
    pub(super) fn estimate(self, words: &[i64]) -> i64 {
        let count = self.count() as f64;
        let mut inverse = 0.0;
        let mut empty = 0.0;
        for register in 0..self.count() {
            let (word, shift) = Registers::address(register);
            let value = Registers::read(words[word], shift);
            // The shift is of 32 bits, as Spark's is.
            inverse += 1.0 / f64::from(1_i32.wrapping_shl(value as u32));
            if value == 0 {
                empty += 1.0;
            }
        }
        let raw = self.alpha() * count * count / inverse;
        let is_biased = self.precision < 19 && raw < 5.0 * count;
        let corrected = if is_biased { raw - self.bias(raw) } else { raw };
        let linear = count * (count / empty).ln();
        let threshold = THRESHOLDS.get(self.precision as usize - 4);
        let is_small = threshold.is_some_and(|it| linear <= *it) || raw <= 2.5 * count;
        let estimate = if empty > 0.0 && is_small {
            linear
        } else {
            corrected
        };
        (estimate + 0.5).floor() as i64
    }

    fn alpha(self) -> f64 {
        match self.precision {
            4 => 0.673,
            5 => 0.697,
            6 => 0.709,
            _ => 0.7213 / (1.0 + 1.079 / self.count() as f64),
        }
    }

    /// The average bias of the raw estimates that are nearest.
    fn bias(self, raw: f64) -> f64 {
        let biases = &BIASES[self.precision as usize];
        let distance = |index: usize| (raw - biases[index].0) * (raw - biases[index].0);
        let nearest = biases.partition_point(|(estimate, _)| *estimate < raw);
        let mut low = (nearest + 1).saturating_sub(NEIGHBOURS);
        let mut high = (low + NEIGHBOURS).min(biases.len());
        while high < biases.len() && distance(high) < distance(low) {
            low += 1;
            high += 1;
        }
        let near = &biases[low..high];
        near.iter().map(|(_, bias)| bias).sum::<f64>() / near.len() as f64
    }
}
