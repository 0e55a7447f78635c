//! The world as it carries out the effects of a machine.

use std::time::Duration;

use engine::{Event, Host, Input, Job, Reader, Save, SaveOutcome, Time, Write};

use super::WorldSettings;
use super::driver::Driver;
use super::replies::{Replies, Reply, What};
use crate::schedule::MachineId;

/// Carries out the effects of one machine.
pub(super) struct VirtualHost<'a, 'w> {
    pub(super) id: MachineId,
    pub(super) settings: &'a WorldSettings<'w>,
    pub(super) replies: &'a mut Replies,
    pub(super) reader: &'a mut dyn Reader,
    /// `None` of a machine that nothing happens to.
    pub(super) driver: Option<&'a mut Driver<'w>>,
    pub(super) ends_jobs_at_once: bool,
    pub(super) has_effect: bool,
}

impl VirtualHost<'_, '_> {
    /// Replies when the delay has passed, and never if that is past the end of time.
    fn reply_after(&mut self, now: Time, delay: Duration, what: What) {
        self.has_effect = true;
        if let Some(time) = now.checked_add(delay) {
            self.replies.add(Reply {
                time,
                to: self.id,
                what,
            });
        }
    }
}

impl Host for VirtualHost<'_, '_> {
    /// Runs the job at once; the machine learns of its end when the time of a job has passed.
    fn run(&mut self, now: Time, job: Job) {
        let slow = match &mut self.driver {
            Some(driver) if driver.is_stuck() => return,
            Some(driver) => driver.take_slow(),
            None => None,
        };
        if let Some(time) = slow
            && self.driver.as_ref().is_some_and(|it| it.prints_in_jobs())
        {
            return self.reply_after(now, time, What::Job(job));
        }
        let finished = job.run(self.settings.workers);
        if self.driver.as_mut().is_some_and(|it| it.ends_after_job()) {
            return;
        }
        let time = slow.unwrap_or(self.settings.job_time);
        self.reply_after(now, time, What::Input(Input::JobFinished(finished)));
    }

    fn write(&mut self, now: Time, write: Write) {
        let result = match &mut self.driver {
            Some(driver) => driver.write(now, &write.content),
            None => Some(Ok(())),
        };
        if let Some(result) = result {
            let id = write.id;
            let written = Input::Written { id, result };
            self.reply_after(now, self.settings.write_time, What::Input(written));
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
        self.reader.read(now, &event);
    }

    fn ends_jobs_at_once(&self) -> bool {
        self.ends_jobs_at_once
    }
}
