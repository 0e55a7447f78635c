//! Plans as trees of text, as `explain` prints them.

use std::fmt;

use engine::render::Notation;
use engine::{Text, Value};

use super::join::TypedJoin;
use super::logical::Relation;
use super::tree::PlanTree;
use super::typed::{Deduplicate, TypedGenerate, TypedNode, TypedPlan, TypedSort};
use crate::over::TypedOver;
use crate::resolve::TypedAggregate;
use crate::schema::Schema;
use crate::typed::{Typed, TypedKind};

/// A line for each table, those that it is made of below it and further in.
///
/// ```
/// # use engine::SparkVersion;
/// use engine_sql::plan::{LogicalPlan, PlanKind};
/// use engine_sql::{Analyzer, Catalog, Expression, Session};
/// # let (session, catalog) = (Session::new(SparkVersion::V3_5), Catalog::default());
/// let plan = LogicalPlan::new(PlanKind::OneRow).select([Expression::from(1).alias("one")]);
/// let plan = Analyzer::new(&session, &catalog).analyze(&plan)?;
/// assert_eq!(plan.to_string(), "Project [1 AS one]\n+- OneRow\n");
/// # Ok::<(), engine_sql::AnalysisError>(())
/// ```
impl fmt::Display for TypedPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree().fmt(f)
    }
}

impl TypedPlan {
    /// The plan as a tree of text.
    pub fn tree(&self) -> PlanTree {
        PlanTree {
            line: self.line(),
            inputs: self.inputs().into_iter().map(TypedPlan::tree).collect(),
        }
    }

    /// The details of the table, without its kind: columns, conditions, keys.
    pub fn details(&self) -> String {
        let line = self.line();
        let details = line.split_once(' ').map(|(_, details)| details);
        details.unwrap_or_default().to_owned()
    }

    /// The table without those that it is made of.
    fn line(&self) -> String {
        let of_input = self
            .inputs()
            .first()
            .map(|input| input.schema.clone())
            .unwrap_or_default();
        let list = |expressions: &[Typed]| join(expressions.iter().map(|it| it.text(&of_input)));
        match &self.node {
            TypedNode::Relation(relation) => relation.line(),
            TypedNode::Rows(_) if self.schema.fields().is_empty() => "OneRow".to_owned(),
            TypedNode::Rows(rows) => format!(
                "LocalRelation [{}], {} rows",
                names(&self.schema),
                rows.len()
            ),
            TypedNode::Project { columns, .. } => {
                let columns = columns.iter().zip(self.schema.fields());
                let columns =
                    columns.map(|(column, field)| aliased(column.text(&of_input), &field.name));
                format!("Project [{}]", join(columns))
            }
            TypedNode::Filter { condition, .. } => format!("Filter {}", condition.text(&of_input)),
            TypedNode::Generate(generate) => generate.line(&self.schema),
            TypedNode::Windows { window, .. } => {
                let seconds = |micros: i64| micros as f64 / 1e6;
                format!(
                    "TimeWindow {}, {} s every {} s",
                    window.time.text(&of_input),
                    seconds(window.length),
                    seconds(window.slide)
                )
            }
            TypedNode::SessionWindow { time, gap, .. } => {
                format!(
                    "SessionWindow {}, gap {}",
                    time.text(&of_input),
                    gap.text(&of_input)
                )
            }
            TypedNode::Aggregate {
                keys, aggregates, ..
            } => {
                let aggregates = join(aggregates.iter().map(|it| it.text(&of_input)));
                format!("Aggregate [{}], [{aggregates}]", list(keys))
            }
            TypedNode::Expand { projections, .. } => {
                format!("Expand, {} rows each", projections.len())
            }
            TypedNode::Over { functions, .. } => over_line(functions, &of_input),
            TypedNode::Join(join) => join.line(),
            TypedNode::Union(_) => "Union".to_owned(),
            TypedNode::Deduplicate(deduplicate) => deduplicate.line(),
            TypedNode::Sort(sort) => sort.line(),
            TypedNode::Limit { offset, count, .. } => match count {
                Some(count) => format!("Limit {count}, offset {offset}"),
                None => format!("Offset {offset}"),
            },
            TypedNode::Sample { fraction, seed, .. } => format!("Sample {fraction}, seed {seed}"),
            TypedNode::External { keys, operator, .. } => {
                format!("{} [{}]", operator.name, list(keys))
            }
            TypedNode::Watermark { column, delay, .. } => {
                format!(
                    "EventTimeWatermark {}, {delay:?}",
                    of_input.fields()[*column].name
                )
            }
        }
    }
}

