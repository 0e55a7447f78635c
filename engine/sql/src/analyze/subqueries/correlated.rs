//! Queries that name columns of the row around them (`PullupCorrelatedPredicates`).

use std::mem;

use super::super::{Analyzer, columns_of, projected};
use crate::error::AnalysisError;
use crate::functions;
use crate::plan::{JoinKind, LogicalPlan, TypedJoin, TypedNode, TypedPlan, TypedSort};
use crate::schema::{Schema, column_of};
use crate::typed::{Typed, TypedKind};

/// A query, apart from what names columns of the row around it.
pub(super) struct Correlated {
    /// The rows of the query, for all rows around.
    pub(super) plan: TypedPlan,
    /// Its columns, over those of the table around and then of the plan.
    pub(super) columns: Vec<Typed>,
    /// Their names.
    pub(super) schema: Schema,
    /// The conditions on both tables.
    pub(super) conditions: Vec<Typed>,
    /// It has one row for each row around, also if no condition is true of any: that of no rows.
    pub(super) is_one_group: bool,
}

impl Analyzer<'_> {
    /// Resolves a query within a row of a table.
    pub(super) fn correlated(
        &mut self,
        query: &LogicalPlan,
        outer: &Schema,
    ) -> Result<Correlated, AnalysisError> {
        let around = self.outer.replace(outer.clone());
        let plan = self.analyze(query);
        self.outer = around;
        let mut plan = plan?;
        ensure_finite(&plan)?;
        let schema = plan.schema.clone();
        let mut columns = columns_of(&schema);
        let mut conditions = Vec::new();
        let mut is_one_group = false;
        if has_outer(&mut plan) {
            let width = outer.fields().len();
            plan = without_selects(plan, &mut columns);
            let defaults = self.values_of_no_rows(&plan);
            let having = take_having(&mut plan, defaults.is_some());
            conditions = pull_up(&mut plan)?;
            if has_outer(&mut plan) {
                return Err(unsupported());
            }
            for part in columns.iter_mut().chain(&mut conditions) {
                over_both(part, width);
            }
            if let Some(defaults) = defaults {
                is_one_group = true;
                self.fill(&mut columns, &defaults, having, width)?;
            }
        } else {
            let width = outer.fields().len();
            columns.iter_mut().for_each(|part| over_both(part, width));
        }
        Ok(Correlated {
            plan,
            columns,
            schema,
            conditions,
            is_one_group,
        })
    }

    /// The values that the aggregates of one group have of no rows, if the query is such a group
    /// (`RewriteCorrelatedScalarSubquery`, the bug of counts).
    fn values_of_no_rows(&self, plan: &TypedPlan) -> Option<Vec<Option<Typed>>> {
        let mut plan = plan;
        while let TypedNode::Filter { input, .. } = &plan.node {
            plan = input;
        }
        let TypedNode::Aggregate {
            keys, aggregates, ..
        } = &plan.node
        else {
            return None;
        };
        let values = aggregates.iter().map(|it| {
            let value = it.of_no_rows(self.session)?;
            Some(Typed::literal(value, it.accumulate.result().0))
        });
        keys.is_empty().then(|| values.collect())
    }

    /// Has the columns of one group the values of no rows, where it has none; `NULL`s if `HAVING` is not true.
    fn fill(
        &self,
        columns: &mut [Typed],
        defaults: &[Option<Typed>],
        having: Vec<Typed>,
        width: usize,
    ) -> Result<(), AnalysisError> {
        let filled = |typed: &Typed| -> Option<Typed> {
            let index = typed.as_column()?.checked_sub(width)?;
            let default = defaults.get(index)?.clone()?;
            self.call("coalesce", vec![typed.clone(), default]).ok()
        };
        for column in columns.iter_mut() {
            column.rewrite(&mut |part| filled(part));
        }
        let Some(mut having) = Typed::all(having) else {
            return Ok(());
        };
        over_both(&mut having, width);
        having.rewrite(&mut |part| filled(part));
        for column in columns {
            let none = Typed::default();
            *column = self.call("if", vec![having.clone(), column.clone(), none])?;
        }
        Ok(())
    }
}

/// Makes of an expression over a query one over the columns around, of which there are `width`, and then of the query.
fn over_both(typed: &mut Typed, width: usize) {
    typed.rewrite(&mut |part| {
        let index = match part.kind {
            TypedKind::Outer(index) => index,
            TypedKind::Column(index) => width + index,
            _ => return None,
        };
        Some(Typed {
            kind: TypedKind::Column(index),
            ..part.clone()
        })
    });
}

