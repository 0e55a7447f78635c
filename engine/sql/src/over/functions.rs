//! The functions of a row's place among the rows of its partition, or of another row.

use std::fmt;

use engine::{DataType, SparkVersion, Value};

use super::frame::{FrameUnit, TypedBound, TypedFrame};
use crate::context::Session;
use crate::function::{ColumnText, Mismatch};
use crate::typed::Typed;

/// A function of a row's place, or of another row (`AggregateWindowFunction`, `OffsetWindowFunction`).
pub(crate) struct RowFunction {
    /// The name in SQL, in lower case.
    pub(crate) name: &'static str,
    /// The name of a column of it.
    pub(crate) text: ColumnText,
    /// Its value.
    pub(crate) value: RowValue,
}

/// The value of a function of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowValue {
    /// The place, from 1.
    RowNumber,
    /// The place of the first of the rows that are equal in the order.
    Rank,
    /// The number of different values up to the row.
    DenseRank,
    /// The rank as a part of 1, from 0.
    PercentRank,
    /// The rows up to the row and its equals, as a part of 1.
    CumeDist,
    /// The bucket of the row, among this number of buckets.
    Ntile,
    /// A value some rows before.
    Lag,
    /// A value some rows after.
    Lead,
    /// The value at a place of the frame.
    NthValue,
}

static FUNCTIONS: &[RowFunction] = &[
    RowFunction::new("row_number", ColumnText::Call, RowValue::RowNumber),
    RowFunction::new("rank", ColumnText::Capitals, RowValue::Rank),
    RowFunction::new("dense_rank", ColumnText::Capitals, RowValue::DenseRank),
    RowFunction::new("percent_rank", ColumnText::Capitals, RowValue::PercentRank),
    RowFunction::new("cume_dist", ColumnText::Call, RowValue::CumeDist),
    RowFunction::new("ntile", ColumnText::Filled(1, &["1"]), RowValue::Ntile),
    RowFunction::new("lag", OFFSET, RowValue::Lag),
    RowFunction::new("lead", OFFSET, RowValue::Lead),
    RowFunction::new("nth_value", ColumnText::Call, RowValue::NthValue),
];

const OFFSET: ColumnText = ColumnText::Filled(3, &["1", "NULL"]);

/// All functions.
pub(crate) fn all() -> impl Iterator<Item = &'static RowFunction> {
    FUNCTIONS.iter()
}

/// The function of this name, in lower case.
pub(crate) fn find(name: &str) -> Option<&'static RowFunction> {
    all().find(|function| function.name == name)
}

impl RowFunction {
    const fn new(name: &'static str, text: ColumnText, value: RowValue) -> RowFunction {
        RowFunction { name, text, value }
    }

    /// The type of the value, and true if it may be `NULL`.
    pub(super) fn result(&self, arguments: &[Typed]) -> (DataType, bool) {
        let argument = |place: usize| arguments.get(place);
        match self.value {
            RowValue::RowNumber | RowValue::Rank | RowValue::DenseRank | RowValue::Ntile => {
                (DataType::Integer, false)
            }
            RowValue::PercentRank | RowValue::CumeDist => (DataType::Double, false),
            RowValue::Lag | RowValue::Lead => {
                let data_type = argument(0).map(|it| it.data_type.clone());
                let is_nullable = |place| argument(place).is_none_or(|it| it.nullable);
                (
                    data_type.unwrap_or(DataType::Null),
                    is_nullable(0) || is_nullable(2),
                )
            }
            RowValue::NthValue => {
                let data_type = argument(0).map(|it| it.data_type.clone());
                (data_type.unwrap_or(DataType::Null), true)
            }
        }
    }

    /// Checks the arguments, and adds those that are left out.
    pub(crate) fn coerce(
        &self,
        arguments: &mut Vec<Typed>,
        session: &Session,
    ) -> Result<(), Mismatch> {
        let counts = match self.value {
            RowValue::Ntile => 0..=1,
            RowValue::Lag | RowValue::Lead => 1..=3,
            RowValue::NthValue => 2..=2,
            _ => 0..=0,
        };
        let given = arguments.len();
        if !counts.contains(&given) {
            let allowed: Vec<String> = counts.map(|it| it.to_string()).collect();
            let allowed = match &allowed[..] {
                [one] => one.clone(),
                several => format!("[{}]", several.join(", ")),
            };
            return Err(Mismatch::argument_count(self.name, &allowed, given));
        }
        match self.value {
            RowValue::Ntile if given == 0 => {
                arguments.push(Typed::literal(Value::Integer(1), DataType::Integer));
            }
            RowValue::Lag | RowValue::Lead => {
                if given < 2 {
                    arguments.push(Typed::literal(Value::Integer(1), DataType::Integer));
                }
                if given < 3 {
                    arguments.push(Typed::default());
                }
                let data_type = arguments[0].data_type.clone();
                arguments[1].cast_in_place(&DataType::Integer, session)?;
                arguments[2].cast_in_place(&data_type, session)?;
            }
            _ => {}
        }
        if let Some(place) = self.number_at()
            && self.number(arguments, session).is_none()
        {
            let parameter = match session.spark {
                SparkVersion::V3_5 => self.parameter().to_owned(),
                SparkVersion::V4 => format!("`{}`", self.parameter()),
            };
            return Err(Mismatch::new(
                "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                format!(
                    "the input {parameter} should be a foldable \"INT\" expression; however, got \"{{{place}}}\"."
                ),
            ));
        }
        if matches!(self.value, RowValue::Ntile | RowValue::NthValue)
            && let Some(number) = self.number(arguments, session)
            && number < 1
        {
            let range = match self.value {
                RowValue::Ntile => format!("(0, {}] (current value = {number})", i32::MAX),
                _ => format!("(0, {}] (current value = {number}L)", i64::MAX),
            };
            return Err(Mismatch::new(
                "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                format!("The {} must be between {range}.", self.parameter()),
            ));
        }
        Ok(())
    }

    /// The name of the argument that is a number.
    fn parameter(&self) -> &'static str {
        match self.value {
            RowValue::Ntile => "buckets",
            _ => "offset",
        }
    }

    /// The place of the argument that is a number.
    fn number_at(&self) -> Option<usize> {
        match self.value {
            RowValue::Ntile => Some(0),
            RowValue::Lag | RowValue::Lead | RowValue::NthValue => Some(1),
            _ => None,
        }
    }

    /// The number of buckets or rows, which is the same for each row.
    pub(crate) fn number(&self, arguments: &[Typed], session: &Session) -> Option<i64> {
        match arguments.get(self.number_at()?)?.constant(session)? {
            Value::Integer(number) => Some(i64::from(number)),
            _ => None,
        }
    }

    /// The frame that the function has, whatever is written; `None` if it has the one that is.
    pub(crate) fn frame(&self, number: Option<i64>) -> Option<TypedFrame> {
        let at = |offset| TypedFrame {
            unit: FrameUnit::Rows,
            lower: TypedBound::Rows(offset),
            upper: TypedBound::Rows(offset),
        };
        match self.value {
            RowValue::NthValue => None,
            RowValue::CumeDist => Some(TypedFrame::up_to_row(FrameUnit::Range)),
            RowValue::Lag => Some(at(-number.unwrap_or(1))),
            RowValue::Lead => Some(at(number.unwrap_or(1))),
            _ => Some(TypedFrame::up_to_row(FrameUnit::Rows)),
        }
    }
}

impl fmt::Debug for RowFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
