//! The running count as a structured query in update mode, driven micro-batch by micro-batch.

use engine::{Block, Event, Input, KeyOrder, StreamId, Time, Value, Workers};
use engine_structured::functions::{col, explode, split};
use engine_structured::{AnalysisError, OutputMode, Query, SparkSession, Trigger};

use crate::drive::drive;
use crate::workload::lines_of;
use crate::{Checksum, RunningSubject, blocks};

/// A query with the checksum of the rows that its sink receives.
pub(crate) struct StructuredProgram<'a> {
    query: Query,
    workers: &'a dyn Workers,
}

impl<'a> StructuredProgram<'a> {
    /// Starts the query. A query has no initial state, so its first micro-batch brings each key once.
    pub(crate) fn start(
        keys: usize,
        cores: usize,
        workers: &'a dyn Workers,
    ) -> Result<StructuredProgram<'a>, AnalysisError> {
        let spark = SparkSession::local(cores, "measure")
            .with_shuffle_partitions(cores)
            .with_key_order(KeyOrder::Arrival);
        let lines = spark.read_stream().memory("lines");
        let words = lines.select([explode(split(col("value"), " ")).alias("word")]);
        let query = words
            .group_by("word")
            .count()
            .write_stream()
            .output_mode(OutputMode::Update)
            .trigger(Trigger::Default)
            .num_rows(usize::MAX)
            .console()?;
        let mut program = StructuredProgram { query, workers };
        program.handle(Input::Started);
        if keys > 0 {
            program.batch(&blocks(&lines_of(0..keys), cores));
        }
        Ok(program)
    }

    /// Passes an input to the query and returns the checksum of the rows of the micro-batches that follow.
    fn handle(&mut self, input: Input) -> Checksum {
        let mut checksum = Checksum::default();
        drive(&mut self.query, Time::EPOCH, input, self.workers, |event| {
            add_rows(event, &mut checksum);
        });
        checksum
    }
}

impl RunningSubject for StructuredProgram<'_> {
    fn batch(&mut self, blocks: &[Block]) -> Checksum {
        for block in blocks.iter().cloned() {
            let stream = StreamId(0);
            self.handle(Input::Stored { stream, block });
        }
        self.handle(Input::Woken)
    }
}

fn add_rows(event: &Event, checksum: &mut Checksum) {
    let Event::TableShown { table, .. } = event else {
        return;
    };
    for row in &table.rows {
        if let [Value::Text(word), Value::Int(count)] = row.as_slice() {
            checksum.add(word, *count);
        }
    }
}
