//! A fault of a source as TOML.

use crate::keys::{
    DELAY, DROP, DUPLICATE, Disturbed, Dropped, FOR, HOLD, NEXT, PAUSE, Paused, RELEASE, REORDER,
    RESUME, SHARE, Sender,
};
use crate::language::Items;
use crate::{Disconnect, Disorder, Reach, SourceFault};

/// Adds the keys of a fault.
pub(super) fn set(fault: SourceFault, items: &mut Items) {
    let disturbance = match fault {
        SourceFault::Pause => return items.set(&PAUSE, &Paused::Source),
        SourceFault::Resume => return items.set(&RESUME, &Paused::Source),
        SourceFault::Hold => return items.set(&HOLD, &Sender::Source),
        SourceFault::Release => return items.set(&RELEASE, &Sender::Source),
        SourceFault::Disconnect(Disconnect::BetweenLines) => {
            return items.set(&DROP, &Dropped::Connection);
        }
        SourceFault::Disconnect(Disconnect::MidLine) => {
            return items.set(&DROP, &Dropped::MidLine);
        }
        SourceFault::Disturb(disturbance) => disturbance,
    };
    match disturbance.disorder {
        Disorder::Lose => items.set(&DROP, &Dropped::Lines),
        Disorder::Duplicate => items.set(&DUPLICATE, &Disturbed::Lines),
        Disorder::Reorder => items.set(&REORDER, &Disturbed::Lines),
        Disorder::Delay(time) => items.set(&DELAY, &time),
    }
    match disturbance.reach {
        Reach::Next(lines) => items.set(&NEXT, &lines),
        Reach::For(time) => items.set(&FOR, &time),
    }
    items.set_some(&SHARE, disturbance.share.as_ref());
}
