//! DStream operators by name, added to a graph one after the other.

use engine::{DStream, Text, letters};
use scenario::{
    Arithmetic, FlatMapFunction, MapFunction, Predicate, Profile, SlidingWindow, Step, TextFolders,
    True,
};

use super::CompileError;
use super::arithmetic::{in_step, operations, reduction, unordered_up_to};
use super::word_count::{self, Pairs, Settings};

/// A stream between two steps: the types that a scenario's steps can have.
#[derive(Clone)]
enum Typed {
    Texts(DStream<Text>),
    Pairs(Pairs),
    Integers(DStream<i64>),
    Groups(DStream<(Text, Vec<i64>)>),
}

/// Adds the steps to the graph, starting from lines.
pub(super) fn add_steps(
    lines: &DStream<Text>,
    steps: &[Step],
    settings: Settings,
) -> Result<(), CompileError> {
    let mut stream = Typed::Texts(lines.clone());
    for step in steps {
        let made = apply(&stream, step, settings);
        stream = made.ok_or_else(|| CompileError::Step {
            step: format!("{step:?}"),
        })?;
    }
    Ok(())
}

/// The stream that a step makes; `None` if it does not fit the one before.
fn apply(stream: &Typed, step: &Step, settings: Settings) -> Option<Typed> {
    let profile = settings.profile;
    Some(match step {
        Step::FlatMap(FlatMapFunction::Split) => {
            Typed::Texts(word_count::words(&stream.texts()?, profile))
        }
        Step::Map(function) => map(stream, *function, profile)?,
        Step::Filter(predicate) => filter(stream, predicate)?,
        Step::MapValues(arithmetic) => {
            Typed::Pairs(map_values(&stream.pairs()?, *arithmetic, profile))
        }
        Step::Count(True) => Typed::Integers(count(stream)),
        Step::Reduce(reducer) => {
            let reduce = in_step("reduce", reduction(*reducer, profile));
            let limit = unordered_up_to(*reducer, profile);
            let is_within = move |number: &i64| number.unsigned_abs() <= limit;
            let integers = stream.integers()?;
            Typed::Integers(integers.try_reduce_in_any_order(reduce, is_within))
        }
        Step::CountByValue(True) => Typed::Pairs(stream.texts()?.count_by_value()),
        Step::ReduceByKey(reducer) => {
            let reduce = in_step("reduce_by_key", reduction(*reducer, profile));
            Typed::Pairs(stream.pairs()?.try_reduce_by_key(reduce))
        }
        Step::GroupByKey(True) => Typed::Groups(stream.pairs()?.group_by_key()),
        Step::Window(sliding) => window(stream, *sliding),
        Step::CountByWindow(window) => Typed::Integers(count_by_window(stream, *window)),
        Step::CountByValueAndWindow(SlidingWindow { length, slide }) => Typed::Pairs(
            stream
                .texts()?
                .count_by_value_and_window_saved(*length, *slide),
        ),
        Step::ReduceByWindow(reduced) => {
            let spec = word_count::window_spec(reduced.function, reduced.window, profile);
            Typed::Integers(stream.integers()?.reduce_by_window_with(spec))
        }
        Step::GroupByKeyAndWindow(SlidingWindow { length, slide }) => Typed::Groups(
            stream
                .pairs()?
                .group_by_key_and_window_saved(*length, *slide),
        ),
        Step::ReduceByKeyAndWindow(reduced) => Typed::Pairs(word_count::windowed(
            &stream.pairs()?,
            reduced.function,
            reduced.window,
            settings,
        )),
        Step::UpdateStateByKey(update) => Typed::Pairs(word_count::update_state(
            &stream.pairs()?,
            *update,
            &[],
            settings,
        )),
        Step::MapWithState(totals) => Typed::Pairs(word_count::map_with_state(
            &stream.pairs()?,
            totals,
            settings,
        )),
        Step::Repartition(partitions) => repartition(stream, *partitions),
        Step::Print(rows) => print(stream, *rows),
        Step::SaveAsTextFiles(folders) => save(stream, folders),
    })
}

impl Typed {
    fn texts(&self) -> Option<DStream<Text>> {
        match self {
            Typed::Texts(texts) => Some(texts.clone()),
            _ => None,
        }
    }

    fn pairs(&self) -> Option<Pairs> {
        match self {
            Typed::Pairs(pairs) => Some(pairs.clone()),
            _ => None,
        }
    }

    fn integers(&self) -> Option<DStream<i64>> {
        match self {
            Typed::Integers(integers) => Some(integers.clone()),
            _ => None,
        }
    }
}

