//! The files that a query writes.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use engine::{QueryContent, QueryFile, Time, WriteContent};
use simulator::Tamper;

/// Notes the files that a query writes, and changes none.
#[derive(Default)]
pub(super) struct WrittenFiles(Mutex<Notes>);

#[derive(Default)]
struct Notes {
    files: Vec<(Time, QueryFile)>,
    watermarks: BTreeMap<u64, i64>,
}

impl WrittenFiles {
    /// The files with the times at which they were written, and the watermark of each micro-batch.
    pub(super) fn into_parts(self) -> (Vec<(Time, QueryFile)>, BTreeMap<u64, i64>) {
        let notes = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        (notes.files, notes.watermarks)
    }
}

impl Tamper for WrittenFiles {
    fn write(&self, now: Time, content: WriteContent) -> Vec<WriteContent> {
        if let WriteContent::QueryFile { file, content } = &content {
            let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            notes.files.push((now, *file));
            if let (QueryFile::Offsets { batch }, QueryContent::Offsets(offsets)) = (file, content)
            {
                notes.watermarks.insert(*batch, offsets.watermark_ms);
            }
        }
        vec![content]
    }
}
