//! The words of faults of a source in the timeline: of itself, of its connection, and of lines on their way.

use std::time::Duration;

use crate::language::keywords;

/// Something that goes wrong with a source or on the way from it, or is mended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SourceFault {
    /// It sends nothing.
    Pause,
    /// It sends again, first all that it should have sent meanwhile.
    Resume,
    /// Its lines stay in the network.
    Hold,
    /// All that is in the network arrives.
    Release,
    /// Its connection ends.
    Disconnect(Disconnect),
    /// Some of its lines arrive otherwise than they are sent.
    Disturb(Disturbance),
}

/// The point at which a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disconnect {
    /// Between two lines.
    BetweenLines,
    /// In the middle of the next line.
    MidLine,
}

/// Lines that arrive otherwise than they are sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disturbance {
    /// The way in which they arrive.
    pub disorder: Disorder,
    /// The lines that may be disturbed.
    pub reach: Reach,
    /// The share of them that is disturbed, drawn from the run's seed; all if absent.
    pub share: Option<f64>,
}

/// A way in which lines arrive otherwise than they are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disorder {
    /// Never.
    Lose,
    /// Twice.
    Duplicate,
    /// In another order, drawn from the run's seed, when the last of them is sent.
    Reorder,
    /// Later by this time.
    Delay(Duration),
}

/// The lines that a disturbance may be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This number of lines, from the instant on.
    Next(u64),
    /// The lines of this time, from the instant on.
    For(Duration),
}

keywords! {
    /// A sender of lines.
    pub(crate) enum Sender, pub(crate) SENDERS;

    Source = "source", "The source of the lines.";
}

keywords! {
    /// Things that lines are lost with.
    pub(crate) enum Dropped, pub(crate) DROPPED;

    Connection = "connection", "The connection to the source, which a receiver makes again after 2 s (`spark.streaming.receiverRestartDelay`), and the socket source of a query never: until then lines are lost, or wait where the source keeps them.";
    MidLine = "connection mid-line", "The connection, in the middle of the next line: its first half arrives as a line.";
    Lines = "lines", "The lines that `next` or `for` names.";
}

keywords! {
    /// Things that are disturbed.
    pub(crate) enum Disturbed, pub(crate) DISTURBED;

    Lines = "lines", "The lines that `next` or `for` names.";
}

/// The time after which a receiver connects again to a source whose connection has ended
/// (`spark.streaming.receiverRestartDelay`, `RCV-1`).
pub const RECEIVER_RESTART_DELAY: Duration = Duration::from_secs(2);

impl SourceFault {
    /// The time from it to the latest instant at which a line arrives otherwise for it, as far as it says.
    pub(crate) fn length(self) -> Duration {
        match self {
            SourceFault::Pause | SourceFault::Resume | SourceFault::Hold | SourceFault::Release => {
                Duration::ZERO
            }
            SourceFault::Disconnect(_) => RECEIVER_RESTART_DELAY,
            SourceFault::Disturb(Disturbance {
                disorder, reach, ..
            }) => {
                let reach = match reach {
                    Reach::Next(_) => Duration::ZERO,
                    Reach::For(time) => time,
                };
                let delay = match disorder {
                    Disorder::Delay(time) => time,
                    Disorder::Lose | Disorder::Duplicate | Disorder::Reorder => Duration::ZERO,
                };
                reach.saturating_add(delay)
            }
        }
    }
}
