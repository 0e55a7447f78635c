//! The slow, plain twin of the word count, by which benches check what they are about to time.

use std::collections::BTreeMap;

use engine::Text;

/// How often each word comes, counted in the plainest way.
///
/// ```
/// use benches::Counts;
/// let counts = Counts::of(&["blue green blue".into()]);
/// assert_eq!(counts, Counts::from_iter([("green".into(), 1), ("blue".into(), 2)]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    by_word: BTreeMap<Text, i64>,
}

impl Counts {
    /// The counts of the words of these lines.
    pub fn of(lines: &[Text]) -> Counts {
        let words = lines.iter().flat_map(|line| line.as_str().split(' '));
        words.map(|word| (Text::from(word), 1)).collect()
    }

    /// How many distinct words there are.
    pub fn keys(&self) -> usize {
        self.by_word.len()
    }

    /// Each word and how often it comes, in the order of the alphabet.
    pub fn iter(&self) -> impl Iterator<Item = (&Text, i64)> {
        self.by_word.iter().map(|(word, count)| (word, *count))
    }

    /// What a cheap consumer of these counts finds.
    pub fn totals(&self) -> Totals {
        Totals::of(self.iter().map(|(_, count)| count))
    }
}

impl FromIterator<(Text, i64)> for Counts {
    fn from_iter<I: IntoIterator<Item = (Text, i64)>>(pairs: I) -> Counts {
        let mut counts = Counts::default();
        for (word, count) in pairs {
            *counts.by_word.entry(word).or_default() += count;
        }
        counts
    }
}

/// What is left of a batch of counts after a consumer that costs next to nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many rows there were.
    pub rows: usize,
    /// The sum of their counts.
    pub words: i64,
}

impl Totals {
    /// Folds the counts of a batch.
    pub fn of(counts: impl IntoIterator<Item = i64>) -> Totals {
        counts
            .into_iter()
            .fold(Totals::default(), |totals, count| Totals {
                rows: totals.rows + 1,
                words: totals.words + count,
            })
    }
}
