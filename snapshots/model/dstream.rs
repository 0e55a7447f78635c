//! A DStream program: what it prints of each batch.

use scenario::{
    FlatMapFunction, Pipeline, Profile, Program, Scenario, Source, Step, True, Update, Window,
};

use crate::jvm::Jvm;
use crate::language::{Language, Pair, Partitions, Totals};
use crate::python::Python;
use crate::rules::{Rule, Rules};
use crate::timeline::{Batch, batches};
use crate::{chain, text};

/// What the program prints, if it is one that is modelled.
pub(crate) fn print(scenario: &Scenario, pipeline: &Pipeline, rules: &Rules) -> Option<String> {
    let language = language(scenario, pipeline, rules)?;
    let language = &*language;
    let (source, shown) = match &pipeline.program {
        Program::Steps(steps) => (Source::Memory, count_by_value(steps)?),
        Program::Stateless { source, .. } | Program::UpdateState { source, .. } => {
            (*source, scenario.console.rows)
        }
        Program::MapWithState(program) => (program.source, scenario.console.rows),
        Program::Structured(_) => return None,
    };
    let batches = batches(scenario, source, rules);
    let outputs = outputs(&pipeline.program, scenario, &batches, (language, rules))?;
    let blocks = batches.iter().zip(outputs).filter_map(|(batch, pairs)| {
        if batch.blocks.is_empty() && !rules.hold(Rule::EmptyBatchPrints) {
            return None;
        }
        let rows: Vec<String> = pairs?.iter().map(|pair| language.row(pair)).collect();
        let time = language.time(batch.time, &scenario.clock.timezone);
        Some(text::block(&time, &rows, shown, rules))
    });
    Some(blocks.collect())
}

/// Not modelled are the book's profile, which has no recording, and `mapWithState` in Python, which
/// does not exist.
fn language<'a>(
    scenario: &Scenario,
    pipeline: &Pipeline,
    rules: &'a Rules,
) -> Option<Box<dyn Language + 'a>> {
    let partitions = scenario.cluster.cores;
    let only_jvm = matches!(pipeline.program, Program::MapWithState(_));
    match pipeline.profile.unwrap_or(scenario.console.profile) {
        Profile::Pyspark if only_jvm => None,
        Profile::Pyspark => Some(Box::new(Python { partitions, rules })),
        Profile::Jvm => Some(Box::new(Jvm { partitions, rules })),
        Profile::Cookbook => None,
    }
}

/// The one program in steps that is modelled, as it is `reduceByKey` by another name: how many rows
/// it prints.
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
type Spark<'a> = (&'a dyn Language, &'a Rules);

/// The rows of each batch; none where the program prints nothing.
fn outputs(
    program: &Program,
    scenario: &Scenario,
    batches: &[Batch],
    spark: Spark<'_>,
) -> Option<Vec<Option<Vec<Pair>>>> {
    match program {
        Program::Stateless {
            window: Some(window),
            ..
        } => {
            let interval = scenario.clock.interval;
            let [length, slide] = [window.length, window.slide]
                .map(|it| (it.as_millis() / interval.as_millis()) as usize);
            Some(windows(batches, *window, (length, slide), spark))
        }
        Program::Stateless { window: None, .. } | Program::Steps(_) => {
            let reduced = batches.iter().map(|batch| reduce(batch, spark));
            Some(reduced.map(|it| Some(it.concat())).collect())
        }
        Program::UpdateState {
            update, initial, ..
        } => Some(totals(batches, *update, initial, spark)),
        Program::MapWithState(program) => Some(chain::outputs(
            &program.totals,
            scenario.cluster.cores,
            batches,
            spark.1,
        )),
        Program::Structured(_) => None,
    }
}

/// The words of each block, each with a one.
fn ones(batch: &Batch, (language, _): Spark<'_>) -> Vec<Vec<Pair>> {
    let blocks = batch.blocks.iter();
    let words = blocks.map(|lines| lines.iter().flat_map(|line| language.words(line)));
    words
        .map(|words| words.map(|word| (word, 1)).collect())
        .collect()
}

fn reduce(batch: &Batch, spark: Spark<'_>) -> Partitions {
    spark.0.reduce(&ones(batch, spark))
}

/// `updateStateByKey`. Initial state is the old state of the first batch.
fn totals(
    batches: &[Batch],
    update: Update,
    initial: &[Pair],
    (language, rules): Spark<'_>,
) -> Vec<Option<Vec<Pair>>> {
    let mut totals = initial_totals(initial, (language, rules));
    let mut outputs = Vec::new();
    for batch in batches {
        totals = language.update(&totals, &ones(batch, (language, rules)), update);
        let live = totals.iter().flatten();
        let mut rows: Vec<Pair> = live
            .filter_map(|(word, total)| Some((word.clone(), (*total)?)))
            .collect();
        if batch.blocks.is_empty() && !rules.hold(Rule::EmptyBatchPrintsState) {
            rows.clear();
        }
        outputs.push(Some(rows));
    }
    outputs
}

/// Each key where it comes first.
fn initial_totals(initial: &[Pair], (language, rules): Spark<'_>) -> Totals {
    let partitions = language.reduce(&[]).len();
    let mut totals: Totals = vec![Vec::new(); partitions];
    for (word, total) in initial {
        let partition = &mut totals[language.partition(word)];
        match partition.iter_mut().find(|(key, _)| key == word) {
            None => partition.push((word.clone(), Some(*total))),
            Some(_) if rules.hold(Rule::FirstInitialValueCounts) => {}
            Some((_, first)) => *first = Some(*total),
        }
    }
    if !rules.hold(Rule::InitialOrderIsKept) {
        for partition in &mut totals {
            partition.reverse();
        }
    }
    totals
}

/// `reduceByKeyAndWindow`, its length and slide in batches.
fn windows(
    batches: &[Batch],
    window: Window,
    (length, slide): (usize, usize),
    (language, rules): Spark<'_>,
) -> Vec<Option<Vec<Pair>>> {
    let reduced: Vec<Partitions> = batches
        .iter()
        .map(|it| reduce(it, (language, rules)))
        .collect();
    // The reduced batches with numbers from one, excluded, to the other; there is none before 1.
    let between = |after: usize, to: usize| {
        let mut between = Vec::from_iter(&reduced[after.min(to)..to]);
        if !rules.hold(Rule::OldestBatchFirst) {
            between.reverse();
        }
        between
    };
    let inverts = window.inverse && language.inverts(length, slide);
    let zero = usize::from(!rules.hold(Rule::WindowsCountFromZeroTime));
    let mut before: Option<Partitions> = None;
    let mut outputs = Vec::new();
    for batch in batches {
        let number = batch.number;
        let is_due = (number - zero).is_multiple_of(slide);
        if !is_due && (inverts || rules.hold(Rule::WindowsPrintOnSlides)) {
            outputs.push(None);
            continue;
        }
        let pairs = if inverts {
            let slid = number.saturating_sub(slide);
            let left = between(slid.saturating_sub(length), number.saturating_sub(length));
            let came = if rules.hold(Rule::NewKeyCountsFromWindowBefore) {
                slid
            } else {
                slid.max(number.saturating_sub(length))
            };
            language.slide(before.as_ref(), &left, &between(came, number))
        } else {
            language.join(&between(number.saturating_sub(length), number))
        };
        outputs.push(Some(pairs.concat()));
        before = Some(pairs);
    }
    outputs
}
