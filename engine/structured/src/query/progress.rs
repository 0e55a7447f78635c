//! The progress of a query, as its listeners have it after a micro-batch.

use std::time::Duration;

use engine::{
    EventTimeProgress, QueryDurations, SinkProgress, SourceOffset, SourceProgress,
    StreamingQueryProgress, Text, Time,
};

use super::batch::UnderWay;
use super::{Query, locked};
use crate::incremental::MicroBatch;

/// The times at which the parts of a micro-batch begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct BatchTimes {
    begun: Time,
    /// Its tasks run.
    pub(super) run: Time,
    /// The sink has its rows.
    pub(super) added: Time,
}

impl BatchTimes {
    pub(super) fn begin(now: Time) -> BatchTimes {
        BatchTimes {
            begun: now,
            run: now,
            added: now,
        }
    }

    fn durations(self, end: Time) -> QueryDurations {
        let between = |from: Time, to: Time| {
            let millis = to.as_millis().saturating_sub(from.as_millis());
            Duration::from_millis(u64::try_from(millis).unwrap_or(0))
        };
        QueryDurations {
            add_batch: between(self.run, self.added),
            commit_offsets: between(self.added, end),
            trigger_execution: between(self.begun, end),
            wal_commit: between(self.begun, self.run),
        }
    }
}

impl Query {
    /// The progress of a micro-batch that ends now.
    pub(super) fn progress(&self, now: Time, ended: UnderWay) -> StreamingQueryProgress {
        let incremental = locked(&self.incremental);
        let settings = incremental.settings();
        let facts = incremental.facts();
        StreamingQueryProgress {
            spark: settings.sql.spark,
            id: settings.ids.id.clone(),
            run_id: settings.ids.run_id.clone(),
            name: settings.query_name.clone(),
            timestamp: ended.times.begun,
            batch_id: ended.id,
            interval: self.interval,
            durations: ended.times.durations(now),
            event_time: facts.has_watermark.then(|| EventTimeProgress {
                rows: facts.event_times,
                watermark: Time::from_millis(ended.watermark_ms),
            }),
            state_operators: facts.operators.clone(),
            sources: ended.sources,
            sink: SinkProgress {
                description: settings.sink.description(),
                num_output_rows: facts.rows,
            },
        }
    }

    /// The progress of the sources in a micro-batch whose input was taken.
    pub(super) fn source_progress(&mut self, batch: &MicroBatch) -> Vec<SourceProgress> {
        let ends = self.offsets();
        let mut starts = std::mem::replace(&mut self.ends, ends.clone()).into_iter();
        let incremental = locked(&self.incremental);
        let sources = incremental.sources().iter().zip(ends).zip(&batch.inputs);
        let progress = sources.map(|((source, end_offset), input)| SourceProgress {
            description: source.description(),
            start_offset: starts.next().flatten(),
            end_offset,
            latest_offset: None,
            num_input_rows: input.records() as u64,
        });
        progress.collect()
    }

    /// The JSON of the offsets up to which all has been found.
    fn offsets(&self) -> Vec<Option<Text>> {
        self.offsets_json(self.sources.iter().map(|it| it.available()))
    }

    /// The JSON of an offset of each source.
    pub(super) fn offsets_json(
        &self,
        offsets: impl Iterator<Item = Option<SourceOffset>>,
    ) -> Vec<Option<Text>> {
        let offsets = self.sources.iter().zip(offsets);
        let offsets = offsets.map(|(source, offset)| Some(source.offset_json(&offset?)));
        offsets.collect()
    }
}
