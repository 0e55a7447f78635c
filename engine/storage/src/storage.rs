//! The port.

use crate::StorageError;

/// Files of bytes, by name.
///
/// A name is one part or several, separated by `/`, such as `rdd-3/part-00000`; all before the last one is the file's
/// folder, which need not be made. Bytes that are written can be read at once, and are sure to be there after a crash only
/// when they were [synced](Storage::sync).
pub trait Storage {
    /// The bytes of a file; `None` if there is none.
    fn read(&self, file: &str) -> Result<Option<Vec<u8>>, StorageError>;

    /// Makes a file of these bytes, in the place of one of this name. A crash before it is synced may leave a part of
    /// them, and nothing of the file that was there: write a new file and [rename](Storage::rename) it.
    fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError>;

    /// Adds bytes to the end of a file, which is made if there is none. A crash before it is synced may leave a part of
    /// them.
    fn append(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError>;

    /// Returns when the bytes of a file, and the names of all files in its folder, are sure to be there after a crash.
    fn sync(&mut self, file: &str) -> Result<(), StorageError>;

    /// Gives a file another name, in the place of one of that name. After a crash before the next [sync](Storage::sync) in
    /// the folder of the other name the file has the one name, or the other, or both, and the bytes that were synced.
    fn rename(&mut self, from: &str, to: &str) -> Result<(), StorageError>;

    /// Makes a file of these bytes durable, in the place of one of this name, which stays whole until then. They are
    /// written under another name of the same folder first, `.temp`.
    fn replace(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let temporary = temporary(file);
        self.write(&temporary, bytes)?;
        self.sync(&temporary)?;
        self.rename(&temporary, file)?;
        self.sync(file)
    }

    /// [Replaces](Storage::replace) files of different names, in any order or at the same time. Returns the end of each.
    fn replace_all(&mut self, files: &[(String, Vec<u8>)]) -> Vec<Result<(), StorageError>> {
        let files = files.iter();
        files
            .map(|(file, bytes)| self.replace(file, bytes))
            .collect()
    }

    /// Removes a file; nothing if there is none.
    fn remove(&mut self, file: &str) -> Result<(), StorageError>;

    /// The names of all files, sorted.
    fn list(&self) -> Result<Vec<String>, StorageError>;

    /// The names of the files in a folder, which is given with a `/` at its end, and in those below it, sorted.
    fn list_below(&self, folder: &str) -> Result<Vec<String>, StorageError> {
        let mut files = self.list()?;
        files.retain(|file| file.starts_with(folder));
        Ok(files)
    }
}

/// The name under which the bytes of a file are written first.
pub(crate) fn temporary(file: &str) -> String {
    let folder = file.rfind('/').map_or("", |slash| &file[..=slash]);
    format!("{folder}.temp")
}

impl<S: Storage + ?Sized> Storage for &mut S {
    fn read(&self, file: &str) -> Result<Option<Vec<u8>>, StorageError> {
        (**self).read(file)
    }

    fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        (**self).write(file, bytes)
    }

    fn append(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        (**self).append(file, bytes)
    }

    fn sync(&mut self, file: &str) -> Result<(), StorageError> {
        (**self).sync(file)
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), StorageError> {
        (**self).rename(from, to)
    }

    fn replace(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        (**self).replace(file, bytes)
    }

    fn replace_all(&mut self, files: &[(String, Vec<u8>)]) -> Vec<Result<(), StorageError>> {
        (**self).replace_all(files)
    }

    fn remove(&mut self, file: &str) -> Result<(), StorageError> {
        (**self).remove(file)
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        (**self).list()
    }

    fn list_below(&self, folder: &str) -> Result<Vec<String>, StorageError> {
        (**self).list_below(folder)
    }
}
