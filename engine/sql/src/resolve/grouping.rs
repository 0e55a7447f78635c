//! `grouping(a)` and `grouping_id()`: the keys that are not in the set of a row (`ResolveGroupingAnalytics`).

use engine::{DataType, Value};

use super::Resolver;
use crate::error::AnalysisError;
use crate::expression::Call;
use crate::functions;
use crate::typed::Typed;

/// The keys of grouping sets, and the column that has the number of the set: a bit for each key, the first one the
/// highest, set if the key is not in it.
#[derive(Clone, Debug)]
pub(crate) struct GroupingKeys {
    pub(crate) keys: Vec<Typed>,
    pub(crate) id: Typed,
}

impl<'a> Resolver<'a> {
    /// The same resolver for the columns of grouping sets of these keys. The column of their number comes behind those of
    /// the table, of its windows, and of the keys.
    pub(crate) fn with_grouping(mut self, keys: Vec<Typed>) -> Resolver<'a> {
        let windows = usize::from(self.window.is_some());
        let place = self.schema.fields().len() + windows + keys.len();
        self.grouping = Some(GroupingKeys {
            keys,
            id: Typed::column(place, DataType::Long, false),
        });
        self
    }

    pub(super) fn resolve_grouping(&mut self, call: &Call) -> Result<Typed, AnalysisError> {
        let arguments = call.arguments.iter().map(|it| self.resolve(it));
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        let Some(GroupingKeys { keys, id }) = &self.grouping else {
            return Err(AnalysisError::new(
                "UNSUPPORTED_GROUPING_EXPRESSION",
                "grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.",
            ));
        };
        if call.function == *"grouping_id" {
            let mut pairs = arguments.iter().zip(keys);
            let is_all = arguments.len() == keys.len() && pairs.all(|(one, key)| one.is_same(key));
            return if arguments.is_empty() || is_all {
                Ok(id.clone())
            } else {
                Err(AnalysisError::new(
                    "GROUPING_ID_COLUMN_MISMATCH",
                    "Columns of grouping_id do not match the grouping columns.",
                ))
            };
        }
        let place = match &arguments[..] {
            [argument] => keys.iter().position(|key| key.is_same(argument)),
            _ => None,
        };
        let Some(place) = place else {
            let columns: Vec<String> = call
                .arguments
                .iter()
                .map(|it| it.name().to_string())
                .collect();
            return Err(AnalysisError::new(
                "GROUPING_COLUMN_MISMATCH",
                format!(
                    "Column of grouping ({}) can't be found in grouping columns.",
                    columns.join(", ")
                ),
            ));
        };
        let bit = i32::try_from(keys.len() - 1 - place).unwrap_or(i32::MAX);
        let bit = Typed::literal(Value::Integer(bit), DataType::Integer);
        let one = Typed::literal(Value::Long(1), DataType::Long);
        let shifted = self.call_of("shiftright", vec![id.clone(), bit])?;
        let mut is_out = self.call_of("&", vec![shifted, one])?;
        is_out.cast_in_place(&DataType::Byte, self.session)?;
        is_out.nullable = false;
        Ok(is_out)
    }

    fn call_of(&self, function: &str, arguments: Vec<Typed>) -> Result<Typed, AnalysisError> {
        let function = functions::find(function).expect("it is in the table");
        Ok(function.typed(arguments, self.session)?)
    }
}
