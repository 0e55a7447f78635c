//! Plans as trees of text.

use std::fmt;

/// A line for a table, and the tables that it is made of, below it and further in
/// (`org.apache.spark.sql.catalyst.trees.TreeNode.treeString`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanTree {
    /// The table without those that it is made of.
    pub line: String,
    /// The tables that it is made of.
    pub inputs: Vec<PlanTree>,
}

impl PlanTree {
    /// The tables that it is made of, each line after the signs of those around.
    fn write_inputs(&self, f: &mut fmt::Formatter<'_>, before: &str) -> fmt::Result {
        for (index, input) in self.inputs.iter().enumerate() {
            let is_last = index + 1 == self.inputs.len();
            let sign = if is_last { "+- " } else { ":- " };
            writeln!(f, "{before}{sign}{}", input.line)?;
            let beside = if is_last { "   " } else { ":  " };
            input.write_inputs(f, &format!("{before}{beside}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for PlanTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.line)?;
        self.write_inputs(f, "")
    }
}
