//! The world as it carries out the effects of a machine.

use std::time::Duration;

use engine::{Event, Host, Input, Job, Outcome, Reader, Save, SaveOutcome, Time, Write};

use super::WorldSettings;
use super::driver::Driver;
use super::driver_clock::DriverClock;
use super::replies::{Replies, Reply, What};
use crate::cluster::Cluster;
use crate::compile::failing_parts::boom;
use crate::cost::{CostMeter, in_millis};
use crate::schedule::MachineId;

/// Carries out the effects of one machine.
pub(super) struct VirtualHost<'a, 'w> {
    pub(super) id: MachineId,
    pub(super) settings: &'a WorldSettings<'w>,
    pub(super) replies: &'a mut Replies,
    pub(super) reader: &'a mut dyn Reader,
    /// `None` of a machine that nothing happens to.
    pub(super) driver: Option<&'a mut Driver<'w>>,
    /// `None` of a machine that has no executors.
    pub(super) cluster: Option<&'a mut Cluster>,
    /// The clock by which the machine has its times.
    pub(super) clock: &'a DriverClock,
    pub(super) meter: &'a mut CostMeter,
    pub(super) ends_jobs_at_once: bool,
    pub(super) has_effect: bool,
}

impl VirtualHost<'_, '_> {
    /// Replies when the delay has passed, and never if that is past the end of time.
    fn reply_after(&mut self, now: Time, delay: Duration, what: What) {
        self.has_effect = true;
        if let Some(time) = self.clock.when(now).checked_add(delay) {
            self.replies.add(Reply {
                time,
                to: self.id,
                what,
            });
        }
    }
}

impl Host for VirtualHost<'_, '_> {
    /// Runs the job at once, or on the executors; the machine learns of its end when the time of the job has passed. A
    /// program that prints while its jobs run does so at the end of one that takes time.
    fn run(&mut self, now: Time, job: Job) {
        let slow = match &mut self.driver {
            Some(driver) if driver.is_stuck() => return,
            Some(driver) => driver.take_slow(),
            None => None,
        };
        let time = slow.unwrap_or_default();
        let time = time.saturating_add(self.meter.of_input(&job));
        let is_program = self.driver.as_ref().is_some_and(|it| it.prints_in_jobs());
        if is_program && !time.is_zero() {
            return self.reply_after(now, in_millis(time), What::Job(job));
        }
        if let Some(cluster) = &mut self.cluster {
            self.has_effect = true;
            return cluster.start_job(self.clock.when(now), job, in_millis(time));
        }
        let workers = self.settings.workers;
        let mut finished = match &mut self.driver {
            Some(driver) => driver.run(job, workers),
            None => job.run(workers),
        };
        if self.driver.as_mut().is_some_and(|it| it.fails_task()) {
            finished.outcome = Outcome {
                failure: Some(boom(now)),
                ..Outcome::default()
            };
        }
        if self.driver.as_mut().is_some_and(|it| it.ends_after_job()) {
            return;
        }
        let time = time.saturating_add(self.meter.of_outcome(&finished.outcome));
        self.reply_after(
            now,
            in_millis(time),
            What::Input(Input::JobFinished(finished)),
        );
    }

    fn write(&mut self, now: Time, write: Write) {
        let result = match &mut self.driver {
            Some(driver) => driver.write(now, &write.content),
            None => Some(Ok(())),
        };
        if let Some(result) = result {
            let id = write.id;
            let written = Input::Written { id, result };
            let time = self.meter.of_write(&write.content);
            let time = time.saturating_add(self.settings.write_time);
            self.reply_after(now, in_millis(time), What::Input(written));
        }
    }

    fn save(&mut self, now: Time, save: Save) {
        let result = match &mut self.driver {
            Some(driver) => driver.save(&save),
            None => Some(Ok(SaveOutcome::Done)),
        };
        if let Some(result) = result {
            let id = save.id;
            let saved = Input::Saved { id, result };
            self.reply_after(now, self.settings.write_time, What::Input(saved));
        }
    }

    fn record(&mut self, now: Time, event: Event) {
        self.has_effect = true;
        if let Some(driver) = &mut self.driver
            && !driver.lets_happen(&event)
        {
            return;
        }
        if let Some(cluster) = &mut self.cluster {
            cluster.note(&event);
        }
        self.reader.read(self.clock.when(now), &event);
    }

    fn ends_jobs_at_once(&self) -> bool {
        self.ends_jobs_at_once
    }
}
