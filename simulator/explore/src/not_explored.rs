//! Pipelines that cannot be explored.

use simulator::RunError;

/// Why a pipeline cannot be explored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotExplored {
    /// It is a program that is not played here.
    #[error("pipelines of streams in words and queries are explored, and it is {0}")]
    Kind(&'static str),
    /// The driver has nothing to go on from.
    #[error(
        "its scenario has no checkpoint folder, without which a crash loses all; for example\n[cluster]\ncheckpoint = \"checkpoint\"\nwrite_ahead_log = true"
    )]
    NoCheckpoint,
    /// A query reads a socket, from which it cannot read again.
    #[error(
        "a socket does not keep its lines, so that a query over it goes on without them: `source = \"direct\"` reads files"
    )]
    Socket,
    /// A source makes rows by the clock.
    #[error("its source makes rows at a rate, so that there are others once it has been down")]
    Rate,
    /// The rows of a query in SQL say when they are made.
    #[error(
        "its rows depend on the time at which its lines come or its micro-batches run, as by `current_timestamp()`: a query \
         that was down runs them later"
    )]
    Moment,
    /// A query ends by its trigger, and one that is started again reads what came since.
    #[error("its query ends by its trigger, and would read more files when it is started again")]
    Ends,
    /// It has faults of its own.
    #[error("its scenario has faults of its own: `millrace run` plays it")]
    Faults,
    /// It cannot be run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A job fails without a fault.
    #[error("a job fails without a fault: {0}")]
    Fails(String),
    /// An invariant, or a claim of the scenario, does not hold without a fault.
    #[error("it breaks a promise without a fault: {0}")]
    Broken(String),
    /// There is no batch in which a driver could die.
    #[error("it has no batch that prints")]
    NoBatch,
}
