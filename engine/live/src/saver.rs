//! The results of a live program, saved on a thread of their own.

use std::sync::mpsc::{Sender, channel};
use std::thread;

use engine::{Save, SaveError, SaveId, SaveOutcome};
use engine_storage::{ResultFolder, Storage};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The end of a save.
pub(crate) type Saved = (SaveId, Result<SaveOutcome, SaveError>);

/// Saves what a program asks for, in the order in which it asks.
#[derive(Debug)]
pub(crate) struct Saver {
    queue: Sender<Save>,
    ended: UnboundedReceiver<Saved>,
}

impl Saver {
    /// Saves into a storage.
    pub(crate) fn new(storage: impl Storage + Send + 'static) -> Saver {
        let (queue, saves) = channel::<Save>();
        let (acknowledge, ended) = unbounded_channel();
        thread::spawn(move || {
            let mut results = ResultFolder::new(storage);
            for save in saves {
                let result = results.save(&save.content);
                // A program that is ended at once waits for nothing.
                if acknowledge.send((save.id, result)).is_err() {
                    return;
                }
            }
        });
        Saver { queue, ended }
    }

    /// Queues a save.
    pub(crate) fn save(&self, save: Save) {
        // The thread ends only when its queue is closed.
        self.queue.send(save).ok();
    }

    /// Waits for the next save to end.
    pub(crate) async fn next(&mut self) -> Option<Saved> {
        self.ended.recv().await
    }
}
