//! The real world that drives an engine: system clock, sockets, signals, threads.
//!
//! An [`engine::Machine`] takes inputs and returns effects; [`Live`] supplies the inputs. It waits for
//! the first of a record, the time at which the machine wants to be woken, the end of a job and a
//! request to stop, passes it to the machine with its time, and carries out the effects. The virtual
//! world of the simulator is the same loop over a scenario's timeline, so a program that was tested
//! there runs here without a change.
//!
//! | file | contents |
//! |---|---|
//! | `live` | [`Live`]: the settings, and the ways to run |
//! | `event_loop` | the loop |
//! | `clock` | [`LiveClock`]: milliseconds that never run backwards |
//! | `sources` | a task for each source and one bounded queue, in the order of time |
//! | `line_decoder` | [`LineDecoder`]: packets of bytes to lines |
//! | `threads` | [`Threads`]: the engine's port [`Workers`](engine::Workers) on threads |
//! | `stop` | [`StopRequests`]: ctrl-C, `SIGTERM`, or the caller's own |
//! | `signals` | the thread that waits for ctrl-C and `SIGTERM` |
//! | `diagnostic` | [`LiveDiagnostic`]: messages for the person at the terminal |
//! | `error` | [`LiveError`] |
//!
//! ## Time
//!
//! A record enters the engine with the time at which it was read, and before anything that happens
//! later: a batch does not begin before everything that was read in its interval is in the engine. A
//! record that waits in the operating system's buffers has not been read; the server's clock is not
//! known.
//!
//! ## Falling behind
//!
//! Jobs run on threads of their own, so receiving goes on while they do, and batches queue in the
//! engine without bound, as Spark's do (`JOB-2`). If the loop itself falls behind, sources stop
//! reading and their servers have to wait.
//!
//! ## What is not here
//!
//! - No decision about batches. The engine decides which batch a record belongs to, where blocks are
//!   cut, which job runs next and when the program ends.
//! - No output: events go to an [`engine::Reader`], diagnostics to a callback, or else to standard error.
//! - No decision about files: checkpoints and results are written as the engine asks, by `engine-storage`.

mod clock;
mod diagnostic;
mod error;
mod event_loop;
mod line_decoder;
mod live;
mod saver;
mod signals;
mod sources;
mod stop;
mod threads;
mod writer;

pub use clock::LiveClock;
pub use diagnostic::LiveDiagnostic;
pub use error::LiveError;
pub use line_decoder::{DecodedLine, LineDecoder};
pub use live::Live;
pub use stop::{StopRequests, Stopper};
pub use threads::Threads;
