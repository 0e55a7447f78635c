//! A bit for every place.

/// Bits in one word.
pub(crate) const WORD: usize = u64::BITS as usize;

/// A growing row of bits; those past its end are off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    on: usize,
}

impl Bits {
    /// So many bits, all on.
    pub(crate) fn all(count: usize) -> Bits {
        let mut words = vec![u64::MAX; count / WORD];
        if !count.is_multiple_of(WORD) {
            words.push((1 << (count % WORD)) - 1);
        }
        Bits { words, on: count }
    }

    /// How many bits are on.
    pub(crate) fn on(&self) -> usize {
        self.on
    }

    /// The bits from `index * 64` on, the first in the lowest place.
    #[inline]
    pub(crate) fn word(&self, index: usize) -> u64 {
        self.words.get(index).copied().unwrap_or(0)
    }

    #[inline]
    pub(crate) fn get(&self, bit: usize) -> bool {
        self.word(bit / WORD) >> (bit % WORD) & 1 == 1
    }

    /// Turns a bit on. Returns whether it was off.
    #[inline]
    pub(crate) fn set(&mut self, bit: usize) -> bool {
        let word = bit / WORD;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let was_off = !self.get(bit);
        self.words[word] |= 1 << (bit % WORD);
        self.on += usize::from(was_off);
        was_off
    }

    pub(crate) fn clear(&mut self, bit: usize) {
        if self.get(bit) {
            self.words[bit / WORD] &= !(1 << (bit % WORD));
            self.on -= 1;
        }
    }

    /// Where the bits that are like the one at `start` end, `end` at the latest.
    pub(crate) fn run_end(&self, start: usize, end: usize) -> usize {
        let flip = if self.get(start) { u64::MAX } else { 0 };
        let mut at = start;
        while at < end {
            // Ones mark where the run is over.
            let over = (self.word(at / WORD) ^ flip) >> (at % WORD);
            if over != 0 {
                return end.min(at + over.trailing_zeros() as usize);
            }
            at = (at / WORD + 1) * WORD;
        }
        end
    }

    /// The bits that are on, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        let words = self.words.iter().enumerate();
        words.flat_map(|(index, word)| ones(*word).map(move |bit| index * WORD + bit))
    }
}

/// The places of the ones in a word.
pub(crate) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
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
    fn all_bits_are_on() {
        for count in [0, 1, 63, 64, 65, 128] {
            let bits = Bits::all(count);
            assert_eq!(
                bits.iter().collect::<Vec<_>>(),
                (0..count).collect::<Vec<_>>()
            );
            assert_eq!(bits.on(), count);
            assert!(!bits.get(count));
        }
    }

    proptest! {
        #[test]
        fn equals_a_set(steps in prop::collection::vec((any::<bool>(), 0..200_usize), 0..100)) {
            let (mut bits, mut twin) = (Bits::default(), BTreeSet::new());
            for (on, bit) in steps {
                if on {
                    prop_assert_eq!(bits.set(bit), twin.insert(bit));
                } else {
                    bits.clear(bit);
                    twin.remove(&bit);
                }
            }
            prop_assert_eq!(bits.on(), twin.len());
            prop_assert!((0..260).all(|bit| bits.get(bit) == twin.contains(&bit)));
            for start in 0..220 {
                let is_on = twin.contains(&start);
                let end = (start..230).find(|bit| twin.contains(bit) != is_on);
                prop_assert_eq!(bits.run_end(start, 230), end.unwrap_or(230));
            }
            prop_assert!(bits.iter().eq(twin));
        }
    }
}
