//! Functions over the rows around each row (`ResolveWindowFrame`, `ResolveWindowOrder`, `ExtractWindowExpressions`).

use engine::{DataType, SparkVersion, Value};

use super::Resolver;
use crate::aggregates;
use crate::error::AnalysisError;
use crate::expression::{Call, Expression, ExpressionKind};
use crate::functions;
use crate::over::{
    self, FrameBound, FrameUnit, OverCall, RowFunction, TypedBound, TypedFrame, TypedOver,
    WindowFrame, WindowSpec,
};
use crate::typed::{Typed, TypedKind};

impl Resolver<'_> {
    /// A function over rows: in its place is [`TypedKind::Over`].
    pub(super) fn resolve_over(
        &mut self,
        function: &Expression,
        window: &WindowSpec,
    ) -> Result<Typed, AnalysisError> {
        let Some(mut found) = self.over.take() else {
            let condition = match self.session.spark {
                SparkVersion::V3_5 => "_LEGACY_ERROR_TEMP_1034",
                SparkVersion::V4 => "WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE",
            };
            return Err(AnalysisError::new(
                condition,
                "It is not allowed to use window functions inside WHERE clause.",
            )
            .with_help("Select it under a name, and filter that table."));
        };
        // A function within another one finds none to collect into.
        let result = self.typed_over(function, window).map(|over| {
            let result = over.result();
            found.push(over);
            Typed {
                kind: TypedKind::Over(found.len() - 1),
                ..result
            }
        });
        self.over = Some(found);
        result
    }

    fn typed_over(
        &mut self,
        function: &Expression,
        window: &WindowSpec,
    ) -> Result<TypedOver, AnalysisError> {
        let ExpressionKind::Call(call) = &*function.kind else {
            return Err(self.not_over(function));
        };
        let partition = window.partition.iter().map(|it| self.resolve(it));
        let partition = partition.collect::<Result<_, _>>()?;
        let order = window.order.iter().map(|key| {
            let typed = self.resolve(&key.expression)?;
            Ok((typed, key.descending, key.nulls_first))
        });
        let order: Vec<_> = order.collect::<Result<_, AnalysisError>>()?;
        let call_of_row = over::find(&call.function);
        let call_of_row = call_of_row.map(|it| self.call_of_row(it, call, window));
        let (call, own_frame) = match call_of_row {
            Some(found) => found?,
            None => (
                OverCall::Aggregate(self.aggregate_over(function, call)?),
                None,
            ),
        };
        let frame = match (own_frame, &window.frame) {
            (Some(frame), None) => frame,
            (Some(_), Some(_)) => {
                return Err(AnalysisError::new(
                    "_LEGACY_ERROR_TEMP_1036",
                    format!(
                        "The window function \"{}\" has a frame of its own: it takes no ROWS and no RANGE.",
                        function.name()
                    ),
                ));
            }
            (None, Some(frame)) => self.typed_frame(frame, &order)?,
            (None, None) if order.is_empty() => TypedFrame {
                unit: FrameUnit::Rows,
                lower: TypedBound::Unbounded,
                upper: TypedBound::Unbounded,
            },
            (None, None) => TypedFrame::up_to_row(FrameUnit::Range),
        };
        Ok(TypedOver {
            call,
            partition,
            order,
            frame,
        })
    }

    /// A function of the place of a row, and the frame that it has whatever is written.
    fn call_of_row(
        &mut self,
        function: &'static RowFunction,
        call: &Call,
        window: &WindowSpec,
    ) -> Result<(OverCall, Option<TypedFrame>), AnalysisError> {
        if window.order.is_empty() {
            let text = self.texts().call(call);
            return Err(match self.session.spark {
                SparkVersion::V3_5 => AnalysisError::new(
                    "_LEGACY_ERROR_TEMP_1037",
                    format!(
                        "Window function {text} requires window to be ordered, please add ORDER BY clause. For example \
                         SELECT {text}(value_expr) OVER (PARTITION BY window_partition ORDER BY window_ordering) from table."
                    ),
                ),
                SparkVersion::V4 => AnalysisError::new(
                    "WINDOW_FUNCTION_FRAME_NOT_ORDERED",
                    format!(
                        "Window function {name} requires the window to be ordered. You need to add an ORDER BY clause. For \
                         example: SELECT {text} OVER (PARTITION BY window_partition ORDER BY window_ordering) FROM table.",
                        name = function.name
                    ),
                ),
            });
        }
        let arguments = call.arguments.iter().map(|it| self.resolve(it));
        let mut arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        let coerced = function.coerce(&mut arguments, self.session);
        coerced.map_err(|mismatch| self.refused(&mismatch, call))?;
        let number = function.number(&arguments, self.session);
        let call = OverCall::OfRow {
            function,
            arguments,
            ignore_nulls: call.ignore_nulls,
        };
        Ok((call, function.frame(number)))
    }

    fn aggregate_over(
        &mut self,
        function: &Expression,
        call: &Call,
    ) -> Result<super::TypedAggregate, AnalysisError> {
        let Some(aggregate) = aggregates::find(&call.function) else {
            return Err(self.not_over(function));
        };
        if call.is_distinct {
            return Err(AnalysisError::new(
                "DISTINCT_WINDOW_FUNCTION_UNSUPPORTED",
                format!(
                    "Distinct window functions are not supported: \"{}\".",
                    self.name(function)
                ),
            ));
        }
        if call.filter.is_some() && self.session.spark == SparkVersion::V3_5 {
            return Err(AnalysisError::new(
                "_LEGACY_ERROR_TEMP_1030",
                "Window aggregate function with filter predicate is not supported yet.",
            ));
        }
        self.typed_aggregate(aggregate, call)
    }

    fn not_over(&self, function: &Expression) -> AnalysisError {
        AnalysisError::new(
            "UNSUPPORTED_EXPR_FOR_WINDOW",
            format!(
                "Expression \"{}\" not supported within a window function.",
                self.name(function)
            ),
        )
    }

    fn typed_frame(
        &mut self,
        frame: &WindowFrame,
        order: &[(Typed, bool, bool)],
    ) -> Result<TypedFrame, AnalysisError> {
        check_ends(frame)?;
        let has_offset = [&frame.lower, &frame.upper]
            .iter()
            .any(|it| matches!(it, FrameBound::Offset(_)));
        if frame.unit == FrameUnit::Range {
            match order {
                [] => {
                    return Err(AnalysisError::new(
                        "DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER",
                        "A range window frame cannot be used in an unordered window specification.",
                    ));
                }
                [_, _, ..] if has_offset => {
                    return Err(AnalysisError::new(
                        "DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER",
                        "A range window frame with value boundaries cannot be used in a window specification with multiple \
                         order by expressions.",
                    ));
                }
                _ => {}
            }
        }
        Ok(TypedFrame {
            unit: frame.unit,
            lower: self.bound(&frame.lower, frame.unit, order)?,
            upper: self.bound(&frame.upper, frame.unit, order)?,
        })
    }

    fn bound(
        &mut self,
        bound: &FrameBound,
        unit: FrameUnit,
        order: &[(Typed, bool, bool)],
    ) -> Result<TypedBound, AnalysisError> {
        let FrameBound::Offset(written) = bound else {
            return Ok(match bound {
                FrameBound::CurrentRow => TypedBound::CurrentRow,
                _ => TypedBound::Unbounded,
            });
        };
        let offset = self.resolve(written)?;
        let value = offset.constant(self.session);
        if unit == FrameUnit::Rows {
            return match value {
                Some(Value::Integer(rows)) => Ok(TypedBound::Rows(i64::from(rows))),
                None => Err(match self.session.spark {
                    SparkVersion::V3_5 => AnalysisError::new(
                        "_LEGACY_ERROR_TEMP_0064",
                        "Frame bound value must be a literal.",
                    ),
                    SparkVersion::V4 => AnalysisError::new(
                        "INVALID_SQL_SYNTAX.INVALID_WINDOW_FRAME_BOUND",
                        "Invalid SQL syntax: Frame bound value must be a literal.",
                    ),
                }
                .at(written.span)),
                Some(_) => Err(AnalysisError::new(
                    "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
                    format!(
                        "The data type of the bound \"{}\" does not match the expected data type \"INT\".",
                        offset.data_type
                    ),
                )
                .at(written.span)),
            };
        }
        let refused = || {
            AnalysisError::new(
                "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE",
                format!(
                    "The frame bound of the type \"{}\" does not fit the order.",
                    offset.data_type
                ),
            )
            .at(written.span)
        };
        let [(key, descending, _)] = order else {
            return Err(refused());
        };
        if value.is_none_or(|it| it == Value::Null) {
            return Err(refused());
        }
        let sign = if *descending { "-" } else { "+" };
        let function = functions::find(sign).filter(|_| key.data_type != DataType::String);
        let operands = vec![key.clone(), offset.clone()];
        let sum = function.and_then(|it| it.typed(operands, self.session).ok());
        let mut sum = sum.ok_or_else(refused)?;
        sum.cast_in_place(&key.data_type, self.session)?;
        Ok(TypedBound::Value(sum))
    }
}

