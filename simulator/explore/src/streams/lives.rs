//! A run as its invariants see it: life by life.

use std::collections::BTreeMap;

use engine::render::Notation;
use engine::{DriverEvent, Event, OutputId, Reader, Time};

/// The rows of an output in one batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Printed {
    pub(crate) batch_time: Time,
    pub(crate) output: OutputId,
    pub(crate) rows: Vec<String>,
    /// True if the batch has more rows than these.
    pub(crate) more: bool,
}

/// One life of a driver: from its start to its death, or to the end of the run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Life {
    /// The batches that a driver which goes on says it runs again; `None` of one that starts anew.
    pub(crate) again: Option<Vec<Time>>,
    pub(crate) submitted: Vec<Time>,
    pub(crate) completed: Vec<Time>,
    pub(crate) printed: Vec<Printed>,
    /// The messages of jobs that failed.
    pub(crate) failures: Vec<String>,
    /// The reason for which the driver did not start.
    pub(crate) not_recovered: Option<String>,
}

/// Collects the lives of a run.
#[derive(Debug)]
pub(crate) struct Lives {
    notation: Notation,
    pub(crate) all: Vec<Life>,
}

impl Lives {
    pub(crate) fn new(notation: Notation) -> Lives {
        Lives {
            notation,
            all: vec![Life::default()],
        }
    }

    /// The rows that each output printed last.
    pub(crate) fn ends(&self) -> BTreeMap<OutputId, Vec<String>> {
        let printed = self.all.iter().flat_map(|life| &life.printed);
        let ends = printed.map(|printed| (printed.output, printed.rows.clone()));
        ends.collect()
    }

    /// The texts of each batch and output, over all lives.
    pub(crate) fn texts(&self) -> BTreeMap<(Time, OutputId), Vec<&[String]>> {
        let mut texts: BTreeMap<(Time, OutputId), Vec<&[String]>> = BTreeMap::new();
        for printed in self.all.iter().flat_map(|life| &life.printed) {
            let batch = (printed.batch_time, printed.output);
            texts.entry(batch).or_default().push(&printed.rows);
        }
        texts
    }
}

impl Reader for Lives {
    fn read(&mut self, _: Time, event: &Event) {
        let is_crash = matches!(event, Event::Driver(DriverEvent::Crashed));
        if is_crash {
            return self.all.push(Life::default());
        }
        let Some(life) = self.all.last_mut() else {
            return;
        };
        life.failures
            .extend(event.failure().map(|failure| failure.message().to_string()));
        match event {
            Event::Driver(DriverEvent::Recovered { again, .. }) => life.again = Some(again.clone()),
            Event::Driver(DriverEvent::NotRecovered { failure }) => {
                life.not_recovered = Some(failure.message().to_string());
            }
            Event::BatchSubmitted { batch_time, .. } => life.submitted.push(*batch_time),
            Event::BatchCompleted { batch_time } => life.completed.push(*batch_time),
            Event::Printed {
                batch_time,
                output,
                rows,
                more,
                ..
            } => life.printed.push(Printed {
                batch_time: *batch_time,
                output: *output,
                more: *more,
                rows: rows.iter().map(|row| self.notation.text(row)).collect(),
            }),
            _ => {}
        }
    }
}
