//! A plan as it is written to one with known names and types (`org.apache.spark.sql.catalyst.analysis.Analyzer`).

mod aggregate;
mod catalog;
mod external;
mod generate;
mod grouping_sets;
mod hidden;
mod join;
mod keyed;
mod limit;
mod over;
mod pivot;
mod project;
mod relation;
mod set_operations;
mod sort;
mod subqueries;
mod union;
mod unpivot;
mod watermark;
mod windows;

pub use catalog::Catalog;

use std::collections::BTreeSet;

use engine::{DataType, Text};

use crate::context::Session;
use crate::error::AnalysisError;
use crate::expression::Expression;
use crate::functions;
use crate::plan::{LogicalPlan, PlanKind, TypedNode, TypedPlan};
use crate::resolve::Resolver;
use crate::schema::{Schema, column_of};
use crate::typed::Typed;

use keyed::Keyed;
use subqueries::Conditions;

/// Resolves plans.
///
/// ```
/// use engine::{DataType, SparkVersion};
/// use engine_sql::plan::{LogicalPlan, PlanKind};
/// use engine_sql::{Analyzer, Catalog, Expression, Session};
///
/// let (session, catalog) = (Session::new(SparkVersion::V3_5), Catalog::default());
/// let plan = LogicalPlan::new(PlanKind::OneRow).select([Expression::from(1).alias("one")]);
/// let plan = Analyzer::new(&session, &catalog).analyze(&plan)?;
/// assert_eq!(plan.schema.fields()[0].data_type, DataType::Integer);
/// # Ok::<(), engine_sql::AnalysisError>(())
/// ```
#[derive(Debug)]
pub struct Analyzer<'a> {
    session: &'a Session,
    catalog: &'a Catalog,
    /// The queries of `WITH` around, the innermost last.
    tables: Vec<(Text, LogicalPlan)>,
    /// The names of the catalog that were asked for.
    used: BTreeSet<String>,
    /// The columns of the row around the subquery that is resolved.
    outer: Option<Schema>,
}