impl Relation {
    pub(super) fn line(&self) -> String {
        let kind = if self.is_streaming {
            "StreamingRelation"
        } else {
            "Relation"
        };
        format!("{kind} {} [{}]", self.name, names(&self.schema))
    }
}

impl TypedGenerate {
    fn line(&self, schema: &Schema) -> String {
        let of_input = &self.input.schema;
        let outer = if self.outer { ", outer" } else { "" };
        let made = schema.fields().iter().skip(of_input.fields().len());
        let made = join(made.map(|field| field.name.to_string()));
        let arguments = self.generator.arguments.iter().map(|it| it.text(of_input));
        let name = self.generator.generator.name;
        format!("Generate {name}({}){outer}, [{made}]", join(arguments))
    }
}

impl Deduplicate {
    fn line(&self) -> String {
        let within = if self.within_watermark {
            "WithinWatermark"
        } else {
            ""
        };
        let fields = self.input.schema.fields();
        let keys = self
            .keys
            .iter()
            .map(|index| fields[*index].name.to_string());
        format!("Deduplicate{within} [{}]", join(keys))
    }
}

impl TypedSort {
    fn line(&self) -> String {
        let keys = self.order.iter().map(|(key, descending, nulls_first)| {
            let direction = if *descending { "DESC" } else { "ASC" };
            let nulls = if *nulls_first { "FIRST" } else { "LAST" };
            let key = key.text(&self.input.schema);
            format!("{key} {direction} NULLS {nulls}")
        });
        format!("Sort [{}]", join(keys))
    }
}

impl TypedJoin {
    fn line(&self) -> String {
        let left = &self.left.schema;
        let right = &self.right.schema;
        let kind = self.kind.name();
        let keys = self
            .keys
            .iter()
            .zip(&self.null_safe)
            .map(|((one, other), null_safe)| {
                let sign = if *null_safe { "<=>" } else { "=" };
                format!("{} {sign} {}", one.text(left), other.text(right))
            });
        let both: Schema = left
            .fields()
            .iter()
            .chain(right.fields())
            .cloned()
            .collect();
        let condition = self.condition.iter().map(|it| it.text(&both));
        format!("Join {kind} [{}]", join(keys.chain(condition)))
    }
}

impl TypedAggregate {
    fn text(&self, schema: &Schema) -> String {
        let distinct = if self.is_distinct { "DISTINCT " } else { "" };
        let arguments = join(self.arguments.iter().map(|it| it.text(schema)));
        let filter = self
            .filter
            .as_ref()
            .map(|it| format!(" FILTER (WHERE {})", it.text(schema)));
        format!(
            "{}({distinct}{arguments}){}",
            self.function.name,
            filter.unwrap_or_default()
        )
    }
}

impl Typed {
    /// The expression over the columns of a table.
    fn text(&self, schema: &Schema) -> String {
        match &self.kind {
            TypedKind::Column(index) => match schema.fields().get(*index) {
                Some(field) if !field.name.is_empty() => field.name.to_string(),
                _ => format!("column {index}"),
            },
            TypedKind::Variable { depth, index } => format!("x{depth}_{index}"),
            TypedKind::Literal(Value::String(text)) => text.to_string(),
            TypedKind::Literal(value) => Notation::Sql.text(value),
            TypedKind::Call {
                function,
                arguments,
                ..
            } => {
                format!(
                    "{}({})",
                    function.name,
                    join(arguments.iter().map(|it| it.text(schema)))
                )
            }
            TypedKind::External {
                function,
                arguments,
            } => {
                let arguments = join(arguments.iter().map(|it| it.text(schema)));
                format!("{}({arguments})", function.name())
            }
            TypedKind::Cast { operand, .. } => {
                format!(
                    "cast({} as {})",
                    operand.text(schema),
                    self.data_type.to_string().to_lowercase()
                )
            }
            TypedKind::Lambda(body) => format!("lambda {}", body.text(schema)),
            TypedKind::Aggregate(index) => format!("aggregate {index}"),
            TypedKind::Over(index) => format!("function {index}"),
            TypedKind::Outer(index) => format!("outer {index}"),
        }
    }
}

/// Functions over rows, and the values that these are partitioned by.
fn over_line(functions: &[TypedOver], of_input: &Schema) -> String {
    let names = functions.iter().map(|it| it.name().to_owned());
    let keys = functions.first().map(|it| &it.partition[..]);
    let keys = keys.unwrap_or_default().iter().map(|it| it.text(of_input));
    format!("Window [{}], [{}]", join(names), join(keys))
}

fn aliased(text: String, name: &Text) -> String {
    if text == name.as_str() {
        text
    } else {
        format!("{text} AS {name}")
    }
}

fn names(schema: &Schema) -> String {
    join(schema.fields().iter().map(|field| field.name.to_string()))
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
