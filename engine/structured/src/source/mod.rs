//! The source of a query: what has come, and how far micro-batches have got.

mod files;
mod lines;

use engine::{Records, SourceEntry, StreamSource, Text, Time};

use crate::session::StreamTable;

pub(crate) use files::{Files, partitions};
pub(crate) use lines::Lines;

/// The lines of a micro-batch.
#[derive(Debug)]
pub(crate) enum BatchInput {
    /// Lines that are dealt out to the input partitions in turn, as `TextSocketMicroBatchStream` and `MemoryStream` do.
    Dealt(Vec<Records>),
    /// The files of each input partition (`FilePartition`).
    Files(Vec<Vec<Records>>),
}

impl BatchInput {
    /// The number of lines.
    pub(crate) fn records(&self) -> usize {
        match self {
            BatchInput::Dealt(blocks) => blocks.iter().map(|block| block.len()).sum(),
            BatchInput::Files(partitions) => {
                partitions.iter().flatten().map(|file| file.len()).sum()
            }
        }
    }

    /// The number of input partitions that may have a line, which are the first ones.
    pub(crate) fn partitions(&self, cores: usize) -> usize {
        match self {
            BatchInput::Dealt(_) => cores.min(self.records()),
            BatchInput::Files(partitions) => partitions.len(),
        }
    }

    /// The lines of one input partition.
    pub(crate) fn lines(&self, partition: usize, cores: usize) -> impl Iterator<Item = &Text> {
        let (blocks, files) = match self {
            BatchInput::Dealt(blocks) => (Some(blocks), None),
            BatchInput::Files(partitions) => (None, Some(&partitions[partition])),
        };
        let dealt = blocks.into_iter().flatten().flat_map(|it| it.iter());
        let files = files.into_iter().flatten().flat_map(|it| it.iter());
        dealt.skip(partition).step_by(cores).chain(files)
    }
}

/// The source of a query. An offset says how much of it is in micro-batches.
#[derive(Debug)]
pub(crate) enum Source {
    /// Lines of a socket, or of a test.
    Lines(Lines),
    /// Files, each read once.
    Files(Files),
}

impl Source {
    /// A source from which nothing has come.
    pub(crate) fn new(stream: &StreamTable) -> Source {
        match &stream.source {
            StreamSource::Direct { name } => Source::Files(Files::new(name, stream.max_files)),
            StreamSource::Socket { .. } | StreamSource::Receiver { .. } => {
                Source::Lines(Lines::new(stream.starts_empty))
            }
        }
    }

    /// The name of a source that has a log of its own.
    pub(crate) fn name(&self) -> Option<Text> {
        match self {
            Source::Lines(_) => None,
            Source::Files(files) => Some(files.name().clone()),
        }
    }

    /// Takes in what has come: lines, or a file.
    pub(crate) fn receive(&mut self, now: Time, records: Records) {
        match self {
            Source::Lines(lines) => lines.receive(records),
            Source::Files(files) => files.receive(now, records),
        }
    }

    /// True if a micro-batch would have new data, which may be an offset that stands for no line (`MB-2`, `MB-2b`).
    pub(crate) fn has_new(&self) -> bool {
        match self {
            Source::Lines(lines) => lines.has_new(),
            Source::Files(files) => files.has_new(),
        }
    }

    /// Looks for data, up to its limit or all there is, and returns an entry of its own log if it has one.
    pub(crate) fn fetch(&mut self, is_limited: bool) -> Option<(u64, SourceEntry)> {
        match self {
            Source::Lines(lines) => {
                lines.fetch();
                None
            }
            Source::Files(files) => files.fetch(is_limited),
        }
    }

    /// Ends the stream: what comes from now on is for no micro-batch.
    pub(crate) fn fix_end(&mut self) {
        match self {
            Source::Lines(lines) => lines.fix_end(),
            Source::Files(files) => files.fix_end(),
        }
    }

    /// The end of what it has found.
    pub(crate) fn available(&self) -> Option<i64> {
        match self {
            Source::Lines(lines) => lines.available(),
            Source::Files(files) => files.available(),
        }
    }

    /// Takes the lines between the committed offset and the available one, which is committed then.
    pub(crate) fn take(&mut self, cores: usize) -> BatchInput {
        match self {
            Source::Lines(lines) => BatchInput::Dealt(lines.take()),
            Source::Files(files) => BatchInput::Files(files.take(cores)),
        }
    }

    /// Lets go of what the micro-batch before ended with (`MB-1`).
    ///
    /// # Errors
    ///
    /// A socket that has been connected anew does not have it.
    pub(crate) fn release(&mut self) -> Result<(), Text> {
        match self {
            Source::Lines(lines) => lines.release(),
            Source::Files(_) => Ok(()),
        }
    }
}
