//! A step in Java.

use scenario::{Arithmetic, Element, Emit, MapFunction, MappedTotals, Predicate, Reducer, Step};

use super::super::literal::{durations, java as text, rows};
use super::super::map_with_state::{java_function as mapping_function, java_remark, java_spec};
use super::super::stateless::java_window;
use super::super::update_state::{java_function, java_initial};

/// One statement, or two: what the step makes of a stream, or a print.
pub(super) fn line(
    step: &Step,
    (element, stream): (Element, &str),
    (gives, made): (Element, Option<&str>),
) -> String {
    let Some(made) = made else {
        return format!("{stream}.{};", call(step, element, ""));
    };
    let function = format!("{made}Func");
    let before = match step {
        Step::UpdateStateByKey(update) => format!(
            "Function2<List<Long>, Optional<Long>, Optional<Long>> {function} = {};\n",
            java_function(*update)
        ),
        Step::MapWithState(totals) => mapping(totals, made, &function),
        _ => String::new(),
    };
    let call = call(step, element, &function);
    format!("{before}{} {made} = {stream}.{call};", stream_type(gives))
}

/// The function of a `mapWithState`, and its initial state if it has one.
fn mapping(totals: &MappedTotals, made: &str, function: &str) -> String {
    let remark = java_remark(totals);
    let mapping = mapping_function(function, totals);
    match &*totals.initial {
        [] => format!("{remark}{mapping}\n"),
        initial => {
            let initial = java_initial(&format!("{made}Initial"), initial);
            format!("{remark}{mapping}\n{initial}\n")
        }
    }
}

fn stream_type(element: Element) -> &'static str {
    match element {
        Element::Text => "JavaDStream<String>",
        Element::Integer => "JavaDStream<Long>",
        Element::Pair => "JavaPairDStream<String, Long>",
        Element::Group => "JavaPairDStream<String, Iterable<Long>>",
    }
}

fn call(step: &Step, element: Element, function: &str) -> String {
    match step {
        Step::FlatMapSplit => {
            r#"flatMap(line -> Arrays.asList(line.split(" ")).iterator())"#.to_owned()
        }
        Step::Map(function) => map(*function).to_owned(),
        Step::Filter(predicate) => format!("filter({})", filter(predicate, element)),
        Step::MapValues(arithmetic) => format!("mapValues({})", map_values(*arithmetic)),
        Step::Count => "count()".to_owned(),
        Step::Reduce(reducer) => format!("reduce({})", reduce(*reducer)),
        Step::CountByValue => "countByValue()".to_owned(),
        Step::ReduceByKey(reducer) => format!("reduceByKey({})", reduce(*reducer)),
        Step::GroupByKey => "groupByKey()".to_owned(),
        Step::Window { length, slide } => {
            format!("window({}, {})", durations(*length), durations(*slide))
        }
        Step::ReduceByKeyAndWindow(reducer, window) => java_window(reduce(*reducer), *window),
        Step::UpdateStateByKey(_) => format!("updateStateByKey({function})"),
        // What the function returns are tuples, and pairs only if they are told to be.
        Step::MapWithState(totals) => {
            let initial = format!("{}Initial", function.trim_end_matches("Func"));
            let spec = java_spec(totals, function, &initial);
            match totals.emit {
                Emit::Mapped => format!("mapWithState({spec}).mapToPair(pair -> pair)"),
                Emit::Snapshots => format!("mapWithState({spec}).stateSnapshots()"),
            }
        }
        Step::Print(count) => format!("print({})", rows(*count)),
    }
}

fn map(function: MapFunction) -> &'static str {
    match function {
        MapFunction::Pair => "mapToPair(word -> new Tuple2<>(word, 1L))",
        MapFunction::Length => "map(text -> (long) text.codePointCount(0, text.length()))",
        MapFunction::Upper => "map(text -> text.toUpperCase(Locale.ROOT))",
        MapFunction::Lower => "map(text -> text.toLowerCase(Locale.ROOT))",
        MapFunction::Key => "map(pair -> pair._1())",
        MapFunction::Value => "map(pair -> pair._2())",
    }
}

fn filter(predicate: &Predicate, element: Element) -> String {
    let (parameter, key, value) = match element {
        Element::Text => ("text", "text", "text"),
        Element::Integer => ("number", "number", "number"),
        Element::Pair | Element::Group => ("pair", "pair._1()", "pair._2()"),
    };
    let condition = match predicate {
        Predicate::NotEmpty => format!("!{key}.isEmpty()"),
        Predicate::Equals(other) => format!("{key}.equals({})", text(other)),
        Predicate::Contains(part) => format!("{key}.contains({})", text(part)),
        Predicate::StartsWith(start) => format!("{key}.startsWith({})", text(start)),
        Predicate::AtLeast(least) => format!("{value} >= {least}L"),
    };
    format!("{parameter} -> {condition}")
}

fn map_values(arithmetic: Arithmetic) -> String {
    match arithmetic {
        Arithmetic::Add(n) => format!("value -> value + {n}L"),
        Arithmetic::Multiply(n) => format!("value -> value * {n}L"),
    }
}

fn reduce(reducer: Reducer) -> &'static str {
    match reducer {
        Reducer::Sum => "Long::sum",
        Reducer::Max => "Math::max",
        Reducer::Min => "Math::min",
    }
}
