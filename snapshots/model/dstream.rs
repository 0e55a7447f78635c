//! A DStream program: what it prints of each batch.

use scenario::{FlatMapFunction, Pipeline, Profile, Program, Scenario, Source, Step, True, Update};

use crate::jvm::Jvm;
use crate::language::{Language, Pair, Partitions, Totals};
use crate::python::Python;
use crate::rules::{Rule, Rules};
use crate::timeline::{Batch, batches};
use crate::{chain, text};

/// The console text of the program, or `None` if it is not modelled.
pub(crate) fn print(scenario: &Scenario, pipeline: &Pipeline, rules: &Rules) -> Option<String> {
    let language = language(scenario, pipeline, rules)?;
    let spark = Spark {
        language: &*language,
        rules,
    };
    let rows_shown = match &pipeline.program {
        Program::Steps(steps) => count_by_value(steps)?,
        _ => scenario.console.rows,
    };
    let batches = batches(scenario, source(&pipeline.program)?, rules);
    let outputs = spark.outputs(&pipeline.program, scenario, &batches)?;
    let blocks = batches.iter().zip(outputs).filter_map(|(batch, pairs)| {
        if batch.blocks.is_empty() && !rules.hold(Rule::EmptyBatchPrints) {
            return None;
        }
        let rows: Vec<String> = pairs?.iter().map(|pair| language.row(pair)).collect();
        let time = language.time(batch.time, &scenario.clock.timezone);
        Some(text::block(&time, &rows, rows_shown, rules))
    });
    Some(blocks.collect())
}

/// The source of a DStream program.
fn source(program: &Program) -> Option<Source> {
    match program {
        Program::Stateless { source, .. } | Program::UpdateState { source, .. } => Some(*source),
        Program::MapWithState(program) => Some(program.source),
        Program::Steps(_) => Some(Source::Memory),
        Program::Structured(_) | Program::Python(_) | Program::Rust(_) => None,
    }
}

/// The language of the pipeline's profile. `None` for the book's profile, which has no recording, and for
/// `mapWithState` in Python, which does not exist.
fn language<'a>(
    scenario: &Scenario,
    pipeline: &Pipeline,
    rules: &'a Rules,
) -> Option<Box<dyn Language + 'a>> {
    let partitions = scenario.cluster.cores;
    let only_jvm = matches!(pipeline.program, Program::MapWithState(_));
    match scenario.profile_of(pipeline) {
        Profile::Pyspark | Profile::Pyspark4 if only_jvm => None,
        Profile::Pyspark | Profile::Pyspark4 => Some(Box::new(Python { partitions, rules })),
        Profile::Jvm | Profile::Jvm4 => {
            let spark = scenario.spark;
            Some(Box::new(Jvm {
                partitions,
                spark,
                rules,
            }))
        }
        Profile::Cookbook => None,
    }
}

/// The number of rows that the one program in steps prints that is modelled: `reduceByKey` by another name.
fn count_by_value(steps: &[Step]) -> Option<usize> {
    match steps {
        [
            Step::FlatMap(FlatMapFunction::Split),
            Step::CountByValue(True),
            Step::Print(rows),
        ] => Some(*rows),
        _ => None,
    }
}

/// A language and its rules.
#[derive(Clone, Copy)]
struct Spark<'a> {
    language: &'a dyn Language,
    rules: &'a Rules,
}

/// A window, its length and slide in batches.
#[derive(Clone, Copy)]
struct WindowInBatches {
    length: usize,
    slide: usize,
    inverse: bool,
}

impl WindowInBatches {
    fn of(window: &scenario::Window, scenario: &Scenario) -> WindowInBatches {
        let interval_ms = scenario.clock.interval.as_millis();
        WindowInBatches {
            length: (window.length.as_millis() / interval_ms) as usize,
            slide: (window.slide.as_millis() / interval_ms) as usize,
            inverse: window.inverse,
        }
    }
}

