//! `[clock]`, `[console]` and `[cluster]`.

use std::time::Duration;

use engine::Time;
use toml::Spanned;

use crate::keys::{
    CLOCK_TABLE, CLUSTER_TABLE, CONSOLE_PROFILE, CONSOLE_TABLE, CORES, INTERVAL, MEMORY, ORDER,
    ROWS, SHUFFLE_PARTITIONS, START, STOP, TIMEZONE,
};
use crate::language::TableReader;
use crate::{Clock, Cluster, Console};

/// A clock with the spans that other tables are compared with; its mistaken parts are absent, so that
/// nothing is compared with them.
pub(super) struct PartialClock {
    pub(super) start: Option<Time>,
    pub(super) interval: Option<Duration>,
    pub(super) stop: Option<Spanned<Duration>>,
    timezone: String,
}

impl PartialClock {
    pub(super) fn into_clock(self) -> Clock {
        Clock {
            start: self.start.unwrap_or_default(),
            interval: self.interval.unwrap_or_default(),
            stop: self.stop.map(Spanned::into_inner),
            timezone: self.timezone,
        }
    }
}

pub(super) fn clock(top: &TableReader) -> PartialClock {
    let clock = top.section(&CLOCK_TABLE);
    PartialClock {
        start: clock.get_unless_mistaken(&START),
        interval: clock.get_unless_mistaken(&INTERVAL),
        stop: clock.spanned(&STOP),
        timezone: clock.get_or_default(&TIMEZONE).into_owned(),
    }
}

pub(super) fn console(top: &TableReader) -> Console {
    let console = top.section(&CONSOLE_TABLE);
    Console {
        profile: console.get_or_default(&CONSOLE_PROFILE),
        order: console.get_or_default(&ORDER),
        rows: console.get_or_default(&ROWS),
    }
}

pub(super) fn cluster(top: &TableReader) -> Cluster {
    let cluster = top.section(&CLUSTER_TABLE);
    Cluster {
        cores: cluster.get_or_default(&CORES),
        shuffle_partitions: cluster.get_or_default(&SHUFFLE_PARTITIONS),
        memory: cluster.get(&MEMORY),
    }
}
