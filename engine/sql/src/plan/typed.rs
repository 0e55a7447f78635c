//! A plan whose names and types are known: the tree that is optimised, and then run.

use std::time::Duration;

use engine::{Row, Text};

use super::join::TypedJoin;
use super::logical::Relation;
use crate::external::ExternalOperator;
use crate::generator::TypedGenerator;
use crate::over::TypedOver;
use crate::resolve::TypedAggregate;
use crate::schema::Schema;
use crate::span::Span;
use crate::typed::Typed;

/// A table with known columns. Expressions refer to the columns of the table below by their index, those of a join to
/// the columns of the left table and then of the right one.
#[derive(Debug)]
pub struct TypedPlan {
    /// The kind.
    pub node: TypedNode,
    /// Its columns.
    pub schema: Schema,
    /// Its place in the SQL text; `None` of one that was built by a program, or that another one is made by.
    pub span: Option<Span>,
}

/// The kinds of typed plans.
#[derive(Debug)]
pub enum TypedNode {
    /// A stream, or a static table.
    Relation(Relation),
    /// These rows.
    Rows(Vec<Row>),
    /// These columns of each row.
    Project {
        /// The table.
        input: Box<TypedPlan>,
        /// The columns.
        columns: Vec<Typed>,
    },
    /// The rows for which a condition is true.
    Filter {
        /// The table.
        input: Box<TypedPlan>,
        /// The condition.
        condition: Typed,
    },
    /// Each row with the rows that a generator makes of it: the columns of the table, then those of the generator.
    Generate(TypedGenerate),
    /// Each row with the windows that its time lies in: the columns of the table, then the window. A row without a time
    /// is in none. Windows of one row come latest start first.
    Windows {
        /// The table.
        input: Box<TypedPlan>,
        /// The windows.
        window: TimeWindow,
    },
    /// Each row with a session window of its own: the columns of the table, then the window from its time on for the
    /// length of the gap. The aggregation above merges those of the same keys that overlap.
    SessionWindow {
        /// The table.
        input: Box<TypedPlan>,
        /// The time.
        time: Typed,
        /// The gap, an interval.
        gap: Typed,
    },
    /// Groups: the columns are the keys, then the aggregates.
    Aggregate {
        /// The table.
        input: Box<TypedPlan>,
        /// The keys.
        keys: Vec<Typed>,
        /// The key that is a session window, which sessions are merged by.
        session: Option<usize>,
        /// The aggregates.
        aggregates: Vec<TypedAggregate>,
    },
    /// Each row once for each list of columns (`GROUPING SETS`).
    Expand {
        /// The table.
        input: Box<TypedPlan>,
        /// The lists.
        projections: Vec<Vec<Typed>>,
    },
    /// The rows by partitions, each in its order, with the values of functions behind the columns.
    Over {
        /// The table.
        input: Box<TypedPlan>,
        /// The functions, which are over the same rows.
        functions: Vec<TypedOver>,
    },
    /// Pairs of rows.
    Join(TypedJoin),
    /// The rows of all tables, which have the same types.
    Union(Vec<TypedPlan>),
    /// One row for each key.
    Deduplicate(Deduplicate),
    /// The rows in an order.
    Sort(TypedSort),
    /// The first rows after some.
    Limit {
        /// The table.
        input: Box<TypedPlan>,
        /// The rows before.
        offset: usize,
        /// Their number; `None` for all.
        count: Option<usize>,
    },
    /// Some of the rows, drawn by a seed.
    Sample {
        /// The table.
        input: Box<TypedPlan>,
        /// The part of the rows, from 0 to 1.
        fraction: f64,
        /// The seed.
        seed: i64,
    },
    /// Rows that an operator of another room makes of the rows of a table, or of the groups with the same keys.
    External {
        /// The table.
        input: Box<TypedPlan>,
        /// The keys; none if rows have no groups.
        keys: Vec<Typed>,
        /// The operator.
        operator: ExternalOperator,
    },
    /// The table, whose times in a column bound the lateness of rows.
    Watermark {
        /// The table.
        input: Box<TypedPlan>,
        /// The column.
        column: usize,
        /// The most that a row may be late.
        delay: Duration,
    },
}

/// Each row with the rows that a generator makes of it.
#[derive(Debug)]
pub struct TypedGenerate {
    /// The table.
    pub input: Box<TypedPlan>,
    /// The generator.
    pub generator: TypedGenerator,
    /// A row of which the generator makes none stays, with `NULL`s.
    pub outer: bool,
}

/// Windows of a fixed length (`org.apache.spark.sql.catalyst.expressions.TimeWindow`), in microseconds.
#[derive(Clone, Debug)]
pub struct TimeWindow {
    /// The time.
    pub time: Typed,
    /// The length.
    pub length: i64,
    /// The time from the start of one window to that of the next.
    pub slide: i64,
    /// The start of the windows after a multiple of `slide`.
    pub start: i64,
}

