//! The arguments of `millrace checkpoint`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Look into a checkpoint folder.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  millrace checkpoint inspect checkpoint
  millrace checkpoint inspect checkpoint --json | jq '.files[] | select(.damage)'")]
pub(crate) struct CheckpointArguments {
    #[command(subcommand)]
    pub(crate) command: CheckpointCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CheckpointCommand {
    Inspect(InspectArguments),
}

/// Print the files of a checkpoint folder, with their contents and their damage.
///
/// Nothing is changed, and a program may be at work in the folder. Times are in UTC.
#[derive(Debug, Args)]
pub(crate) struct InspectArguments {
    /// The folder of `listen --checkpoint`.
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// Print JSON instead of text.
    #[arg(long)]
    pub(crate) json: bool,
}
