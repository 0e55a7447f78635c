//! The types that flow between steps.

use std::fmt;

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

impl Element {
    /// Every type.
    pub const ALL: [Element; 4] = [
        Element::Text,
        Element::Integer,
        Element::Pair,
        Element::Group,
    ];
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
