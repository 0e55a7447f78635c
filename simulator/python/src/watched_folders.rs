//! The folders that a query reads, whose files are in the file system of the program.

use engine::{Records, StreamId, StreamSource};
use pyo3::prelude::*;

use crate::arrivals::{FolderFile, StreamFiles, file_records};

/// The folders of a query, in which files come while it runs.
#[derive(Default)]
pub(crate) struct WatchedFolders {
    folders: Vec<Folder>,
    /// It is called with a folder, and returns the files that were not there when it was called before.
    new_files: Option<Py<PyAny>>,
}

struct Folder {
    stream: StreamId,
    name: String,
}

impl WatchedFolders {
    pub(crate) fn new(sources: &[StreamSource], new_files: Py<PyAny>) -> WatchedFolders {
        let folders = sources.iter().enumerate().filter_map(|(number, source)| {
            let StreamSource::Direct { name } = source else {
                return None;
            };
            Some(Folder {
                stream: StreamId(number),
                name: name.clone(),
            })
        });
        WatchedFolders {
            folders: folders.collect(),
            new_files: Some(new_files),
        }
    }

    /// The files that have come, oldest first, by stream.
    pub(crate) fn new_files(&self) -> PyResult<Vec<StreamFiles>> {
        let Some(new_files) = self.new_files.as_ref().filter(|_| !self.folders.is_empty()) else {
            return Ok(Vec::new());
        };
        Python::attach(|py| {
            let new = self.folders.iter().map(|folder| {
                let files = new_files.call1(py, (&folder.name,))?;
                let files: Vec<FolderFile> = files.extract(py)?;
                Ok(StreamFiles {
                    stream: folder.stream,
                    files: files
                        .into_iter()
                        .map(file_records)
                        .collect::<Vec<Records>>(),
                })
            });
            new.collect()
        })
    }
}
