//! How the keys of a batch are drawn.

use random::{Dice, Zipf};

use crate::Keys;

/// What draws keys of a distribution; its table, if it needs one, serves all batches.
#[derive(Debug)]
pub(crate) enum Drawer {
    Uniform(usize),
    Zipf(Zipf),
    Active { keys: usize, active: usize },
}

impl Drawer {
    pub(crate) fn new(keys: Keys) -> Drawer {
        match keys {
            Keys::Uniform(keys) => Drawer::Uniform(keys),
            Keys::Zipf(keys, exponent) => Drawer::Zipf(Zipf::new(keys, exponent)),
            Keys::Active { keys, active } => Drawer::Active { keys, active },
        }
    }

    /// The keys of a batch of so many words, from 0.
    pub(crate) fn draw(&self, words: usize, dice: &mut Dice) -> Vec<usize> {
        match self {
            Drawer::Uniform(keys) => (0..words)
                .map(|_| dice.below(*keys as u64) as usize)
                .collect(),
            Drawer::Zipf(zipf) => (0..words).map(|_| zipf.draw(dice)).collect(),
            Drawer::Active { keys, active } => {
                let active = distinct(*keys, *active, dice);
                active.into_iter().cycle().take(words).collect()
            }
        }
    }
}

/// So many distinct numbers below `bound`, in random order: the beginning of a shuffle.
fn distinct(bound: usize, count: usize, dice: &mut Dice) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..bound).collect();
    for place in 0..count {
        let other = place + dice.below((bound - place) as u64) as usize;
        numbers.swap(place, other);
    }
    numbers.truncate(count);
    numbers
}
