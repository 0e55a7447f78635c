//! Joins that a query on a stream cannot have.

use engine::{OutputMode, SparkVersion};
use engine_sql::AnalysisError;
use engine_sql::plan::{JoinKind, TypedJoin};

use super::{QueryMode, refused};

pub(super) fn check_join(join: &TypedJoin, mode: QueryMode) -> Result<(), AnalysisError> {
    let name = join.kind.name();
    match (
        join.left.is_streaming(),
        join.right.is_streaming(),
        join.kind,
    ) {
        (true, true, kind) if !is_supported(kind, mode) => {
            let output_mode = mode.output;
            Err(refused(match mode.spark {
                SparkVersion::V3_5 => format!(
                    "Join between two streaming DataFrames/Datasets is not supported in {output_mode:?} output mode, only in \
                     Append output mode"
                ),
                SparkVersion::V4 => format!(
                    "{name} join between two streaming DataFrames/Datasets is not supported in {output_mode:?} output mode, \
                     only in {}",
                    if has_final_rows(kind) {
                        "Append and Update output modes"
                    } else {
                        "Append output mode"
                    }
                ),
            }))
        }
        (_, true, JoinKind::LeftAnti) => Err(refused(
            "LeftAnti joins with a streaming DataFrame/Dataset on the right are not supported",
        )),
        (true, false, JoinKind::FullOuter) => Err(refused(
            "FullOuter joins with streaming DataFrames/Datasets on the left and a static DataFrame/Dataset on the right is \
             not supported",
        )),
        (false, true, JoinKind::FullOuter) => Err(refused(
            "FullOuter joins with streaming DataFrames/Datasets on the right and a static DataFrame/Dataset on the left is \
             not supported",
        )),
        (false, true, JoinKind::LeftOuter | JoinKind::LeftSemi) => Err(refused(format!(
            "{name} join with a streaming DataFrame/Dataset on the right and a static DataFrame/Dataset on the left is not \
             supported"
        ))),
        (true, false, JoinKind::RightOuter) => Err(refused(
            "RightOuter join with a streaming DataFrame/Dataset on the left and a static DataFrame/DataSet on the right not \
             supported",
        )),
        _ => Ok(()),
    }
}

/// Returns true if a join of two streams is supported in an output mode.
fn is_supported(kind: JoinKind, mode: QueryMode) -> bool {
    match (mode.output, mode.spark) {
        (OutputMode::Append, _) => true,
        (OutputMode::Update, SparkVersion::V4) => has_final_rows(kind),
        _ => false,
    }
}

/// Returns true if no row of a join waits for the watermark.
fn has_final_rows(kind: JoinKind) -> bool {
    matches!(kind, JoinKind::Inner | JoinKind::Cross | JoinKind::LeftSemi)
}
