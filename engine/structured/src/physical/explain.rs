//! The operators of a query as a tree of text.

use engine_sql::plan::PlanTree;

use super::operator::Operator;

/// The operators that are being made, those of each level apart.
#[derive(Debug, Default)]
pub(crate) struct Explained(Vec<Vec<Node>>);

/// An operator, and those that it reads from.
#[derive(Debug, Default)]
struct Node {
    line: String,
    /// The partitions of its states, if it has some.
    states: Option<usize>,
    inputs: Vec<Node>,
}

impl Explained {
    /// The operators that are made from here on are inputs of the next one.
    pub(crate) fn begin(&mut self) {
        self.0.push(Vec::new());
    }

    /// An operator was made of a table with these details.
    pub(crate) fn end(&mut self, operator: &mut dyn Operator, details: &str) {
        let line = format!("{} {details}", operator.name());
        let node = Node {
            line: line.trim_end_matches([' ', ',']).to_owned(),
            states: operator.stateful().map(|it| it.partition_count()),
            inputs: self.0.pop().unwrap_or_default(),
        };
        match self.0.last_mut() {
            Some(inputs) => inputs.push(node),
            None => self.0.push(vec![node]),
        }
    }

    /// The tree. States have the numbers that a checkpoint knows them by.
    pub(crate) fn into_tree(mut self) -> PlanTree {
        let root = self.0.pop().and_then(|mut nodes| nodes.pop());
        root.unwrap_or_default().into_tree(&mut 0)
    }
}

impl Node {
    fn into_tree(self, next: &mut usize) -> PlanTree {
        let line = match self.states {
            None => self.line,
            Some(partitions) => {
                *next += 1;
                format!(
                    "{}, state {} in {partitions} partitions",
                    self.line,
                    *next - 1
                )
            }
        };
        PlanTree {
            line,
            inputs: self
                .inputs
                .into_iter()
                .map(|it| it.into_tree(next))
                .collect(),
        }
    }
}
