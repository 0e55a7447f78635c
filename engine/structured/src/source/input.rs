//! The input of a micro-batch from one source.

use std::ops::ControlFlow;
use std::sync::Arc;

use engine::{Failure, FailureKind, Records, Text, Time, Value};

use super::file::{File, with_metadata};
use super::kafka::MessageRange;
use super::rate::Numbers;
use super::row_format::{FileRows, RowFormat};
use crate::physical::{Each, Flow, hand_out};

/// Lines that have come at a time.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    pub(crate) time: Time,
    pub(crate) lines: Records,
}

/// The input of a micro-batch from one source.
#[derive(Debug)]
pub(crate) enum BatchInput {
    /// Lines that are dealt out to the input partitions in turn, as `TextSocketMicroBatchStream` and `MemoryStream` do.
    Dealt(Vec<Lines>, Arc<RowFormat>),
    /// The files of each input partition.
    Files(FileInput),
    /// The messages of each input partition.
    Messages(Vec<MessageRange>),
    /// Numbers that are dealt out to the input partitions in turn.
    Numbers(Numbers),
    /// Records that are not there any more: the micro-batch fails for this reason.
    Lost(Text),
}

/// The files of each input partition (`FilePartition`).
#[derive(Debug)]
pub(crate) struct FileInput {
    pub(super) partitions: Vec<Vec<InputFile>>,
    pub(super) format: Arc<RowFormat>,
    /// A row has the facts of its file behind its columns.
    pub(super) has_metadata: bool,
}

/// A file with its rows.
#[derive(Debug)]
pub(super) struct InputFile {
    pub(super) file: File,
    pub(super) rows: FileRows,
}

impl InputFile {
    fn hand_out(&self, format: &RowFormat, each: &mut Each<'_>) -> Flow {
        match &self.rows {
            FileRows::Texts(texts) => {
                let time = self.file.status.modified;
                read(texts.iter().map(|text| (time, text)), format, each)
            }
            FileRows::Rows(rows) => hand_out(rows.clone()?, each),
        }
    }
}

impl FileInput {
    fn rows(&self, partition: usize, each: &mut Each<'_>) -> Flow {
        for file in &self.partitions[partition] {
            let flow = if self.has_metadata {
                let metadata = file.file.metadata();
                let mut each = |row: &[Value]| each(&with_metadata(row, &metadata));
                file.hand_out(&self.format, &mut each)
            } else {
                file.hand_out(&self.format, each)
            };
            if flow?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl BatchInput {
    /// The number of records.
    pub(crate) fn records(&self) -> usize {
        match self {
            BatchInput::Dealt(blocks, _) => blocks.iter().map(|it| it.lines.len()).sum(),
            BatchInput::Files(files) => {
                let files = files.partitions.iter().flatten();
                files.map(|it| it.rows.len()).sum()
            }
            BatchInput::Messages(ranges) => ranges.iter().map(|it| it.messages.len()).sum(),
            BatchInput::Numbers(numbers) => numbers.len(),
            BatchInput::Lost(_) => 0,
        }
    }

    /// The number of input partitions that may have a record, which are the first ones.
    ///
    /// # Errors
    ///
    /// Its records are lost.
    pub(crate) fn partitions(&self, cores: usize) -> Result<usize, Failure> {
        Ok(match self {
            BatchInput::Dealt(..) => cores.min(self.records()),
            BatchInput::Files(files) => files.partitions.len(),
            BatchInput::Messages(ranges) => ranges.len(),
            BatchInput::Numbers(numbers) => numbers.partitions(cores),
            BatchInput::Lost(reason) => {
                return Err(Failure::new(FailureKind::Spark, reason.clone()));
            }
        })
    }

    /// Hands the rows of an input partition to `each`, in order, until it breaks.
    pub(crate) fn rows(&self, partition: usize, cores: usize, each: &mut Each<'_>) -> Flow {
        match self {
            BatchInput::Dealt(blocks, format) => {
                let lines = lines(blocks).skip(partition).step_by(cores);
                read(lines, format, each)
            }
            BatchInput::Files(files) => files.rows(partition, each),
            BatchInput::Messages(ranges) => hand_out(ranges[partition].rows(), each),
            BatchInput::Numbers(numbers) => hand_out(numbers.rows(partition, cores), each),
            BatchInput::Lost(_) => Ok(ControlFlow::Continue(())),
        }
    }
}

fn lines(blocks: &[Lines]) -> impl Iterator<Item = (Time, &Text)> {
    blocks
        .iter()
        .flat_map(|it| it.lines.iter().map(move |line| (it.time, line)))
}

fn read<'a>(
    lines: impl Iterator<Item = (Time, &'a Text)>,
    format: &RowFormat,
    each: &mut Each<'_>,
) -> Flow {
    for (time, line) in lines {
        if format.read(time, line, each)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}
