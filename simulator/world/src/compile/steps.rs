//! DStream operators by name, written down one after the other.

use std::time::Duration;

use engine::{DStream, Text};
use scenario::{Arithmetic, MapFunction, Predicate, Profile, Reducer, Step};

use super::CompileError;
use super::arithmetic::{Operation, operations};
use super::word_count::{self, Pairs};

/// A stream between two steps: the types that a scenario's steps can have.
enum Stage {
    Texts(DStream<Text>),
    Pairs(Pairs),
    Integers(DStream<i64>),
    Groups(DStream<(Text, Vec<i64>)>),
}

/// The stage that a step makes; `None` if it does not fit the one before.
type Next = Option<Stage>;

/// Writes the steps down, starting from lines.
pub(super) fn write_down(
    lines: &DStream<Text>,
    steps: &[Step],
    profile: Profile,
) -> Result<(), CompileError> {
    let mut stage = Stage::Texts(lines.clone());
    for step in steps {
        let next = apply(stage, step, profile);
        stage = next.ok_or_else(|| CompileError::Step {
            step: format!("{step:?}"),
        })?;
    }
    Ok(())
}

fn apply(stage: Stage, step: &Step, profile: Profile) -> Next {
    match (step, stage) {
        (Step::Print(rows), stage) => Some(print(stage, *rows)),
        (Step::Window { length, slide }, stage) => Some(window(stage, *length, *slide)),
        (Step::Count, stage) => Some(Stage::Integers(count(&stage))),
        (Step::Filter(predicate), stage) => filter(stage, predicate),
        (Step::Map(function), stage) => map(stage, *function),
        (Step::FlatMapSplit, Stage::Texts(texts)) => {
            Some(Stage::Texts(word_count::words(&texts, profile)))
        }
        (Step::CountByValue, Stage::Texts(texts)) => Some(Stage::Pairs(texts.count_by_value())),
        (Step::Reduce(reducer), Stage::Integers(integers)) => Some(Stage::Integers(
            integers.try_reduce(function(*reducer, profile)),
        )),
        (Step::GroupByKey, Stage::Pairs(pairs)) => Some(Stage::Groups(pairs.group_by_key())),
        (step, Stage::Pairs(pairs)) => pairs_to_pairs(&pairs, step, profile).map(Stage::Pairs),
        _ => None,
    }
}

fn pairs_to_pairs(pairs: &Pairs, step: &Step, profile: Profile) -> Option<Pairs> {
    match step {
        Step::MapValues(Arithmetic::Add(n)) => {
            Some(with_values(pairs, *n, operations(profile).sum))
        }
        Step::MapValues(Arithmetic::Multiply(n)) => {
            Some(with_values(pairs, *n, operations(profile).product))
        }
        Step::ReduceByKey(reducer) => Some(pairs.try_reduce_by_key(function(*reducer, profile))),
        Step::ReduceByKeyAndWindow(reducer, window) => {
            let function = function(*reducer, profile);
            Some(word_count::windowed(pairs, function, *window, profile))
        }
        Step::MapWithState(totals) => Some(word_count::map_with_state(pairs, totals, profile)),
        Step::UpdateStateByKey(update) => {
            Some(word_count::update_state(pairs, *update, &[], profile))
        }
        _ => None,
    }
}

fn map(stage: Stage, function: MapFunction) -> Next {
    match (function, stage) {
        (MapFunction::Pair, Stage::Texts(texts)) => Some(Stage::Pairs(texts.map(|text| (text, 1)))),
        (MapFunction::Length, Stage::Texts(texts)) => Some(Stage::Integers(
            texts.map(|text| text.chars().count() as i64),
        )),
        (MapFunction::Upper, Stage::Texts(texts)) => {
            Some(Stage::Texts(texts.map(|text| text.to_uppercase().into())))
        }
        (MapFunction::Lower, Stage::Texts(texts)) => {
            Some(Stage::Texts(texts.map(|text| text.to_lowercase().into())))
        }
        (MapFunction::Key, Stage::Pairs(pairs)) => Some(Stage::Texts(pairs.map(|(text, _)| text))),
        (MapFunction::Value, Stage::Pairs(pairs)) => {
            Some(Stage::Integers(pairs.map(|(_, value)| value)))
        }
        _ => None,
    }
}

fn filter(stage: Stage, predicate: &Predicate) -> Next {
    let (on_text, on_integer) = (text_test(predicate), integer_test(predicate));
    Some(match (stage, on_text, on_integer) {
        (Stage::Texts(texts), Some(test), _) => Stage::Texts(texts.filter(move |text| test(text))),
        (Stage::Groups(groups), Some(test), _) => {
            Stage::Groups(groups.filter(move |(text, _)| test(text)))
        }
        (Stage::Pairs(pairs), Some(test), _) => {
            Stage::Pairs(pairs.filter(move |(text, _)| test(text)))
        }
        (Stage::Pairs(pairs), _, Some(test)) => Stage::Pairs(pairs.filter(move |(_, n)| test(*n))),
        (Stage::Integers(integers), _, Some(test)) => {
            Stage::Integers(integers.filter(move |n| test(*n)))
        }
        _ => return None,
    })
}

type TextTest = Box<dyn Fn(&str) -> bool + Send + Sync>;
type IntegerTest = Box<dyn Fn(i64) -> bool + Send + Sync>;

fn text_test(predicate: &Predicate) -> Option<TextTest> {
    Some(match predicate.clone() {
        Predicate::NotEmpty => Box::new(|text| !text.is_empty()),
        Predicate::Equals(other) => Box::new(move |text| text == other),
        Predicate::Contains(part) => Box::new(move |text| text.contains(part.as_str())),
        Predicate::StartsWith(start) => Box::new(move |text| text.starts_with(start.as_str())),
        Predicate::AtLeast(_) => return None,
    })
}

fn integer_test(predicate: &Predicate) -> Option<IntegerTest> {
    match *predicate {
        Predicate::AtLeast(least) => Some(Box::new(move |n| n >= least)),
        _ => None,
    }
}

fn with_values(pairs: &Pairs, n: i64, arithmetic: Operation) -> Pairs {
    pairs.try_map_values(move |value| arithmetic(value, n))
}

fn function(reducer: Reducer, profile: Profile) -> Operation {
    match reducer {
        Reducer::Sum => operations(profile).sum,
        Reducer::Max => |x, y| Ok(x.max(y)),
        Reducer::Min => |x, y| Ok(x.min(y)),
    }
}

fn count(stage: &Stage) -> DStream<i64> {
    match stage {
        Stage::Texts(stream) => stream.count(),
        Stage::Pairs(stream) => stream.count(),
        Stage::Integers(stream) => stream.count(),
        Stage::Groups(stream) => stream.count(),
    }
}

fn window(stage: Stage, length: Duration, slide: Duration) -> Stage {
    match stage {
        Stage::Texts(stream) => Stage::Texts(stream.window(length, slide)),
        Stage::Pairs(stream) => Stage::Pairs(stream.window(length, slide)),
        Stage::Integers(stream) => Stage::Integers(stream.window(length, slide)),
        Stage::Groups(stream) => Stage::Groups(stream.window(length, slide)),
    }
}

fn print(stage: Stage, rows: usize) -> Stage {
    match &stage {
        Stage::Texts(stream) => stream.print_first(rows),
        Stage::Pairs(stream) => stream.print_first(rows),
        Stage::Integers(stream) => stream.print_first(rows),
        Stage::Groups(stream) => stream.print_first(rows),
    }
    stage
}
