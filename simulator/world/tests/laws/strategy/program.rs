//! Any program: every mode with every option, and steps that fit each other.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use scenario::{
    Arithmetic, Emit, MapFunction, MapWithState, MappedTotals, Output, Predicate, Program, Reducer,
    Source, Step, Structured, Timeouts, Trigger, Update, Window,
};

use super::ALL_ROWS;

/// What flows between steps.
#[derive(Clone, Copy, PartialEq)]
enum Element {
    Text,
    Integer,
    Pair,
    Group,
}

/// Any program, on this batch interval.
pub(crate) fn any_program(interval: Duration) -> impl Strategy<Value = Program> {
    let windowed = (window(interval), source()).prop_map(|(window, source)| Program::Stateless {
        window: Some(window),
        source,
    });
    prop_oneof![
        2 => word_count(interval),
        1 => windowed,
        1 => map_with_state(Emit::Mapped).prop_map(Program::MapWithState),
        2 => steps(interval).prop_map(Program::Steps),
    ]
}

/// One of the book's programs: each batch, running totals, or a query.
pub(crate) fn word_count(interval: Duration) -> impl Strategy<Value = Program> {
    let stateless = source().prop_map(|source| Program::Stateless {
        window: None,
        source,
    });
    let update_state = (update(), initial(), source()).prop_map(|(update, initial, source)| {
        Program::UpdateState {
            update,
            initial,
            source,
        }
    });
    prop_oneof![
        stateless,
        update_state,
        map_with_state(Emit::Snapshots).prop_map(Program::MapWithState),
        structured(interval).prop_map(Program::Structured)
    ]
}

fn initial() -> impl Strategy<Value = Vec<(String, i64)>> {
    let initial = select(vec![("a", 7), ("a", -1), ("red", 2), ("", 1)]);
    vec(
        initial.prop_map(|(word, count)| (word.to_owned(), count)),
        0..3,
    )
}

fn map_with_state(emit: Emit) -> impl Strategy<Value = MapWithState> {
    (mapped_totals(emit), source()).prop_map(|(totals, source)| MapWithState { totals, source })
}

fn mapped_totals(emit: Emit) -> impl Strategy<Value = MappedTotals> {
    let timeout = prop::option::of((1..5_000_u64).prop_map(Duration::from_millis));
    let timeouts = select(vec![Timeouts::Spark, Timeouts::Exact]);
    (prop::option::of(0..6_i64), timeout, timeouts, initial()).prop_map(
        move |(drop_at, timeout, timeouts, initial)| MappedTotals {
            drop_at,
            emit,
            timeout,
            timeouts,
            initial,
        },
    )
}

fn source() -> impl Strategy<Value = Source> {
    select(vec![Source::Memory, Source::Socket])
}

fn update() -> impl Strategy<Value = Update> {
    prop_oneof![
        Just(Update::Sum),
        Just(Update::DropIdle),
        (0..6_i64).prop_map(Update::DropAt)
    ]
}

fn structured(interval: Duration) -> impl Strategy<Value = Structured> {
    let interval_ms = interval.as_millis() as u64;
    let trigger = prop_oneof![
        2 => Just(Trigger::Default),
        2 => (1..=3 * interval_ms).prop_map(|ms| Trigger::ProcessingTime(Duration::from_millis(ms))),
        1 => select(vec![Trigger::Once, Trigger::AvailableNow]),
    ];
    let output = select(vec![Output::Complete, Output::Update]);
    let num_rows = prop_oneof![1..4_usize, Just(ALL_ROWS)];
    (output, trigger, num_rows, any::<bool>(), source()).prop_map(
        |(output, trigger, num_rows, truncate, source)| Structured {
            event_time: None,
            output,
            trigger,
            num_rows,
            truncate,
            source,
        },
    )
}

fn window(slide: Duration) -> impl Strategy<Value = Window> {
    (1..7_u32, 1..4_u32, any::<bool>()).prop_map(move |(length, slides, inverse)| Window {
        length: slide * length,
        slide: slide * slides,
        inverse,
    })
}