/// The table below the `SELECT`s at the top, and the columns over it.
fn without_selects(mut plan: TypedPlan, columns: &mut [Typed]) -> TypedPlan {
    loop {
        match plan.node {
            TypedNode::Project {
                input,
                columns: below,
            } => {
                for column in columns.iter_mut() {
                    *column = mem::take(column).substituted(&below);
                }
                plan = *input;
            }
            node => {
                return TypedPlan {
                    span: None,
                    node,
                    schema: plan.schema,
                };
            }
        }
    }
}

/// Takes the conditions off that are above one group.
fn take_having(plan: &mut TypedPlan, is_one_group: bool) -> Vec<Typed> {
    let mut having = Vec::new();
    while is_one_group && let TypedNode::Filter { input, condition } = &mut plan.node {
        having.push(mem::take(condition));
        *plan = mem::take(input);
    }
    having
}

/// Takes the conditions out of a query that name columns of the row around it. The columns of the query that they read
/// are behind its own.
fn pull_up(plan: &mut TypedPlan) -> Result<Vec<Typed>, AnalysisError> {
    match &mut plan.node {
        TypedNode::Filter { input, condition } => {
            let mut pulled = pull_up(input)?;
            let parts = mem::take(condition).conjuncts().into_iter();
            let (of_outer, own): (Vec<_>, Vec<_>) = parts.partition(Typed::has_outer);
            pulled.extend(of_outer);
            *plan = mem::take(input);
            plan.filter(own);
            Ok(pulled)
        }
        TypedNode::Project { input, columns } => {
            let mut pulled = pull_up(input)?;
            let mut fields = plan.schema.fields().to_vec();
            for read in pulled.iter().flat_map(Typed::columns) {
                if !columns.iter().any(|it| it.as_column() == Some(read)) {
                    let field = &input.schema.fields()[read];
                    columns.push(column_of(read, field));
                    fields.push(field.clone());
                }
            }
            for condition in &mut pulled {
                condition.rewrite(&mut |part| {
                    let read = part.as_column()?;
                    let place = columns.iter().position(|it| it.as_column() == Some(read))?;
                    Some(Typed {
                        kind: TypedKind::Column(place),
                        ..part.clone()
                    })
                });
            }
            plan.schema = fields.into_iter().collect();
            Ok(pulled)
        }
        TypedNode::Aggregate { session: None, .. } => pull_above_groups(plan),
        TypedNode::Sort(TypedSort { input, .. }) => {
            let pulled = pull_up(input)?;
            plan.schema = input.schema.clone();
            Ok(pulled)
        }
        TypedNode::Join(join) if matches!(join.kind, JoinKind::Inner | JoinKind::Cross) => {
            pull_out_of_join(plan)
        }
        _ => Ok(Vec::new()),
    }
}

/// The conditions below groups are equalities with a column, by which they are grouped, too.
fn pull_above_groups(plan: &mut TypedPlan) -> Result<Vec<Typed>, AnalysisError> {
    let TypedNode::Aggregate {
        input,
        keys,
        aggregates,
        ..
    } = &mut plan.node
    else {
        return Ok(Vec::new());
    };
    let pulled = pull_up(input)?;
    if pulled.is_empty() {
        return Ok(pulled);
    }
    let before = keys.len();
    let width = before + aggregates.len();
    let mut conditions = Vec::new();
    for condition in pulled {
        let Equality {
            inner,
            outer,
            function,
        } = equality(&condition).ok_or_else(not_an_equality)?;
        let known = keys.iter().position(|key| key.is_same(&inner));
        let key = known.unwrap_or_else(|| {
            keys.push(inner.clone());
            keys.len() - 1
        });
        // Keys that are new come behind all columns.
        let place = if key < before {
            key
        } else {
            width + key - before
        };
        let column = Typed {
            kind: TypedKind::Column(place),
            ..inner
        };
        conditions.push(Typed {
            kind: TypedKind::Call {
                function: functions::find(function).ok_or_else(not_an_equality)?,
                arguments: vec![column, outer],
                prepared: None,
            },
            ..condition
        });
    }
    let added = keys[before..].iter().map(|key| crate::schema::Field {
        nullable: key.nullable,
        ..crate::schema::Field::new("", key.data_type.clone())
    });
    let added: Vec<_> = added.collect();
    let own = plan.schema.fields().to_vec();
    let (of_keys, of_aggregates) = own.split_at(before);
    let groups: Schema = [of_keys, &added[..], of_aggregates]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let mut columns = columns_of(&groups);
    let new: Vec<Typed> = columns.drain(before..before + added.len()).collect();
    columns.extend(new);
    let schema = own.into_iter().chain(added).collect();
    let mut input = mem::take(plan);
    input.schema = groups;
    *plan = projected(input, columns, schema);
    Ok(conditions)
}

