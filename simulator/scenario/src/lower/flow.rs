//! Which steps fit each other: the type each takes, and what stands between two that do not fit.

use crate::words::MAPS;
use crate::{Element, MapFunction, Predicate, Step};

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

/// A `map` that makes what `step` takes of what is `given`, as it is written.
pub(super) fn bridge(given: Element, step: &Step) -> Option<String> {
    let fits = |map: &Step| takes(map).contains(&given) && takes(step).contains(&map.gives(given));
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
