//! A disk in memory, which loses, tears and corrupts files as a disk may.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::{Operation, Storage, StorageError};

/// A disk in memory.
///
/// Bytes of a file and names in a folder are durable only when they were synced, each by itself: after a crash a synced
/// file may have no name, and a file that has one may lack its end.
///
/// ```
/// use engine_storage::{Storage, VirtualDisk};
/// let mut disk = VirtualDisk::default();
/// disk.append("log", b"blue\n")?;
/// disk.sync("log")?;
/// disk.append("log", b"green\n")?;
/// disk.crash(|_, _| 2);
/// assert_eq!(disk.read("log")?, Some(b"blue\ngr".to_vec()));
/// # Ok::<(), engine_storage::StorageError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct VirtualDisk {
    names: BTreeMap<String, FileId>,
    durable_names: BTreeMap<String, FileId>,
    /// By folder the names that a crash would change.
    unsynced_names: BTreeMap<String, BTreeSet<String>>,
    files: BTreeMap<FileId, File>,
    /// The number of files that there have been.
    created: u64,
    /// The most bytes that all files together may have.
    capacity: Option<usize>,
    /// For each operation how many times it does well before it fails, and how many times it fails then.
    failing: BTreeMap<Operation, (u32, u32)>,
    skips_sync: bool,
}

type FileId = u64;

/// The bytes of a file, of which those up to `durable` outlast a crash.
#[derive(Clone, Debug, Default)]
struct File {
    bytes: Vec<u8>,
    durable: usize,
    /// The number of its names, durable ones and others. Without any it is gone.
    names: usize,
}

impl VirtualDisk {
    /// The same disk, on which all files together may have this number of bytes.
    pub fn set_capacity(&mut self, bytes: Option<usize>) {
        self.capacity = bytes;
    }

    /// Has an operation fail the next `times` times.
    pub fn fail(&mut self, operation: Operation, times: u32) {
        self.failing.insert(operation, (0, times));
    }

    /// Has an operation fail for ever, once it has done well `times` times.
    pub fn fail_after(&mut self, operation: Operation, times: u32) {
        self.failing.insert(operation, (times, u32::MAX));
    }

    /// Has the disk sync nothing, though it says so.
    pub fn skip_sync(&mut self, skip: bool) {
        self.skips_sync = skip;
    }

    /// Ends the machine: names and bytes that were not synced are lost. `keep` says of how many bytes behind the durable
    /// ones the file keeps a prefix all the same, given its name and their number.
    pub fn crash(&mut self, mut keep: impl FnMut(&str, usize) -> usize) {
        self.unsynced_names.clear();
        for name in self.names.keys().cloned().collect::<Vec<_>>() {
            if !self.durable_names.contains_key(&name) {
                self.name(&name, None);
            }
        }
        for (name, id) in self.durable_names.clone() {
            self.name(&name, Some(id));
        }
        self.unsynced_names.clear();
        for (name, id) in &self.names {
            let file = self.files.get_mut(id).expect("each name is of a file");
            let unsynced = file.bytes.len() - file.durable;
            file.durable += keep(name, unsynced).min(unsynced);
            file.bytes.truncate(file.durable);
        }
    }

    /// Changes a file without a trace: `change` is given its bytes. Returns false if there is no such file.
    pub fn corrupt(&mut self, file: &str, change: impl FnOnce(&mut Vec<u8>)) -> bool {
        let file = self.names.get(file).and_then(|id| self.files.get_mut(id));
        let Some(file) = file else {
            return false;
        };
        change(&mut file.bytes);
        file.durable = file.bytes.len();
        true
    }

    /// Removes a file without a trace, as one that is lost. Returns false if there is no such file.
    pub fn destroy(&mut self, file: &str) -> bool {
        let name = self.names.remove(file);
        let durable_name = self.durable_names.remove(file);
        self.unname(name);
        self.unname(durable_name);
        name.is_some()
    }

    /// The bytes of all files.
    pub fn used(&self) -> usize {
        self.files.values().map(|file| file.bytes.len()).sum()
    }

    fn file(&self, name: &str) -> Option<&File> {
        self.names.get(name).map(|id| &self.files[id])
    }

