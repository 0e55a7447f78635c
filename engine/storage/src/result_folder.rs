//! The folder in which the results of programs are kept.
//!
//! ```text
//! <folder>/_temporary/0/task_m_<partition>/part-<partition>   a part that is not committed
//! <folder>/part-<partition>                                   one that is
//! <folder>/_SUCCESS                                           empty: all parts are there
//! <folder>/_spark_metadata/<batch>[.compact]                  the files of a micro-batch, or of all up to it
//! ```
//!
//! These are the names of Hadoop's `FileOutputCommitter`, whose first algorithm Spark uses. A part is synced before it
//! gets its name, and all names are synced before `_SUCCESS` is made.

use engine::{FileContent, SaveContent, SaveError, SaveOutcome};

use crate::checkpoint_folder::reason;
use crate::sink_log;
use crate::{Storage, StorageError};

/// The results of programs in a storage.
///
/// ```
/// use engine::{Records, SaveContent, Text};
/// use engine_storage::{ResultFolder, Storage, VirtualDisk};
///
/// let mut results = ResultFolder::new(VirtualDisk::default());
/// let folder = Text::from("counts-1000");
/// let lines = Records::from([Text::from("(blue,5)")]);
/// results.save(&SaveContent::Part { folder: folder.clone(), partition: 0, lines })?;
/// results.save(&SaveContent::CommitParts { folder, partitions: 1 })?;
/// let disk = results.into_storage();
/// assert_eq!(disk.list().unwrap(), ["counts-1000/_SUCCESS", "counts-1000/part-00000"]);
/// assert_eq!(disk.read("counts-1000/part-00000").unwrap(), Some(b"(blue,5)\n".to_vec()));
/// # Ok::<(), engine::SaveError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ResultFolder<S> {
    storage: S,
}

impl<S: Storage> ResultFolder<S> {
    /// The results in a storage.
    pub fn new(storage: S) -> ResultFolder<S> {
        ResultFolder { storage }
    }

    /// The storage.
    pub fn storage(&self) -> &S {
        &self.storage
    }

    /// The storage, to do something to it behind the program's back.
    pub fn storage_mut(&mut self) -> &mut S {
        &mut self.storage
    }

    /// The storage, when the program has ended.
    pub fn into_storage(self) -> S {
        self.storage
    }

    /// Saves something that a program asks for.
    ///
    /// # Errors
    ///
    /// The storage fails.
    pub fn save(&mut self, content: &SaveContent) -> Result<SaveOutcome, SaveError> {
        self.try_save(content).map_err(|error| SaveError {
            reason: reason(&error),
        })
    }

    fn try_save(&mut self, content: &SaveContent) -> Result<SaveOutcome, StorageError> {
        match content {
            SaveContent::Part {
                folder,
                partition,
                lines,
            } => {
                let file = temporary(folder, *partition);
                // After a loss of power this name may be a second one of a part that is committed.
                self.storage.remove(&file)?;
                self.write(&file, &FileContent::text(lines.clone()))?;
            }
            SaveContent::CommitParts { folder, partitions } => self.commit(folder, *partitions)?,
            SaveContent::AbortParts { folder } => self.abort(folder)?,
            SaveContent::BeginFiles { folder, batch } => {
                let last = sink_log::last_batch(&self.storage, folder)?;
                if last.is_some_and(|last| *batch <= last) {
                    return Ok(SaveOutcome::SavedBefore);
                }
            }
            SaveContent::File { file, content } => self.write(file, content)?,
            SaveContent::CommitFiles {
                folder,
                batch,
                begun,
                files,
            } => sink_log::add(&mut self.storage, folder, *batch, *begun, files)?,
        }
        Ok(SaveOutcome::Done)
    }

    fn write(&mut self, file: &str, content: &FileContent) -> Result<(), StorageError> {
        self.storage.write(file, &content.to_bytes())?;
        self.storage.sync(file)
    }

    fn commit(&mut self, folder: &str, partitions: usize) -> Result<(), StorageError> {
        let mut last = None;
        for partition in 0..partitions {
            let file = format!("{folder}/{}", part(partition));
            self.storage.rename(&temporary(folder, partition), &file)?;
            last = Some(file);
        }
        // The names of a folder are synced together.
        if let Some(file) = last {
            self.storage.sync(&file)?;
        }
        self.abort(folder)?;
        let success = format!("{folder}/_SUCCESS");
        self.storage.write(&success, b"")?;
        self.storage.sync(&success)
    }

    /// Removes what is not committed, also of a run that ended in the middle.
    fn abort(&mut self, folder: &str) -> Result<(), StorageError> {
        for file in self.storage.list_below(&format!("{folder}/_temporary/"))? {
            self.storage.remove(&file)?;
        }
        Ok(())
    }
}

fn temporary(folder: &str, partition: usize) -> String {
    format!(
        "{folder}/_temporary/0/task_m_{partition:06}/{}",
        part(partition)
    )
}

fn part(partition: usize) -> String {
    format!("part-{partition:05}")
}
