//! A growing set of small numbers, one bit each.

/// Bits in one word.
const WORD: usize = u64::BITS as usize;

/// A bitmap with a bit for each slot; bits past its end are zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    ones: usize,
}

impl Bits {
    /// `count` ones.
    pub(crate) fn all(count: usize) -> Bits {
        let mut words = vec![u64::MAX; count / WORD];
        if !count.is_multiple_of(WORD) {
            // One less than a power of two has all bits below that power set.
            words.push((1 << (count % WORD)) - 1);
        }
        Bits { words, ones: count }
    }

    /// The number of ones.
    pub(crate) fn ones(&self) -> usize {
        self.ones
    }

    #[inline]
    fn word(&self, index: usize) -> u64 {
        self.words.get(index).copied().unwrap_or(0)
    }

    #[inline]
    pub(crate) fn get(&self, bit: usize) -> bool {
        self.word(bit / WORD) >> (bit % WORD) & 1 == 1
    }

    /// Makes a bit a one. Returns true if it was a zero.
    #[inline]
    pub(crate) fn set(&mut self, bit: usize) -> bool {
        let word = bit / WORD;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let was_zero = !self.get(bit);
        self.words[word] |= 1 << (bit % WORD);
        self.ones += usize::from(was_zero);
        was_zero
    }

    pub(crate) fn clear(&mut self, bit: usize) {
        if self.get(bit) {
            self.words[bit / WORD] &= !(1 << (bit % WORD));
            self.ones -= 1;
        }
    }

    /// The end of the run of equal bits that begins at `start`, at most `end`.
    pub(crate) fn run_end(&self, start: usize, end: usize) -> usize {
        // A run of ones is searched as a run of zeros of the inverted words: in both, the first one
        // is where the run ends, and a word of zeros is skipped whole.
        let flip = if self.get(start) { u64::MAX } else { 0 };
        let mut at = start;
        while at < end {
            // The shift drops the bits before `at`, which are no part of the run.
            let rest = (self.word(at / WORD) ^ flip) >> (at % WORD);
            if rest != 0 {
                return end.min(at + rest.trailing_zeros() as usize);
            }
            at = (at / WORD + 1) * WORD;
        }
        end
    }

    /// The positions of the ones, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        debug_assert_eq!(
            self.words
                .iter()
                .map(|word| word.count_ones() as usize)
                .sum::<usize>(),
            self.ones,
            "the count is that of the ones in all words"
        );
        self.words
            .iter()
            .enumerate()
            .flat_map(|(index, word)| ones_of(*word).map(move |bit| index * WORD + bit))
    }
}

impl FromIterator<usize> for Bits {
    /// The set of these numbers.
    fn from_iter<I: IntoIterator<Item = usize>>(numbers: I) -> Bits {
        let mut bits = Bits::default();
        for number in numbers {
            bits.set(number);
        }
        bits
    }
}

/// The positions of the ones in a word, ascending.
fn ones_of(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        // Clears the lowest one: subtracting 1 turns it into a zero and changes only the zeros below.
        word &= word - 1;
        Some(bit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn all_bits_are_ones() {
        for count in [0, 1, 63, 64, 65, 128] {
            let bits = Bits::all(count);
            assert_eq!(
                bits.iter().collect::<Vec<_>>(),
                (0..count).collect::<Vec<_>>()
            );
            assert_eq!(bits.ones(), count);
            assert!(!bits.get(count));
        }
    }

    proptest! {
        #[test]
        fn equals_a_set(steps in prop::collection::vec((any::<bool>(), 0..200_usize), 0..100)) {
            let (mut bits, mut twin) = (Bits::default(), BTreeSet::new());
            for (is_one, bit) in steps {
                if is_one {
                    prop_assert_eq!(bits.set(bit), twin.insert(bit));
                } else {
                    bits.clear(bit);
                    twin.remove(&bit);
                }
            }
            prop_assert_eq!(bits.ones(), twin.len());
            prop_assert!((0..260).all(|bit| bits.get(bit) == twin.contains(&bit)));
            for start in 0..220 {
                let is_one = twin.contains(&start);
                let end = (start..230).find(|bit| twin.contains(bit) != is_one);
                prop_assert_eq!(bits.run_end(start, 230), end.unwrap_or(230));
            }
            prop_assert!(bits.iter().eq(twin));
        }
    }
}
