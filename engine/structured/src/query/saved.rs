//! The steps of a query that wait for its rows to be saved.

use engine::{Event, Failure, FailureKind, Outbox, SaveError, SaveId, SaveOutcome, Time};

use super::Query;
use crate::file_sink::{PartFile, Progress};

impl Query {
    /// Saves the rows of the micro-batch that is under way.
    pub(super) fn save(&mut self, id: u64, files: Vec<PartFile>, outbox: &mut Outbox) {
        let under_way = self.under_way.as_ref();
        let begun = under_way.expect("a micro-batch is under way").begun;
        if let Some(sink) = &mut self.files {
            sink.begin(id, begun, files, outbox);
        }
    }

    /// Goes on with what has waited for a save. One that fails ends the query (`MB-7`).
    pub(super) fn saved(
        &mut self,
        now: Time,
        id: SaveId,
        result: Result<SaveOutcome, SaveError>,
        outbox: &mut Outbox,
    ) {
        let Some(files) = self.files.as_mut().filter(|_| !self.stopped) else {
            return;
        };
        let under_way = self.under_way.as_ref();
        let under_way = under_way.expect("a save is one of a micro-batch that is under way");
        let batch = under_way.id;
        let batch_time = under_way.begun;
        match files.saved(id, result, outbox) {
            Progress::Waiting => {}
            Progress::Failed(reason) => {
                let message = format!("{} was not saved: {reason}", files.folder());
                self.fail(Failure::new(FailureKind::Save, message), outbox);
            }
            Progress::Saved(saved) => {
                for file in saved {
                    outbox.record(Event::Saved {
                        batch_time,
                        name: file.name,
                        lines: file.content.lines.to_vec(),
                        bytes: file.content.bytes,
                    });
                }
                self.commit(now, batch, outbox);
            }
        }
    }
}