/// Up to six steps and a print: each choice picks one that takes what comes out of the one before.
fn steps(interval: Duration) -> impl Strategy<Value = Vec<Step>> {
    let numbers = (0..5_i64, mapped_totals(Emit::Mapped));
    let choice = (any::<prop::sample::Index>(), numbers, window(interval));
    let print = prop_oneof![1..4_usize, Just(ALL_ROWS)];
    (any::<bool>(), vec(choice, 0..6), print).prop_map(move |(split, choices, rows)| {
        let (mut element, mut slides) = (Element::Text, 1);
        let mut steps: Vec<Step> = split.then_some(Step::FlatMapSplit).into_iter().collect();
        for (index, numbers, window) in choices {
            let mut fitting = fitting(element, &numbers, on_slide(window, slides));
            let at = index.index(fitting.len());
            let (step, next) = fitting.swap_remove(at);
            if let Step::Window { slide, .. }
            | Step::ReduceByKeyAndWindow(_, Window { slide, .. }) = step
            {
                slides = (slide.as_millis() / interval.as_millis()) as u32;
            }
            steps.push(step);
            element = next;
        }
        steps.push(Step::Print(rows));
        steps
    })
}

/// The window on a stream that has a batch every so many intervals.
fn on_slide(window: Window, slides: u32) -> Window {
    Window {
        length: window.length * slides,
        slide: window.slide * slides,
        ..window
    }
}

fn fitting(
    element: Element,
    (number, totals): &(i64, MappedTotals),
    window: Window,
) -> Vec<(Step, Element)> {
    let number = *number;
    let (length, slide) = (window.length, window.slide);
    let mut fitting = match element {
        Element::Text => of_text(),
        Element::Integer => of_integers(number),
        Element::Pair => of_pairs(number, totals, window),
        Element::Group => Vec::new(),
    };
    fitting.extend([
        (Step::Window { length, slide }, element),
        (Step::Count, Element::Integer),
        (Step::Print(number as usize + 1), element),
    ]);
    fitting
}

fn of_text() -> Vec<(Step, Element)> {
    vec![
        (Step::Map(MapFunction::Pair), Element::Pair),
        (Step::CountByValue, Element::Pair),
        (Step::Map(MapFunction::Length), Element::Integer),
        (Step::Map(MapFunction::Upper), Element::Text),
        (Step::Map(MapFunction::Lower), Element::Text),
        (Step::Filter(Predicate::NotEmpty), Element::Text),
        (
            Step::Filter(Predicate::Contains("e".to_owned())),
            Element::Text,
        ),
    ]
}

fn of_integers(number: i64) -> Vec<(Step, Element)> {
    vec![
        (Step::Reduce(Reducer::Sum), Element::Integer),
        (Step::Reduce(Reducer::Max), Element::Integer),
        (Step::Filter(Predicate::AtLeast(number)), Element::Integer),
    ]
}

fn of_pairs(number: i64, totals: &MappedTotals, window: Window) -> Vec<(Step, Element)> {
    vec![
        (Step::ReduceByKey(Reducer::Sum), Element::Pair),
        (Step::ReduceByKey(Reducer::Min), Element::Pair),
        (
            Step::ReduceByKeyAndWindow(Reducer::Sum, window),
            Element::Pair,
        ),
        (Step::UpdateStateByKey(Update::Sum), Element::Pair),
        (Step::UpdateStateByKey(Update::DropIdle), Element::Pair),
        (Step::MapWithState(totals.clone()), Element::Pair),
        (
            Step::UpdateStateByKey(Update::DropAt(number)),
            Element::Pair,
        ),
        (Step::MapValues(Arithmetic::Multiply(number)), Element::Pair),
        (Step::MapValues(Arithmetic::Add(number)), Element::Pair),
        (Step::GroupByKey, Element::Group),
        (Step::Map(MapFunction::Key), Element::Text),
        (Step::Map(MapFunction::Value), Element::Integer),
        (Step::Filter(Predicate::AtLeast(number)), Element::Pair),
        (
            Step::Filter(Predicate::StartsWith("b".to_owned())),
            Element::Pair,
        ),
    ]
}
