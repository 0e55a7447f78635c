//! Files that outlive a program: the port, and what stands behind it.
//!
//! A checkpoint is a few files in one [`Storage`]. [`Folder`] has them on the disk of the machine. [`VirtualDisk`] has
//! them in memory, and loses in a [crash](VirtualDisk::crash) what was not synced.
//!
//! Both are held to one contract (`tests/contract.rs`).

mod checkpoint_files;
mod checkpoint_folder;
mod error;
mod folder;
mod frame;
mod inspect;
mod log;
mod query_folder;
mod storage;
mod virtual_disk;

pub use checkpoint_files::{CheckpointFile, CheckpointWriter, is_checkpoint, read_checkpoints};
pub use checkpoint_folder::{CheckpointFolder, ReadError};
pub use error::{Operation, StorageError};
pub use folder::Folder;
pub use frame::FormatError;
pub use inspect::{InspectedContent, InspectedFile, inspect};
pub use log::WriteAheadLog;
pub use query_folder::QueryFolder;
pub use storage::Storage;
pub use virtual_disk::VirtualDisk;
