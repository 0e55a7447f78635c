//! The settings of a session, and the moment of a micro-batch.

use engine::SparkVersion;
use jiff::tz::TimeZone;

use crate::external::ExternalFunctions;

/// The settings of a session that change what a query means (`org.apache.spark.sql.internal.SQLConf`).
#[derive(Clone, Debug)]
pub struct Session {
    /// The version of Spark.
    pub spark: SparkVersion,
    /// A value that an expression cannot have fails the batch, and is not `NULL` (`spark.sql.ansi.enabled`).
    pub ansi: bool,
    /// The zone of dates, and of times that are printed (`spark.sql.session.timeZone`).
    pub zone: TimeZone,
    /// The functions of the program.
    pub functions: ExternalFunctions,
}

impl Session {
    /// The defaults of a version, in UTC.
    pub fn new(spark: SparkVersion) -> Session {
        Session {
            spark,
            ansi: spark.is_ansi(),
            zone: TimeZone::UTC,
            functions: ExternalFunctions::default(),
        }
    }
}

/// The session and the moment that an expression is evaluated in.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The settings.
    pub session: &'a Session,
    /// `current_timestamp`, the time of the micro-batch's trigger (`MB-6`), in microseconds since the epoch.
    pub timestamp: i64,
}

impl Context<'_> {
    /// That of values which depend on no moment.
    pub(crate) fn without_moment(session: &Session) -> Context<'_> {
        Context {
            session,
            timestamp: 0,
        }
    }
}
