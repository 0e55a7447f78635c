//! The columns of a table while a plan is resolved: their names and types.

use engine::Text;

use crate::error::AnalysisError;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    TextArray,
    Integer,
    Timestamp,
    Window,
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Type::Text => "a text",
            Type::TextArray => "an array",
            Type::Integer => "an integer",
            Type::Timestamp => "a timestamp",
            Type::Window => "a window",
        }
    }
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: Text,
    pub(crate) of_type: Type,
    /// Whether it is the column with the watermark, or a window over it (`WM-9`).
    pub(crate) is_event_time: bool,
}

impl Field {
    pub(crate) fn new(name: impl Into<Text>, of_type: Type) -> Field {
        Field {
            name: name.into(),
            of_type,
            is_event_time: false,
        }
    }
}

/// The columns of a table, in order.
#[derive(Clone, Debug)]
pub(crate) struct Schema(pub(crate) Vec<Field>);

impl Schema {
    /// The column of this name, which Spark finds whatever the case of its letters.
    pub(crate) fn find(&self, name: &Text) -> Result<(usize, &Field), AnalysisError> {
        let columns = self.0.iter().enumerate();
        let mut found = columns.filter(|(_, field)| field.name.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (Some(column), None) => Ok(column),
            (Some(_), Some(_)) => Err(AnalysisError::AmbiguousColumn(name.to_string())),
            (None, _) => Err(self.unknown(name)),
        }
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> Vec<Text> {
        self.0.iter().map(|field| field.name.clone()).collect()
    }

    fn unknown(&self, name: &Text) -> AnalysisError {
        let columns = self.0.iter().map(|field| format!("`{}`", field.name));
        AnalysisError::UnknownColumn {
            name: name.to_string(),
            columns: columns.collect::<Vec<_>>().join(", "),
        }
    }
}

/// What a function takes: in words, and as types.
pub(crate) struct Takes(pub(crate) &'static str, pub(crate) &'static [Type]);

/// Refuses a function what it does not take.
pub(crate) fn expect(
    function: &'static str,
    takes: &Takes,
    given: Type,
) -> Result<(), AnalysisError> {
    if takes.1.contains(&given) {
        return Ok(());
    }
    Err(AnalysisError::Type {
        function,
        takes: takes.0,
        given: given.name(),
    })
}
