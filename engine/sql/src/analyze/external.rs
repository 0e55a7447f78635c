//! Functions of the program where Spark has none.

use crate::error::AnalysisError;
use crate::plan::JoinKind;
use crate::typed::Typed;

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
