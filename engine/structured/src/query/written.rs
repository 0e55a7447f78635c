//! The steps of a query that wait for a write.

use engine::{DriverEvent, Event, Outbox, Time, WriteError, WriteId};

use super::Query;
use super::batch::Step;
use crate::durable::{Durable, InFlight};

impl Query {
    /// Goes on with what has waited for a write. One that fails ends the query, unless nothing waited for it.
    pub(super) fn written(
        &mut self,
        now: Time,
        id: WriteId,
        result: Result<(), WriteError>,
        outbox: &mut Outbox,
    ) {
        let durable = self.durable.as_mut();
        let durable = durable.expect("only a query with a checkpoint writes");
        match (durable.take(id), result) {
            _ if self.stopped => {}
            (InFlight::File(file), Err(error)) => {
                self.fail(Query::not_written(file, &error.reason), outbox);
            }
            (InFlight::Maintenance, Err(error)) => {
                outbox.record(Event::Driver(DriverEvent::CheckpointFailed {
                    batch_time: now,
                    reason: error.reason,
                }));
            }
            (InFlight::File(_), Ok(())) => self.go_on(now, outbox),
            (InFlight::Maintenance, Ok(())) => {}
        }
    }

    /// Goes on with the micro-batch that is under way, unless it waits for something.
    pub(super) fn go_on(&mut self, now: Time, outbox: &mut Outbox) {
        let is_waiting = self.durable.as_ref().is_some_and(Durable::is_waiting);
        let under_way = self.under_way.as_mut().filter(|_| !is_waiting);
        let Some(under_way) = under_way else {
            return;
        };
        let id = under_way.id;
        match std::mem::replace(&mut under_way.step, Step::Running) {
            Step::Finding(batch) => self.log(batch, outbox),
            Step::Logging(batch) => self.run_logged(now, batch, outbox),
            Step::Running => {}
            Step::Saving(output) => self.write(now, id, output, outbox),
            Step::Committing => self.end_batch(now, outbox),
        }
    }
}
