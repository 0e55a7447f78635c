//! The options of numbers at a steady rate (`org.apache.spark.sql.execution.streaming.sources.RateStreamProvider`).

use std::time::Duration;

use engine::DataType;
use engine_sql::{AnalysisError, Field, Schema};

use super::Described;
use super::options::Options;
use crate::source::{RateSettings, SourceSettings};

pub(super) fn described(options: &mut Options) -> Result<Described, AnalysisError> {
    let positive = |options: &mut Options, name: &'static str| {
        let Some(value) = options.take(name) else {
            return Ok(None);
        };
        match value.trim().parse::<i64>() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(AnalysisError::illegal_argument(format!(
                "Invalid value '{value}'. The option '{name}' must be positive"
            ))),
        }
    };
    let rows_per_second = positive(options, "rowsPerSecond")?;
    let partitions = positive(options, "numPartitions")?;
    let ramp_up = options.time("rampUpTime", Duration::from_secs(1))?;
    let ramp_up = ramp_up.map_or(0, |time| time.as_secs());
    Ok(Described {
        name: "rate".into(),
        schema: schema(),
        source: SourceSettings::Rate(RateSettings {
            rows_per_second: rows_per_second.unwrap_or(1),
            ramp_up_seconds: i64::try_from(ramp_up).unwrap_or(i64::MAX),
            partitions: partitions.and_then(|number| usize::try_from(number).ok()),
        }),
    })
}

/// The columns of a number.
pub(super) fn schema() -> Schema {
    Schema::from_iter([
        Field::new("timestamp", DataType::Timestamp),
        Field::new("value", DataType::Long),
    ])
}
