//! What flows between steps.

use std::fmt;

use crate::{MapFunction, Step};

/// The type of a stream's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
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

impl Step {
    /// The type that the step gives, if `given` is what it gets.
    ///
    /// ```
    /// use scenario::{Element, Step};
    /// assert_eq!(Step::FlatMapSplit.gives(Element::Text), Element::Text);
    /// assert_eq!(Step::GroupByKey.gives(Element::Pair), Element::Group);
    /// assert_eq!(Step::Print(10).gives(Element::Integer), Element::Integer);
    /// ```
    pub fn gives(&self, given: Element) -> Element {
        match self {
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
}