    /// Has a name be that of a file, or of none.
    fn name(&mut self, name: &str, file: Option<FileId>) {
        let folder = self.unsynced_names.entry(folder_of(name).to_owned());
        folder.or_default().insert(name.to_owned());
        if let Some(file) = file.and_then(|id| self.files.get_mut(&id)) {
            file.names += 1;
        }
        let before = match file {
            Some(id) => self.names.insert(name.to_owned(), id),
            None => self.names.remove(name),
        };
        self.unname(before);
    }

    /// Takes a name from a file, which is gone without any.
    fn unname(&mut self, file: Option<FileId>) {
        let Some(id) = file else {
            return;
        };
        if let Some(file) = self.files.get_mut(&id) {
            file.names -= 1;
            if file.names == 0 {
                self.files.remove(&id);
            }
        }
    }

    /// The file of this name, which is made if there is none.
    fn file_mut(&mut self, name: &str) -> &mut File {
        let id = self.names.get(name).copied().unwrap_or_else(|| {
            self.created += 1;
            let id = self.created;
            self.files.insert(id, File::default());
            self.name(name, Some(id));
            id
        });
        self.files.get_mut(&id).expect("each name is of a file")
    }

    /// Adds bytes to a file, as many as there is room for.
    fn extend(
        &mut self,
        operation: Operation,
        name: &str,
        bytes: &[u8],
    ) -> Result<(), StorageError> {
        let room = self
            .capacity
            .map_or(bytes.len(), |capacity| capacity.saturating_sub(self.used()));
        let written = &bytes[..room.min(bytes.len())];
        self.file_mut(name).bytes.extend_from_slice(written);
        if written.len() < bytes.len() {
            return Err(error(operation, name, io::ErrorKind::StorageFull.into()));
        }
        Ok(())
    }

    fn begin(&mut self, operation: Operation, file: &str) -> Result<(), StorageError> {
        match self.failing.get_mut(&operation) {
            Some((before @ 1.., _)) => {
                *before -= 1;
                Ok(())
            }
            Some((0, times @ 1..)) => {
                *times -= 1;
                Err(error(operation, file, io::Error::other("the disk fails")))
            }
            _ => Ok(()),
        }
    }
}

fn error(operation: Operation, file: &str, source: io::Error) -> StorageError {
    StorageError::Io {
        operation,
        file: file.to_owned(),
        source,
    }
}

/// The folder of a file, with the `/` behind it.
fn folder_of(name: &str) -> &str {
    &name[..name.rfind('/').map_or(0, |slash| slash + 1)]
}

impl Storage for VirtualDisk {
    fn read(&self, file: &str) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.file(file).map(|file| file.bytes.clone()))
    }

    fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.begin(Operation::Write, file)?;
        let written = self.file_mut(file);
        (written.bytes, written.durable) = (Vec::new(), 0);
        self.extend(Operation::Write, file, bytes)
    }

    fn append(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.begin(Operation::Append, file)?;
        self.extend(Operation::Append, file, bytes)
    }

    fn sync(&mut self, file: &str) -> Result<(), StorageError> {
        self.begin(Operation::Sync, file)?;
        let Some(id) = self.names.get(file) else {
            return Err(error(Operation::Sync, file, io::ErrorKind::NotFound.into()));
        };
        if self.skips_sync {
            return Ok(());
        }
        let synced = self.files.get_mut(id);
        let synced = synced.expect("each name is of a file");
        synced.durable = synced.bytes.len();
        for name in self
            .unsynced_names
            .remove(folder_of(file))
            .unwrap_or_default()
        {
            let id = self.names.get(&name).copied();
            if let Some(file) = id.and_then(|id| self.files.get_mut(&id)) {
                file.names += 1;
            }
            let before = match id {
                Some(id) => self.durable_names.insert(name, id),
                None => self.durable_names.remove(&name),
            };
            self.unname(before);
        }
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), StorageError> {
        self.begin(Operation::Rename, from)?;
        let Some(id) = self.names.get(from).copied() else {
            return Err(error(
                Operation::Rename,
                from,
                io::ErrorKind::NotFound.into(),
            ));
        };
        self.name(to, Some(id));
        if from != to {
            self.name(from, None);
        }
        Ok(())
    }

    fn remove(&mut self, file: &str) -> Result<(), StorageError> {
        self.begin(Operation::Remove, file)?;
        if self.names.contains_key(file) {
            self.name(file, None);
        }
        Ok(())
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        Ok(self.names.keys().cloned().collect())
    }
}
