//! What flows between steps: the type each takes and the type it gives.

use std::fmt;

use crate::words::MAPS;
use crate::{MapFunction, Predicate, Step};

/// The type of a stream's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// Lines or words.
    Text,
    /// Counts.
    Integer,
    /// Words with counts.
    Pair,
    /// Words with lists of counts.
    Group,
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Element::Text => "text",
            Element::Integer => "integers",
            Element::Pair => "(text, integer) pairs",
            Element::Group => "(text, list of integers) pairs",
        })
    }
}

/// The types that a step takes.
pub(super) fn takes(step: &Step) -> &'static [Element] {
    match step {
        Step::FlatMapSplit | Step::CountByValue => &[Element::Text],
        Step::Map(function) => match function {
            MapFunction::Pair | MapFunction::Length | MapFunction::Upper | MapFunction::Lower => {
                &[Element::Text]
            }
            MapFunction::Key | MapFunction::Value => &[Element::Pair],
        },
        Step::Filter(Predicate::AtLeast(_)) => &[Element::Integer, Element::Pair],
        Step::Filter(_) => &[Element::Text, Element::Pair],
        Step::Reduce(_) => &[Element::Integer],
        Step::MapValues(_)
        | Step::ReduceByKey(_)
        | Step::GroupByKey
        | Step::ReduceByKeyAndWindow(..)
        | Step::UpdateStateByKey(_)
        | Step::MapWithState(_) => &[Element::Pair],
        Step::Count | Step::Window { .. } | Step::Print(_) => &[
            Element::Text,
            Element::Integer,
            Element::Pair,
            Element::Group,
        ],
    }
}

/// The type that a step gives, if `given` is what it gets.
pub(super) fn gives(step: &Step, given: Element) -> Element {
    match step {
        Step::FlatMapSplit => Element::Text,
        Step::Map(function) => match function {
            MapFunction::Upper | MapFunction::Lower | MapFunction::Key => Element::Text,
            MapFunction::Length | MapFunction::Value => Element::Integer,
            MapFunction::Pair => Element::Pair,
        },
        Step::Count | Step::Reduce(_) => Element::Integer,
        Step::GroupByKey => Element::Group,
        Step::MapValues(_)
        | Step::CountByValue
        | Step::ReduceByKey(_)
        | Step::ReduceByKeyAndWindow(..)
        | Step::UpdateStateByKey(_)
        | Step::MapWithState(_) => Element::Pair,
        Step::Filter(_) | Step::Window { .. } | Step::Print(_) => given,
    }
}

/// A `map` that makes what `step` takes of what is `given`, as it is written.
pub(super) fn bridge(given: Element, step: &Step) -> Option<String> {
    let fits = |map: &Step| takes(map).contains(&given) && takes(step).contains(&gives(map, given));
    let mut maps = MAPS.0.iter();
    let (word, ..) = maps.find(|(_, function, _)| fits(&Step::Map(*function)))?;
    Some(format!("{{ map = \"{word}\" }}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reducer;

    #[test]
    fn a_map_stands_between_text_and_pairs() {
        let reduce = Step::ReduceByKey(Reducer::Sum);
        assert_eq!(
            bridge(Element::Text, &reduce).as_deref(),
            Some("{ map = \"pair\" }")
        );
        assert_eq!(
            bridge(Element::Pair, &Step::CountByValue).as_deref(),
            Some("{ map = \"key\" }"),
        );
        assert_eq!(
            bridge(Element::Text, &Step::Reduce(Reducer::Max)).as_deref(),
            Some("{ map = \"length\" }"),
        );
        assert_eq!(bridge(Element::Group, &reduce), None);
    }
}
