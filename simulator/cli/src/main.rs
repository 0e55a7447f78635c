//! `millrace`: replays scenarios of micro-batch streaming on a virtual clock, or runs them live.

mod args;
mod commands;
mod error;
mod exit;
mod failures;
mod fault;
mod files;
mod printer;
mod progress;
mod select;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};
use crate::error::CommandError;
use crate::exit::Exit;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let checked = match &arguments.command {
        Command::Listen(listen) => listen.check(),
        Command::Bench(bench) => bench.check(),
        _ => Ok(()),
    };
    checked.unwrap_or_else(|mistake| mistake.exit());
    fault::explain_panics();
    fault::guard(|| dispatch(&arguments.command)).into()
}

fn dispatch(command: &Command) -> Exit {
    run(command).unwrap_or_else(|error| {
        terminal::print_error(&error);
        error.exit()
    })
}

fn run(command: &Command) -> Result<Exit, CommandError> {
    match command {
        Command::Run(arguments) => commands::run::run(arguments),
        Command::Test(arguments) => commands::test::test(arguments),
        Command::Plan(arguments) => commands::plan::plan(arguments),
        Command::Explore(arguments) => commands::explore::explore(arguments),
        Command::Listen(arguments) => commands::listen::listen(arguments),
        Command::Checkpoint(arguments) => commands::checkpoint::checkpoint(arguments),
        Command::Record(arguments) => commands::record::record(arguments),
        Command::New(arguments) => commands::new::new(arguments),
        Command::Spark(arguments) => commands::spark::spark(arguments),
        Command::Bench(arguments) => commands::bench::bench(arguments),
        Command::Schema => commands::schema::schema(),
        Command::Reference => commands::reference::reference(),
        Command::Completions(arguments) => commands::completions::completions(arguments),
    }
}
