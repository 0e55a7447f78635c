//! The real world that drives an engine: system clock, sockets, signals, threads.
//!
//! An [`engine::Machine`] is handed what happens and hands back what is to be done; [`Live`] makes
//! things happen. It waits for the first of a record, the time at which the machine wants to be
//! woken, the end of a job and a request to stop, hands it in with its time, and does what follows.
//! The virtual world of the simulator is the same loop over a scenario's timeline, so a program that
//! was tested there runs here without a change.
//!
//! | file | what it is for |
//! |---|---|
//! | `live` | [`Live`]: what can be set, and the ways to run |
//! | `drive` | the loop |
//! | `clock` | [`LiveClock`]: milliseconds that never run backwards |
//! | `sources` | a task for each source and one bounded queue, in the order of time |
//! | `lines` | [`LineDecoder`]: packets of bytes to lines |
//! | `threads` | [`Threads`]: the engine's port [`Workers`](engine::Workers) on threads |
//! | `stop` | [`StopRequests`]: ctrl-C, `SIGTERM`, or one's own |
//! | `notice` | [`Notice`]: what a person at the terminal should know |
//! | `error` | [`LiveError`] |
//!
//! ## Time
//!
//! A record is handed in with the time at which it was read, and always before anything that happens
//! later: a batch is not woken before everything that was read in its interval is in the engine. A
//! record that waits in the operating system's buffers has not been read; how the server's clock
//! stands is not known.
//!
//! ## Falling behind
//!
//! Jobs run on threads of their own, so receiving goes on while they do, and batches queue in the
//! engine without bound, as Spark's do (`JOB-2`). If the loop itself falls behind, sources stop
//! reading and their servers have to wait.
//!
//! ## What is not here
//!
//! No decision about batches: which record belongs to which batch, what is cut, what is run next and
//! when to end is the engine's. Nothing prints: events go to an [`engine::Reader`], notices to a
//! callback. No files and no checkpoints: a program that ends forgets.

mod clock;
mod drive;
mod error;
mod lines;
mod live;
mod notice;
mod sources;
mod stop;
mod threads;

pub use clock::LiveClock;
pub use error::LiveError;
pub use lines::{Line, LineDecoder};
pub use live::Live;
pub use notice::Notice;
pub use stop::{StopRequests, Stopper};
pub use threads::Threads;