/// Refuses a frame that ends before it begins.
fn check_ends(frame: &WindowFrame) -> Result<(), AnalysisError> {
    let is_invalid = frame.lower == FrameBound::UnboundedFollowing
        || frame.upper == FrameBound::UnboundedPreceding;
    if is_invalid {
        return Err(AnalysisError::new(
            "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_INVALID_BOUND",
            "The upper bound of a window frame does not follow the lower bound.",
        ));
    }
    match [&frame.lower, &frame.upper].map(distance) {
        [Some(lower), Some(upper)] if lower > upper => Err(AnalysisError::new(
            "DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON",
            "The lower bound of a window frame must be less than or equal to the upper bound.",
        )),
        _ => Ok(()),
    }
}

/// The distance of an end from the row, if it is a number that is written down.
fn distance(bound: &FrameBound) -> Option<i64> {
    let FrameBound::Offset(offset) = bound else {
        return (*bound == FrameBound::CurrentRow).then_some(0);
    };
    let number = |expression: &Expression| match &*expression.kind {
        ExpressionKind::Literal(literal) => match literal.value {
            Value::Integer(number) => Some(i64::from(number)),
            _ => None,
        },
        _ => None,
    };
    match &*offset.kind {
        ExpressionKind::Call(call) if call.function == *"negative" => {
            Some(-number(call.arguments.first()?)?)
        }
        _ => number(offset),
    }
}
