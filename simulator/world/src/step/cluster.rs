//! The executors of a machine, as its world drives them.

use engine::{Event, Input, Job, Records, StreamId};
use scenario::ClusterFault;

use super::World;
use super::replies::{Reply, What};
use crate::cluster::{Cluster, Work};
use crate::cost::in_millis;
use crate::schedule::MachineId;

impl World<'_> {
    /// Begins a life of the driver of a machine, which had these inputs before.
    pub(super) fn begin_cluster(&mut self, id: MachineId, missed: &[Input]) {
        let machine = &mut self.machines[id.0];
        let Some(cluster) = &mut machine.cluster else {
            return;
        };
        let missed = missed.iter().filter_map(|input| match input {
            Input::Replayed {
                stream, records, ..
            } => Some((*stream, records.clone())),
            _ => None,
        });
        cluster.miss(missed);
        cluster.begin(self.now, machine.machine.sources());
        self.report_cluster(id);
    }

    /// Ends the executors of a machine with its driver.
    pub(super) fn end_cluster(&mut self, id: MachineId) {
        if let Some(cluster) = &mut self.machines[id.0].cluster {
            cluster.end();
            self.report_cluster(id);
        }
    }

    /// Lets a fault of the cluster of a machine happen.
    pub(super) fn strike_cluster(&mut self, id: MachineId, fault: ClusterFault) {
        if let Some(cluster) = &mut self.machines[id.0].cluster {
            cluster.strike(self.now, fault);
            self.report_cluster(id);
        }
    }

    /// Takes in what arrives for a stream. Returns the input of records that are stored at once: those of a machine without
    /// executors, and of a source without a receiver.
    pub(super) fn receive(
        &mut self,
        id: MachineId,
        stream: StreamId,
        records: Records,
    ) -> Option<Input> {
        let Some(cluster) = &mut self.machines[id.0].cluster else {
            return Some(Input::Stored { stream, records });
        };
        let records = cluster.receive(self.now, stream, records);
        self.report_cluster(id);
        records.map(|records| Input::Stored { stream, records })
    }

    /// Does one thing that is due in the cluster of a machine. Returns the input that follows from it, if one does.
    pub(super) fn work(&mut self, id: MachineId) -> Option<Input> {
        let workers = self.settings.workers;
        let machine = &mut self.machines[id.0];
        let driver = &mut machine.driver;
        let run = |job: Job| match driver {
            Some(driver) => driver.run(job, workers),
            None => job.run(workers),
        };
        let work = machine.cluster.as_mut()?.work(self.now, run);
        self.report_cluster(id);
        self.input_of(id, work)
    }

    /// Stops the receivers of a machine in order: what they have not stored is stored now.
    pub(super) fn stop_receivers(&mut self, id: MachineId) {
        let Some(cluster) = &mut self.machines[id.0].cluster else {
            return;
        };
        for work in cluster.stop_receivers(self.now) {
            if let Some(input) = self.input_of(id, work) {
                self.handle(id, input, false);
            }
        }
    }

    fn input_of(&mut self, id: MachineId, work: Work) -> Option<Input> {
        let machine = &mut self.machines[id.0];
        match work {
            Work::Finished(finished) => {
                let time = in_millis(machine.meter.of_outcome(&finished.outcome));
                let finished = Input::JobFinished(finished);
                if time.is_zero() {
                    return Some(finished);
                }
                if let Some(time) = self.now.checked_add(time) {
                    let what = What::Input(finished);
                    self.replies.add(Reply { time, to: id, what });
                }
                None
            }
            Work::Block {
                stream,
                records,
                executor,
            } => {
                let block = machine.machine.next_block(stream);
                machine.cluster.as_mut()?.store(block, executor);
                Some(Input::Stored { stream, records })
            }
            Work::Nothing => None,
        }
    }

    /// Records what has happened in the cluster of a machine.
    fn report_cluster(&mut self, id: MachineId) {
        let machine = &mut self.machines[id.0];
        let events = machine.cluster.as_mut().map(Cluster::take_events);
        for event in events.unwrap_or_default() {
            machine.reader.read(self.now, &Event::Cluster(event));
        }
        machine.find_times(self.now);
    }
}