fn map(stream: &Typed, function: MapFunction, profile: Profile) -> Option<Typed> {
    Some(match function {
        MapFunction::Pair => Typed::Pairs(stream.texts()?.map(|text| (text, 1))),
        MapFunction::Length => {
            Typed::Integers(stream.texts()?.map(|text| text.chars().count() as i64))
        }
        MapFunction::Upper => {
            let upper = move |text: Text| letters::upper(&text, profile.into()).into();
            Typed::Texts(stream.texts()?.map(upper))
        }
        MapFunction::Lower => {
            let lower = move |text: Text| letters::lower(&text, profile.into()).into();
            Typed::Texts(stream.texts()?.map(lower))
        }
        MapFunction::Key => Typed::Texts(stream.pairs()?.map(|(text, _)| text)),
        MapFunction::Value => Typed::Integers(stream.pairs()?.map(|(_, value)| value)),
    })
}

fn filter(stream: &Typed, predicate: &Predicate) -> Option<Typed> {
    match predicate.clone() {
        Predicate::NotEmpty => filter_texts(stream, |text| !text.is_empty()),
        Predicate::Equals(other) => filter_texts(stream, move |text| text == other),
        Predicate::Contains(part) => filter_texts(stream, move |text| text.contains(&part)),
        Predicate::StartsWith(start) => filter_texts(stream, move |text| text.starts_with(&start)),
        Predicate::AtLeast(least) => match stream {
            Typed::Pairs(pairs) => Some(Typed::Pairs(pairs.filter(move |(_, n)| *n >= least))),
            Typed::Integers(all) => Some(Typed::Integers(all.filter(move |n| *n >= least))),
            Typed::Texts(_) | Typed::Groups(_) => None,
        },
    }
}

fn filter_texts(
    stream: &Typed,
    test: impl Fn(&str) -> bool + Send + Sync + 'static,
) -> Option<Typed> {
    Some(match stream {
        Typed::Texts(texts) => Typed::Texts(texts.filter(move |text| test(text))),
        Typed::Pairs(pairs) => Typed::Pairs(pairs.filter(move |(text, _)| test(text))),
        Typed::Groups(groups) => Typed::Groups(groups.filter(move |(text, _)| test(text))),
        Typed::Integers(_) => return None,
    })
}

fn map_values(pairs: &Pairs, arithmetic: Arithmetic, profile: Profile) -> Pairs {
    let (operation, n) = match arithmetic {
        Arithmetic::Add(n) => (operations(profile).sum, n),
        Arithmetic::Multiply(n) => (operations(profile).product, n),
    };
    let operation = in_step("map_values", operation);
    pairs.try_map_values(move |value| operation(value, n))
}

fn count(stream: &Typed) -> DStream<i64> {
    match stream {
        Typed::Texts(stream) => stream.count(),
        Typed::Pairs(stream) => stream.count(),
        Typed::Integers(stream) => stream.count(),
        Typed::Groups(stream) => stream.count(),
    }
}

fn window(stream: &Typed, SlidingWindow { length, slide }: SlidingWindow) -> Typed {
    match stream {
        Typed::Texts(stream) => Typed::Texts(stream.window(length, slide)),
        Typed::Pairs(stream) => Typed::Pairs(stream.window(length, slide)),
        Typed::Integers(stream) => Typed::Integers(stream.window(length, slide)),
        Typed::Groups(stream) => Typed::Groups(stream.window(length, slide)),
    }
}

fn count_by_window(stream: &Typed, window: SlidingWindow) -> DStream<i64> {
    let SlidingWindow { length, slide } = window;
    match stream {
        Typed::Texts(stream) => stream.count_by_window(length, slide),
        Typed::Pairs(stream) => stream.count_by_window(length, slide),
        Typed::Integers(stream) => stream.count_by_window(length, slide),
        Typed::Groups(stream) => stream.count_by_window(length, slide),
    }
}

fn repartition(stream: &Typed, partitions: usize) -> Typed {
    match stream {
        Typed::Texts(stream) => Typed::Texts(stream.repartition(partitions)),
        Typed::Pairs(stream) => Typed::Pairs(stream.repartition(partitions)),
        Typed::Integers(stream) => Typed::Integers(stream.repartition(partitions)),
        Typed::Groups(stream) => Typed::Groups(stream.repartition(partitions)),
    }
}

fn print(stream: &Typed, rows: usize) -> Typed {
    match stream {
        Typed::Texts(stream) => stream.print_first(rows),
        Typed::Pairs(stream) => stream.print_first(rows),
        Typed::Integers(stream) => stream.print_first(rows),
        Typed::Groups(stream) => stream.print_first(rows),
    }
    stream.clone()
}

fn save(stream: &Typed, TextFolders { prefix, suffix }: &TextFolders) -> Typed {
    let suffix = suffix.as_deref().unwrap_or_default();
    match stream {
        Typed::Texts(stream) => stream.save_as_text_files(prefix, suffix),
        Typed::Pairs(stream) => stream.save_as_text_files(prefix, suffix),
        Typed::Integers(stream) => stream.save_as_text_files(prefix, suffix),
        Typed::Groups(stream) => stream.save_as_text_files(prefix, suffix),
    }
    stream.clone()
}
