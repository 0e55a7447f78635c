//! Files as the objects of a store: S3, Google Cloud Storage, Azure, or a server of HTTP.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, OnceLock};

use futures_util::TryStreamExt as _;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, parse_url_opts};
use tokio::runtime::{Builder, Runtime};
use url::Url;

use crate::{Operation, Storage, StorageError};

/// The objects of a store whose names begin alike.
///
/// | operation | requests |
/// |---|---|
/// | [`write`](Storage::write), [`append`](Storage::append) | none: bytes are kept in memory until they are synced |
/// | [`sync`](Storage::sync) | a put of the whole object, which is there whole or not at all |
/// | [`rename`](Storage::rename) | a copy and a delete: after a crash between them the object has both names |
///
/// No object can be added to: each sync of a log puts all of it again, so that a log costs in proportion to the square of
/// what comes between two of its files. The log that was added to last in each folder is kept in memory for that.
///
/// A store has no lock: that two programs have the same checkpoint is not noticed.
///
/// ```
/// use std::sync::Arc;
/// use engine_storage::{ObjectStorage, Storage};
/// use object_store::memory::InMemory;
///
/// let mut storage = ObjectStorage::new(Arc::new(InMemory::new()), "jobs/counts")?;
/// storage.write("state/1", b"blue 5")?;
/// storage.sync("state/1")?;
/// assert_eq!(storage.list()?, ["state/1"]);
/// # Ok::<(), engine_storage::StorageError>(())
/// ```
#[derive(Clone)]
pub struct ObjectStorage {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    files: BTreeMap<String, Held>,
}

/// A file in memory.
#[derive(Clone)]
struct Held {
    bytes: Vec<u8>,
    is_synced: bool,
    /// True if it is likely to be added to.
    is_log: bool,
}

impl ObjectStorage {
    /// The objects at an address, `s3://bucket/path` as an example. Keys, regions and endpoints are those of the
    /// environment, `AWS_ACCESS_KEY_ID` as an example.
    ///
    /// # Errors
    ///
    /// The address is of no such store, or the environment lacks something. Nothing is asked of the store yet.
    pub fn open(address: &str) -> Result<ObjectStorage, StorageError> {
        let failed = |reason: String| StorageError::Address {
            address: address.to_owned(),
            reason,
        };
        let url = Url::parse(address).map_err(|error| failed(error.to_string()))?;
        if matches!(url.scheme(), "memory" | "file") {
            return Err(failed("it names no object store".to_owned()));
        }
        let opened = parse_url_opts(&url, std::env::vars());
        let (store, prefix) = opened.map_err(|error| failed(error.to_string()))?;
        Ok(ObjectStorage {
            store: store.into(),
            prefix,
            files: BTreeMap::new(),
        })
    }

    /// The objects of a store whose names begin with `prefix` and a `/`.
    ///
    /// # Errors
    ///
    /// No object may have such a name.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: &str) -> Result<ObjectStorage, StorageError> {
        let prefix = Path::parse(prefix).map_err(|error| StorageError::Address {
            address: prefix.to_owned(),
            reason: error.to_string(),
        })?;
        Ok(ObjectStorage {
            store,
            prefix,
            files: BTreeMap::new(),
        })
    }

    fn path(&self, file: &str) -> object_store::Result<Path> {
        Ok(Path::parse(format!("{}/{file}", self.prefix))?)
    }

    /// Waits for a request about a file.
    fn ask<T>(
        &self,
        operation: Operation,
        file: &str,
        request: impl AsyncFnOnce(Path) -> object_store::Result<T>,
    ) -> Result<T, StorageError> {
        let asked = async { request(self.path(file)?).await };
        let asked = runtime().and_then(|runtime| runtime.block_on(asked).map_err(as_io));
        asked.map_err(|source| StorageError::Io {
            operation,
            file: format!("{} of {}", file, self.store),
            source,
        })
    }

    /// Removes an object, if there is one.
    fn delete(&self, operation: Operation, file: &str) -> Result<(), StorageError> {
        self.ask(operation, file, async |path| {
            match self.store.delete(&path).await {
                Err(Error::NotFound { .. }) => Ok(()),
                deleted => deleted,
            }
        })
    }

    fn objects_below(&self, folder: &str) -> Result<Vec<String>, StorageError> {
        let trimmed = folder.trim_end_matches('/');
        self.ask(Operation::List, trimmed, async |path| {
            let objects: Vec<_> = self.store.list(Some(&path)).try_collect().await?;
            let name = |location: Path| {
                let parts = location.prefix_match(&self.prefix)?;
                let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
                Some(parts.join("/"))
            };
            let names = objects
                .into_iter()
                .filter_map(|object| name(object.location));
            Ok(names.collect())
        })
    }
}