impl<'a> Analyzer<'a> {
    /// An analyzer of plans that name the tables of a catalog.
    pub fn new(session: &'a Session, catalog: &'a Catalog) -> Analyzer<'a> {
        Analyzer {
            session,
            catalog,
            tables: Vec::new(),
            used: BTreeSet::new(),
            outer: None,
        }
    }

    /// A resolver of expressions over a table.
    fn resolver<'s>(&self, schema: &'s Schema) -> Resolver<'s>
    where
        'a: 's,
    {
        Resolver::new(schema, self.session).within(self.outer.clone())
    }

    /// The plans of the catalog that the plans until now name, with their names.
    pub fn into_used(self) -> Vec<(Text, LogicalPlan)> {
        let used = self.used.into_iter();
        let plans = used.filter_map(|name| {
            let plan = self.catalog.get(&name)?.clone();
            Some((name.into(), plan))
        });
        plans.collect()
    }

    /// Resolves a plan.
    ///
    /// # Errors
    ///
    /// A plan that Spark refuses: unknown names, types that do not fit, aggregates where there may be none.
    pub fn analyze(&mut self, plan: &LogicalPlan) -> Result<TypedPlan, AnalysisError> {
        let typed = match &*plan.kind {
            PlanKind::Table(name) => self.table(name),
            PlanKind::Relation(relation) => Ok(TypedPlan {
                span: None,
                schema: relation.schema.clone(),
                node: TypedNode::Relation(relation.clone()),
            }),
            PlanKind::OneRow => Ok(TypedPlan::one_row()),
            PlanKind::Values(rows) => self.values(rows),
            PlanKind::Project { input, columns } => self.project(input, columns),
            PlanKind::Filter { input, condition } => self.filter(input, condition),
            PlanKind::Aggregate {
                input,
                grouping,
                columns,
                having,
            } => self.aggregate(input, grouping, columns, having.as_ref()),
            PlanKind::Join {
                left,
                right,
                kind,
                condition,
            } => self.join(plan, left, right, *kind, condition),
            PlanKind::Union { inputs, by_name } => self.union(inputs, *by_name),
            PlanKind::Except { left, right, all } => self.except(left, right, *all),
            PlanKind::Intersect { left, right, all } => self.intersect(left, right, *all),
            PlanKind::Distinct(input) => self.distinct(input),
            PlanKind::Deduplicate {
                input,
                keys,
                within_watermark,
            } => self.deduplicate(input, keys, *within_watermark),
            PlanKind::Sort { input, order } => self.sort(input, order),
            PlanKind::Limit { input, count } => self.limit(input, count),
            PlanKind::Offset { input, count } => self.offset(input, count),
            PlanKind::Alias {
                input,
                name,
                columns,
            } => self.alias(input, name, columns),
            _ => self.analyze_other(plan),
        };
        let typed = typed.map_err(|error| error.at(plan.span))?;
        Ok(TypedPlan {
            schema: typed.schema.made_by(plan),
            span: typed.span.or(plan.span),
            ..typed
        })
    }

    /// Resolves a plan that has no counterpart of its name in every database.
    fn analyze_other(&mut self, plan: &LogicalPlan) -> Result<TypedPlan, AnalysisError> {
        match &*plan.kind {
            PlanKind::Generate {
                input,
                generator,
                outer,
                table,
                columns,
            } => self.lateral_view(input, generator, *outer, table.as_ref(), columns),
            PlanKind::Watermark {
                input,
                column,
                delay,
            } => self.watermark(input, column, *delay),
            PlanKind::External {
                input,
                keys,
                operator,
            } => self.external(input, keys, operator),
            PlanKind::With { tables, input } => self.with(tables, input),
            PlanKind::Hint { input, .. } => self.analyze(input),
            PlanKind::Lateral {
                left,
                right,
                kind,
                condition,
            } => self.lateral(left, right, *kind, condition),
            PlanKind::Pivot {
                input,
                aggregates,
                of,
                values,
            } => self.pivot(input, aggregates, of, values),
            PlanKind::Unpivot(unpivot) => self.unpivot(unpivot),
            PlanKind::Sample {
                input,
                fraction,
                seed,
            } => self.sample(input, *fraction, *seed),
            // The others are resolved already.
            _ => Err(AnalysisError::unclassified("this table is not supported")),
        }
    }

    fn filter(
        &mut self,
        input: &LogicalPlan,
        condition: &Expression,
    ) -> Result<TypedPlan, AnalysisError> {
        let Conditions { predicates, others } = subqueries::split(condition);
        if !predicates.is_empty() {
            let others = others.into_iter().cloned();
            let others = others.reduce(|one, other| Expression::call("and", [one, other]));
            let mut plan = match others {
                Some(condition) => self.filter(input, &condition)?,
                None => self.analyze(input)?,
            };
            for predicate in predicates {
                plan = self.filter_by(plan, &predicate)?;
            }
            return Ok(plan);
        }
        let Keyed {
            mut plan,
            visible,
            expressions,
        } = self.keyed(input, &[condition])?;
        let conditions = expressions.into_iter();
        let conditions = conditions.map(|typed| checked_condition(typed, condition));
        plan.filter(conditions.collect::<Result<_, _>>()?);
        Ok(Keyed::without_hidden(plan, visible))
    }

    /// A call of a function that is in the table.
    fn call(&self, function: &str, arguments: Vec<Typed>) -> Result<Typed, AnalysisError> {
        let function = functions::find(function).expect("it is in the table");
        Ok(function.typed(arguments, self.session)?)
    }
}

/// A condition, which is a `BOOLEAN`: a `NULL` of no type is none.
fn checked_condition(typed: Typed, written: &Expression) -> Result<Typed, AnalysisError> {
    if typed.data_type == DataType::Boolean {
        return Ok(typed);
    }
    let name = written.name();
    let message = format!(
        "Cannot resolve \"{name}\" due to data type mismatch: Filter expression \"{name}\" of type \"{}\" is not a boolean.",
        typed.data_type
    );
    Err(AnalysisError::new("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", message).at(written.span))
}

/// These columns of a table, under the names of the fields.
fn projected(input: TypedPlan, columns: Vec<Typed>, schema: Schema) -> TypedPlan {
    TypedPlan {
        span: None,
        schema,
        node: TypedNode::Project {
            input: Box::new(input),
            columns,
        },
    }
}

/// All columns of a table, as expressions.
pub(crate) fn columns_of(schema: &Schema) -> Vec<Typed> {
    let fields = schema.fields().iter().enumerate();
    fields
        .map(|(index, field)| column_of(index, field))
        .collect()
}

#[cfg(test)]
mod tests;
