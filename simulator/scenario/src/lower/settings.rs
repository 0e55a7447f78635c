//! `[clock]`, `[console]`, `[cluster]`, `[limits]` and `[invariant]`.

use std::time::Duration;

use engine::{BackPressure, Profile, RateLimits, SparkVersion, Time};
use toml::Spanned;

use crate::keys::{
    ALWAYS, BACK_PRESSURE_TABLE, BATCHES_MAX, BLOCK_INTERVAL, CHECKPOINT, CHECKPOINT_INTERVAL,
    CLOCK_TABLE, CLUSTER_TABLE, CONCURRENT_JOBS, CONSOLE_PROFILE, CONSOLE_TABLE, CORES, DERIVED,
    EVENTUALLY, EXECUTORS, INITIAL_RATE, INTEGRAL, INTERVAL, INVARIANT_TABLE, LIMITS_TABLE,
    MAX_RATE, MEMORY, MIN_RATE, ORDER, OUTPUT_MAX, PROPORTIONAL, RECEIVERS, REPLICATION, ROWS,
    SHUFFLE_PARTITIONS, START, STOP, TIME_MAX, TIMEZONE, WRITE_AHEAD_LOG,
};
use crate::language::{TableReader, TomlKey};
use crate::{Claims, Clock, Cluster, Code, Console, Limits};

/// A clock with the spans that other tables are compared with; its mistaken parts are absent, so that
/// nothing is compared with them.
pub(super) struct PartialClock {
    pub(super) start: Option<Time>,
    pub(super) interval: Option<Duration>,
    pub(super) stop: Option<Spanned<Duration>>,
    /// True if a stop is written, right or wrong.
    pub(super) has_stop: bool,
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
        has_stop: clock.has(&STOP),
        timezone: clock.get_or_default(&TIMEZONE).into_owned(),
    }
}

pub(super) fn console(top: &TableReader, spark: SparkVersion) -> Console {
    let console = top.section(&CONSOLE_TABLE);
    let profile = profile(&console, &CONSOLE_PROFILE.key, spark);
    Console {
        profile: profile.unwrap_or(CONSOLE_PROFILE.default),
        order: console.get_or_default(&ORDER),
        rows: console.get_or_default(&ROWS),
    }
}

/// The profile that is written, if there is one that this version of Spark has.
pub(super) fn profile(
    table: &TableReader,
    key: &'static TomlKey<Profile>,
    spark: SparkVersion,
) -> Option<Profile> {
    let profile = table.spanned(key)?;
    if profile.get_ref().on(spark).spark() == spark {
        return Some(profile.into_inner());
    }
    let message = "the profile `cookbook` is older than Spark 4";
    let mistake = Code::WrongVersion.at(profile.span(), message);
    let help = "take `pyspark` or `jvm`; with `cookbook` leave out `spark`";
    table.push(mistake.label("not of Spark 4").help(help));
    None
}

pub(super) fn cluster(top: &TableReader) -> Cluster {
    let cluster = top.section(&CLUSTER_TABLE);
    cluster.report_needs(|_| true);
    Cluster {
        executors: cluster.get(&EXECUTORS),
        cores: cluster.get_or_default(&CORES),
        replication: cluster.get_or_default(&REPLICATION),
        receivers: cluster.get_or_default(&RECEIVERS),
        shuffle_partitions: cluster.get_or_default(&SHUFFLE_PARTITIONS),
        memory: cluster.get(&MEMORY),
        checkpoint: cluster.get(&CHECKPOINT),
        write_ahead_log: cluster.get_or_default(&WRITE_AHEAD_LOG),
        checkpoint_interval: cluster.get(&CHECKPOINT_INTERVAL),
        concurrent_jobs: cluster.get_or_default(&CONCURRENT_JOBS),
        block_interval: cluster.get(&BLOCK_INTERVAL),
        rates: rates(&cluster),
    }
}

fn rates(cluster: &TableReader) -> RateLimits {
    let back_pressure = |table: TableReader| BackPressure {
        proportional: table.get_or_default(&PROPORTIONAL),
        integral: table.get_or_default(&INTEGRAL),
        derived: table.get_or_default(&DERIVED),
        min_rate: table.get_or_default(&MIN_RATE),
    };
    RateLimits {
        max_rate: cluster.get(&MAX_RATE),
        initial_rate: cluster.get(&INITIAL_RATE),
        back_pressure: cluster.table(&BACK_PRESSURE_TABLE).map(back_pressure),
    }
}

pub(super) fn limits(top: &TableReader) -> Limits {
    let limits = top.section(&LIMITS_TABLE);
    Limits {
        time: limits.get_or_default(&TIME_MAX),
        batches: limits.get_or_default(&BATCHES_MAX),
        output: limits.get_or_default(&OUTPUT_MAX),
    }
}

pub(super) fn claims(top: &TableReader) -> Claims {
    let claims = top.section(&INVARIANT_TABLE);
    Claims {
        always: claims.get(&ALWAYS).unwrap_or_default(),
        eventually: claims.get(&EVENTUALLY).unwrap_or_default(),
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            time: TIME_MAX.default,
            batches: BATCHES_MAX.default,
            output: OUTPUT_MAX.default,
        }
    }
}

impl Default for Console {
    fn default() -> Console {
        Console {
            profile: CONSOLE_PROFILE.default,
            order: ORDER.default,
            rows: ROWS.default,
        }
    }
}

impl Default for Cluster {
    fn default() -> Cluster {
        Cluster {
            executors: None,
            cores: CORES.default,
            replication: REPLICATION.default,
            receivers: RECEIVERS.default,
            shuffle_partitions: SHUFFLE_PARTITIONS.default,
            memory: None,
            checkpoint: None,
            write_ahead_log: WRITE_AHEAD_LOG.default,
            checkpoint_interval: None,
            concurrent_jobs: CONCURRENT_JOBS.default,
            block_interval: None,
            rates: RateLimits::default(),
        }
    }
}
