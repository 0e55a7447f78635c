//! The place of a checkpoint, by its address.

use std::path::Path;

#[cfg(feature = "object-store")]
use crate::ObjectStorage;
use crate::{Folder, Storage, StorageError};

/// The place of a checkpoint: a folder of the machine, or an object store where the feature `object-store` is on.
///
/// ```
/// use engine_storage::{Place, Storage};
/// # let scratch = tempfile::tempdir()?;
/// # let folder = scratch.path().join("checkpoint").display().to_string();
/// let mut place = Place::open(&folder)?;
/// place.write("metadata", b"a query")?;
/// place.sync("metadata")?;
/// # #[cfg(not(feature = "object-store"))]
/// assert!(Place::open("s3://bucket/checkpoint").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub enum Place {
    /// A folder.
    Folder(Folder),
    /// An object store.
    #[cfg(feature = "object-store")]
    Objects(ObjectStorage),
}

impl Place {
    /// Takes the place at an address: the path of a folder, or one such as `s3://bucket/path`.
    ///
    /// # Errors
    ///
    /// As [`Folder::open`]; of an object store, as `ObjectStorage::open`, or as this program was built without them.
    pub fn open(address: &str) -> Result<Place, StorageError> {
        if !address.contains("://") {
            return Folder::open(Path::new(address)).map(Place::Folder);
        }
        #[cfg(feature = "object-store")]
        return ObjectStorage::open(address).map(Place::Objects);
        #[cfg(not(feature = "object-store"))]
        Err(StorageError::Address {
            address: address.to_owned(),
            reason: "this program was built without object stores; build it with `--features object-store`, or name a folder"
                .to_owned(),
        })
    }

    /// The place at an address, only to be read, while a program may have it.
    ///
    /// # Errors
    ///
    /// As [`open`](Place::open), but for a folder: one that is not there has no files.
    pub fn to_read(address: &str) -> Result<Place, StorageError> {
        if address.contains("://") {
            return Place::open(address);
        }
        Ok(Place::Folder(Folder::to_read(Path::new(address))))
    }

    fn storage(&self) -> &dyn Storage {
        match self {
            Place::Folder(folder) => folder,
            #[cfg(feature = "object-store")]
            Place::Objects(objects) => objects,
        }
    }

    fn storage_mut(&mut self) -> &mut dyn Storage {
        match self {
            Place::Folder(folder) => folder,
            #[cfg(feature = "object-store")]
            Place::Objects(objects) => objects,
        }
    }
}

impl From<Folder> for Place {
    fn from(folder: Folder) -> Place {
        Place::Folder(folder)
    }
}

impl Storage for Place {
    fn read(&self, file: &str) -> Result<Option<Vec<u8>>, StorageError> {
        self.storage().read(file)
    }

    fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.storage_mut().write(file, bytes)
    }

    fn append(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        self.storage_mut().append(file, bytes)
    }

    fn sync(&mut self, file: &str) -> Result<(), StorageError> {
        self.storage_mut().sync(file)
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), StorageError> {
        self.storage_mut().rename(from, to)
    }

    fn remove(&mut self, file: &str) -> Result<(), StorageError> {
        self.storage_mut().remove(file)
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        self.storage().list()
    }

    fn list_below(&self, folder: &str) -> Result<Vec<String>, StorageError> {
        self.storage().list_below(folder)
    }
}
