//! Plans as they are written, as trees of text.

use std::fmt;

use engine::Text;

use super::logical::{Grouping, JoinCondition, LogicalPlan, PlanKind, SortOrder};
use super::tree::PlanTree;
use crate::expression::Expression;

/// A line for each table, those that it is made of below it and further in. Names that are not looked up yet have a `'`
/// before them, as in Spark.
impl fmt::Display for LogicalPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree().fmt(f)
    }
}

impl LogicalPlan {
    /// The plan as a tree of text.
    pub fn tree(&self) -> PlanTree {
        PlanTree {
            line: self.line(),
            inputs: self.inputs().into_iter().map(LogicalPlan::tree).collect(),
        }
    }

    fn line(&self) -> String {
        match &*self.kind {
            PlanKind::Table(name) => format!("'UnresolvedRelation [{}]", name.join(".")),
            PlanKind::Relation(relation) => relation.line(),
            PlanKind::OneRow => "OneRow".to_owned(),
            PlanKind::Values(rows) => format!("'UnresolvedInlineTable, {} rows", rows.len()),
            PlanKind::Project { columns, .. } => format!("'Project [{}]", list(columns)),
            PlanKind::Filter { condition, .. } => format!("'Filter {}", condition.text()),
            PlanKind::Aggregate {
                grouping,
                columns,
                having,
                ..
            } => {
                let having = having.iter().map(|it| format!(", having {}", it.text()));
                format!(
                    "'Aggregate [{}], [{}]{}",
                    keys(grouping),
                    list(columns),
                    having.collect::<String>()
                )
            }
            PlanKind::Join {
                kind, condition, ..
            } => format!("'Join {kind:?}{}", pairs(condition)),
            PlanKind::Lateral {
                kind, condition, ..
            } => format!("'LateralJoin {kind:?}{}", pairs(condition)),
            PlanKind::Union { by_name, .. } => named("'Union", *by_name, " by name"),
            PlanKind::Except { all, .. } => named("'Except", *all, " all"),
            PlanKind::Intersect { all, .. } => named("'Intersect", *all, " all"),
            PlanKind::Distinct(_) => "'Distinct".to_owned(),
            PlanKind::Deduplicate {
                keys,
                within_watermark,
                ..
            } => {
                let kind = named("'Deduplicate", *within_watermark, "WithinWatermark");
                format!("{kind} [{}]", names(keys))
            }
            PlanKind::Sort { order, .. } => {
                let order: Vec<String> = order.iter().map(SortOrder::text).collect();
                format!("'Sort [{}]", order.join(", "))
            }
            PlanKind::Limit { count, .. } => format!("'Limit {}", count.text()),
            PlanKind::Offset { count, .. } => format!("'Offset {}", count.text()),
            PlanKind::Alias { name, columns, .. } if columns.is_empty() => {
                format!("'SubqueryAlias {name}")
            }
            PlanKind::Alias { name, columns, .. } => {
                format!("'SubqueryAlias {name} [{}]", names(columns))
            }
            PlanKind::Generate {
                generator,
                outer,
                columns,
                ..
            } => {
                let generate = named("'Generate ", *outer, "outer ");
                format!("{generate}{}, [{}]", generator.text(), names(columns))
            }
            PlanKind::Watermark { column, delay, .. } => {
                format!("'EventTimeWatermark {column}, {delay:?}")
            }
            PlanKind::External { keys, operator, .. } => {
                format!("'{} [{}]", operator.name, list(keys))
            }
            PlanKind::Hint { join, .. } => format!("'UnresolvedHint {join:?}"),
            PlanKind::Pivot {
                aggregates,
                of,
                values,
                ..
            } => format!(
                "'Pivot {}, [{}], [{}]",
                of.text(),
                list(values),
                list(aggregates)
            ),
            PlanKind::Unpivot(unpivot) => {
                let columns = unpivot.columns.iter().map(|(columns, _)| list(columns));
                let columns: Vec<String> = columns.collect();
                let values = names(&unpivot.values);
                format!(
                    "'Unpivot [{}], {}, [{values}]",
                    columns.join("; "),
                    unpivot.name
                )
            }
            PlanKind::Sample { fraction, seed, .. } => format!("'Sample {fraction}, seed {seed}"),
            PlanKind::With { tables, .. } => {
                let tables: Vec<Text> = tables.iter().map(|(name, _)| name.clone()).collect();
                format!("'With [{}]", names(&tables))
            }
        }
    }
}

impl SortOrder {
    fn text(&self) -> String {
        let direction = if self.descending { "DESC" } else { "ASC" };
        let nulls = if self.nulls_first { "FIRST" } else { "LAST" };
        format!("{} {direction} NULLS {nulls}", self.expression.text())
    }
}

fn keys(grouping: &Grouping) -> String {
    match grouping {
        Grouping::Keys(keys) => list(keys),
        Grouping::All => "all".to_owned(),
        Grouping::Sets { keys, sets } => format!("{}; {} sets", list(keys), sets.len()),
    }
}

fn pairs(condition: &JoinCondition) -> String {
    match condition {
        JoinCondition::None => String::new(),
        JoinCondition::On(condition) => format!(", {}", condition.text()),
        JoinCondition::Using(columns) => format!(", using [{}]", names(columns)),
        JoinCondition::Natural => ", natural".to_owned(),
    }
}

fn named(kind: &str, is_so: bool, more: &str) -> String {
    format!("{kind}{}", if is_so { more } else { "" })
}

fn list(expressions: &[Expression]) -> String {
    let texts: Vec<String> = expressions.iter().map(Expression::text).collect();
    texts.join(", ")
}

fn names(names: &[Text]) -> String {
    names.join(", ")
}
