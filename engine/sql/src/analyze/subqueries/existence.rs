//! The existence of rows of a query, as a value of an expression (`ExistenceJoin`).

use engine::{DataType, Value};

use super::super::join::joined;
use super::super::union::each_once;
use super::super::{Analyzer, columns_of, projected};
use super::correlated::Correlated;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::plan::{JoinKind, TypedJoin, TypedNode, TypedPlan};
use crate::resolve::TypedAggregate;
use crate::schema::{Field, Schema};
use crate::typed::Typed;

impl Analyzer<'_> {
    /// The table with a column that says whether the query has a row, of `IN` one with the values of the operand.
    pub(super) fn with_existence(
        &mut self,
        input: TypedPlan,
        query: Correlated,
        operand: Option<&Expression>,
    ) -> Result<TypedPlan, AnalysisError> {
        let Correlated {
            plan: right,
            columns,
            mut conditions,
            ..
        } = query;
        if let Some(operand) = operand {
            conditions.extend(self.equalities(operand, columns, &input.schema, false)?);
        }
        let own = columns_of(&input.schema);
        let width = own.len();
        let fields = input.schema.fields().iter().cloned();
        let schema: Schema = fields.chain([flag("exists")]).collect();
        let (join, exists) = if conditions.is_empty() {
            let count = Typed::column(width, DataType::Long, false);
            let exists = self.call(
                ">",
                vec![count, Typed::literal(Value::Long(0), DataType::Long)],
            )?;
            let count = self.count(right)?;
            (TypedJoin::new(input, count, JoinKind::Cross), exists)
        } else {
            let mut join = TypedJoin::new(input, right, JoinKind::LeftOuter);
            join.require(conditions);
            let flag = width + mark(&mut join)?;
            let flag = Typed::column(flag, DataType::Boolean, true);
            (join, self.call("isnotnull", vec![flag])?)
        };
        let columns = own.into_iter().chain([exists]).collect();
        Ok(projected(joined(join), columns, schema))
    }

    /// The number of the rows of a table, as a table.
    fn count(&self, input: TypedPlan) -> Result<TypedPlan, AnalysisError> {
        let one = Typed::literal(Value::Integer(1), DataType::Integer);
        let count = TypedAggregate::of("count", vec![one], self.session)?;
        Ok(TypedPlan {
            span: None,
            schema: [Field::new("count", DataType::Long)].into_iter().collect(),
            node: TypedNode::Aggregate {
                input: Box::new(input),
                keys: Vec::new(),
                session: None,
                aggregates: vec![count],
            },
        })
    }
}

fn flag(name: &str) -> Field {
    Field {
        nullable: false,
        ..Field::new(name, DataType::Boolean)
    }
}

/// Has each key of the right table once, so that no row comes twice, with a flag behind them, and returns its place.
fn mark(join: &mut TypedJoin) -> Result<usize, AnalysisError> {
    if join.condition.is_some() {
        let message = "EXISTS as a value, with another comparison than `=` with the row around it, is not supported";
        return Err(AnalysisError::unclassified(message).with_help("Join with the query."));
    }
    let right = std::mem::take(&mut *join.right);
    let keys: Vec<Typed> = join.keys.iter().map(|(_, key)| key.clone()).collect();
    let fields = keys.iter().map(|key| Field {
        nullable: key.nullable,
        ..Field::new("", key.data_type.clone())
    });
    let of_keys: Schema = fields.collect();
    let mut columns = columns_of(&of_keys);
    for ((_, key), column) in join.keys.iter_mut().zip(columns.clone()) {
        *key = column;
    }
    columns.push(Typed::literal(Value::Boolean(true), DataType::Boolean));
    let marked = of_keys.fields().iter().cloned().chain([flag("")]).collect();
    let keys = each_once(projected(right, keys, of_keys));
    *join.right = projected(keys, columns, marked);
    Ok(join.keys.len())
}
