//! The running count as a structured query in update mode, driven micro-batch by micro-batch.

use engine::{
    Block, Effect, Event, Input, KeyOrder, Machine, Outbox, StreamId, Time, Value, Workers,
};
use engine_structured::functions::{col, explode, split};
use engine_structured::{AnalysisError, OutputMode, Query, SparkSession, Trigger};

use crate::workload::lines_of;
use crate::{Digest, Running, blocks};

/// A query whose consumer folds the rows that its sink is given.
pub(crate) struct StructuredProgram<'a> {
    query: Query,
    workers: &'a dyn Workers,
}

impl<'a> StructuredProgram<'a> {
    /// A query has no initial state, so its first micro-batch brings each key once.
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

    /// Hands something in, runs the micro-batches that follow from it, and folds what they show.
    fn handle(&mut self, input: Input) -> Digest {
        let mut outbox = Outbox::new();
        let mut digest = Digest::default();
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            self.query.handle(Time::EPOCH, input, &mut outbox);
            for effect in outbox.drain() {
                match effect {
                    Effect::Run(job) => inputs.push(Input::JobFinished(job.run(self.workers))),
                    Effect::Tell(event) => fold(&event, &mut digest),
                }
            }
        }
        digest
    }
}

impl Running for StructuredProgram<'_> {
    fn batch(&mut self, blocks: &[Block]) -> Digest {
        for block in blocks.iter().cloned() {
            let stream = StreamId(0);
            self.handle(Input::Stored { stream, block });
        }
        self.handle(Input::Woken)
    }
}

fn fold(event: &Event, digest: &mut Digest) {
    match event {
        Event::TableShown { table, .. } => {
            for row in &table.rows {
                if let [Value::String(word), Value::Long(count)] = row.as_slice() {
                    digest.add(word, *count);
                }
            }
        }
        Event::QueryProgress {
            failure: Some(failure),
            ..
        } => panic!("counting words does not fail: {failure}"),
        _ => {}
    }
}
