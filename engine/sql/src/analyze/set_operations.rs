//! `EXCEPT` and `INTERSECT`: as joins (`ReplaceExceptWithAntiJoin`, `ReplaceIntersectWithSemiJoin`), and with `ALL` by the
//! counts of each row in both tables (`RewriteExceptAll`, `RewriteIntersectAll`).

use engine::{DataType, Value};

use super::union::{Aligned, each_once};
use super::{Analyzer, columns_of, projected};
use crate::error::AnalysisError;
use crate::plan::{JoinKind, LogicalPlan, TypedJoin, TypedNode, TypedPlan};
use crate::resolve::TypedAggregate;
use crate::schema::{Field, column_of};
use crate::typed::Typed;

impl Analyzer<'_> {
    pub(super) fn except(
        &mut self,
        left: &LogicalPlan,
        right: &LogicalPlan,
        all: bool,
    ) -> Result<TypedPlan, AnalysisError> {
        let left = self.analyze(left)?;
        let right = self.analyze(right)?;
        if right.is_streaming() {
            return Err(AnalysisError::unclassified(
                "Except on a streaming DataFrame/Dataset on the right is not supported",
            ));
        }
        if all {
            return self.by_counts("EXCEPT ALL", left, right, "-");
        }
        self.by_join("EXCEPT", left, right, JoinKind::LeftAnti)
    }

    pub(super) fn intersect(
        &mut self,
        left: &LogicalPlan,
        right: &LogicalPlan,
        all: bool,
    ) -> Result<TypedPlan, AnalysisError> {
        let left = self.analyze(left)?;
        let right = self.analyze(right)?;
        if left.is_streaming() && right.is_streaming() {
            return Err(AnalysisError::unclassified(
                "Intersect of streaming DataFrames/Datasets is not supported",
            ));
        }
        if all {
            return self.by_counts("INTERSECT ALL", left, right, "least");
        }
        self.by_join("INTERSECT", left, right, JoinKind::LeftSemi)
    }

    /// The rows of both tables, each as often as a function of its counts in both says.
    fn by_counts(
        &self,
        operation: &str,
        left: TypedPlan,
        right: TypedPlan,
        times: &str,
    ) -> Result<TypedPlan, AnalysisError> {
        let Aligned { plans, .. } = self.same_types(operation, vec![left, right])?;
        let [left, right] =
            <[TypedPlan; 2]>::try_from(plans).expect("there are as many tables as before");
        let schema = left.schema.clone();
        let width = schema.fields().len();
        let one = || Typed::literal(Value::Integer(1), DataType::Integer);
        let none = || Typed::literal(Value::Null, DataType::Integer);
        let both = [
            with_columns(left, vec![one(), none()]),
            with_columns(right, vec![none(), one()]),
        ];
        let marks = both[0].schema.fields()[width..].iter().enumerate();
        let marks = marks.map(|(place, field)| column_of(width + place, field));
        let counts = marks.map(|mark| TypedAggregate::of("count", vec![mark], self.session));
        let aggregates = counts.collect::<Result<Vec<_>, _>>()?;
        let counts = aggregates.iter().map(|it| {
            let (data_type, nullable) = it.accumulate.result();
            Field {
                nullable,
                ..Field::new("", data_type)
            }
        });
        let fields = schema.fields().iter().cloned().chain(counts);
        let mut groups = TypedPlan {
            span: None,
            schema: fields.collect(),
            node: TypedNode::Aggregate {
                keys: columns_of(&schema),
                input: Box::new(TypedPlan {
                    span: None,
                    schema: both[0].schema.clone(),
                    node: TypedNode::Union(both.into()),
                }),
                session: None,
                aggregates,
            },
        };
        let counts = columns_of(&groups.schema).split_off(width);
        let times = self.call(times, counts)?;
        let zero = Typed::literal(Value::Long(0), DataType::Long);
        groups.filter(vec![self.call(">", vec![times.clone(), zero])?]);
        let mut times = times;
        times.cast_in_place(&DataType::Integer, self.session)?;
        let repeated = self.call("array_repeat", vec![one(), times])?;
        let repeated = self.exploded(groups, repeated)?;
        let columns = columns_of(&schema);
        Ok(projected(repeated, columns, schema))
    }

    fn by_join(
        &self,
        operation: &str,
        left: TypedPlan,
        right: TypedPlan,
        kind: JoinKind,
    ) -> Result<TypedPlan, AnalysisError> {
        let Aligned { plans, .. } = self.same_types(operation, vec![left, right])?;
        let [left, right] =
            <[TypedPlan; 2]>::try_from(plans).expect("there are as many tables as before");
        let keys = columns_of(&left.schema)
            .into_iter()
            .zip(columns_of(&right.schema));
        let keys: Vec<_> = keys.collect();
        Ok(each_once(TypedPlan {
            span: None,
            schema: left.schema.clone(),
            node: TypedNode::Join(TypedJoin {
                null_safe: vec![true; keys.len()],
                keys,
                ..TypedJoin::new(left, right, kind)
            }),
        }))
    }
}

/// The table with more columns behind its own.
fn with_columns(input: TypedPlan, more: Vec<Typed>) -> TypedPlan {
    let fields = more.iter().map(|column| Field {
        nullable: true,
        ..Field::new("", column.data_type.clone())
    });
    let schema = input
        .schema
        .fields()
        .iter()
        .cloned()
        .chain(fields)
        .collect();
    let mut columns = columns_of(&input.schema);
    columns.extend(more);
    projected(input, columns, schema)
}
