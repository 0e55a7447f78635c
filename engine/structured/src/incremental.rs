//! A query while it runs: its operators and their states, micro-batch by micro-batch.

mod output;

use std::sync::Arc;

use engine::{
    Counters, EventTimes, Failure, StateChange, StateOperatorProgress, StateSchema, Text, Time,
    Workers,
};
use engine_sql::Context;

use self::output::Output;
use crate::file_sink::PartFile;
use crate::physical::{Batch, PhysicalPlan, RecoveredWatermark, SavedStates, SchemaCheck};
use crate::settings::QuerySettings;
use crate::source::{BatchInput, SourceSettings};
use crate::start::Prepared;

/// A micro-batch: its number, its start, and its input.
#[derive(Debug)]
pub(crate) struct MicroBatch {
    pub(crate) id: u64,
    pub(crate) begun: Time,
    /// The input of each source.
    pub(crate) inputs: Vec<BatchInput>,
}

impl MicroBatch {
    /// The number of lines.
    pub(crate) fn records(&self) -> usize {
        self.inputs.iter().map(BatchInput::records).sum()
    }
}

/// The changes of states that a micro-batch made: of each operator, by partition.
pub(crate) type StateChanges = Vec<Vec<(usize, Vec<StateChange>)>>;

/// An operator that has states, as a checkpoint has it.
#[derive(Clone, Debug)]
pub(crate) struct StateOperator {
    /// The types of its states.
    pub(crate) schema: StateSchema,
    /// The part of them that is compared with those that were saved.
    pub(crate) schema_check: SchemaCheck,
    /// The number of its stores.
    pub(crate) partitions: usize,
}

/// The facts of a micro-batch that its progress shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct BatchFacts {
    /// The number of its rows, if the sink counts them.
    pub(crate) rows: Option<u64>,
    /// The query has a watermark.
    pub(crate) has_watermark: bool,
    /// The event times of its rows, if they have some.
    pub(crate) event_times: Option<EventTimes>,
    /// The operators with states.
    pub(crate) operators: Vec<StateOperatorProgress>,
}

/// A query while it runs.
#[derive(Debug)]
pub(crate) struct Incremental {
    prepared: Prepared,
    /// The changes that the last micro-batch made, of a query that saves them.
    changes: StateChanges,
    /// The files of the last micro-batch, of a query that saves some.
    files: Option<Vec<PartFile>>,
    /// The number of micro-batches that have run since it was started.
    batches: u64,
    facts: BatchFacts,
    /// The reason why the saved states cannot be used, until the first micro-batch fails for it.
    unreadable: Option<Failure>,
}

impl Incremental {
    pub(crate) fn new(prepared: Prepared) -> Incremental {
        Incremental {
            prepared,
            changes: Vec::new(),
            files: None,
            batches: 0,
            facts: BatchFacts::default(),
            unreadable: None,
        }
    }

    fn operators(&mut self) -> &mut PhysicalPlan {
        &mut self.prepared.operators
    }

    pub(crate) fn settings(&self) -> &QuerySettings {
        &self.prepared.settings
    }

    pub(crate) fn sources(&self) -> &[SourceSettings] {
        &self.prepared.sources
    }

    fn columns(&self) -> Arc<[Text]> {
        Arc::clone(&self.prepared.columns)
    }

    /// Has the query be that of a run before.
    pub(crate) fn set_id(&mut self, id: Text) {
        self.prepared.settings.ids.id = id;
    }

    /// Has the states be in as many partitions as those of a run before (`MB-8`).
    pub(crate) fn set_shuffle_partitions(&mut self, shuffle_partitions: usize) {
        if let Err(error) = self.prepared.set_shuffle_partitions(shuffle_partitions) {
            let failure = Failure::new(engine::FailureKind::Spark, error.to_string());
            self.unreadable = Some(failure);
        }
    }

    /// Goes on from saved states, or fails the first micro-batch if they cannot be used.
    pub(crate) fn recover(
        &mut self,
        watermark: RecoveredWatermark,
        states: Result<SavedStates, Failure>,
    ) {
        self.operators().recover_watermark(watermark);
        match states {
            Ok(states) => self.operators().recover_states(states),
            Err(failure) => self.unreadable = Some(failure),
        }
    }

    /// The number of shuffle partitions, with states or without.
    pub(crate) fn shuffle_partitions(&self) -> usize {
        self.settings().shuffle_partitions
    }

    /// The operators that have states, in the order of their numbers.
    pub(crate) fn state_operators(&mut self) -> Vec<StateOperator> {
        self.operators().of_states(|it| StateOperator {
            schema: it.schema().clone(),
            schema_check: it.schema_check(),
            partitions: it.partition_count(),
        })
    }

    /// The watermark of the next micro-batch, in milliseconds.
    pub(crate) fn watermark_ms(&self) -> i64 {
        self.prepared.operators.watermark_ms()
    }

    /// The changes that the last micro-batch made.
    pub(crate) fn take_changes(&mut self) -> StateChanges {
        std::mem::take(&mut self.changes)
    }

    /// The facts of the last micro-batch.
    pub(crate) fn facts(&self) -> &BatchFacts {
        &self.facts
    }

    /// The files of the last micro-batch, of a query that saves some.
    pub(crate) fn take_files(&mut self) -> Option<Vec<PartFile>> {
        self.files.take()
    }

    /// All states of each store that has had one.
    pub(crate) fn snapshots(&mut self) -> StateChanges {
        self.operators().of_states(|it| it.snapshots())
    }

    /// True if the micro-batch that has just ended wants another one, be there new data or not
    /// (`MB-3`): its watermark may have passed more groups.
    pub(crate) fn asks_for_another_batch(&mut self) -> bool {
        self.runs_without_data() && self.operators().wants_batch()
    }

    fn runs_without_data(&self) -> bool {
        self.prepared.settings.no_data_batches
    }

    /// True if states time out in processing time.
    pub(crate) fn wants_each_trigger(&mut self) -> bool {
        self.runs_without_data() && self.operators().wants_each_trigger()
    }

    /// The first time at which one of them has.
    pub(crate) fn next_timeout(&mut self) -> Option<Time> {
        self.runs_without_data()
            .then(|| self.operators().next_timeout())?
    }

    /// The rows that the sink is given, and the changes of states.
    fn rows(
        &mut self,
        batch: &MicroBatch,
        workers: &dyn Workers,
    ) -> Result<(Output, Option<Counters>), Failure> {
        if let Some(failure) = &self.unreadable {
            return Err(failure.clone());
        }
        let id = batch.id;
        let session = self.settings().sql.clone();
        let settings = &self.prepared.settings;
        let batch = Batch {
            id,
            inputs: &batch.inputs,
            context: Context {
                session: &session,
                timestamp: batch.begun.as_millis().saturating_mul(1_000),
            },
            cores: settings.cores,
            workers,
        };
        let partitions = self.prepared.operators.begin(&batch)?;
        let footprint = self.prepared.operators.footprint();
        footprint.check(self.prepared.settings.memory)?;
        let (output, rows) = self.prepared.output(id, &partitions, &batch)?;
        let operators = &mut self.prepared.operators;
        operators.end();
        self.facts = BatchFacts {
            rows,
            has_watermark: operators.has_watermark(),
            event_times: operators.event_times(),
            operators: operators.state_progress(self.batches),
        };
        self.batches += 1;
        if self.prepared.settings.checkpoint {
            self.changes = operators.of_states(|it| it.take_changes());
        }
        Ok((output, operators.counters()))
    }
}