/// One row for each key.
#[derive(Debug)]
pub struct Deduplicate {
    /// The table.
    pub input: Box<TypedPlan>,
    /// The columns of the key.
    pub keys: Vec<usize>,
    /// Rows count as the same only until the watermark has passed the first one.
    pub within_watermark: bool,
}

/// The rows in an order.
#[derive(Debug)]
pub struct TypedSort {
    /// The table.
    pub input: Box<TypedPlan>,
    /// The expressions, and for each: from the greatest, and `NULL` first.
    pub order: Vec<(Typed, bool, bool)>,
}

impl Default for TypedPlan {
    /// A table without columns and rows.
    fn default() -> TypedPlan {
        TypedPlan {
            span: None,
            node: TypedNode::Rows(Vec::new()),
            schema: Schema::default(),
        }
    }
}

/// The tables of a node, borrowed as the node is.
macro_rules! inputs_of {
    ($node:expr) => {
        match $node {
            TypedNode::Relation(_) | TypedNode::Rows(_) => Vec::new(),
            TypedNode::Project { input, .. }
            | TypedNode::Filter { input, .. }
            | TypedNode::Windows { input, .. }
            | TypedNode::SessionWindow { input, .. }
            | TypedNode::Aggregate { input, .. }
            | TypedNode::Expand { input, .. }
            | TypedNode::Over { input, .. }
            | TypedNode::Limit { input, .. }
            | TypedNode::External { input, .. }
            | TypedNode::Sample { input, .. }
            | TypedNode::Watermark { input, .. }
            | TypedNode::Generate(TypedGenerate { input, .. })
            | TypedNode::Deduplicate(Deduplicate { input, .. })
            | TypedNode::Sort(TypedSort { input, .. }) => vec![input],
            TypedNode::Join(TypedJoin { left, right, .. }) => vec![left, right],
            TypedNode::Union(inputs) => inputs.into_iter().collect(),
        }
    };
}

impl TypedPlan {
    /// The table of one row without columns.
    pub(crate) fn one_row() -> TypedPlan {
        TypedPlan {
            span: None,
            node: TypedNode::Rows(vec![Vec::new()]),
            schema: Schema::default(),
        }
    }

    /// Keeps the rows for which all these conditions are true.
    pub(crate) fn filter(&mut self, conditions: Vec<Typed>) {
        if let Some(condition) = Typed::all(conditions) {
            let input = Box::new(std::mem::take(self));
            self.schema = input.schema.clone();
            self.node = TypedNode::Filter { input, condition };
        }
    }

    /// The expressions over its inputs.
    pub(crate) fn expressions_mut(&mut self) -> Vec<&mut Typed> {
        match &mut self.node {
            TypedNode::Relation(_)
            | TypedNode::Rows(_)
            | TypedNode::Union(_)
            | TypedNode::Deduplicate(_)
            | TypedNode::Limit { .. }
            | TypedNode::Sample { .. }
            | TypedNode::Watermark { .. } => Vec::new(),
            TypedNode::Project { columns, .. } => columns.iter_mut().collect(),
            TypedNode::Filter { condition, .. } => vec![condition],
            TypedNode::Generate(generate) => generate.generator.arguments.iter_mut().collect(),
            TypedNode::Windows { window, .. } => vec![&mut window.time],
            TypedNode::SessionWindow { time, gap, .. } => vec![time, gap],
            TypedNode::Aggregate {
                keys, aggregates, ..
            } => {
                let parts = aggregates
                    .iter_mut()
                    .flat_map(|it| it.arguments.iter_mut().chain(&mut it.filter));
                keys.iter_mut().chain(parts).collect()
            }
            TypedNode::Expand { projections, .. } => projections.iter_mut().flatten().collect(),
            TypedNode::Over { functions, .. } => functions
                .iter_mut()
                .flat_map(TypedOver::expressions_mut)
                .collect(),
            TypedNode::Join(join) => {
                let keys = join.keys.iter_mut().flat_map(|(one, other)| [one, other]);
                keys.chain(&mut join.condition).collect()
            }
            TypedNode::Sort(sort) => sort.order.iter_mut().map(|(key, ..)| key).collect(),
            TypedNode::External { keys, .. } => keys.iter_mut().collect(),
        }
    }

    /// The names of the columns.
    pub fn names(&self) -> Vec<Text> {
        self.schema
            .fields()
            .iter()
            .map(|field| field.name.clone())
            .collect()
    }

    /// The tables that it is made of.
    pub fn inputs(&self) -> Vec<&TypedPlan> {
        inputs_of!(&self.node)
    }

    /// The tables that it is made of, to be changed.
    pub(crate) fn inputs_mut(&mut self) -> Vec<&mut TypedPlan> {
        inputs_of!(&mut self.node)
    }

    /// Returns true if it is, or is made of, the unbounded table of a stream.
    pub fn is_streaming(&self) -> bool {
        match &self.node {
            TypedNode::Relation(relation) => relation.is_streaming,
            _ => self.inputs().into_iter().any(TypedPlan::is_streaming),
        }
    }
}
