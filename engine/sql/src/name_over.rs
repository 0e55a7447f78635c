//! The name of a column of a function over rows (`WindowSpecDefinition.sql`).

use crate::expression::{Expression, ExpressionKind};
use crate::name_text::{Names, join};
use crate::over::{self, FrameBound, FrameUnit, RowValue, WindowFrame, WindowSpec};
use crate::plan::SortOrder;

impl Names<'_> {
    /// The text of a function over rows.
    pub(crate) fn over(&self, function: &Expression, window: &WindowSpec) -> String {
        let mut parts = Vec::new();
        if !window.partition.is_empty() {
            let keys = window.partition.iter().map(|it| self.text(it));
            parts.push(format!("PARTITION BY {}", join(keys, ", ")));
        }
        if !window.order.is_empty() {
            let keys = window.order.iter().map(|it| self.sort_order(it));
            parts.push(format!("ORDER BY {}", join(keys, ", ")));
        }
        parts.push(self.frame(function, window));
        format!("{} OVER ({})", self.text(function), parts.join(" "))
    }

    fn sort_order(&self, order: &SortOrder) -> String {
        let direction = if order.descending { "DESC" } else { "ASC" };
        let nulls = if order.nulls_first { "FIRST" } else { "LAST" };
        format!("{} {direction} NULLS {nulls}", self.text(&order.expression))
    }

    /// The frame as it is written, or else the one that the function has.
    fn frame(&self, function: &Expression, window: &WindowSpec) -> String {
        if let Some(WindowFrame { unit, lower, upper }) = &window.frame {
            return between(*unit, &self.bound(lower), &self.bound(upper));
        }
        if !self.is_resolved() {
            return "unspecifiedframe$()".to_owned();
        }
        let unbounded = "UNBOUNDED PRECEDING";
        match row_value(function) {
            Some(value @ (RowValue::Lag | RowValue::Lead)) => {
                let number = self.number_of(function).unwrap_or(1);
                let offset = if value == RowValue::Lag {
                    -number
                } else {
                    number
                };
                let bound = format!("{offset} FOLLOWING");
                between(FrameUnit::Rows, &bound, &bound)
            }
            Some(RowValue::CumeDist | RowValue::NthValue) => {
                between(FrameUnit::Range, unbounded, "CURRENT ROW")
            }
            Some(_) => between(FrameUnit::Rows, unbounded, "CURRENT ROW"),
            None if window.order.is_empty() => {
                between(FrameUnit::Rows, unbounded, "UNBOUNDED FOLLOWING")
            }
            None => between(FrameUnit::Range, unbounded, "CURRENT ROW"),
        }
    }

    fn bound(&self, bound: &FrameBound) -> String {
        match bound {
            FrameBound::UnboundedPreceding => "UNBOUNDED PRECEDING".to_owned(),
            FrameBound::CurrentRow => "CURRENT ROW".to_owned(),
            FrameBound::UnboundedFollowing => "UNBOUNDED FOLLOWING".to_owned(),
            FrameBound::Offset(offset) => match &*offset.kind {
                ExpressionKind::Call(call) if call.function == *"negative" => {
                    let distance = call.arguments.iter().map(|it| self.text(it));
                    format!("{} PRECEDING", join(distance, ""))
                }
                _ => format!("{} FOLLOWING", self.text(offset)),
            },
        }
    }
}

/// The value of a function of a row, if it is one.
fn row_value(function: &Expression) -> Option<RowValue> {
    match &*function.kind {
        ExpressionKind::Call(call) => over::find(&call.function).map(|it| it.value),
        _ => None,
    }
}

fn between(unit: FrameUnit, lower: &str, upper: &str) -> String {
    let unit = match unit {
        FrameUnit::Rows => "ROWS",
        FrameUnit::Range => "RANGE",
    };
    format!("{unit} BETWEEN {lower} AND {upper}")
}
