//! A disk whose machine loses its power.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use engine_storage::{Operation, Storage, StorageError, VirtualDisk};

/// A disk that does nothing any more once the operations that are left are used up.
pub(crate) struct Dying {
    pub(crate) disk: VirtualDisk,
    pub(crate) left: Rc<Cell<usize>>,
}

impl Dying {
    fn spend(&self, operation: Operation, file: &str) -> Result<(), StorageError> {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        if left > 0 {
            return Ok(());
        }
        Err(StorageError::Io {
            operation,
            file: file.to_owned(),
            source: io::Error::other("there is no power"),
        })
    }
}

impl Storage for Dying {
    fn read(&self, file: &str) -> Result<Option<Vec<u8>>, StorageError> {
        self.disk.read(file)
    }

    fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.spend(Operation::Write, file)?;
        self.disk.write(file, bytes)
    }

    fn append(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.spend(Operation::Append, file)?;
        self.disk.append(file, bytes)
    }

    fn sync(&mut self, file: &str) -> Result<(), StorageError> {
        self.spend(Operation::Sync, file)?;
        self.disk.sync(file)
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), StorageError> {
        self.spend(Operation::Rename, from)?;
        self.disk.rename(from, to)
    }

    fn remove(&mut self, file: &str) -> Result<(), StorageError> {
        self.spend(Operation::Remove, file)?;
        self.disk.remove(file)
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        self.disk.list()
    }
}
