//! A plan as it is written, before names and types are known.

use std::sync::Arc;
use std::time::Duration;

use engine::Text;

use super::join::JoinHint;
use crate::expression::{Expression, ExpressionKind};
use crate::external::ExternalOperator;
use crate::schema::{Field, Schema};
use crate::span::Span;

/// A table and the tables that it is made of (`org.apache.spark.sql.catalyst.plans.logical.LogicalPlan`).
///
/// SQL text, the face in Rust and the one in Python make these.
#[derive(Clone, Debug, PartialEq)]
pub struct LogicalPlan {
    /// The kind, shared by all that is made of it.
    pub kind: Arc<PlanKind>,
    /// Its place in the SQL text; `None` of one that was built by a program.
    pub span: Option<Span>,
}

/// The kinds of plans.
#[derive(Clone, Debug, PartialEq)]
pub enum PlanKind {
    /// A table or a view, by its name.
    Table(Vec<Text>),
    /// A table that is known: a stream, or rows that stay as they are.
    Relation(Relation),
    /// One row without columns, which is selected from where there is no `FROM`.
    OneRow,
    /// These rows: `VALUES (1, 'a'), (2, 'b')`. Columns are named `col1`, `col2`, ...
    Values(Vec<Vec<Expression>>),
    /// These columns of each row. One of them may be a generator, and then each row makes several.
    Project {
        /// The table.
        input: LogicalPlan,
        /// The columns.
        columns: Vec<Expression>,
    },
    /// The rows for which a condition is true.
    Filter {
        /// The table.
        input: LogicalPlan,
        /// The condition.
        condition: Expression,
    },
    /// The groups of rows with the same keys.
    Aggregate {
        /// The table.
        input: LogicalPlan,
        /// The keys.
        grouping: Grouping,
        /// The columns of the result: keys, aggregates, and expressions of these.
        columns: Vec<Expression>,
        /// The groups that are in the result (`HAVING`).
        having: Option<Expression>,
    },
    /// Pairs of rows.
    Join {
        /// The left table.
        left: LogicalPlan,
        /// The right one.
        right: LogicalPlan,
        /// The kind of join.
        kind: JoinKind,
        /// The pairs that are in the result.
        condition: JoinCondition,
    },
    /// The rows of all tables, one after the other (`UNION ALL`).
    Union {
        /// The tables.
        inputs: Vec<LogicalPlan>,
        /// Columns are matched by their names, and not by their places.
        by_name: bool,
    },
    /// The rows of the left table that are not in the right one (`EXCEPT`).
    Except {
        /// The left table.
        left: LogicalPlan,
        /// The right one.
        right: LogicalPlan,
        /// Each as often as it is there (`ALL`), and not once.
        all: bool,
    },
    /// The rows of the left table that are in the right one, too (`INTERSECT`).
    Intersect {
        /// The left table.
        left: LogicalPlan,
        /// The right one.
        right: LogicalPlan,
        /// Each as often as it is there (`ALL`), and not once.
        all: bool,
    },
    /// Each row once (`SELECT DISTINCT`).
    Distinct(LogicalPlan),
    /// One row for each value of some columns (`dropDuplicates`).
    Deduplicate {
        /// The table.
        input: LogicalPlan,
        /// The columns; all if there are none.
        keys: Vec<Text>,
        /// Rows count as the same only until the watermark has passed the first one
        /// (`dropDuplicatesWithinWatermark`).
        within_watermark: bool,
    },
    /// The rows in an order.
    Sort {
        /// The table.
        input: LogicalPlan,
        /// The order. By nothing, rows stay in the order that they have, and come to be in one partition.
        order: Vec<SortOrder>,
    },
    /// The first rows.
    Limit {
        /// The table.
        input: LogicalPlan,
        /// Their number.
        count: Expression,
    },
    /// The rows after the first ones.
    Offset {
        /// The table.
        input: LogicalPlan,
        /// The number of rows before.
        count: Expression,
    },
    /// The table under a name, and its columns if they are named (`AS t(a, b)`).
    Alias {
        /// The table.
        input: LogicalPlan,
        /// The name.
        name: Text,
        /// The columns.
        columns: Vec<Text>,
    },
    /// Each row with the rows that a generator makes of it (`LATERAL VIEW`).
    Generate {
        /// The table.
        input: LogicalPlan,
        /// The call of the generator.
        generator: Expression,
        /// A row of which the generator makes none stays, with `NULL`s (`OUTER`).
        outer: bool,
        /// The name of the table that it makes.
        table: Option<Text>,
        /// The names of its columns.
        columns: Vec<Text>,
    },
    /// The table, which is joined in this way (`UnresolvedHint`).
    Hint {
        /// The table.
        input: LogicalPlan,
        /// The way.
        join: JoinHint,
    },
    /// Pairs of rows of a table and of a query, which may name columns of the row (`LateralJoin`).
    Lateral {
        /// The table.
        left: LogicalPlan,
        /// The query.
        right: LogicalPlan,
        /// An inner or a left outer join.
        kind: JoinKind,
        /// The pairs.
        condition: JoinCondition,
    },
    /// Groups by all columns that nothing else names, with columns for each value of others (`PIVOT`).
    Pivot {
        /// The table.
        input: LogicalPlan,
        /// The aggregates.
        aggregates: Vec<Expression>,
        /// The column whose values have columns; several as a struct.
        of: Expression,
        /// The values.
        values: Vec<Expression>,
    },
    /// A row for each of some columns (`UNPIVOT`).
    Unpivot(Unpivot),
    /// Some of the rows, drawn by a seed (`TABLESAMPLE`).
    Sample {
        /// The table.
        input: LogicalPlan,
        /// The part of the rows, from 0 to 1.
        fraction: f64,
        /// The seed.
        seed: i64,
    },
    /// The table whose times in this column bound the lateness of rows (`withWatermark`).
    Watermark {
        /// The table.
        input: LogicalPlan,
        /// The column.
        column: Text,
        /// The most that a row may be late.
        delay: Duration,
    },
    /// Rows that an operator of another room makes of the rows of a table, or of the groups with the same keys.
    External {
        /// The table.
        input: LogicalPlan,
        /// The keys; none if rows have no groups.
        keys: Vec<Expression>,
        /// The operator.
        operator: ExternalOperator,
    },
    /// Queries that the plan may name as tables (`WITH`), each visible to those after it.
    With {
        /// The queries.
        tables: Vec<(Text, LogicalPlan)>,
        /// The plan.
        input: LogicalPlan,
    },
}

