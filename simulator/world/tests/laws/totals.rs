//! All ways to count words give the same counts.

use engine::Text;
use proptest::prelude::*;
use random::{ALL_ROWS, ProgramKind, Space};
use scenario::{
    Conf, Emit, MapWithState, MappedTotals, OutputMode, Profile, Program, QuerySink, Scenario,
    Source, Structured, Trigger, Update, WordQuery,
};

use crate::play::{arrivals, journal, pipeline, printing_all, with_program};
use crate::view::{Counts, printed, shown, sorted, sum};

fn stateless(source: Source) -> Program {
    Program::Stateless {
        window: None,
        source,
    }
}

fn update_state(source: Source) -> Program {
    Program::UpdateState {
        update: Update::Sum,
        initial: Vec::new(),
        source,
    }
}

fn map_with_state(source: Source) -> Program {
    Program::MapWithState(MapWithState {
        totals: MappedTotals {
            emit: Emit::Snapshots,
            ..MappedTotals::default()
        },
        source,
    })
}

/// The book's programs, each word with one count in a batch.
fn word_counts() -> Space {
    Space {
        programs: &[
            ProgramKind::Stateless,
            ProgramKind::UpdateState,
            ProgramKind::MapWithState,
            ProgramKind::Structured,
        ],
        emits: &[Emit::Snapshots],
        ..Space::SMALL
    }
}

fn structured(output: OutputMode, trigger: Trigger, source: Source) -> Program {
    Program::Structured(Structured {
        sql: None,
        refused: None,
        conf: Conf::default(),
        event_time: None,
        output,
        trigger,
        num_rows: ALL_ROWS as usize,
        truncate: true,
        query: WordQuery::Counts,
        folder: None,
        max_files_per_trigger: None,
        sink: QuerySink::Console,
        source,
    })
}

fn triggers() -> impl Strategy<Value = Trigger> {
    prop_oneof![
        Just(Trigger::Default),
        Just(Trigger::Once),
        Just(Trigger::AvailableNow),
        (1..3_000_u64).prop_map(|ms| Trigger::ProcessingTime(std::time::Duration::from_millis(ms))),
    ]
}

fn sources() -> impl Strategy<Value = Source> {
    prop_oneof![Just(Source::Memory), Just(Source::Socket)]
}

/// The plain twin: all words of all lines.
fn counted(lines: impl Iterator<Item = Text>) -> Counts {
    let mut counts = Counts::new();
    for line in lines {
        for word in line.as_str().split(' ') {
            *counts.entry(word.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// Java drops the empty words at the end of a line; all else is the same in every language.
fn without_empty_words(mut counts: Counts) -> Counts {
    counts.remove("");
    counts
}

fn with_profile(scenario: &Scenario, profile: Profile) -> Scenario {
    let mut scenario = printing_all(scenario.clone());
    scenario.pipelines[0].profile = Some(profile);
    scenario
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn batches_add_up_to_the_final_state_and_to_the_final_table(
        scenario in Space::SMALL,
        source in sources(),
        by_default: bool,
    ) {
        let mut scenario = scenario;
        scenario.clock.stop = None;
        let trigger = if by_default {
            Trigger::Default
        } else {
            Trigger::ProcessingTime(scenario.clock.interval)
        };
        let run = |program| journal(&with_program(&scenario, program));
        let batches = printed(&run(stateless(source)));
        let state = printed(&run(update_state(source))).pop().map(|(_, state)| state);
        let snapshot = printed(&run(map_with_state(source))).pop().map(|(_, state)| state);
        let table = shown(&run(structured(OutputMode::Complete, trigger, source))).pop();

        let profile = scenario.profile_of(pipeline(&scenario));
        let of_language = |counts: Counts| {
            if profile.is_jvm() { without_empty_words(counts) } else { counts }
        };
        let lines = arrivals(&scenario, source).into_iter().map(|(_, line)| line);
        let expected = of_language(counted(lines));
        prop_assert_eq!(of_language(sum(batches.iter().map(|(_, counts)| counts))), expected.clone());
        prop_assert_eq!(state.map(of_language), Some(expected.clone()));
        prop_assert_eq!(snapshot.map(of_language), Some(expected.clone()));
        prop_assert_eq!(of_language(table.unwrap_or_default()), expected);
    }

    #[test]
    fn updates_laid_over_each_other_are_the_complete_table(
        scenario in Space::SMALL,
        trigger in triggers(),
        source in sources(),
    ) {
        let tables = |output| {
            let program = structured(output, trigger, source);
            shown(&journal(&with_program(&scenario, program)))
        };
        let laid_over = tables(OutputMode::Update).into_iter().scan(Counts::new(), |table, update| {
            table.extend(update);
            Some(table.clone())
        });
        prop_assert_eq!(laid_over.collect::<Vec<_>>(), tables(OutputMode::Complete));
    }

    #[test]
    fn the_profile_changes_how_rows_are_printed_and_not_the_counts(
        scenario in word_counts(),
    ) {
        let counts = |profile| {
            let journal = journal(&with_profile(&scenario, profile));
            let batches = printed(&journal).into_iter().map(|(_, counts)| counts);
            let all: Vec<Counts> = batches.chain(shown(&journal)).collect();
            all
        };
        let python = counts(Profile::Pyspark);
        prop_assert_eq!(&counts(Profile::Cookbook), &python);
        let words = |counts: Vec<Counts>| -> Vec<Counts> {
            counts.into_iter().map(without_empty_words).collect()
        };
        prop_assert_eq!(words(counts(Profile::Jvm)), words(python));
    }

    #[test]
    fn the_size_of_the_cluster_changes_the_order_of_rows_and_not_the_rows(
        scenario in Space::SMALL,
        other in Space::SMALL,
    ) {
        let scenario = printing_all(scenario);
        let other = Scenario { cluster: other.cluster, ..scenario.clone() };
        prop_assert_eq!(sorted(&journal(&other)), sorted(&journal(&scenario)));
    }
}
