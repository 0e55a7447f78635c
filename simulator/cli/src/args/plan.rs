//! The arguments of `millrace plan`.

use std::path::PathBuf;

use clap::Args;

/// Print how structured queries run: their plans as trees.
///
/// The incremental plan has an operator a line, those that it reads from below it: the state of which number each has, in
/// how many partitions, and which table a join reads as a whole.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace plan scenarios/cookbook.toml
  millrace plan scenarios/cookbook.toml --pipeline structured --extended")]
pub(crate) struct PlanArguments {
    /// Scenario files, or folders of them, or `-` for a scenario on standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Print the plans of the pipelines of this name.
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    /// Print before them the query as it is written, with its names and types resolved, and optimised.
    #[arg(long)]
    pub(crate) extended: bool,
}