/// The conditions of both tables of a join, over the columns that the join had and then those that they read.
fn pull_out_of_join(plan: &mut TypedPlan) -> Result<Vec<Typed>, AnalysisError> {
    let TypedNode::Join(TypedJoin {
        left,
        right,
        condition,
        ..
    }) = &mut plan.node
    else {
        return Ok(Vec::new());
    };
    let widths = [left.schema.fields().len(), right.schema.fields().len()];
    let mut pulled = pull_up(left)?;
    let of_right = pull_up(right)?;
    let added = left.schema.fields().len() - widths[0];
    let moved = |typed: &mut Typed, first: usize, by: usize| {
        typed.rewrite(&mut |part| {
            let index = part.as_column()?;
            let place = if index < first { index } else { index + by };
            Some(Typed {
                kind: TypedKind::Column(place),
                ..part.clone()
            })
        });
    };
    if let Some(condition) = condition {
        moved(condition, widths[0], added);
    }
    let own: Vec<_> = plan.schema.fields().to_vec();
    let both: Vec<_> = left
        .schema
        .fields()
        .iter()
        .chain(right.schema.fields())
        .cloned()
        .collect();
    pulled.extend(of_right.into_iter().map(|mut it| {
        moved(&mut it, 0, widths[0] + added);
        it
    }));
    if both.len() == own.len() {
        return Ok(pulled);
    }
    let all: Schema = both.into_iter().collect();
    let is_own = |index: &usize| {
        *index < widths[0] || (widths[0] + added..widths[0] + added + widths[1]).contains(index)
    };
    let (first, rest): (Vec<usize>, Vec<usize>) = (0..all.fields().len()).partition(is_own);
    let order: Vec<usize> = first.into_iter().chain(rest).collect();
    for condition in &mut pulled {
        condition.rewrite(&mut |part| {
            let index = part.as_column()?;
            let place = order.iter().position(|it| *it == index)?;
            Some(Typed {
                kind: TypedKind::Column(place),
                ..part.clone()
            })
        });
    }
    let columns = order
        .iter()
        .map(|index| column_of(*index, &all.fields()[*index]))
        .collect();
    let schema = order
        .iter()
        .map(|index| all.fields()[*index].clone())
        .collect();
    let mut input = mem::take(plan);
    input.schema = all;
    *plan = projected(input, columns, schema);
    Ok(pulled)
}

/// An equality of an expression of the query with one of the row around it.
pub(super) struct Equality {
    pub(super) inner: Typed,
    pub(super) outer: Typed,
    pub(super) function: &'static str,
}

/// The equality that a condition is, in which columns of the row around are `Outer`.
fn equality(condition: &Typed) -> Option<Equality> {
    let TypedKind::Call {
        function,
        arguments,
        ..
    } = &condition.kind
    else {
        return None;
    };
    let [one, other] = &arguments[..] else {
        return None;
    };
    let is_inner = |typed: &Typed| !typed.has_outer();
    let is_outer = |typed: &Typed| typed.columns().is_empty();
    let is_equality = matches!(function.name, "=" | "<=>");
    let (inner, outer) = match is_equality {
        true if is_inner(one) && is_outer(other) => (one, other),
        true if is_inner(other) && is_outer(one) => (other, one),
        _ => return None,
    };
    Some(Equality {
        inner: inner.clone(),
        outer: outer.clone(),
        function: function.name,
    })
}

fn has_outer(plan: &mut TypedPlan) -> bool {
    plan.expressions_mut().into_iter().any(|it| it.has_outer())
        || plan.inputs_mut().into_iter().any(has_outer)
}

/// A query within an expression is computed once a batch, from tables that stay as they are.
fn ensure_finite(plan: &TypedPlan) -> Result<(), AnalysisError> {
    if !plan.is_streaming() {
        return Ok(());
    }
    let error = AnalysisError::unclassified("a subquery of a stream is not supported");
    Err(error.with_help("Join with the stream instead."))
}

fn not_an_equality() -> AnalysisError {
    AnalysisError::new(
        "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.CORRELATED_COLUMN_IS_NOT_ALLOWED_IN_PREDICATE",
        "Unsupported subquery expression: Correlated column is not allowed in predicate: below an aggregate it is compared \
         with `=` alone.",
    )
}

fn unsupported() -> AnalysisError {
    AnalysisError::new(
        "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_REFERENCE",
        "Unsupported subquery expression: Expressions referencing the outer query are not supported outside of WHERE/HAVING \
         clauses.",
    )
}
