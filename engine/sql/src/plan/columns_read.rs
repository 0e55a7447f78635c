//! The columns of a plan's tables, and the expressions, that it has a use for.

use std::collections::{BTreeMap, BTreeSet};

use super::join::TypedJoin;
use super::typed::{TypedGenerate, TypedNode, TypedPlan};
use crate::typed::Typed;

/// The columns that are read of each relation, by its number (`org.apache.spark.sql.catalyst.optimizer.ColumnPruning`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnsRead(BTreeMap<usize, BTreeSet<usize>>);

impl ColumnsRead {
    /// Those of a plan that is optimised.
    pub fn of(plan: &TypedPlan) -> ColumnsRead {
        Reading::of(plan).columns
    }

    /// The columns of a relation; none of one that the plan does not have.
    pub fn of_relation(&self, relation: usize) -> BTreeSet<usize> {
        self.0.get(&relation).cloned().unwrap_or_default()
    }
}

/// An expression of a plan whose value is a constant that could not be computed (`ConstantFolding`): Spark fails when it
/// plans a query, though no row may ask for the value. One that is a branch of a condition is only evaluated for the rows
/// that take it, and one that nothing reads never is.
pub fn failing_constant(plan: &TypedPlan) -> Option<&Typed> {
    let mut read = Reading::of(plan).expressions.into_iter();
    read.find_map(Typed::unfolded)
}

/// That which is read of a plan.
#[derive(Default)]
struct Reading<'a> {
    columns: ColumnsRead,
    expressions: Vec<&'a Typed>,
}

impl<'a> Reading<'a> {
    fn of(plan: &'a TypedPlan) -> Reading<'a> {
        let mut reading = Reading::default();
        reading.add(plan, (0..plan.schema.fields().len()).collect());
        reading
    }

    /// Adds what is read for these columns of a plan.
    fn add(&mut self, plan: &'a TypedPlan, mut wanted: BTreeSet<usize>) {
        match &plan.node {
            TypedNode::Relation(relation) => {
                self.columns
                    .0
                    .entry(relation.id)
                    .or_default()
                    .append(&mut wanted);
            }
            TypedNode::Rows(_) => {}
            TypedNode::Project { input, columns } => {
                let columns = wanted.iter().map(|index| &columns[*index]);
                let read = self.read_of(input, columns);
                self.add(input, read);
            }
            TypedNode::Filter { input, condition } => {
                wanted.append(&mut self.read_of(input, [condition]));
                self.add(input, wanted);
            }
            TypedNode::Windows { input, window } => self.add_below(input, wanted, [&window.time]),
            TypedNode::SessionWindow { input, time, gap } => {
                self.add_below(input, wanted, [time, gap]);
            }
            TypedNode::Generate(TypedGenerate {
                input, generator, ..
            }) => self.add_below(input, wanted, &generator.arguments),
            TypedNode::Sort(sort) => {
                let order = sort.order.iter().map(|(key, ..)| key);
                self.add_below(&sort.input, wanted, order);
            }
            TypedNode::Limit { input, .. } | TypedNode::Sample { input, .. } => {
                self.add(input, wanted);
            }
            // They are handed whole rows.
            TypedNode::External { input, .. } | TypedNode::Over { input, .. } => {
                self.add(input, (0..input.schema.fields().len()).collect());
            }
            TypedNode::Watermark { input, column, .. } => {
                wanted.insert(*column);
                self.add(input, wanted);
            }
            TypedNode::Deduplicate(deduplicate) => {
                wanted.extend(&deduplicate.keys);
                self.add(&deduplicate.input, wanted);
            }
            TypedNode::Aggregate {
                input,
                keys,
                aggregates,
                ..
            } => {
                let is_wanted = |index: usize| wanted.contains(&(keys.len() + index));
                let aggregates = aggregates.iter().enumerate();
                let aggregates = aggregates.filter(|(index, _)| is_wanted(*index));
                let parts = aggregates.flat_map(|(_, it)| it.arguments.iter().chain(&it.filter));
                let read = self.read(keys.iter().chain(parts));
                self.add(input, read);
            }
            TypedNode::Expand { input, projections } => {
                let lists = projections.iter();
                let columns = lists.flat_map(|list| wanted.iter().map(|index| &list[*index]));
                let read = self.read(columns);
                self.add(input, read);
            }
            TypedNode::Union(inputs) => {
                for input in inputs {
                    self.add(input, wanted.clone());
                }
            }
            TypedNode::Join(join) => self.add_both(join, wanted),
        }
    }

    /// Adds what is read for these columns of a join.
    fn add_both(&mut self, join: &'a TypedJoin, mut wanted: BTreeSet<usize>) {
        wanted.append(&mut self.read(&join.condition));
        let width = join.left.schema.fields().len();
        let mut right: BTreeSet<usize> = wanted.split_off(&width);
        right = right.into_iter().map(|index| index - width).collect();
        right.append(&mut self.read(join.keys.iter().map(|(_, key)| key)));
        wanted.append(&mut self.read(join.keys.iter().map(|(key, _)| key)));
        self.add(&join.left, wanted);
        self.add(&join.right, right);
    }

    /// Adds what is read for these columns of a plan that has the columns of `input` and then others, and for these
    /// expressions.
    fn add_below(
        &mut self,
        input: &'a TypedPlan,
        mut wanted: BTreeSet<usize>,
        expressions: impl IntoIterator<Item = &'a Typed>,
    ) {
        wanted.split_off(&input.schema.fields().len());
        wanted.append(&mut self.read(expressions));
        self.add(input, wanted);
    }

    /// Adds expressions over a table, and returns the columns that they refer to. Those over rows that are written down
    /// are not added: Spark evaluates them for these rows before anything else (`ConvertToLocalRelation`).
    fn read_of(
        &mut self,
        table: &TypedPlan,
        expressions: impl IntoIterator<Item = &'a Typed>,
    ) -> BTreeSet<usize> {
        let first = self.expressions.len();
        let read = self.read(expressions);
        if is_written_down(table) {
            self.expressions.truncate(first);
        }
        read
    }

    /// Adds expressions, and returns the columns that they refer to.
    fn read(&mut self, expressions: impl IntoIterator<Item = &'a Typed>) -> BTreeSet<usize> {
        let first = self.expressions.len();
        self.expressions.extend(expressions);
        let added = self.expressions[first..].iter();
        added.flat_map(|it| it.columns()).collect()
    }
}

fn is_written_down(table: &TypedPlan) -> bool {
    match &table.node {
        TypedNode::Rows(_) => true,
        TypedNode::Project { input, .. }
        | TypedNode::Filter { input, .. }
        | TypedNode::Limit { input, .. } => is_written_down(input),
        _ => false,
    }
}
