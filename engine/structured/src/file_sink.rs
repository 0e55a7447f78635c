//! The file sink: the files of a micro-batch, and its entry in the log of its folder
//! (`org.apache.spark.sql.execution.streaming.FileStreamSink`).

use std::collections::BTreeSet;

use engine::{
    FileContent, LoggedFile, Outbox, Save, SaveContent, SaveError, SaveId, SaveOutcome, Text, Time,
};

/// A file of a partition.
#[derive(Debug, PartialEq)]
pub struct PartFile {
    /// The partition.
    pub partition: usize,
    /// The folder within that of the sink, such as `city=Rome`.
    pub within: Option<Text>,
    /// The content.
    pub content: FileContent,
}

/// The file sink of a query.
#[derive(Debug)]
pub(crate) struct FileSink {
    extension: &'static str,
    folder: Text,
    /// The time at which the query was started: files of another run have other names.
    run: Time,
    asked: u64,
    waits_for: BTreeSet<SaveId>,
    batch: Option<FileBatch>,
}

/// A micro-batch on its way into files.
#[derive(Debug)]
struct FileBatch {
    id: u64,
    begun: Time,
    step: Step,
    files: Vec<SavedFile>,
}

/// A file of a micro-batch.
#[derive(Clone, Debug)]
pub(crate) struct SavedFile {
    pub(crate) name: Text,
    pub(crate) content: FileContent,
}

/// The step that a micro-batch is at.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// It may be in the log already.
    Asking,
    /// Its files are being saved.
    Files,
    /// Its entry in the log is being written.
    Commit,
}

/// The result of a save.
#[derive(Debug)]
pub(crate) enum Progress {
    /// The micro-batch waits for others.
    Waiting,
    /// All files of the micro-batch are in the log, each with its path; none if they were before.
    Saved(Vec<SavedFile>),
    /// Something was not saved.
    Failed(Text),
}

impl FileSink {
    pub(crate) fn new(extension: &'static str, folder: Text) -> FileSink {
        FileSink {
            extension,
            folder,
            run: Time::EPOCH,
            asked: 0,
            waits_for: BTreeSet::new(),
            batch: None,
        }
    }

    pub(crate) fn folder(&self) -> &Text {
        &self.folder
    }

    pub(crate) fn start(&mut self, now: Time) {
        self.run = now;
    }

    /// Begins to save a micro-batch.
    pub(crate) fn begin(
        &mut self,
        id: u64,
        begun: Time,
        files: Vec<PartFile>,
        outbox: &mut Outbox,
    ) {
        let files = files.into_iter().map(|file| SavedFile {
            name: self.file_name(id, &file),
            content: file.content,
        });
        let batch = FileBatch {
            id,
            begun,
            step: Step::Asking,
            files: files.collect(),
        };
        let folder = self.folder.clone();
        self.ask(
            &batch,
            SaveContent::BeginFiles { folder, batch: id },
            outbox,
        );
        self.batch = Some(batch);
    }

    /// Takes in that a save has ended.
    ///
    /// # Panics
    ///
    /// Panics if it was not asked for.
    pub(crate) fn saved(
        &mut self,
        id: SaveId,
        result: Result<SaveOutcome, SaveError>,
        outbox: &mut Outbox,
    ) -> Progress {
        self.waits_for.remove(&id);
        let outcome = match result {
            Ok(outcome) => outcome,
            Err(error) => return Progress::Failed(error.reason),
        };
        if !self.waits_for.is_empty() {
            return Progress::Waiting;
        }
        let batch = self.batch.take();
        let mut batch = batch.expect("a save is one of a micro-batch");
        match (batch.step, outcome) {
            (Step::Asking, SaveOutcome::SavedBefore) => return Progress::Saved(Vec::new()),
            (Step::Asking, SaveOutcome::Done) if !batch.files.is_empty() => {
                batch.step = Step::Files;
                for file in batch.files.clone() {
                    let content = SaveContent::File {
                        file: self.path(&file),
                        content: file.content,
                    };
                    self.ask(&batch, content, outbox);
                }
            }
            (Step::Asking | Step::Files, _) => {
                batch.step = Step::Commit;
                let content = SaveContent::CommitFiles {
                    folder: self.folder.clone(),
                    batch: batch.id,
                    begun: batch.begun,
                    files: batch.files.iter().map(|file| self.logged(file)).collect(),
                };
                self.ask(&batch, content, outbox);
            }
            (Step::Commit, _) => {
                let files = batch.files.into_iter().map(|file| SavedFile {
                    name: self.path(&file),
                    content: file.content,
                });
                return Progress::Saved(files.collect());
            }
        }
        self.batch = Some(batch);
        Progress::Waiting
    }

    fn logged(&self, file: &SavedFile) -> LoggedFile {
        LoggedFile {
            file: self.path(file),
            bytes: file.content.size(),
        }
    }

    fn path(&self, file: &SavedFile) -> Text {
        format!("{}/{}", self.folder, file.name).into()
    }

    /// The name of a file, in which Spark has a random id: here it follows from the run, the micro-batch and the
    /// partition.
    fn file_name(&self, batch: u64, file: &PartFile) -> Text {
        let partition = file.partition;
        let (folder, mark) = match &file.within {
            Some(within) => (format!("{within}/"), '.'),
            None => (String::new(), '-'),
        };
        let seed = [self.run.as_millis() as u64, batch, partition as u64];
        let high = seed.into_iter().fold(0, mix);
        let low = mix(high, 1);
        let extension = self.extension;
        format!(
            "{folder}part-{partition:05}-{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}{mark}c000.{extension}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 48 & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff,
        )
        .into()
    }

    fn ask(&mut self, batch: &FileBatch, content: SaveContent, outbox: &mut Outbox) {
        let id = SaveId(self.asked);
        self.asked += 1;
        self.waits_for.insert(id);
        outbox.save(Save {
            id,
            batch_time: batch.begun,
            content,
        });
    }
}

/// A number that depends on all bits of both (`SplitMix64`).
fn mix(state: u64, number: u64) -> u64 {
    let mut bits = state
        .wrapping_add(number)
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
