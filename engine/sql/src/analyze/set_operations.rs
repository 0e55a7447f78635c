//! `EXCEPT` and `INTERSECT`, as joins (`ReplaceExceptWithAntiJoin`, `ReplaceIntersectWithSemiJoin`).

use super::union::each_once;
use super::{Analyzer, columns_of};
use crate::error::AnalysisError;
use crate::plan::{JoinKind, LogicalPlan, TypedJoin, TypedNode, TypedPlan};

impl Analyzer<'_> {
    pub(super) fn except(
        &mut self,
        left: &LogicalPlan,
        right: &LogicalPlan,
    ) -> Result<TypedPlan, AnalysisError> {
        let left = self.analyze(left)?;
        let right = self.analyze(right)?;
        if right.is_streaming() {
            return Err(AnalysisError::unclassified(
                "Except on a streaming DataFrame/Dataset on the right is not supported",
            ));
        }
        self.by_join("EXCEPT", left, right, JoinKind::LeftAnti)
    }

    pub(super) fn intersect(
        &mut self,
        left: &LogicalPlan,
        right: &LogicalPlan,
    ) -> Result<TypedPlan, AnalysisError> {
        let left = self.analyze(left)?;
        let right = self.analyze(right)?;
        if left.is_streaming() && right.is_streaming() {
            return Err(AnalysisError::unclassified(
                "Intersect of streaming DataFrames/Datasets is not supported",
            ));
        }
        self.by_join("INTERSECT", left, right, JoinKind::LeftSemi)
    }

    fn by_join(
        &self,
        operation: &str,
        left: TypedPlan,
        right: TypedPlan,
        kind: JoinKind,
    ) -> Result<TypedPlan, AnalysisError> {
        let (_, plans) = self.same_types(operation, vec![left, right])?;
        let [left, right] =
            <[TypedPlan; 2]>::try_from(plans).expect("there are as many tables as before");
        let keys = columns_of(&left.schema)
            .into_iter()
            .zip(columns_of(&right.schema));
        let keys: Vec<_> = keys.collect();
        Ok(each_once(TypedPlan {
            schema: left.schema.clone(),
            node: TypedNode::Join(TypedJoin {
                left: Box::new(left),
                right: Box::new(right),
                kind,
                null_safe: vec![true; keys.len()],
                keys,
                condition: None,
            }),
        }))
    }
}
