//! What both engines are: a value that is handed inputs and hands back effects.

use crate::{Input, Outbox, StreamSource, Time};

/// A streaming program in progress, driven from outside.
///
/// The DStream [`Engine`](crate::Engine) and the structured query are both machines, so that one
/// virtual world and one live driver serve them alike.
pub trait Machine {
    /// Takes in what happened at `now` and puts what follows from it into `outbox`.
    ///
    /// The same inputs at the same times always give the same effects. `now` never runs backwards.
    fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox);

    /// When the machine wants to be [woken](Input::Woken), if nothing happens before.
    fn next_wake(&self) -> Option<Time>;

    /// Where the records of the input streams come from, in the order of the streams' ids.
    fn sources(&self) -> &[StreamSource];

    /// Whether the program has ended: nothing that is handed in will have an effect.
    fn is_stopped(&self) -> bool;
}

impl<M: Machine + ?Sized> Machine for Box<M> {
    fn handle(&mut self, now: Time, input: Input, outbox: &mut Outbox) {
        (**self).handle(now, input, outbox);
    }

    fn next_wake(&self) -> Option<Time> {
        (**self).next_wake()
    }

    fn sources(&self) -> &[StreamSource] {
        (**self).sources()
    }

    fn is_stopped(&self) -> bool {
        (**self).is_stopped()
    }
}
