//! Benchmark subjects: the two state operators, the structured state, and a plain loop.

use engine::Workers;

use crate::RunningSubject;
use crate::dstream::{self, DStreamProgram};
use crate::plain_loop::{EmittedRows, PlainLoop};
use crate::structured::StructuredProgram;

/// A way to keep a running count of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// `update_state_by_key`; it emits all totals.
    UpdateStateByKey,
    /// `map_with_state` without a time-out; it emits the running total of each word of the batch.
    MapWithState,
    /// `map_with_state` with a time-out that no key reaches: it keeps the time of each key's last update.
    MapWithStateTimeout,
    /// The structured query `groupBy("word").count()` in update mode.
    Structured,
    /// The plain loop that emits all totals.
    PlainUpdate,
    /// The plain loop that emits the running total of each word of the batch.
    PlainMap,
    /// The plain loop that emits the totals of the batch's keys.
    PlainStructured,
}

impl Subject {
    /// All subjects, in the order of reports.
    pub const ALL: [Subject; 7] = [
        Subject::UpdateStateByKey,
        Subject::MapWithState,
        Subject::MapWithStateTimeout,
        Subject::Structured,
        Subject::PlainUpdate,
        Subject::PlainMap,
        Subject::PlainStructured,
    ];

    /// The subjects whose cost depends on the batch alone, compared with `update_state_by_key` over shares
    /// of active keys.
    pub const MAP_WITH_STATE: [Subject; 2] = [Subject::MapWithState, Subject::MapWithStateTimeout];

    /// The name in tables, charts and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Subject::UpdateStateByKey => "update_state_by_key",
            Subject::MapWithState => "map_with_state",
            Subject::MapWithStateTimeout => "map_with_state_timeout",
            Subject::Structured => "structured_update",
            Subject::PlainUpdate => "plain_loop_update",
            Subject::PlainMap => "plain_loop_map",
            Subject::PlainStructured => "plain_loop_structured",
        }
    }

    /// The subject of this name.
    ///
    /// ```
    /// use measure::Subject;
    /// assert_eq!(Subject::named("map_with_state"), Some(Subject::MapWithState));
    /// assert_eq!(Subject::named("state_with_map"), None);
    /// ```
    pub fn named(name: &str) -> Option<Subject> {
        Subject::ALL
            .into_iter()
            .find(|subject| subject.name() == name)
    }

    /// The plain loop that emits the same rows: the reference that this subject is compared with.
    pub fn reference(self) -> Subject {
        match self {
            Subject::UpdateStateByKey | Subject::PlainUpdate => Subject::PlainUpdate,
            Subject::MapWithState | Subject::MapWithStateTimeout | Subject::PlainMap => {
                Subject::PlainMap
            }
            Subject::Structured | Subject::PlainStructured => Subject::PlainStructured,
        }
    }

    /// True for a plain loop, which is its own reference.
    pub fn is_reference(self) -> bool {
        self.reference() == self
    }

    /// True if Spark writes a checkpoint in every tenth batch of this subject.
    pub fn has_checkpoints(self) -> bool {
        matches!(
            self,
            Subject::UpdateStateByKey | Subject::MapWithState | Subject::MapWithStateTimeout
        )
    }

    /// True if keys may time out: then every tenth batch differs from the others (`MWS-4`).
    pub fn has_timeout(self) -> bool {
        self == Subject::MapWithStateTimeout
    }

    /// Starts the subject with `cores` partitions and a state of `keys` keys, each with the total 1. A
    /// plain loop has one thread and no partitions.
    ///
    /// # Panics
    ///
    /// Panics without a core.
    pub fn start<'a>(
        self,
        keys: usize,
        cores: usize,
        workers: &'a dyn Workers,
    ) -> Box<dyn RunningSubject + 'a> {
        match self {
            Subject::UpdateStateByKey => {
                Box::new(DStreamProgram::start(cores, workers, |counts| {
                    dstream::update_state_by_key(counts, keys)
                }))
            }
            Subject::MapWithState | Subject::MapWithStateTimeout => {
                Box::new(DStreamProgram::start(cores, workers, |counts| {
                    dstream::map_with_state(counts, keys, self.has_timeout())
                }))
            }
            Subject::Structured => Box::new(StructuredProgram::start(keys, cores, workers)),
            Subject::PlainUpdate => Box::new(PlainLoop::new(keys, EmittedRows::All)),
            Subject::PlainMap => Box::new(PlainLoop::new(keys, EmittedRows::Words)),
            Subject::PlainStructured => Box::new(PlainLoop::new(keys, EmittedRows::Keys)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use engine::{Inline, Text};
    use proptest::prelude::*;

    use super::*;
    use crate::workload::key_name;
    use crate::{Checksum, KeyDistribution, Workload, blocks};

    /// The slow twin of all subjects.
    struct Twin {
        totals: BTreeMap<Text, i64>,
    }

    impl Twin {
        /// The checksums of all totals, of the running total of each word, and of the totals of the
        /// batch's keys.
        fn batch(&mut self, lines: &[Text]) -> [Checksum; 3] {
            let words = lines.iter().flat_map(|line| line.clone().split(" "));
            let mut changed = BTreeMap::new();
            let mut running = Checksum::default();
            for word in words {
                let total = self.totals.entry(word.clone()).or_default();
                *total += 1;
                running.add(&word, *total);
                changed.insert(word, *total);
            }
            let checksum = |totals: &BTreeMap<Text, i64>| {
                Checksum::of(totals.iter().map(|(key, total)| (key.as_str(), *total)))
            };
            [checksum(&self.totals), running, checksum(&changed)]
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn all_emit_the_rows_of_the_slow_twin(
            keys in 1_usize..40,
            known in 0_usize..40,
            words in 1_usize..60,
            cores in 1_usize..4,
        ) {
            let batches = Workload::new(words, KeyDistribution::Uniform(keys)).batches(12);
            for subject in Subject::ALL {
                let mut running = subject.start(known, cores, &Inline);
                let known = (0..known).map(|key| (Text::from(key_name(key)), 1));
                let mut twin = Twin { totals: known.collect() };
                for lines in &batches {
                    let [all, each_word, changed] = twin.batch(lines);
                    let expected = match subject.reference() {
                        Subject::PlainUpdate => all,
                        Subject::PlainMap => each_word,
                        _ => changed,
                    };
                    prop_assert_eq!(running.batch(&blocks(lines, 2)), expected, "{:?}", subject);
                }
            }
        }
    }

    #[test]
    fn a_name_finds_its_subject() {
        for subject in Subject::ALL {
            assert_eq!(Subject::named(subject.name()), Some(subject));
            assert_eq!(subject.reference().reference(), subject.reference());
        }
    }
}
