//! The options of equally many numbers in each micro-batch
//! (`org.apache.spark.sql.execution.streaming.sources.RatePerMicroBatchProvider`).

use engine_sql::AnalysisError;

use super::options::Options;
use super::{Described, rate};
use crate::source::{RateMicroBatchSettings, SourceSettings};

pub(super) fn described(options: &mut Options, cores: usize) -> Result<Described, AnalysisError> {
    let rows_per_batch = number(options, "rowsPerBatch", 0, 1)?;
    let partitions = number(options, "numPartitions", cores as i64, 1)?;
    let start_ms = number(options, "startTimestamp", 0, 0)?;
    let advance_ms = number(options, "advanceMillisPerBatch", 1_000, 0)?;
    Ok(Described {
        name: "rate-micro-batch".into(),
        schema: rate::schema(),
        source: SourceSettings::RateMicroBatch(RateMicroBatchSettings {
            rows_per_batch,
            partitions: usize::try_from(partitions).unwrap_or(usize::MAX),
            start_ms,
            advance_ms,
        }),
    })
}

/// The value of an option, which is at least 0 or 1.
fn number(
    options: &mut Options,
    name: &'static str,
    default: i64,
    least: i64,
) -> Result<i64, AnalysisError> {
    let number = match options.take(name) {
        None => default,
        Some(value) => value.parse().map_err(|_| {
            AnalysisError::illegal_argument(format!("For input string: \"{value}\""))
                .with_help(format!("the option `{name}` is a number"))
        })?,
    };
    if number >= least {
        return Ok(number);
    }
    let rule = if least == 0 {
        "non-negative"
    } else {
        "positive"
    };
    Err(AnalysisError::illegal_argument(format!(
        "Invalid value '{number}'. The option '{name}' must be {rule}"
    )))
}
