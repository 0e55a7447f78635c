//! The running count as a structured query in update mode, driven micro-batch by micro-batch.

use engine::{Event, KeyOrder, Records, Stepper, Time, Value, Workers};
use engine_structured::functions::{col, explode, split};
use engine_structured::{OutputMode, Query, SparkSession, Trigger};

use crate::workload::lines_of;
use crate::{Checksum, RunningSubject, blocks};

/// A query with the checksum of the rows that its sink receives.
pub(crate) struct StructuredProgram<'a> {
    stepper: Stepper<Query>,
    workers: &'a dyn Workers,
}

impl<'a> StructuredProgram<'a> {
    /// Starts the query. A query has no initial state, so its first micro-batch brings each key once.
    pub(crate) fn start(
        keys: usize,
        cores: usize,
        workers: &'a dyn Workers,
    ) -> StructuredProgram<'a> {
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
            .console()
            .expect("a running count breaks no rule");
        let stepper = Stepper::new(query, Time::EPOCH);
        let mut program = StructuredProgram { stepper, workers };
        if keys > 0 {
            program.batch(&blocks(&lines_of(0..keys), cores));
        }
        program
    }
}

impl RunningSubject for StructuredProgram<'_> {
    fn batch(&mut self, blocks: &[Records]) -> Checksum {
        self.stepper
            .batch(Time::EPOCH, blocks.iter().cloned(), self.workers);
        assert_eq!(self.stepper.failure(), None, "counting words does not fail");
        let mut checksum = Checksum::default();
        for event in self.stepper.events() {
            add_rows(event, &mut checksum);
        }
        self.stepper.take_journal();
        checksum
    }
}

fn add_rows(event: &Event, checksum: &mut Checksum) {
    let Event::TableShown { table, .. } = event else {
        return;
    };
    for row in &table.rows {
        if let [Value::String(word), Value::Long(count)] = row.as_slice() {
            checksum.add(word, *count);
        }
    }
}