impl Spark<'_> {
    /// The rows of each batch; none where the program prints nothing.
    fn outputs(
        self,
        program: &Program,
        scenario: &Scenario,
        batches: &[Batch],
    ) -> Option<Vec<Option<Vec<Pair>>>> {
        match program {
            Program::Stateless {
                window: Some(window),
                ..
            } => Some(self.windows(batches, WindowInBatches::of(window, scenario))),
            Program::Stateless { window: None, .. } | Program::Steps(_) => {
                let reduced = batches.iter().map(|batch| self.reduce(batch));
                Some(reduced.map(|it| Some(it.concat())).collect())
            }
            Program::UpdateState {
                update, initial, ..
            } => Some(self.totals(batches, *update, initial)),
            Program::MapWithState(program) => Some(chain::outputs(
                &program.totals,
                scenario.cluster.cores,
                batches,
                self.rules,
            )),
            Program::Structured(_) | Program::Python(_) | Program::Rust(_) => None,
        }
    }

    /// The words of each block, each with a one.
    fn ones(self, batch: &Batch) -> Vec<Vec<Pair>> {
        let blocks = batch.blocks.iter();
        let words = blocks.map(|lines| lines.iter().flat_map(|line| self.language.words(line)));
        words
            .map(|words| words.map(|word| (word, 1)).collect())
            .collect()
    }

    fn reduce(self, batch: &Batch) -> Partitions {
        self.language.reduce(&self.ones(batch))
    }

    /// `updateStateByKey`. Initial state is the old state of the first batch.
    fn totals(self, batches: &[Batch], update: Update, initial: &[Pair]) -> Vec<Option<Vec<Pair>>> {
        let mut totals = self.initial_totals(initial);
        let mut outputs = Vec::new();
        for batch in batches {
            totals = self.language.update(&totals, &self.ones(batch), update);
            let live = totals.iter().flatten();
            let mut rows: Vec<Pair> = live
                .filter_map(|(word, total)| Some((word.clone(), (*total)?)))
                .collect();
            if batch.blocks.is_empty() && !self.rules.hold(Rule::EmptyBatchPrintsState) {
                rows.clear();
            }
            outputs.push(Some(rows));
        }
        outputs
    }

    /// Each key at its first occurrence.
    fn initial_totals(self, initial: &[Pair]) -> Totals {
        let partitions = self.language.reduce(&[]).len();
        let mut totals: Totals = vec![Vec::new(); partitions];
        for (word, total) in initial {
            let partition = &mut totals[self.language.partition(word)];
            match partition.iter_mut().find(|(key, _)| key == word) {
                None => partition.push((word.clone(), Some(*total))),
                Some(_) if self.rules.hold(Rule::FirstInitialValueCounts) => {}
                Some((_, first)) => *first = Some(*total),
            }
        }
        if !self.rules.hold(Rule::InitialOrderIsKept) {
            for partition in &mut totals {
                partition.reverse();
            }
        }
        totals
    }

    /// `reduceByKeyAndWindow`.
    fn windows(self, batches: &[Batch], window: WindowInBatches) -> Vec<Option<Vec<Pair>>> {
        let reduced: Vec<Partitions> = batches.iter().map(|it| self.reduce(it)).collect();
        let inverts = window.inverse && self.language.inverts(window.length, window.slide);
        let zero = usize::from(!self.rules.hold(Rule::WindowsCountFromZeroTime));
        let mut before: Option<Partitions> = None;
        let mut outputs = Vec::new();
        for batch in batches {
            let is_due = (batch.number - zero).is_multiple_of(window.slide);
            if !is_due && (inverts || self.rules.hold(Rule::WindowsPrintOnSlides)) {
                outputs.push(None);
                continue;
            }
            let pairs = if inverts {
                self.slide(&reduced, before.as_ref(), batch.number, window)
            } else {
                let first = batch.number.saturating_sub(window.length);
                self.language
                    .join(&self.between(&reduced, first, batch.number))
            };
            outputs.push(Some(pairs.concat()));
            before = Some(pairs);
        }
        outputs
    }

    /// The window that ends with a batch, by the inverse function from the window before.
    fn slide(
        self,
        reduced: &[Partitions],
        before: Option<&Partitions>,
        number: usize,
        window: WindowInBatches,
    ) -> Partitions {
        let begin = number.saturating_sub(window.length);
        let end_before = number.saturating_sub(window.slide);
        let begin_before = end_before.saturating_sub(window.length);
        let came_after = if self.rules.hold(Rule::NewKeyCountsFromWindowBefore) {
            end_before
        } else {
            end_before.max(begin)
        };
        let left = self.between(reduced, begin_before, begin);
        let came = self.between(reduced, came_after, number);
        self.language.slide(before, &left, &came)
    }

    /// The reduced batches whose numbers are greater than `after`, up to `to`; numbers begin at 1.
    fn between(self, reduced: &[Partitions], after: usize, to: usize) -> Vec<&Partitions> {
        let mut between = Vec::from_iter(&reduced[after.min(to)..to]);
        if !self.rules.hold(Rule::OldestBatchFirst) {
            between.reverse();
        }
        between
    }
}
