//! The columns of a table while a plan is resolved: their names and types.

use engine::{DataType, Text};

use crate::error::AnalysisError;

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: Text,
    pub(crate) data_type: DataType,
    /// It is the column with the watermark, or a window over it (`WM-9`).
    pub(crate) is_event_time: bool,
}

impl Field {
    pub(crate) fn new(name: impl Into<Text>, data_type: DataType) -> Field {
        Field {
            name: name.into(),
            data_type,
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

    /// The types of the columns.
    pub(crate) fn types(&self) -> String {
        let types = self.0.iter().map(|field| field.data_type.to_string());
        types.collect::<Vec<_>>().join(", ")
    }

    fn unknown(&self, name: &Text) -> AnalysisError {
        let columns = self.0.iter().map(|field| format!("`{}`", field.name));
        AnalysisError::UnknownColumn {
            name: name.to_string(),
            columns: columns.collect::<Vec<_>>().join(", "),
        }
    }
}

/// The types that a function takes: in words, and as a test.
pub(crate) struct Takes(pub(crate) &'static str, pub(crate) fn(&DataType) -> bool);

/// Refuses a type that the function does not take.
pub(crate) fn expect(
    function: &'static str,
    takes: &Takes,
    given: &DataType,
) -> Result<(), AnalysisError> {
    if takes.1(given) {
        return Ok(());
    }
    Err(AnalysisError::Type {
        function,
        takes: takes.0,
        given: given.clone(),
    })
}
