//! Live runs: the system clock, real sockets, and the console on standard output.

use std::fmt;
use std::io;

use engine::{BuildError, Engine, Machine, Profile, StreamingContext};
use engine_live::{Live, LiveError};
use engine_structured::Query;
use report::{Console, Zone};

/// A program that does not run live.
///
/// `Debug` shows the text of `Display`: a `main` that returns the error prints it so.
#[derive(thiserror::Error)]
pub enum ListenError {
    /// The program breaks a rule.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The system does not give what it takes, or a receiver is not registered.
    #[error(transparent)]
    Live(#[from] LiveError),
    /// Standard output cannot be written to.
    #[error("failed to write to standard output")]
    Output(#[from] io::Error),
}

impl fmt::Debug for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Runs a program of streams live until ctrl-C, and prints its console on standard output
/// (`StreamingContext.start` and `awaitTermination`).
///
/// Start the server first, such as `nc -lk 9999`; until there is one the program says on standard error that it
/// waits, and later when it has lost it. It prints as Spark driven from the language of its cluster does, with
/// a line `failed: …` where a batch failed. The first ctrl-C stops it gracefully, a second one at once: the
/// process ends then, with exit code 130, if its output is not read. For receivers and other settings use
/// [`Live`].
///
/// # Errors
///
/// Fails if the program breaks a rule, if a receiver of it is not known, or if standard output cannot be
/// written to. A server that is away is waited for.
///
/// # Panics
///
/// Panics inside a tokio runtime.
pub fn listen(ssc: &StreamingContext) -> Result<(), ListenError> {
    listen_to(Engine::new(ssc.build()?), ssc.spark_context().profile())
}

/// Runs a structured query live until ctrl-C, and prints its tables on standard output
/// (`StreamingQuery.awaitTermination`).
///
/// As [`listen`], but if the server closes the connection the query goes on without data: Spark's does not
/// connect again either.
///
/// # Errors
///
/// As [`listen`].
///
/// # Panics
///
/// Panics inside a tokio runtime.
pub fn listen_query(query: Query) -> Result<(), ListenError> {
    listen_to(query, Profile::Pyspark)
}

fn listen_to(machine: impl Machine, profile: Profile) -> Result<(), ListenError> {
    let mut console = Console::new(profile, Zone::system(), io::stdout())
        .flush_each_batch(true)
        .show_failures(true);
    Live::new().run(machine, &mut console)?;
    console.finish()?;
    Ok(())
}
