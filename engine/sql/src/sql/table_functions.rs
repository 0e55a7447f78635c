//! Functions whose value is a table, in `FROM`: `range(10)`, and generators such as `explode(array(1, 2))`.

use engine::{DataType, Value};

use super::cursor::Cursor;
use crate::error::AnalysisError;
use crate::expression::{Expression, ExpressionKind, Literal};
use crate::generators;
use crate::plan::{LogicalPlan, PlanKind};

impl Cursor<'_> {
    /// Reads a call of a function of a table.
    pub(super) fn table_function(&mut self) -> Result<LogicalPlan, AnalysisError> {
        let start = self.start();
        let path = [self.name()?];
        let expression = self.call(start, &path)?;
        let span = expression.span;
        let ExpressionKind::Call(call) = &*expression.kind else {
            return Err(self.unexpected());
        };
        let columns = if call.function == *"range" {
            vec![range(&call.arguments).map_err(|error| error.at(span))?]
        } else if generators::find(&call.function).is_some() {
            vec![expression]
        } else {
            let name = &call.function;
            let message = format!("Could not resolve `{name}` to a table-valued function.");
            let condition = "UNRESOLVABLE_TABLE_VALUED_FUNCTION";
            let error = AnalysisError::new(condition, message).at(span);
            return Err(error.with_help("There are `range`, and generators such as `explode`."));
        };
        let input = LogicalPlan::new(PlanKind::OneRow).at(span);
        self.plan_from(start, PlanKind::Project { input, columns })
    }
}

/// The numbers from a start (0) to before an end by a step (1), as a column `id`.
fn range(arguments: &[Expression]) -> Result<Expression, AnalysisError> {
    let numbers: Option<Vec<i64>> = arguments.iter().map(whole_number).collect();
    let (start, end, step) = match numbers.as_deref() {
        Some([end]) => (0, *end, 1),
        Some([start, end]) => (*start, *end, 1),
        Some([start, end, step]) if *step != 0 => (*start, *end, *step),
        _ => {
            let message =
                "`range` takes an end, or a start, an end and a step, all of them whole numbers";
            return Err(AnalysisError::unclassified(message));
        }
    };
    let length = i128::from(end) - i128::from(start);
    let is_empty = length == 0 || (length > 0) != (step > 0);
    let numbers = if is_empty {
        Expression::call("array", []).cast(DataType::array(DataType::Long))
    } else {
        let last = end - step.signum();
        let bounds = [start, last, step].map(Expression::from);
        Expression::call("sequence", bounds)
    };
    Ok(Expression::call("explode", [numbers]).alias("id"))
}

fn whole_number(expression: &Expression) -> Option<i64> {
    match &*expression.kind {
        ExpressionKind::Literal(Literal { value, .. }) => match value {
            Value::Integer(number) => Some((*number).into()),
            Value::Long(number) => Some(*number),
            _ => None,
        },
        _ => None,
    }
}
