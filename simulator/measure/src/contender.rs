//! Who takes part: the two state operators, the structured state, and the loop anybody would write.

use engine::{Block, BuildError, Workers};
use engine_structured::AnalysisError;

use crate::Digest;
use crate::dstream::{self, DStreamProgram};
use crate::plain::{HandsOn, Plain};
use crate::structured::StructuredProgram;

/// A way to keep a running count of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Contender {
    /// `update_state_by_key`, with all of its state handed on.
    UpdateStateByKey,
    /// `map_with_state` without a time-out, with the running total of each word of the batch handed on.
    MapWithState,
    /// `map_with_state` with a time-out that no key ever reaches: it knows of each key when it came last.
    MapWithStateTimeout,
    /// The structured query `groupBy("word").count()` in update mode.
    Structured,
    /// The plain loop, with all of its state handed on.
    PlainUpdate,
    /// The plain loop, with the running total of each word of the batch handed on.
    PlainMap,
    /// The plain loop, with the totals of the batch's keys handed on.
    PlainStructured,
}

/// A rule that a contender's program breaks; none does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// A DStream program that cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A query that cannot be started.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
}

impl Contender {
    /// All of them, in the order of reports.
    pub const ALL: [Contender; 7] = [
        Contender::UpdateStateByKey,
        Contender::MapWithState,
        Contender::MapWithStateTimeout,
        Contender::Structured,
        Contender::PlainUpdate,
        Contender::PlainMap,
        Contender::PlainStructured,
    ];

    /// What it is called in tables, charts and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Contender::UpdateStateByKey => "update_state_by_key",
            Contender::MapWithState => "map_with_state",
            Contender::MapWithStateTimeout => "map_with_state_timeout",
            Contender::Structured => "structured_update",
            Contender::PlainUpdate => "plain_loop_update",
            Contender::PlainMap => "plain_loop_map",
            Contender::PlainStructured => "plain_loop_structured",
        }
    }

    /// The contender of this name.
    ///
    /// ```
    /// use measure::Contender;
    /// assert_eq!(Contender::named("map_with_state"), Some(Contender::MapWithState));
    /// assert_eq!(Contender::named("state_with_map"), None);
    /// ```
    pub fn named(name: &str) -> Option<Contender> {
        Contender::ALL
            .into_iter()
            .find(|contender| contender.name() == name)
    }

    /// The plain loop that hands the same on.
    pub fn plain(self) -> Contender {
        match self {
            Contender::UpdateStateByKey | Contender::PlainUpdate => Contender::PlainUpdate,
            Contender::MapWithState | Contender::MapWithStateTimeout | Contender::PlainMap => {
                Contender::PlainMap
            }
            Contender::Structured | Contender::PlainStructured => Contender::PlainStructured,
        }
    }

    /// Whether every tenth of its batches is one in which Spark writes a checkpoint.
    pub fn has_checkpoints(self) -> bool {
        matches!(
            self,
            Contender::UpdateStateByKey | Contender::MapWithState | Contender::MapWithStateTimeout
        )
    }

    /// Whether its keys may time out: then every tenth of its batches differs from the others (`MWS-4`).
    pub fn has_timeout(self) -> bool {
        self == Contender::MapWithStateTimeout
    }

    /// Starts it on one thread, or spread over so many `cores`, with a state of so many keys, each with
    /// the total 1.
    ///
    /// # Errors
    ///
    /// The rule that the program breaks; none does.
    pub fn start<'a>(
        self,
        keys: usize,
        cores: usize,
        workers: &'a dyn Workers,
    ) -> Result<Box<dyn Running + 'a>, StartError> {
        Ok(match self {
            Contender::UpdateStateByKey => {
                let program = DStreamProgram::start(cores, workers, |counts| {
                    dstream::update_state_by_key(counts, keys)
                })?;
                Box::new(program)
            }
            Contender::MapWithState | Contender::MapWithStateTimeout => {
                let program = DStreamProgram::start(cores, workers, |counts| {
                    dstream::map_with_state(counts, keys, self.has_timeout())
                })?;
                Box::new(program)
            }
            Contender::Structured => Box::new(StructuredProgram::start(keys, cores, workers)?),
            Contender::PlainUpdate => Box::new(Plain::new(keys, HandsOn::All)),
            Contender::PlainMap => Box::new(Plain::new(keys, HandsOn::Words)),
            Contender::PlainStructured => Box::new(Plain::new(keys, HandsOn::Keys)),
        })
    }
}

/// A contender that has been started.
pub trait Running {
    /// Takes a batch of lines, one partition a block, and returns what its consumer made of the totals.
    ///
    /// # Panics
    ///
    /// Panics if the batch fails, which no word makes it do.
    fn batch(&mut self, blocks: &[Block]) -> Digest;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use engine::{Inline, Text};
    use proptest::prelude::*;

    use super::*;
    use crate::workload::key_name;
    use crate::{Keys, Workload, blocks};

    /// The slow, plain twin of all of them.
    struct Twin {
        totals: BTreeMap<Text, i64>,
    }

    impl Twin {
        /// What is handed on after a batch: all totals, those of the words that came, one after the
        /// other, and those of the keys that came.
        fn batch(&mut self, lines: &[Text]) -> [Digest; 3] {
            let words = lines.iter().flat_map(|line| line.clone().split(" "));
            let (mut came, mut running) = (BTreeMap::new(), Digest::default());
            for word in words {
                let total = self.totals.entry(word.clone()).or_default();
                *total += 1;
                running.add(&word, *total);
                came.insert(word, *total);
            }
            let digest = |totals: &BTreeMap<Text, i64>| {
                Digest::of(totals.iter().map(|(key, total)| (key.as_str(), *total)))
            };
            [digest(&self.totals), running, digest(&came)]
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn all_hand_on_what_the_slow_twin_does(
            keys in 1_usize..40,
            known in 0_usize..40,
            words in 1_usize..60,
            cores in 1_usize..4,
        ) {
            let batches = Workload::new(words, Keys::Uniform(keys)).batches(12);
            for contender in Contender::ALL {
                let mut running = contender.start(known, cores, &Inline).expect("it keeps the rules");
                let known = (0..known).map(|key| (Text::from(key_name(key)), 1));
                let mut twin = Twin { totals: known.collect() };
                for lines in &batches {
                    let [all, running_totals, came] = twin.batch(lines);
                    let expected = match contender.plain() {
                        Contender::PlainUpdate => all,
                        Contender::PlainMap => running_totals,
                        _ => came,
                    };
                    prop_assert_eq!(running.batch(&blocks(lines, 2)), expected, "{:?}", contender);
                }
            }
        }
    }

    #[test]
    fn a_name_finds_its_contender() {
        for contender in Contender::ALL {
            assert_eq!(Contender::named(contender.name()), Some(contender));
            assert_eq!(contender.plain().plain(), contender.plain());
        }
    }
}
