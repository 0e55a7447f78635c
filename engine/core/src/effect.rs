//! All that an engine may ask of the world.

use crate::{Event, Job};

/// What an engine asks its driver to do, in order.
#[derive(Debug)]
pub enum Effect {
    /// Run this job, and say when it has ended.
    Run(Job),
    /// Write this down.
    Tell(Event),
}

/// The only way out of an engine: effects in the order in which they were asked for.
#[derive(Debug, Default)]
pub struct Outbox {
    effects: Vec<Effect>,
}

impl Outbox {
    /// An outbox with nothing in it.
    pub fn new() -> Outbox {
        Outbox::default()
    }

    /// Asks for a job to be run.
    pub fn run(&mut self, job: Job) {
        self.effects.push(Effect::Run(job));
    }

    /// Says that something has happened.
    pub fn tell(&mut self, event: Event) {
        self.effects.push(Effect::Tell(event));
    }

    /// Takes the effects out, oldest first.
    pub fn drain(&mut self) -> std::vec::Drain<'_, Effect> {
        self.effects.drain(..)
    }
}
