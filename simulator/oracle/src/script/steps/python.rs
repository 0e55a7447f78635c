//! A step in `PySpark`.

use scenario::{Arithmetic, Element, MapFunction, Predicate, Reducer, Step, Update, Window};

use super::super::literal::{python as text, rows, seconds};
use super::super::stateless::python_window;

/// One statement: what the step makes of a stream, or a print.
pub(super) fn line(step: &Step, (element, stream): (Element, &str), made: Option<&str>) -> String {
    let call = call(step, element);
    match made {
        Some(made) => format!("{made} = {stream}.{call}"),
        None => format!("{stream}.{call}"),
    }
}

fn call(step: &Step, element: Element) -> String {
    match step {
        Step::FlatMapSplit => r#"flatMap(lambda line: line.split(" "))"#.to_owned(),
        Step::Map(function) => format!("map({})", map(*function)),
        Step::Filter(predicate) => format!("filter({})", filter(predicate, element)),
        Step::MapValues(arithmetic) => format!("mapValues({})", map_values(*arithmetic)),
        Step::Count => "count()".to_owned(),
        Step::Reduce(reducer) => format!("reduce({})", reduce(*reducer)),
        Step::CountByValue => "countByValue()".to_owned(),
        Step::ReduceByKey(reducer) => format!("reduceByKey({})", reduce(*reducer)),
        Step::GroupByKey => "groupByKey().mapValues(list)".to_owned(),
        Step::Window { length, slide } => {
            format!("window({}, {})", seconds(*length), seconds(*slide))
        }
        Step::ReduceByKeyAndWindow(reducer, window) => reduce_window(*reducer, *window),
        Step::UpdateStateByKey(function) => format!("updateStateByKey({})", update(*function)),
        Step::MapWithState(_) => unreachable!("programs with mapWithState are Java"),
        Step::Print(count) => format!("pprint({})", rows(*count)),
    }
}

fn map(function: MapFunction) -> &'static str {
    match function {
        MapFunction::Pair => "lambda word: (word, 1)",
        MapFunction::Length => "lambda text: len(text)",
        MapFunction::Upper => "lambda text: text.upper()",
        MapFunction::Lower => "lambda text: text.lower()",
        MapFunction::Key => "lambda pair: pair[0]",
        MapFunction::Value => "lambda pair: pair[1]",
    }
}

fn filter(predicate: &Predicate, element: Element) -> String {
    let (parameter, key, value) = match element {
        Element::Text => ("text", "text", "text"),
        Element::Integer => ("number", "number", "number"),
        Element::Pair | Element::Group => ("pair", "pair[0]", "pair[1]"),
    };
    let condition = match predicate {
        Predicate::NotEmpty => format!("{key} != \"\""),
        Predicate::Equals(other) => format!("{key} == {}", text(other)),
        Predicate::Contains(part) => format!("{} in {key}", text(part)),
        Predicate::StartsWith(start) => format!("{key}.startswith({})", text(start)),
        Predicate::AtLeast(least) => format!("{value} >= {least}"),
    };
    format!("lambda {parameter}: {condition}")
}

fn map_values(arithmetic: Arithmetic) -> String {
    match arithmetic {
        Arithmetic::Add(n) => format!("lambda value: value + {n}"),
        Arithmetic::Multiply(n) => format!("lambda value: value * {n}"),
    }
}

fn reduce(reducer: Reducer) -> &'static str {
    match reducer {
        Reducer::Sum => "lambda x, y: x + y",
        Reducer::Max => "max",
        Reducer::Min => "min",
    }
}

fn reduce_window(reducer: Reducer, window: Window) -> String {
    python_window(reduce(reducer), window)
}

fn update(update: Update) -> String {
    let total = "sum(new_values) + (last_sum or 0)";
    let result = match update {
        Update::Sum => total.to_owned(),
        Update::DropIdle => format!("{total} if new_values else None"),
        Update::DropAt(limit) => format!("total if (total := {total}) < {limit} else None"),
    };
    format!("lambda new_values, last_sum: {result}")
}
