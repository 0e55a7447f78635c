//! Live runs: the system clock, real sockets, and the console on standard output.

use std::fmt;
use std::io;
use std::path::Path;

use engine::{BuildError, Engine, Machine, Profile, RecoverError, StreamingContext};
use engine_live::{Live, LiveError};
use engine_storage::{CheckpointFolder, Place, ReadError, StorageError};
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
    /// The checkpoint folder cannot be opened: another program has it, as an example.
    #[error(transparent)]
    Folder(#[from] StorageError),
    /// No checkpoint of the folder can be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The program is not the one that was saved.
    #[error(transparent)]
    Recover(#[from] RecoverError),
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
    let engine = Engine::new(ssc.build()?);
    listen_to(Live::new(), engine, ssc.spark_context().profile())
}

/// As [`listen`], but goes on from the checkpoints in a folder, and keeps new ones there
/// (`StreamingContext.getOrCreate`). The folder is made if there is none. With the feature `object-store` it may be one
/// of an object store: `s3://bucket/path`.
///
/// The program is the same one in each life: its functions may have changed, its streams and operators may not. States
/// are saved where their spec says [`saved`](engine::UpdateSpec::saved). Batches since the checkpoint run again. Received
/// lines are lost in a crash, unless the program [logs them](StreamingContext::log_records).
///
/// ```no_run
/// use std::time::Duration;
/// use millrace::{SparkContext, StreamingContext, UpdateSpec, Values};
///
/// let sc = SparkContext::local(2, "Totals");
/// let ssc = StreamingContext::new(&sc, Duration::from_secs(1));
/// let words = ssc.socket_text_stream("localhost", 9999).map(|word| (word, 1_i64));
/// let add = |new: &[i64], total: Option<i64>| Some(total.unwrap_or(0) + new.iter().sum::<i64>());
/// words.update_state_by_key_with(UpdateSpec::function(add).saved()).print();
/// millrace::listen_from(&ssc, "checkpoint")?;
/// # Ok::<(), millrace::ListenError>(())
/// ```
///
/// # Errors
///
/// As [`listen`]; and if the folder is in use, cannot be read, or is one of another program.
///
/// # Panics
///
/// Panics inside a tokio runtime.
pub fn listen_from(ssc: &StreamingContext, folder: impl AsRef<Path>) -> Result<(), ListenError> {
    ssc.checkpoint();
    let program = ssc.build()?;
    let folder = Place::open(&folder.as_ref().to_string_lossy())?;
    let engine = match CheckpointFolder::new(folder.clone()).read()? {
        Some(recovery) => Engine::recover(program, recovery)?,
        None => Engine::new(program),
    };
    let live = Live::new().checkpoint(folder);
    listen_to(live, engine, ssc.spark_context().profile())
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
    listen_to(Live::new(), query, Profile::Pyspark)
}

fn listen_to(live: Live, machine: impl Machine, profile: Profile) -> Result<(), ListenError> {
    let mut console = Console::new(profile, Zone::system(), io::stdout())
        .flush_each_batch(true)
        .show_saved(false)
        .show_failures(true);
    live.run(machine, &mut console)?;
    console.finish()?;
    Ok(())
}