/// A row for each of some columns (`org.apache.spark.sql.catalyst.plans.logical.Unpivot`).
#[derive(Clone, Debug, PartialEq)]
pub struct Unpivot {
    /// The table.
    pub input: LogicalPlan,
    /// The columns of each row, and their name if they are given one.
    pub columns: Vec<(Vec<Expression>, Option<Text>)>,
    /// The name of the column that says which they are.
    pub name: Text,
    /// The names of the columns that have their values.
    pub values: Vec<Text>,
    /// A row whose values are all `NULL` is one, too.
    pub includes_nulls: bool,
}

/// A table that is known by its columns; its rows are found by its number when the plan runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Its number: the source of a stream, or the static table.
    pub id: usize,
    /// Its name, as `explain` shows it.
    pub name: Text,
    /// Its columns.
    pub schema: Schema,
    /// The column behind them that is there only where it is named, as `_metadata` of files.
    pub hidden: Option<Field>,
    /// It is the unbounded table of a stream.
    pub is_streaming: bool,
    /// Spark knows its size before it runs, as that of rows which are written down, and not that of an RDD.
    pub is_sized: bool,
}

/// The keys of an aggregation.
#[derive(Clone, Debug, PartialEq)]
pub enum Grouping {
    /// These; none for one group of all rows.
    Keys(Vec<Expression>),
    /// All columns of the result that have no aggregate (`GROUP BY ALL`).
    All,
    /// The rows grouped by each of these lists (`GROUPING SETS`; `ROLLUP` and `CUBE` are made of them).
    Sets {
        /// All keys.
        keys: Vec<Expression>,
        /// The keys of each set, by their places.
        sets: Vec<Vec<usize>>,
    },
}

/// The kinds of joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// Pairs alone.
    Inner,
    /// All pairs (`CROSS JOIN`).
    Cross,
    /// Also rows of the left table without a partner.
    LeftOuter,
    /// Also rows of the right table without a partner.
    RightOuter,
    /// Also rows of both tables without a partner.
    FullOuter,
    /// Rows of the left table that have a partner.
    LeftSemi,
    /// Rows of the left table that have none.
    LeftAnti,
}

/// The pairs of a join.
#[derive(Clone, Debug, PartialEq)]
pub enum JoinCondition {
    /// All.
    None,
    /// Those for which a condition is true.
    On(Expression),
    /// Those with the same values in these columns, of which the result has one each.
    Using(Vec<Text>),
    /// Those with the same values in all columns that both tables have.
    Natural,
}

/// An expression to sort by.
#[derive(Clone, Debug, PartialEq)]
pub struct SortOrder {
    /// The expression.
    pub expression: Expression,
    /// From the greatest to the least.
    pub descending: bool,
    /// `NULL` comes first.
    pub nulls_first: bool,
}

