//! How the keys of a batch are drawn.

use simulator::Dice;

use crate::Keys;

/// What draws keys of a distribution; its table, if it needs one, serves all batches.
#[derive(Debug)]
pub(crate) enum Drawer {
    Uniform(usize),
    Zipf(Vec<f64>),
    Active { keys: usize, active: usize },
}

impl Drawer {
    pub(crate) fn new(keys: Keys) -> Drawer {
        match keys {
            Keys::Uniform(keys) => Drawer::Uniform(keys),
            Keys::Zipf(keys, exponent) => Drawer::Zipf(zipf_sums(keys, exponent)),
            Keys::Active { keys, active } => Drawer::Active { keys, active },
        }
    }

    /// The keys of a batch of so many words, from 0.
    pub(crate) fn draw(&self, words: usize, dice: &mut Dice) -> Vec<usize> {
        match self {
            Drawer::Uniform(keys) => (0..words)
                .map(|_| dice.below(*keys as u64) as usize)
                .collect(),
            Drawer::Zipf(sums) => (0..words).map(|_| place(sums, dice)).collect(),
            Drawer::Active { keys, active } => {
                let active = distinct(*keys, *active, dice);
                active.into_iter().cycle().take(words).collect()
            }
        }
    }
}

/// 1, 1 + 1/2^e, 1 + 1/2^e + 1/3^e, …
fn zipf_sums(count: usize, exponent: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let terms = (1..=count).map(|k| libm::pow(k as f64, -exponent));
    terms
        .map(|term| {
            sum += term;
            sum
        })
        .collect()
}

/// A place drawn in proportion to how much the sum grows there.
fn place(sums: &[f64], dice: &mut Dice) -> usize {
    let total = sums.last().expect("whoever draws words has keys");
    let drawn = dice.fraction() * total;
    // The product may be rounded up to the total.
    sums.partition_point(|&sum| sum <= drawn)
        .min(sums.len() - 1)
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
