//! Effects: everything that a machine may ask of its driver.

use crate::{Event, Job, Save, Write};

/// A request of a machine to its driver.
#[derive(Debug)]
pub enum Effect {
    /// Run this job, and hand in [`Input::JobFinished`](crate::Input::JobFinished) when it has ended.
    Run(Job),
    /// Make this durable, and hand in [`Input::Written`](crate::Input::Written).
    ///
    /// In a box, as it is rare and takes twice the bytes of any other.
    Write(Box<Write>),
    /// Save these results, and hand in [`Input::Saved`](crate::Input::Saved).
    Save(Save),
    /// Record this event.
    Record(Event),
}

/// The effects of a machine, in the order in which it asked for them: its only way out.
#[derive(Debug, Default)]
pub struct Outbox {
    effects: Vec<Effect>,
    ends_jobs_at_once: bool,
}

impl Outbox {
    /// An empty outbox.
    pub fn new() -> Outbox {
        Outbox::default()
    }

    /// Asks for a job to be run.
    pub fn run(&mut self, job: Job) {
        self.effects.push(Effect::Run(job));
    }

    /// Asks for an entry to be made durable.
    pub fn write(&mut self, write: Write) {
        self.effects.push(Effect::Write(Box::new(write)));
    }

    /// Asks for results to be saved.
    pub fn save(&mut self, save: Save) {
        self.effects.push(Effect::Save(save));
    }

    /// Records an event.
    pub fn record(&mut self, event: Event) {
        self.effects.push(Effect::Record(event));
    }

    /// Sets whether the driver promises to [end jobs at once](crate::Host::ends_jobs_at_once).
    pub(crate) fn set_ends_jobs_at_once(&mut self, ends_jobs_at_once: bool) {
        self.ends_jobs_at_once = ends_jobs_at_once;
    }

    /// True if the driver promises that.
    pub(crate) fn ends_jobs_at_once(&self) -> bool {
        self.ends_jobs_at_once
    }

    /// True if there is no effect.
    pub fn is_empty(&self) -> bool {
        self.effects.is_empty()
    }

    /// Takes the effects out, oldest first.
    pub fn drain(&mut self) -> std::vec::Drain<'_, Effect> {
        self.effects.drain(..)
    }
}