impl LogicalPlan {
    /// A plan of no text.
    pub fn new(kind: PlanKind) -> LogicalPlan {
        LogicalPlan {
            kind: Arc::new(kind),
            span: None,
        }
    }

    /// The same plan, read from this place.
    pub fn at(mut self, span: Option<Span>) -> LogicalPlan {
        self.span = span;
        self
    }

    /// The tables that it is made of.
    pub fn inputs(&self) -> Vec<&LogicalPlan> {
        match &*self.kind {
            PlanKind::Table(_) | PlanKind::Relation(_) | PlanKind::OneRow | PlanKind::Values(_) => {
                Vec::new()
            }
            PlanKind::Project { input, .. }
            | PlanKind::Filter { input, .. }
            | PlanKind::Aggregate { input, .. }
            | PlanKind::Distinct(input)
            | PlanKind::Deduplicate { input, .. }
            | PlanKind::Sort { input, .. }
            | PlanKind::Limit { input, .. }
            | PlanKind::Offset { input, .. }
            | PlanKind::Alias { input, .. }
            | PlanKind::Generate { input, .. }
            | PlanKind::External { input, .. }
            | PlanKind::Hint { input, .. }
            | PlanKind::Pivot { input, .. }
            | PlanKind::Sample { input, .. }
            | PlanKind::Unpivot(Unpivot { input, .. })
            | PlanKind::Watermark { input, .. } => vec![input],
            PlanKind::Join { left, right, .. }
            | PlanKind::Lateral { left, right, .. }
            | PlanKind::Except { left, right, .. }
            | PlanKind::Intersect { left, right, .. } => vec![left, right],
            PlanKind::Union { inputs, .. } => inputs.iter().collect(),
            PlanKind::With { tables, input } => {
                tables.iter().map(|(_, plan)| plan).chain([input]).collect()
            }
        }
    }

    /// The same plan, in which the tables of this name are joined in a way; those within a subquery are not.
    pub(crate) fn hinted(self, table: &str, join: JoinHint) -> LogicalPlan {
        let names = |name: Option<&Text>| name.is_some_and(|it| it.eq_ignore_ascii_case(table));
        let is_it = match &*self.kind {
            PlanKind::Alias { name, .. } => names(Some(name)),
            PlanKind::Table(name) => names(name.last()),
            _ => false,
        };
        if is_it {
            return LogicalPlan {
                span: self.span,
                ..LogicalPlan::new(PlanKind::Hint { input: self, join })
            };
        }
        let PlanKind::Join {
            left,
            right,
            kind,
            condition,
        } = &*self.kind
        else {
            return self;
        };
        let join = PlanKind::Join {
            left: left.clone().hinted(table, join),
            right: right.clone().hinted(table, join),
            kind: *kind,
            condition: condition.clone(),
        };
        LogicalPlan::new(join).at(self.span)
    }

    /// The way in which it is joined, if a hint says so (`EliminateResolvedHint`).
    pub(crate) fn join_hint(&self) -> Option<JoinHint> {
        match &*self.kind {
            PlanKind::Hint { join, .. } => Some(*join),
            _ => match &self.inputs()[..] {
                [input] => input.join_hint(),
                _ => None,
            },
        }
    }

    /// Returns true if it is this very table, or is made of it.
    pub(crate) fn is_made_of(&self, table: &LogicalPlan) -> bool {
        let mut inputs = self.inputs().into_iter();
        Arc::ptr_eq(&self.kind, &table.kind) || inputs.any(|input| input.is_made_of(table))
    }

    /// These columns of each row; an aggregation of all rows if one of them is an aggregate.
    pub fn select(self, columns: impl IntoIterator<Item = Expression>) -> LogicalPlan {
        LogicalPlan::new(PlanKind::Project {
            input: self,
            columns: columns.into_iter().collect(),
        })
    }

    /// The rows for which a condition is true.
    pub fn filter(self, condition: Expression) -> LogicalPlan {
        LogicalPlan::new(PlanKind::Filter {
            input: self,
            condition,
        })
    }
}

impl SortOrder {
    /// The order of an expression without more words: from the least, `NULL` first.
    pub fn ascending(expression: Expression) -> SortOrder {
        SortOrder {
            expression,
            descending: false,
            nulls_first: true,
        }
    }
}

impl From<Relation> for LogicalPlan {
    fn from(relation: Relation) -> LogicalPlan {
        LogicalPlan::new(PlanKind::Relation(relation))
    }
}

impl Expression {
    /// Returns true if the expression is all columns of some table.
    pub fn is_star(&self) -> bool {
        matches!(
            *self.kind,
            ExpressionKind::Star(_)
                | ExpressionKind::StarExcept { .. }
                | ExpressionKind::Attributes(_)
        )
    }
}
