//! Files that outlive a program: the port, and what stands behind it.
//!
//! A checkpoint is a few files in one [`Storage`], and so are results. [`Folder`] has them on the disk of the machine,
//! `ObjectStorage` in an object store, if the feature `object-store` is on. [`VirtualDisk`] has them in memory, and loses
//! in a [crash](VirtualDisk::crash) what was not synced.
//!
//! All are held to one [`contract`].

mod checkpoint_files;
mod checkpoint_folder;
pub mod contract;
mod error;
mod folder;
mod frame;
mod inspect;
mod log;
#[cfg(feature = "object-store")]
mod object_storage;
mod place;
mod query_folder;
mod result_folder;
mod sink_log;
mod storage;
mod virtual_disk;

pub use checkpoint_files::{CheckpointFile, CheckpointWriter, is_checkpoint, read_checkpoints};
pub use checkpoint_folder::{CheckpointFolder, ReadError};
pub use error::{Operation, StorageError};
pub use folder::Folder;
pub use frame::FormatError;
pub use inspect::{InspectedContent, InspectedFile, inspect};
pub use log::WriteAheadLog;
#[cfg(feature = "object-store")]
pub use object_storage::ObjectStorage;
pub use place::Place;
pub use query_folder::QueryFolder;
pub use result_folder::ResultFolder;
pub use storage::Storage;
pub use virtual_disk::VirtualDisk;