fn as_io(error: Error) -> io::Error {
    match error {
        Error::NotFound { .. } => io::Error::new(io::ErrorKind::NotFound, error),
        error => io::Error::other(error),
    }
}

/// The threads of all requests. It lasts as long as the process, as no runtime may end where another one waits.
fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build()?;
    Ok(RUNTIME.get_or_init(|| runtime))
}

fn folder_of(file: &str) -> &str {
    file.rfind('/').map_or("", |slash| &file[..slash])
}

impl Storage for ObjectStorage {
    fn read(&self, file: &str) -> Result<Option<Vec<u8>>, StorageError> {
        if let Some(held) = self.files.get(file) {
            return Ok(Some(held.bytes.clone()));
        }
        self.ask(Operation::Read, file, async |path| {
            let object = match self.store.get(&path).await {
                Err(Error::NotFound { .. }) => return Ok(None),
                object => object?,
            };
            Ok(Some(object.bytes().await?.to_vec()))
        })
    }

    fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let held = Held {
            bytes: bytes.to_vec(),
            is_synced: false,
            is_log: false,
        };
        self.files.insert(file.to_owned(), held);
        Ok(())
    }

    fn append(&mut self, file: &str, bytes: &[u8]) -> Result<(), StorageError> {
        if !self.files.contains_key(file) {
            let before = self.read(file)?.unwrap_or_default();
            let folder = folder_of(file);
            self.files
                .retain(|name, held| !held.is_synced || folder_of(name) != folder);
            self.write(file, &before)?;
        }
        if let Some(held) = self.files.get_mut(file) {
            held.bytes.extend_from_slice(bytes);
            (held.is_synced, held.is_log) = (false, true);
        }
        Ok(())
    }

    fn sync(&mut self, file: &str) -> Result<(), StorageError> {
        match self.files.get(file) {
            Some(held) if held.is_synced => return Ok(()),
            Some(held) => self.ask(Operation::Sync, file, async |path| {
                self.store.put(&path, held.bytes.clone().into()).await?;
                Ok(())
            })?,
            None => self.ask(Operation::Sync, file, async |path| {
                self.store.head(&path).await?;
                Ok(())
            })?,
        }
        if let Some(held) = self.files.get_mut(file) {
            held.is_synced = true;
        }
        self.files.retain(|_, held| !held.is_synced || held.is_log);
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), StorageError> {
        let is_unsynced = self.files.get(from).is_some_and(|held| !held.is_synced);
        if from == to {
            return if is_unsynced { Ok(()) } else { self.sync(from) };
        }
        if !is_unsynced {
            self.ask(Operation::Rename, from, async |path| {
                self.store.copy(&path, &self.path(to)?).await
            })?;
        }
        self.delete(Operation::Rename, from)?;
        self.files.remove(to);
        if let Some(held) = self.files.remove(from) {
            self.files.insert(to.to_owned(), held);
        }
        Ok(())
    }

    fn remove(&mut self, file: &str) -> Result<(), StorageError> {
        self.files.remove(file);
        self.delete(Operation::Remove, file)
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        self.list_below("")
    }

    fn list_below(&self, folder: &str) -> Result<Vec<String>, StorageError> {
        let mut files = self.objects_below(folder)?;
        let held = self.files.keys().filter(|file| file.starts_with(folder));
        files.extend(held.cloned());
        files.sort_unstable();
        files.dedup();
        Ok(files)
    }
}

impl fmt::Debug for ObjectStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectStorage")
            .field("store", &self.store.to_string())
            .field("prefix", &self.prefix.as_ref())
            .finish_non_exhaustive()
    }
}
