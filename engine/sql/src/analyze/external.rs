//! Operators of other rooms, and functions of the program where Spark refuses them.

use super::Analyzer;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::external::ExternalOperator;
use crate::plan::{JoinKind, LogicalPlan, TypedNode, TypedPlan};
use crate::typed::Typed;

impl Analyzer<'_> {
    /// The rows that an operator makes of the groups of a table.
    pub(super) fn external(
        &mut self,
        input: &LogicalPlan,
        keys: &[Expression],
        operator: &ExternalOperator,
    ) -> Result<TypedPlan, AnalysisError> {
        let input = self.analyze(input)?;
        let mut resolver = self.resolver(&input.schema);
        let keys = keys.iter().map(|key| resolver.resolve(key));
        Ok(TypedPlan {
            span: None,
            schema: operator.columns.clone(),
            node: TypedNode::External {
                keys: keys.collect::<Result<_, _>>()?,
                input: Box::new(input),
                operator: operator.clone(),
            },
        })
    }
}

/// Refuses an outer join by a function that runs in a process of its own and is given columns of both tables, of which
/// the left one has `width` (`ExtractPythonUDFFromJoinCondition`).
pub(super) fn check_join(
    condition: &Typed,
    kind: JoinKind,
    width: usize,
) -> Result<(), AnalysisError> {
    let name = match kind {
        JoinKind::Inner | JoinKind::Cross => return Ok(()),
        JoinKind::LeftOuter => "LEFT OUTER",
        JoinKind::RightOuter => "RIGHT OUTER",
        JoinKind::FullOuter => "FULL OUTER",
        JoinKind::LeftSemi => "LEFT SEMI",
        JoinKind::LeftAnti => "LEFT ANTI",
    };
    let reads_both = |call: &Typed| {
        let columns = call.columns();
        let is_left = |column: &usize| *column < width;
        columns.iter().any(is_left) && !columns.iter().all(is_left)
    };
    if condition.any_apart(&reads_both) {
        return Err(AnalysisError::new(
            "UNSUPPORTED_FEATURE.PYTHON_UDF_IN_ON_CLAUSE",
            format!(
                "The feature is not supported: Python UDF in the ON clause of a {name} JOIN. In case of an INNNER JOIN \
                 consider rewriting to a CROSS JOIN with a WHERE clause."
            ),
        ));
    }
    Ok(())
}
