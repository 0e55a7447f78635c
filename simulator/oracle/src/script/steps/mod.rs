//! `steps = [..]`: DStream operators by name, one variable a step.

mod java;
mod python;

use std::collections::BTreeMap;

use scenario::{Element, MapFunction, Step};

use super::{Body, Language, camel_case};

/// The operators of a chain of steps, in the order written.
pub(super) fn body(pipeline: &str, steps: &[Step], language: Language) -> Body {
    let mut names = Names::default();
    let mut variable = "lines".to_owned();
    let mut element = Element::Text;
    let mut lines = Vec::new();
    for step in steps {
        let (next, name) = (step.gives(element), name(step));
        let made = name.map(|name| names.new_name(name));
        lines.push(match language {
            Language::Python => python::line(step, (element, &variable), made.as_deref()),
            Language::Java => java::line(step, (element, &variable), (next, made.as_deref())),
        });
        variable = made.unwrap_or(variable);
        element = next;
    }
    Body {
        file: pipeline.replace('-', "_"),
        app: camel_case(pipeline),
        text: lines.join("\n")
            + if language == Language::Python {
                "\n"
            } else {
                ""
            },
        is_stateful: steps.iter().any(is_stateful),
    }
}

fn is_stateful(step: &Step) -> bool {
    match step {
        Step::UpdateStateByKey(_) | Step::MapWithState(_) => true,
        Step::ReduceByKeyAndWindow(_, window) => window.inverse,
        _ => false,
    }
}

/// What a variable is called that holds what the step makes; a print makes nothing.
fn name(step: &Step) -> Option<&'static str> {
    Some(match step {
        Step::FlatMapSplit => "words",
        Step::Map(MapFunction::Pair) => "pairs",
        Step::Map(MapFunction::Length) => "lengths",
        Step::Map(MapFunction::Upper) => "upper",
        Step::Map(MapFunction::Lower) => "lower",
        Step::Map(MapFunction::Key) => "keys",
        Step::Map(MapFunction::Value) => "values",
        Step::Filter(_) => "kept",
        Step::MapValues(_) => "changed",
        Step::Count | Step::CountByValue | Step::ReduceByKey(_) => "counts",
        Step::Reduce(_) => "reduced",
        Step::GroupByKey => "groups",
        Step::Window { .. } => "window",
        Step::ReduceByKeyAndWindow(..) => "windowed",
        Step::UpdateStateByKey(_) | Step::MapWithState(_) => "totals",
        Step::Print(_) => return None,
    })
}

/// Names that are given once: the second `words` is `words2`.
#[derive(Default)]
struct Names {
    given: BTreeMap<&'static str, usize>,
}

impl Names {
    fn new_name(&mut self, name: &'static str) -> String {
        let count = self.given.entry(name).or_default();
        *count += 1;
        if *count == 1 {
            name.to_owned()
        } else {
            format!("{name}{count}")
        }
    }
}
