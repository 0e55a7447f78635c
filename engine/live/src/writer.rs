//! The writes of a live program, on threads of their own.

use std::iter::once;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use engine::{Time, Write, WriteContent, WriteError, WriteId};
use engine_storage::{CheckpointFolder, Place};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The end of a write.
pub(crate) type Written = (WriteId, Result<(), WriteError>);

/// Writes what a program asks to be durable, in the order in which it asks: log entries on one thread, checkpoints and
/// states on another, so that no batch waits for a large state (Spark's `CheckpointWriter` has a thread of its own,
/// too).
#[derive(Debug)]
pub(crate) struct Writer {
    log: Sender<(Time, Write)>,
    checkpoints: Sender<(Time, Write)>,
    written: UnboundedReceiver<Written>,
}

impl Writer {
    /// Writes into a folder, or another place. With `ends_at_failure` nothing is logged after an entry that could not be:
    /// what was received up to there is what a source is asked to go on from.
    pub(crate) fn new(folder: &Place, ends_at_failure: bool) -> Writer {
        let (acknowledge, written) = unbounded_channel();
        Writer {
            log: if ends_at_failure {
                start_until_failure(folder.clone(), acknowledge.clone())
            } else {
                start(folder.clone(), acknowledge.clone())
            },
            checkpoints: start(folder.clone(), acknowledge),
            written,
        }
    }

    /// Queues a write.
    pub(crate) fn write(&self, now: Time, write: Write) {
        let thread = match write.content {
            WriteContent::Log(_) | WriteContent::Block { .. } => &self.log,
            WriteContent::States { .. }
            | WriteContent::Checkpoint(_)
            | WriteContent::RemoveStates { .. }
            | WriteContent::QueryFile { .. }
            | WriteContent::RemoveQueryFiles(_) => &self.checkpoints,
        };
        // A thread ends only when its queue is closed.
        thread.send((now, write)).ok();
    }

    /// Waits for the next write to end.
    pub(crate) async fn next(&mut self) -> Option<Written> {
        self.written.recv().await
    }
}

/// Starts a thread that writes into a folder one by one, until a write fails: each later one fails with it.
fn start_until_failure(
    folder: Place,
    acknowledge: UnboundedSender<Written>,
) -> Sender<(Time, Write)> {
    let (sender, queue) = channel::<(Time, Write)>();
    thread::spawn(move || {
        let mut folder = CheckpointFolder::new(folder);
        let mut written = Ok(());
        for (now, write) in queue {
            written = written.and_then(|()| folder.write(now, &write.content));
            if acknowledge.send((write.id, written.clone())).is_err() {
                return;
            }
        }
    });
    sender
}

/// Starts a thread that writes into a folder until its queue is closed.
fn start(folder: Place, acknowledge: UnboundedSender<Written>) -> Sender<(Time, Write)> {
    let (sender, queue) = channel::<(Time, Write)>();
    thread::spawn(move || {
        let mut folder = CheckpointFolder::new(folder);
        while let Ok(first) = queue.recv() {
            // State files that are asked for together become durable together.
            let writes: Vec<(Time, Write)> = once(first).chain(queue.try_iter()).collect();
            let contents = writes.iter().map(|(now, write)| (*now, &write.content));
            let results = folder.write_all(contents);
            for ((_, write), result) in writes.into_iter().zip(results) {
                // A program that is ended at once waits for no write.
                if acknowledge.send((write.id, result)).is_err() {
                    return;
                }
            }
        }
    });
    sender
}
