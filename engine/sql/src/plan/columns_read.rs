//! The columns of a plan's tables that it has a use for.

use std::collections::{BTreeMap, BTreeSet};

use super::typed::{TypedGenerate, TypedNode, TypedPlan};
use crate::typed::Typed;

/// The columns that are read of each relation, by its number (`org.apache.spark.sql.catalyst.optimizer.ColumnPruning`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnsRead(BTreeMap<usize, BTreeSet<usize>>);

impl ColumnsRead {
    /// Those of a plan that is optimised.
    pub fn of(plan: &TypedPlan) -> ColumnsRead {
        let mut read = ColumnsRead::default();
        read.add(plan, (0..plan.schema.fields().len()).collect());
        read
    }

    /// The columns of a relation; none of one that the plan does not have.
    pub fn of_relation(&self, relation: usize) -> BTreeSet<usize> {
        self.0.get(&relation).cloned().unwrap_or_default()
    }

    /// Adds what is read for these columns of a plan.
    fn add(&mut self, plan: &TypedPlan, mut wanted: BTreeSet<usize>) {
        match &plan.node {
            TypedNode::Relation(relation) => {
                self.0.entry(relation.id).or_default().append(&mut wanted);
            }
            TypedNode::Rows(_) => {}
            TypedNode::Project { input, columns } => {
                self.add(input, of(wanted.iter().map(|index| &columns[*index])));
            }
            TypedNode::Filter { input, condition } => self.add_below(input, wanted, [condition]),
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
                self.add(input, of(keys.iter().chain(parts)));
            }
            TypedNode::Expand { input, projections } => {
                let lists = projections.iter();
                let columns = lists.flat_map(|list| wanted.iter().map(|index| &list[*index]));
                self.add(input, of(columns));
            }
            TypedNode::Union(inputs) => {
                for input in inputs {
                    self.add(input, wanted.clone());
                }
            }
            TypedNode::Join(join) => {
                wanted.append(&mut of(&join.condition));
                let width = join.left.schema.fields().len();
                let mut right: BTreeSet<usize> = wanted.split_off(&width);
                right = right.into_iter().map(|index| index - width).collect();
                right.append(&mut of(join.keys.iter().map(|(_, key)| key)));
                wanted.append(&mut of(join.keys.iter().map(|(key, _)| key)));
                self.add(&join.left, wanted);
                self.add(&join.right, right);
            }
        }
    }

    /// Adds what is read for these columns of a plan that has the columns of `input` and then others, and for these
    /// expressions.
    fn add_below<'a>(
        &mut self,
        input: &TypedPlan,
        mut wanted: BTreeSet<usize>,
        expressions: impl IntoIterator<Item = &'a Typed>,
    ) {
        wanted.split_off(&input.schema.fields().len());
        wanted.append(&mut of(expressions));
        self.add(input, wanted);
    }
}

/// The columns that expressions refer to.
fn of<'a>(expressions: impl IntoIterator<Item = &'a Typed>) -> BTreeSet<usize> {
    let columns = expressions.into_iter().flat_map(Typed::columns);
    columns.collect()
}
