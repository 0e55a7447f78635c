//! Draws the keys of a batch by a distribution.

use random::{Dice, Zipf};

use crate::KeyDistribution;

/// A distribution with its table, if it needs one, which serves all batches.
#[derive(Debug)]
pub(crate) enum Sampler {
    Zipf(Zipf),
    Active { keys: usize, active: usize },
}

impl Sampler {
    pub(crate) fn new(distribution: KeyDistribution) -> Sampler {
        match distribution {
            KeyDistribution::Uniform(keys) => Sampler::Zipf(Zipf::new(keys, 0.0)),
            KeyDistribution::Zipf { keys, exponent } => Sampler::Zipf(Zipf::new(keys, exponent)),
            KeyDistribution::Active { keys, active } => Sampler::Active { keys, active },
        }
    }

    /// The keys, numbered from 0, of a batch of this many words.
    pub(crate) fn draw(&self, words: usize, dice: &mut Dice) -> Vec<usize> {
        match self {
            Sampler::Zipf(zipf) => (0..words).map(|_| zipf.draw(dice)).collect(),
            Sampler::Active { keys, active } => {
                let active = distinct(*keys, *active, dice);
                active.into_iter().cycle().take(words).collect()
            }
        }
    }
}

/// `count` distinct numbers below `bound`, in random order: the first steps of a Fisher-Yates shuffle.
fn distinct(bound: usize, count: usize, dice: &mut Dice) -> Vec<usize> {
    assert!(
        count <= bound,
        "there are no {count} distinct keys of {bound}"
    );
    let mut numbers: Vec<usize> = (0..bound).collect();
    for index in 0..count {
        let other = index + dice.below((bound - index) as u64) as usize;
        numbers.swap(index, other);
    }
    numbers.truncate(count);
    numbers
}
