//! An executor: whether it runs, and whether its driver hears of it.

use std::time::Duration;

use engine::Time;

/// The time after which the driver gives up an executor that it does not hear of (`spark.network.timeout`). Spark looks
/// once a minute, so that it may take up to a minute longer.
const NETWORK_TIMEOUT: Duration = Duration::from_mins(2);

/// An executor (`CoarseGrainedExecutorBackend`).
#[derive(Clone, Debug)]
pub(super) struct Executor {
    /// False after a crash, until it is started again.
    pub(super) is_running: bool,
    /// True if the driver takes it for one of its own.
    pub(super) is_registered: bool,
    /// The time since which it stands still.
    pub(super) paused: Option<Time>,
    /// True if nothing passes between it and the driver.
    pub(super) is_apart: bool,
}

/// An executor of a driver that does not hear of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Silent {
    pub(super) executor: usize,
    /// The time at which the driver gives it up.
    pub(super) expires: Time,
}

impl Silent {
    /// One that has just fallen silent.
    pub(super) fn since(now: Time, executor: usize) -> Option<Silent> {
        let expires = now.checked_add(NETWORK_TIMEOUT)?;
        Some(Silent { executor, expires })
    }
}

impl Default for Executor {
    /// One that runs.
    fn default() -> Executor {
        Executor {
            is_running: true,
            is_registered: false,
            paused: None,
            is_apart: false,
        }
    }
}

impl Executor {
    /// True if it can come to a driver.
    pub(super) fn can_register(&self) -> bool {
        self.is_running && self.paused.is_none() && !self.is_apart
    }

    /// True if it works for the driver, and the driver hears of it.
    pub(super) fn is_heard(&self) -> bool {
        self.is_registered && self.can_register()
    }
}
